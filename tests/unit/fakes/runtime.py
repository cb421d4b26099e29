# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Runtime put together of what a test needs of one; a role that it does not need is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ContainerNotFoundError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Listing, RuntimeType

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.role import Played, Role
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.selection import Selection
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import Target
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Found


class FakeFinder:
    """A Finder: it finds containers by name, and a selection is all of them."""

    def __init__(self, containers: Sequence[Container]) -> None:
        """Take what there is."""
        self._containers = containers

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return each by name."""
        by_name = {one.name: one for one in self._containers}
        return [by_name.get(target.name) or ContainerNotFoundError("there is none") for target in targets]

    def select(self, selection: Selection) -> Listing:
        """Return what matches."""
        return Listing(tuple(one for one in self._containers if selection.matches(one)), ("seen in part",))


class FakeRuntime:
    """A Runtime with some containers."""

    read_concurrency = 4

    def __init__(self, containers: Sequence[Container], *, runtime_type: RuntimeType = RuntimeType.DOCKER) -> None:
        """Take what there is; all others are set by who needs them."""
        self.type = runtime_type
        self._players: dict[Role[Any], Any] = {CONTAINERS: FakeFinder(containers)}

    def has(self, role: Role[Played], player: Played) -> None:
        """Have a role played."""
        self._players[role] = player

    def role(self, role: Role[Played]) -> Played:
        """Return who plays it."""
        played: Played = self._players[role]
        return played

    def close(self) -> None:
        """Do nothing."""


class Runtimes:
    """A RuntimeSelector over several runtimes, the first of which is the primary."""

    def __init__(self, *runtimes: FakeRuntime) -> None:
        """Take them."""
        self._runtimes = {runtime.type: runtime for runtime in runtimes}

    def get(self, runtime_type: RuntimeType) -> FakeRuntime:
        """Return one."""
        return self._runtimes[runtime_type]

    def select(self, runtime_type: RuntimeType | None) -> FakeRuntime:
        """Return one, or the primary."""
        return self._runtimes[runtime_type] if runtime_type else next(iter(self._runtimes.values()))
