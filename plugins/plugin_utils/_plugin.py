# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every plugin on the controller does the same: the twin of a module's _module.py."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ..module_utils._argspec import RUNTIME
from ..module_utils._runtime.errors import NekzusError
from ..module_utils._runtime.inventory.roll import Answer, call_roll
from ..module_utils._runtime.registry import Registry, opened, opened_registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..module_utils._runtime.inventory.endpoints import Endpoint
    from ..module_utils._runtime.selection import Selection


class Configured(Protocol):
    """A plugin whose options are loaded: any AnsiblePlugin."""

    def get_option(self, option: str) -> Any:
        """Return an option's value."""


@contextmanager
def ansible_errors() -> Iterator[None]:
    """Make an AnsibleError of any error of ours inside."""
    try:
        yield
    except NekzusError as error:
        # Ansible would print the causes as well, whose words are in the sentence where they are of use.
        raise AnsibleError(str(error)) from None


@contextmanager
def opened_runtimes(plugin: Configured) -> Iterator[Registry]:
    """Yield the runtimes that a plugin's options describe; any error of ours inside becomes an AnsibleError."""
    options = {name: plugin.get_option(name) for name in RUNTIME}
    with ansible_errors(), opened_registry(options, env=os.environ, clock=time, warn=Display().warning) as registry:
        yield registry


def runtimes_of(endpoint: Endpoint) -> Registry:
    """Return the runtimes of an endpoint, of which nothing is opened yet."""
    return Registry(endpoint.config, clock=time)


def ask_endpoints(endpoints: Sequence[Endpoint], selection: Selection, *, inspect: bool) -> tuple[Answer, ...]:
    """Return what each endpoint has of a selection, all asked side by side."""
    return call_roll(endpoints, selection, open_runtimes=lambda one: opened(one.config, clock=time), inspect=inspect)
