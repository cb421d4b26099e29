# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What the containers of a task use, on whichever runtimes they are, measured side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..bulk import run_bulk
from ..errors import ContainerNotFoundError
from ..fleet import Fleet, Located, Missing
from ..roles.stats import STATS
from .usage import Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import NekzusError
    from ..interfaces import Runtime, RuntimeSelector
    from ..request import Request
    from ..types import Container, RuntimeType
    from .ranking import Ranking
    from .usage import Sampling


@dataclass(frozen=True)
class Reading:
    """What one thing that a task speaks of uses, or an error."""

    path: str
    runtime_type: RuntimeType | None
    container: Container | None = None
    usage: Usage | None = None
    error: NekzusError | None = None


@dataclass(frozen=True)
class Readings:
    """What everything that a task speaks of uses; for the other fields see Sampling.

    ``total`` is how many there are, of which a ranking may show fewer.
    """

    readings: tuple[Reading, ...]
    total: int
    unavailable: tuple[NekzusError, ...] = ()
    cached: bool = False
    warnings: tuple[str, ...] = ()


class Monitor:
    """Measures containers on all runtimes of a task."""

    def __init__(self, runtimes: RuntimeSelector) -> None:
        """Take the runtimes to measure on."""
        self._fleet = Fleet(runtimes)

    def measure(self, request: Request) -> Readings:
        """Return what each container of the request uses, in the request's order.

        A selected container that vanishes before it is measured is left out; a named one is an error.
        """
        sight = self._fleet.locate(request)
        readings = [_reading(place) for place in sight.places]
        samplings = _sample(sight.places)
        for numbers, sampling in samplings:
            for number, result in zip(numbers, sampling.results):
                found = {"usage": result} if isinstance(result, Usage) else {"error": result}
                readings[number] = replace(readings[number], **found)
        told = [sampling for _numbers, sampling in samplings]
        kept = [one for one in readings if request.targets or not isinstance(one.error, ContainerNotFoundError)]
        return Readings(
            tuple(kept),
            len(kept),
            tuple(each.unavailable for each in told if each.unavailable),
            any(each.cached for each in told),
            sight.warnings + tuple(warning for each in told for warning in each.warnings),
        )


def ranked(told: Readings, ranking: Ranking) -> Readings:
    """Return readings as a ranking shows them; errors are all kept, and come last."""
    good = [one for one in told.readings if not one.error]
    shown = [good[place] for place in ranking.places(one.usage for one in good)]
    return replace(told, readings=(*shown, *(one for one in told.readings if one.error)))


def _reading(place: Located | Missing) -> Reading:
    if isinstance(place, Missing):
        return Reading(place.target.path, place.runtime_type, error=place.error)
    return Reading(place.path, place.runtime.type, place.container)


def _sample(places: Sequence[Located | Missing]) -> list[tuple[list[int], Sampling]]:
    """Return what each runtime tells of its containers, with their numbers; all runtimes side by side."""
    groups: dict[RuntimeType, list[int]] = {}
    runtimes: dict[RuntimeType, Runtime] = {}
    containers: dict[int, Container] = {}
    for number, place in enumerate(places):
        if isinstance(place, Located):
            runtimes[place.runtime.type] = place.runtime
            groups.setdefault(place.runtime.type, []).append(number)
            containers[number] = place.container

    def collect(runtime_type: RuntimeType) -> Sampling:
        return runtimes[runtime_type].role(STATS).collect([containers[number] for number in groups[runtime_type]])

    sampled: list[tuple[list[int], Sampling]] = []
    for runtime_type, outcome in zip(groups, run_bulk(groups, collect, max_concurrent=len(groups) or 1)):
        if outcome.error:
            raise outcome.error.within(runtime=str(runtime_type))
        if outcome.value:
            sampled.append((groups[runtime_type], outcome.value))
    return sampled
