# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What has to be done so that a deployment is as it is wished for, object by object. Pure, given a way to predict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable

from ..errors import UnsupportedError
from ..object_change import ObjectAction, ObjectChange
from ..shape import mapping, text
from ..toolbox.deployment import ToolboxState
from ..toolbox.hiding import hidden_alike
from .kinds import JOB
from .said import bare
from .shown import shown
from .switching import Switch, as_deployed, dressed, is_running, switch
from .workload import read_workload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..toolbox.deployment import Wish
    from .piece import Key, Piece
    from .wanted import Wanted

    # What an object would be when it is applied (None: it would have to be made anew), and what it is at that moment.
    Predict = Callable[[Piece, "Piece | None"], "tuple[Mapping[str, Any] | None, Piece | None]"]


@dataclass(frozen=True)
class Step:
    """One object and what becomes of it. ``after`` is what it will be, None when it goes."""

    piece: Piece
    present: Piece | None = None
    action: ObjectAction | None = None
    after: Mapping[str, Any] | None = None
    switch: Switch | None = None
    wave: int = 0

    @property
    def is_applied(self) -> bool:
        """Tell whether it is made or changed by applying it."""
        return self.action in (ObjectAction.CREATED, ObjectAction.CHANGED, ObjectAction.RECREATED)

    @property
    def is_removed(self) -> bool:
        """Tell whether it goes."""
        return self.action is ObjectAction.REMOVED

    @property
    def turn(self) -> ObjectAction | None:
        """Tell whether one that is there is started or stopped."""
        found = self.switch
        if not found or not found.patch or not self.present or found.runs is found.was_running:
            return None
        return ObjectAction.STARTED if found.runs else ObjectAction.STOPPED

    @property
    def is_touched(self) -> bool:
        """Tell whether something is done to it, other than to remove it."""
        return self.is_applied or bool(self.switch and self.switch.patch)

    @property
    def is_waited_for(self) -> bool:
        """Tell whether it is to come up, and something is done to it."""
        runs = self.switch.runs if self.switch else True
        return runs and self.is_touched


@dataclass(frozen=True)
class Steps:
    """All steps, in the order in which objects are made; those that go are at the end."""

    steps: tuple[Step, ...]
    first: bool
    warnings: tuple[str, ...] = ()


def steps_of(  # noqa: PLR0913 - what decides
    wish: Wish, wanted: Wanted | None, present: Mapping[Key, Piece], *, main: str, fresh: bool, predict: Predict
) -> Steps:
    """Return the steps that a wish takes; ``fresh`` is whether its first deployment has still to come to its end.

    Raises UnsupportedError for what cannot be stopped.
    """
    return _Planner(wish, wanted, present, main=main, fresh=fresh, predict=predict).steps()


