# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The daemons and clusters that an inventory is made of, each by a name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from ..config import load_config
from ..errors import RuntimeNotFoundError
from ..settings import ENDPOINT, read_section, refuse
from ..types import RuntimeType

if TYPE_CHECKING:
    from ..config import RuntimesConfig

_EXAMPLE = "write - {name: edge, docker_host: tcp://10.0.0.5:2376}"
_KEYS: Mapping[RuntimeType, tuple[str, ...]] = {
    RuntimeType.DOCKER: ("docker", "docker_host"),
    RuntimeType.KUBERNETES: ("kubernetes", "kubeconfig", "context"),
}


@dataclass(frozen=True)
class Endpoint:
    """One daemon or cluster. ``named`` tells whether a user gave it the name, or it is that of its runtime.

    ``config`` is how to reach it, ``said`` the same without what only the environment says.
    """

    name: str
    type: RuntimeType
    config: RuntimesConfig
    said: RuntimesConfig
    named: bool = True


def parse_endpoints(document: Any, *, env: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """Return the endpoints of a list, without those that are switched off.

    Each has a ``name`` and the keys of one runtime. Raises InvalidConfigError that names the key.
    """
    if not isinstance(document, (list, tuple)) or not document:
        refuse("endpoints", "must be a list of at least one endpoint", _EXAMPLE)
    found = [_endpoint(f"endpoints[{number}]", each, env) for number, each in enumerate(document)]
    names = [one.name for one in found]
    for number, name in enumerate(names):
        if name in names[:number]:
            hint = f"endpoints[{names.index(name)}] has it already, give each another one"
            refuse(f"endpoints[{number}].name", f"is {name} once more", hint)
    return tuple(one for one in found if one.config.section(one.type).enabled is not False)


def _endpoint(path: str, document: Any, env: Mapping[str, str]) -> Endpoint:
    values = read_section(path, document, ENDPOINT)
    if not isinstance(document, Mapping) or "name" not in values:
        refuse(path, "has no name", _EXAMPLE)
    kind = _kind(path, document)
    place = f"endpoints.{values['name']}"
    sections = {"primary": str(kind), str(kind): values.get(str(kind))}
    config = load_config(sections, shortcuts=values, env=env, place=place)
    home = {"HOME": env.get("HOME", "")}
    return Endpoint(values["name"], kind, config, load_config(sections, shortcuts=values, env=home, place=place))


def _kind(path: str, document: Mapping[str, Any]) -> RuntimeType:
    """Return the runtime whose keys there are. One that is there without a value says it too."""
    kinds = [kind for kind, keys in _KEYS.items() if any(key in document for key in keys)]
    if len(kinds) != 1:
        message = "is both a daemon and a cluster" if kinds else "is neither a daemon nor a cluster"
        hint = f"give it one of {', '.join(_KEYS[RuntimeType.DOCKER])} or some of "
        refuse(path, message, hint + ", ".join(_KEYS[RuntimeType.KUBERNETES]))
    return kinds[0]


def implied_endpoints(
    config: RuntimesConfig, said: RuntimesConfig, *, is_usable: Callable[[RuntimeType], bool]
) -> tuple[Endpoint, ...]:
    """Return the runtimes of a configuration that may be used, each by its own name."""
    return tuple(Endpoint(str(kind), kind, config, said, named=False) for kind in RuntimeType if is_usable(kind))


def restricted(endpoints: tuple[Endpoint, ...], runtime_type: RuntimeType | None) -> tuple[Endpoint, ...]:
    """Return the endpoints of a runtime, or all. Raises RuntimeNotFoundError when there is none."""
    found = tuple(one for one in endpoints if runtime_type in (None, one.type))
    if not found:
        hint = "give endpoints, docker_host or kubeconfig, or see what enabled and runtime leave out"
        raise RuntimeNotFoundError(f"no {runtime_type or 'runtime'} is enabled to list containers of", hint=hint)
    return found
