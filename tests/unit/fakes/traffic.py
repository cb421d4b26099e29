# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every fake server's requests go through: recorded, counted, interfered with as a test says, then answered."""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from threading import Event, RLock
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError


@dataclass(frozen=True)
class Call:
    """One request: a verb, the kind of thing and its name (empty for a request about all); ``detail`` is the rest."""

    verb: str
    kind: str = ""
    name: str = ""
    namespace: str = ""
    writes: bool = False
    detail: Any = None

    def __str__(self) -> str:
        """Print as ``PATCH deployments/web``."""
        return f"{self.verb} {'/'.join(part for part in (self.kind, self.name) if part)}".strip()


@dataclass
class _Script:
    """Something to happen before the nth call that fits (from 1; 0: every call) is answered."""

    verb: str
    kind: str
    name: str
    nth: int
    happen: Callable[[], None]
    met: int = 0

    def fits(self, call: Call) -> bool:
        """Tell whether it means this call; what is empty means any."""
        meant = ((self.verb, call.verb), (self.kind, call.kind), (self.name, call.name))
        return all(wanted in ("", found) for wanted, found in meant)


@dataclass
class _Crowd:
    """Holds each write back until so many are under way at once, or for a moment."""

    size: int
    moment: float
    complete: Event = field(default_factory=Event)


class Traffic:
    """The requests to a fake server. ``calls`` are all in order, ``most_writing`` the most writes at the same time."""

    def __init__(self) -> None:
        """Begin without requests."""
        self.calls: list[Call] = []
        self.most_writing = 0
        self.lock = RLock()
        self._writing = 0
        self._scripts: list[_Script] = []
        self._crowd: _Crowd | None = None

    @property
    def writes(self) -> list[Call]:
        """The requests that change something."""
        return [call for call in self.calls if call.writes]

    def before(self, verb: str, happen: Callable[[], None], *, kind: str = "", name: str = "", nth: int = 1) -> None:
        """Let something happen before the nth call that fits is answered; 0 is every call, an empty word any."""
        self._scripts.append(_Script(verb, kind, name, nth, happen))

    def fail(self, verb: str, error: NekzusError, *, kind: str = "", name: str = "", nth: int = 1) -> None:
        """Answer the nth call that fits with an error."""

        def answer() -> None:
            raise copy(error)

        self.before(verb, answer, kind=kind, name=name, nth=nth)

    def forget_scripts(self) -> None:
        """Let nothing more happen of what was to happen."""
        self._scripts.clear()

    def gather_writes(self, size: int, *, moment: float = 0.1) -> None:
        """Hold writes back until ``size`` are under way at once or a moment has passed: shows what bounds them."""
        self._crowd = _Crowd(size, moment)

    @contextmanager
    def answering(self, call: Call) -> Iterator[None]:
        """Record a request, let happen what the test says, and hold the lock while it is answered."""
        with self.lock:
            self.calls.append(call)
            happenings = list(self._scripted(call))
            self._writing += call.writes
            self.most_writing = max(self.most_writing, self._writing)
        try:
            self._wait_for_others(call)
            for happen in happenings:
                happen()
            with self.lock:
                yield
        finally:
            with self.lock:
                self._writing -= call.writes

    def _scripted(self, call: Call) -> Iterator[Callable[[], None]]:
        for script in self._scripts:
            if script.fits(call):
                script.met += 1
                if script.nth in (0, script.met):
                    yield script.happen

    def _wait_for_others(self, call: Call) -> None:
        if self._crowd and call.writes:
            if self.most_writing >= self._crowd.size:
                self._crowd.complete.set()
            self._crowd.complete.wait(self._crowd.moment)
