# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work on more and more of it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from .costs import COLUMNS, costs, wall
from .race import race
from .section import Section, Table
from .setting import FEWEST
from .verdict import Judgement, judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from .race import Result
    from .row import Start
    from .setting import Setting
    from .verdict import Goal

HEADINGS = ("size", "", "wall, s", "ms for each more", *COLUMNS)
TOLERANCE, NOISE_SECONDS = 0.25, 0.2
STRAIGHT = (
    f"one more costs no more than one more of fewer: the largest size takes at most {TOLERANCE:.0%} and "
    f"{NOISE_SECONDS:g} s longer than the line through the others says"
)


@dataclass(frozen=True)
class Curve:
    """Some work on each of several sizes, and its goals; ``prepared`` makes what a size needs, and removes it."""

    title: str
    work: str
    sizes: Sequence[int]
    prepared: Callable[[Setting, int], AbstractContextManager[Start]]
    goals: Sequence[Goal[Mapping[int, Mapping[str, Result]]]] = ()
    times: int = 3

    def section(self, setting: Setting) -> Section:
        """Have all contestants do the work on each size, from the smallest to the largest."""
        results = {}
        for size in setting.chosen(self.sizes):
            with self.prepared(setting, size) as start:
                results[size] = race(start.contestants, track=start.track, times=min(self.times, setting.times))
        verdicts = [judged(goal, results) for goal in self.goals]
        return Section(self.title, self.work, table(results), verdicts)


def straight(name: str) -> Callable[[Mapping[int, Mapping[str, Result]]], Judgement]:
    """Judge whether the largest size of one takes what a line through the smaller ones says, and not more."""

    def judge(results: Mapping[int, Mapping[str, Result]]) -> Judgement:
        points = {size: found[name].wall.median for size, found in sorted(results.items())}
        assert len(points) >= FEWEST, f"{len(points)} sizes make no line to judge by"
        *smaller, largest = points
        line = statistics.linear_regression(smaller, [points[size] for size in smaller])
        said = line.intercept + max(line.slope, 0.0) * largest
        took = points[largest]
        figures = f"{took:.2f} s for {largest}, where the line says {said:.2f} s"
        return Judgement(figures, met=took <= said * (1 + TOLERANCE) + NOISE_SECONDS)

    return judge


def same_requests(name: str, count: Callable[[int], int]) -> Callable[[Mapping[int, Mapping[str, Result]]], Judgement]:
    """Judge whether one makes at most as many requests for a size as the function says."""

    def judge(results: Mapping[int, Mapping[str, Result]]) -> Judgement:
        made = {}
        for size, found in results.items():
            requests = found[name].requests
            assert requests is not None, f"the requests of {name} are not counted"
            made[size] = len(requests)
        figures = ", ".join(f"{number} for {size}" for size, number in made.items())
        return Judgement(figures, met=all(number <= count(size) for size, number in made.items()))

    return judge


def table(results: Mapping[int, Mapping[str, Result]]) -> Table:
    """Return what each size cost each, one after the other."""
    smallest, first = next(iter(results.items()))
    lines = []
    for name in first:
        for size, found in results.items():
            if name in found:
                more = size - smallest
                each = (found[name].wall.median - first[name].wall.median) / more if more else None
                further = "" if each is None else f"{each * 1000:.1f}"
                lines.append((str(size), name, wall(found[name]), further, *costs(found[name])))
    return Table(HEADINGS, lines)
