# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Whether the workloads of a deployment run, and how many pods they have: what was, what is to be. Pure.

What is applied says of a count what is there, so that nobody is fought over it: autoscalers, operators and people may
change it. Where we change it, a patch does so that says nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, number, text, whole
from .piece import WANTED
from .workload import REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .piece import Piece


@dataclass(frozen=True)
class Switch:
    """What a workload is to be. ``patch`` makes it so after it was applied, None: it is so already."""

    runs: bool
    was_running: bool
    count: int | None = None
    patch: Mapping[str, Any] | None = None


def is_running(present: Piece) -> bool:
    """Tell whether a workload is started."""
    return not flag(present.document, "spec", "suspend") if present.suspends else _count(present) > 0


def dressed(piece: Piece, present: Piece | None) -> Piece:
    """Return what is applied: new ones begin stopped, and of others the count is said that is there."""
    spec = mapping(piece.document, "spec")
    if piece.suspends:
        suspended = flag(present.document, "spec", "suspend") if present else True
        return piece.saying(spec={**spec, "suspend": suspended})
    if not piece.scales:
        return piece
    counted = piece.saying(spec={**spec, "replicas": _count(present) if present else 0})
    return counted.noting(replicas=_remembered(piece, present), wanted_replicas=str(piece.wanted))


def as_deployed(present: Piece) -> Piece:
    """Return a workload with the count that its template has once wanted, for who has no template any more."""
    spec = mapping(present.document, "spec")
    if present.suspends:
        return present.saying(spec={**spec, "suspend": False})
    said = whole(_note(present, WANTED))
    return present.saying(spec={**spec, "replicas": _count(present) if said is None else said})


def switch(piece: Piece, present: Piece | None, *, runs: bool, count: int | None) -> Switch:
    """Return what a workload is to be, given what the template wants, what is there and what the task says (count)."""
    before = present is not None and is_running(present)
    if piece.suspends:
        wants = runs and not flag(piece.document, "spec", "suspend")
        return Switch(wants, before, patch={"spec": {"suspend": not wants}} if wants is not before else None)
    now = _count(present) if present else 0
    wanted = _wanted(piece, present) if count is None else count
    after = wanted if runs else 0
    noted = _remembered(piece, present)
    # What its template has as stopped stays so, and what it goes back to.
    kept = None if present else noted
    note = None if after else str(wanted) if wanted else kept
    patch = {"metadata": {"annotations": {REMEMBERED: note}}, "spec": {"replicas": after}}
    return Switch(after > 0, before, after, patch if (after, note) != (now, noted) else None)


def _wanted(piece: Piece, present: Piece | None) -> int:
    """Return how many there should be when it runs: what it had, unless the template has changed its mind."""
    if not present or _note(present, WANTED) not in ("", str(piece.wanted)):
        return piece.wanted
    return _count(present) or whole(_note(present, REMEMBERED)) or piece.wanted


def _remembered(piece: Piece, present: Piece | None) -> str | None:
    """Return the count that is written down: of what is new, that which it wants or its template has written down."""
    if present:
        return _note(present, REMEMBERED) or None
    return str(piece.wanted or "") or _note(piece, REMEMBERED) or None


def _count(present: Piece) -> int:
    found = number(present.document, "spec", "replicas")
    return 1 if found is None else found


def _note(piece: Piece, name: str) -> str:
    return text(piece.document, "metadata", "annotations", name)
