# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One piece of work, done by several contestants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from .costs import COLUMNS, costs, wall
from .race import race
from .section import Section, Table
from .verdict import judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from .race import Contestant, Result
    from .setting import Setting
    from .track import Track
    from .verdict import Goal

HEADINGS = ("", "wall, s", "ratio", *COLUMNS)


@dataclass(frozen=True)
class Start:
    """Who runs, where. The first contestant is ours, which the others are compared with."""

    contestants: Sequence[Contestant]
    track: Track


@dataclass(frozen=True)
class Row:
    """Some work and its goals; ``prepared`` makes what it needs, and removes it afterwards."""

    title: str
    work: str
    prepared: Callable[[Setting], AbstractContextManager[Start]]
    goals: Sequence[Goal[Mapping[str, Result]]] = ()

    def section(self, setting: Setting) -> Section:
        """Have all contestants do the work."""
        with self.prepared(setting) as start:
            results = race(start.contestants, track=start.track, times=setting.times)
        return Section(self.title, self.work, table(results), [judged(goal, results) for goal in self.goals])


def table(results: Mapping[str, Result]) -> Table:
    """Return what each cost."""
    ours = next(iter(results.values()))
    return Table(HEADINGS, [_line(result, ours) for result in results.values()])


def _line(result: Result, ours: Result) -> tuple[str, ...]:
    return (result.name, wall(result), f"{result.wall.median / ours.wall.median:.2f}", *costs(result))
