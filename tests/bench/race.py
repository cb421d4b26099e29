# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several ways to do the same work, run in turn."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Callable, TypeVar

from .run import NotDoneError, Run, measure
from .spread import Spread, spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .run import Command
    from .track import Track

Value = TypeVar("Value")


def nothing() -> None:
    """Prepare nothing."""


def accepted(_run: Run) -> None:
    """Be content with a command that succeeded."""


@dataclass(frozen=True)
class Contestant:
    """One way to do the work. It gets the address of the engine.

    ``done`` looks at what a run printed and raises NotDoneError unless it did the work. ``before`` prepares a run and
    is not measured. Who does not speak to the engine has no requests to be ``counted``. Who may fail for what others do
    on the engine has several ``attempts``, of which the first that does the work is measured.
    """

    name: str
    command: Callable[[str], Command]
    done: Callable[[Run], None] = accepted
    before: Callable[[], None] = nothing
    counted: bool = True
    attempts: int = 1


@dataclass(frozen=True)
class Result:
    """What became of a contestant; ``requests`` are those of one more run, none when they were not counted."""

    name: str
    runs: Sequence[Run]
    requests: Sequence[str] | None = None

    @cached_property
    def wall(self) -> Spread:
        """Seconds from its start to its end."""
        return spread(run.wall_seconds for run in self.runs)

    @cached_property
    def cpu(self) -> Spread:
        """Seconds of the processor."""
        return spread(run.cpu_seconds for run in self.runs)

    @cached_property
    def peak(self) -> Spread:
        """Bytes of memory of its largest process."""
        return spread(run.peak_bytes for run in self.runs)


def race(contestants: Sequence[Contestant], *, track: Track, times: int) -> Mapping[str, Result]:
    """Return the results by name. Each runs once, then each again, so that what befalls the machine befalls all."""
    runs: dict[str, list[Run]] = {one.name: [] for one in contestants}
    for _time in range(times):
        for one in contestants:
            runs[one.name].append(_first(one, partial(_run, one, track.address)))
    requests = {one.name: _first(one, partial(_count, one, track)) for one in contestants if one.counted}
    return {name: Result(name, each, requests.get(name)) for name, each in runs.items()}


def _run(contestant: Contestant, address: str) -> Run:
    contestant.before()
    run = measure(contestant.command(address))
    contestant.done(run)
    return run


def _count(contestant: Contestant, track: Track) -> Sequence[str]:
    with track.counter() as counter:
        _run(contestant, counter.address)
        return tuple(counter.requests)


def _first(contestant: Contestant, act: Callable[[], Value]) -> Value:
    """Return the first of its attempts that does the work, and raise what the last one raises."""
    for _attempt in range(contestant.attempts - 1):
        with contextlib.suppress(NotDoneError):
            return act()
    return act()
