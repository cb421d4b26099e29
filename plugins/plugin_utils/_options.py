# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the inventory as plain values, wherever a user has written them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._argspec import SELECTION
from ..module_utils._runtime.errors import InvalidConfigError
from ..module_utils._runtime.settings import check_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._plugin import Configured

PREFIX = "NEKZUS_INVENTORY_"
_FLAT = ("runtime", "docker_host", "kubeconfig", "context", "label_selectors", "namespaces", "exclude")
_SWITCHES = ("strict_endpoints", "include_stopped", "details", "connection")
_STRUCTURES = ("endpoints", "runtimes", "filters")


class Templates(Protocol):
    """What evaluates templates: Ansible's Templar."""

    def template(self, variable: Any) -> Any:
        """Return a value with the templates in it evaluated."""


def check_written(config: Mapping[str, Any], options: Iterable[str]) -> None:
    """Raise InvalidConfigError for what a user wrote that is no option: Ansible itself passes over it."""
    check_keys("", config, options)


def option_values(plugin: Configured, templates: Templates, *, env: Mapping[str, str]) -> dict[str, Any]:
    """Return what the options of the inventory say, but for those that are templates over its hosts.

    Templates in them are evaluated, what is in a vault is decrypted, and a selection is what a module would get.
    Raises InvalidConfigError as a module would fail.
    """
    values = {name: plugin.get_option(name) for name in (*_FLAT, *_SWITCHES)}
    values.update({name: structure(plugin, name, env=env) for name in _STRUCTURES})
    found = {name: _plain(templates.template(value)) for name, value in values.items()}
    return {**found, **_checked({name: found[name] for name in SELECTION if found[name] is not None})}


def structure(plugin: Configured, name: str, *, env: Mapping[str, str]) -> Any:
    """Return the value of an option that is a list or dictionary of its own.

    Ansible reads no such thing from the environment: there it is JSON. Raises InvalidConfigError when it is not.
    """
    value, text = plugin.get_option(name), env.get(f"{PREFIX}{name.upper()}")
    if value not in (None, [], {}) or not text:
        return value
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"the environment variable {PREFIX}{name.upper()} is not JSON"
        raise InvalidConfigError(message, hint=f"write it as {name} would be in JSON: {error}") from error


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    check_keys("filters", values.get("filters", {}), SELECTION["filters"]["options"])
    result = ArgumentSpecValidator(SELECTION).validate(values)
    if result.error_messages:
        message = "; ".join(text.rstrip(". ") for text in result.error_messages)
        raise InvalidConfigError(message, hint="see ansible-doc -t inventory nekzus.runtime.containers")
    found: dict[str, Any] = result.validated_parameters
    return found