class _Planner:
    def __init__(  # noqa: PLR0913 - see steps_of
        self,
        wish: Wish,
        wanted: Wanted | None,
        present: Mapping[Key, Piece],
        *,
        main: str,
        fresh: bool,
        predict: Predict,
    ) -> None:
        self._wish = wish
        self._wanted = wanted
        self._present = present
        self._main = main
        self._fresh = fresh
        self._predict = predict
        self._warnings: list[str] = []
        counted = [one for one in present.values() if one.scales or one.suspends]
        self._awake = not counted or any(map(is_running, counted))

    def steps(self) -> Steps:
        if self._wish.state is ToolboxState.ABSENT:
            found = self._removals(())
        elif self._wanted is None:
            found = [self._turned(piece) if piece.is_workload else _kept(piece) for piece in self._present.values()]
        else:
            found = self._wished(self._wanted.pieces)
        order = self._wanted.order if self._wanted else ()
        waves = {name: place for place, names in enumerate(order) for name in names}
        placed = [replace(one, wave=waves.get(one.piece.name, 0)) for one in found]
        made = sorted((one for one in placed if not one.is_removed), key=lambda one: (one.piece.rank, one.wave))
        gone = sorted((one for one in placed if one.is_removed), key=lambda one: -one.piece.rank)
        if self._wish.state is ToolboxState.STOPPED:
            self._check_stoppable(made)
        return Steps((*made, *gone), self._fresh, tuple(self._warnings))

    def _wished(self, pieces: Sequence[Piece]) -> list[Step]:
        found = [step for piece in pieces for step in self._step(piece)]
        return [*found, *self._removals([piece.key for piece in pieces])]

    def _runs(self, piece: Piece, present: Piece | None) -> bool:
        if self._wish.state is not ToolboxState.PRESENT:
            return self._wish.state is ToolboxState.STARTED
        if self._fresh:
            return self._wish.auto_start
        if present:
            return piece.runs_at_once or is_running(present)
        return self._wish.auto_start and self._awake

    def _step(self, piece: Piece) -> list[Step]:
        present = self._present.get(piece.key)
        runs = not piece.is_workload or self._runs(piece, present)
        if piece.runs_at_once and not present and not runs:
            self._warnings.append(f"{piece.title} cannot be there without running, it is made by a start")
            return []
        turned = self._switch(piece, present, runs=runs)
        said = replace(dressed(piece, present), scale=present.scale if present else None)
        after, present = self._predict(said, present)
        if after is None or self._is_failed(present):
            return [Step(said, present, ObjectAction.RECREATED, after or said.document, turned)]
        action = ObjectAction.CREATED if not present else ObjectAction.CHANGED
        is_same = present is not None and bare(after) == bare(present.document)
        return [Step(said, present, None if is_same else action, after, turned)]

    def _is_failed(self, present: Piece | None) -> bool:
        if not present or present.resource.rule != JOB.rule:
            return False
        return read_workload(present.resource, present.document).finished == "Failed"

    def _turned(self, present: Piece) -> Step:
        piece = as_deployed(present) if present.scales or present.suspends else present
        found = self._switch(piece, present, runs=self._runs(piece, present))
        return Step(present, present, None, present.document, found)

    def _switch(self, piece: Piece, present: Piece | None, *, runs: bool) -> Switch | None:
        if not piece.scales and not piece.suspends:
            return None
        count = self._wish.replicas if piece.name == self._main else None
        return switch(piece, present, runs=runs, count=count)

    def _check_stoppable(self, steps: Sequence[Step]) -> None:
        found = [one.piece.title for one in steps if one.present and _cannot_stop(one.piece)]
        if found:
            hint = "remove them with state=absent, which the template makes again"
            raise UnsupportedError(f"Kubernetes has no way to stop {', '.join(found)}", hint=hint)

    def _removals(self, kept: Sequence[Key]) -> list[Step]:
        gone = [piece for key, piece in self._present.items() if key not in kept]
        stays = [piece.title for piece in gone if piece.is_kept and not self._wish.remove_volumes]
        # What is inside of a namespace goes by itself where that goes.
        if stays:
            self._warnings.append(
                f"{', '.join(stays)} stays, for data would go with it; set remove_volumes to remove it"
            )
        return [
            _kept(piece)
            if piece.is_kept and not self._wish.remove_volumes
            else Step(piece, piece, ObjectAction.REMOVED)
            for piece in gone
        ]


def _kept(present: Piece) -> Step:
    """Return what there is to do for an object that stays as it is."""
    return Step(present, present, None, present.document)


def _cannot_stop(piece: Piece) -> bool:
    """Tell whether it runs as long as it is there; a Job ends by itself."""
    has_no_count = piece.runs_at_once or (piece.is_workload and piece.resource.custom)
    return has_no_count and piece.resource.rule != JOB.rule


def changes_of(steps: Sequence[Step], secrets: Sequence[str]) -> tuple[ObjectChange, ...]:
    """Return the changes as a user is told of them."""
    return tuple(change for step in steps for change in _changes(step, secrets))


def _changes(step: Step, secrets: Sequence[str]) -> list[ObjectChange]:
    piece, present = step.piece, step.present
    after = _after(step, secrets)
    before = hidden_alike(shown(piece.resource.kind, present.document, secrets), after) if present else None
    patch = step.switch.patch if step.switch and present else None
    if present and not step.is_applied:
        before, after = _turned(present, patch)
    uid = text(present.document, "metadata", "uid") if present else ""
    actions = [action for action in (step.action, step.turn) if action]
    if patch and not actions:
        actions = [ObjectAction.CHANGED]
    namespace = piece.namespace or None
    return [ObjectChange(piece.resource.kind, namespace, piece.name, action, before, after, uid) for action in actions]


def _turned(present: Piece, patch: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return what is told of one that goes, or is started or stopped alone.

    No more than that: without its template nobody knows what of it is secret.
    """
    if not patch:
        return {}, None
    spec = mapping(patch, "spec")
    return {"spec": {key: mapping(present.document, "spec").get(key) for key in spec}}, {"spec": dict(spec)}


def _after(step: Step, secrets: Sequence[str]) -> dict[str, Any] | None:
    if step.after is None:
        return None
    before = step.present.document if step.present else None
    found = shown(step.piece.resource.kind, step.after, secrets, before=before)
    patch = step.switch.patch if step.switch else None
    if not patch:
        return found
    metadata = mapping(found, "metadata")
    notes = {**mapping(metadata, "annotations"), **mapping(patch, "metadata", "annotations")}
    kept = {key: value for key, value in notes.items() if value is not None}
    rest = {key: value for key, value in metadata.items() if key != "annotations"}
    noted = {**rest, "annotations": kept} if kept else rest
    return {**found, "metadata": noted, "spec": {**mapping(found, "spec"), **mapping(patch, "spec")}}
