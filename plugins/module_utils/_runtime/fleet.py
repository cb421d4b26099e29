# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The containers a task speaks of, found on whichever runtimes have them."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .bulk import run_bulk
from .errors import ContainerNotFoundError, NekzusError
from .roles.containers import CONTAINERS
from .roles.inspection import INSPECTOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .details import ContainerDetails
    from .interfaces import Runtime, RuntimeSelector
    from .request import Request
    from .selection import Selection
    from .target import Target
    from .types import Container, RuntimeType


@dataclass(frozen=True)
class Located:
    """A container and the runtime that has it; ``named`` tells whether the task named it, or selected it."""

    runtime: Runtime
    container: Container
    named: bool = True

    @property
    def path(self) -> str:
        """The container as messages name it, without its runtime."""
        return self.container.address.partition("/")[2]


@dataclass(frozen=True)
class Missing:
    """A target without a container, and why. ``runtime_type`` is None when no runtime could be chosen."""

    target: Target
    runtime_type: RuntimeType | None
    error: NekzusError


@dataclass(frozen=True)
class Sight:
    """What a task speaks of, in its order, and what a user should know of what could not be seen."""

    places: tuple[Located | Missing, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """What can be seen of one thing a task speaks of: its container, its details if asked for, or an error."""

    path: str
    runtime_type: RuntimeType | None
    container: Container | None = None
    details: ContainerDetails | None = None
    error: NekzusError | None = None


@dataclass(frozen=True)
class Overview:
    """What can be seen of everything a task speaks of, and what a user should know of what could not."""

    views: tuple[View, ...]
    warnings: tuple[str, ...] = ()


class Fleet:
    """All runtimes of a task, seen as one."""

    def __init__(self, runtimes: RuntimeSelector) -> None:
        """Take the runtimes to look in."""
        self._runtimes = runtimes

    def locate(self, request: Request) -> Sight:
        """Return what the request speaks of, in its order; a selection's containers by name.

        A named target that cannot be found or reached is Missing; for a selection the runtime's error is
        raised.
        """
        if not request.targets:
            runtime = self._runtimes.select(request.runtime)
            try:
                listing = runtime.role(CONTAINERS).select(request.selection)
            except NekzusError as error:
                error.within(runtime=str(runtime.type))
                raise
            places = tuple(Located(runtime, container, named=False) for container in listing.containers)
            return Sight(places, listing.warnings)
        found: dict[int, Located | Missing] = {}
        for runtime_type, numbers in _by_runtime(request.targets).items():
            targets = [request.targets[number] for number in numbers]
            found.update(zip(numbers, self._find(runtime_type, targets)))
        ordered = (found[number] for number in range(len(request.targets)))
        return Sight(tuple(one for one in ordered if not _is_left_out(one, request.selection)))

    def view(self, request: Request, *, inspect: bool) -> Overview:
        """Return what the request speaks of, and with ``inspect`` how each is set up, side by side.

        A selected container that vanishes between the two is left out; a named one is an error.
        """
        sight = self.locate(request)
        if not inspect:
            return Overview(tuple(_view(place) for place in sight.places), sight.warnings)
        views = run_bulk(sight.places, _inspected, max_concurrent=read_concurrency(sight.places))
        seen = [outcome.value or _view(place, error=outcome.error) for place, outcome in zip(sight.places, views)]
        kept = (view for view in seen if request.targets or not isinstance(view.error, ContainerNotFoundError))
        return Overview(tuple(kept), sight.warnings)

    def _find(self, runtime_type: RuntimeType | None, targets: Sequence[Target]) -> list[Located | Missing]:
        try:
            runtime = self._runtimes.select(runtime_type)
            found = runtime.role(CONTAINERS).find(targets)
        except NekzusError as error:
            # A copy each: an error learns later for which target it stands.
            return [Missing(target, runtime_type, copy(error)) for target in targets]
        return [
            Missing(target, runtime.type, result) if isinstance(result, NekzusError) else Located(runtime, result)
            for target, result in zip(targets, found)
        ]


def read_concurrency(places: Iterable[Located | Missing]) -> int:
    """Return how many reads may run at once: what the most modest of the runtimes allows."""
    return min((one.runtime.read_concurrency for one in places if isinstance(one, Located)), default=1)


def _view(place: Located | Missing, *, error: NekzusError | None = None) -> View:
    if isinstance(place, Missing):
        return View(place.target.path, place.runtime_type, error=place.error)
    return View(place.path, place.runtime.type, place.container, error=error)


def _inspected(place: Located | Missing) -> View:
    if isinstance(place, Missing):
        return _view(place)
    details = place.runtime.role(INSPECTOR).inspect(place.container)
    return View(place.path, place.runtime.type, place.container, details)


def _is_left_out(one: Located | Missing, selection: Selection) -> bool:
    """Tell whether something that was named is left out all the same."""
    return selection.excludes_target(one.target) if isinstance(one, Missing) else selection.excludes(one.container)


def _by_runtime(targets: Sequence[Target]) -> dict[RuntimeType | None, list[int]]:
    groups: dict[RuntimeType | None, list[int]] = {}
    for number, target in enumerate(targets):
        groups.setdefault(target.runtime, []).append(number)
    return groups
