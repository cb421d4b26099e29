# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What there is on many daemons and clusters, asked side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable

from ..bulk import run_bulk
from ..errors import ContainerNotFoundError
from ..fleet import Fleet, Overview
from ..request import Request
from ..types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from ..errors import NekzusError
    from ..interfaces import RuntimeSelector
    from ..selection import Selection
    from .endpoints import Endpoint

    Open = Callable[[Endpoint], AbstractContextManager[RuntimeSelector]]

# One that is dead waits for its time to pass: it shall not be in another one's way.
_AT_ONCE = 64


@dataclass(frozen=True)
class Answer:
    """What an endpoint has, or why that cannot be said."""

    endpoint: Endpoint
    overview: Overview | None = None
    error: NekzusError | None = None


def call_roll(
    endpoints: Sequence[Endpoint], selection: Selection, *, open_runtimes: Open, inspect: bool = False
) -> tuple[Answer, ...]:
    """Return the answer of each endpoint, in their order, as soon as all have answered or their time is over.

    With ``inspect`` each container is looked into; one that vanishes before is left out. Only clusters have
    namespaces: those of a selection do not restrict daemons.
    """

    def ask(endpoint: Endpoint) -> Overview:
        with open_runtimes(endpoint) as runtimes:
            return _overview(Fleet(runtimes), endpoint.type, selection, inspect=inspect)

    outcomes = run_bulk(endpoints, ask, max_concurrent=_AT_ONCE)
    return tuple(Answer(one, outcome.value, outcome.error) for one, outcome in zip(endpoints, outcomes))


def _overview(fleet: Fleet, kind: RuntimeType, selection: Selection, *, inspect: bool) -> Overview:
    namespaces = selection.namespaces if kind is RuntimeType.KUBERNETES else ()
    request = Request((), replace(selection, namespaces=namespaces), kind)
    try:
        return fleet.view(request, inspect=inspect)
    except ContainerNotFoundError:
        # A namespace is not there, which is not the others' fault: not every cluster has all.
        if len(namespaces) == 1:
            raise
        return _each(fleet, request, inspect=inspect)


def _each(fleet: Fleet, request: Request, *, inspect: bool) -> Overview:
    """Return what there is in those namespaces that there are. Raises when there is none of them."""
    found: list[Overview] = []
    missing: list[NekzusError] = []
    for namespace in request.selection.namespaces:
        one = replace(request, selection=replace(request.selection, namespaces=(namespace,)))
        try:
            found.append(fleet.view(one, inspect=inspect))
        except ContainerNotFoundError as error:
            missing.append(error)
    if not found:
        raise missing[0]
    views = tuple(view for overview in found for view in overview.views)
    warnings = [text for overview in found for text in overview.warnings] + [str(error) for error in missing]
    return Overview(views, tuple(dict.fromkeys(warnings)))
