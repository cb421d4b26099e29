# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A role, and the ones of a runtime."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import Any, Callable, Generic, TypeVar

Played = TypeVar("Played")


@dataclass(frozen=True, eq=False)
class Role(Generic[Played]):
    """Who plays a role on each runtime: a function that takes that runtime.

    Who uses a role imports its file, and the file of a role imports who plays it: so Ansible ships, and Python loads,
    what a task uses and nothing else. See docs/decisions/0030-what-a-task-carries.md.
    """

    on_docker: Callable[[Any], Played]
    on_kubernetes: Callable[[Any], Played]


class Troupe:
    """Who plays the roles of one runtime, each made when it is first asked for."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._players: dict[Role[Any], Any] = {}
        self._lock = RLock()

    def player(self, role: Role[Played], make: Callable[[], Played]) -> Played:
        """Return the one for a role; ``make`` makes it the first time. Threads may ask at once."""
        with self._lock:
            if role not in self._players:
                self._players[role] = make()
            played: Played = self._players[role]
            return played
