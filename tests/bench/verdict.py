# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a goal is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .race import Result

Found = TypeVar("Found")


@dataclass(frozen=True)
class Judgement:
    """Whether it is met, and the figures that say so."""

    figures: str
    met: bool


@dataclass(frozen=True)
class Goal(Generic[Found]):
    """What is aimed at, in words and as a function of what was found; ``reason`` is why it is missed when it is."""

    words: str
    judge: Callable[[Found], Judgement]
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What became of a goal."""

    goal: str
    judgement: Judgement
    reason: str = ""


def judged(goal: Goal[Found], found: Found) -> Verdict:
    """Return what became of a goal."""
    return Verdict(goal.words, goal.judge(found), goal.reason)


def within(name: str, seconds: float, *, over: str = "") -> Callable[[Mapping[str, Result]], Judgement]:
    """Judge whether the median of one is at most so many seconds, or so many more than that of another."""

    def judge(results: Mapping[str, Result]) -> Judgement:
        took = results[name].wall.median
        if not over:
            return Judgement(f"{took:.2f} s", met=took <= seconds)
        base = results[over].wall.median
        return Judgement(f"{took - base:.2f} s ({took:.2f} s, less {base:.2f} s)", met=took - base <= seconds)

    return judge


def peak_within(name: str, mebibytes: float) -> Callable[[Mapping[str, Result]], Judgement]:
    """Judge whether the largest process of one is at most so large."""

    def judge(results: Mapping[str, Result]) -> Judgement:
        peak = results[name].peak.median / 2**20
        return Judgement(f"{peak:.0f} MiB", met=peak <= mebibytes)

    return judge


def requests_within(name: str, count: int) -> Callable[[Mapping[str, Result]], Judgement]:
    """Judge whether one makes at most so many requests."""

    def judge(results: Mapping[str, Result]) -> Judgement:
        requests = results[name].requests
        assert requests is not None, f"the requests of {name} are not counted"
        return Judgement(f"{len(requests)}", met=len(requests) <= count)

    return judge


def faster(name: str, *others: str) -> Callable[[Mapping[str, Result]], Judgement]:
    """Judge whether one is faster than each of the others."""

    def judge(results: Mapping[str, Result]) -> Judgement:
        took = results[name].wall.median
        ratios = {other: results[other].wall.median / took for other in others}
        figures = ", ".join(f"{other} takes {ratio:.1f} times as long" for other, ratio in ratios.items())
        return Judgement(figures, met=all(ratio > 1 for ratio in ratios.values()))

    return judge
