# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Carrying out the steps of a deployment, and taking them back when one of them fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import NekzusError
from ..object_change import ObjectAction
from ..shape import text
from ..toolbox.deployment import ToolboxState, is_lagging
from .arrival import Arrival
from .deployed_record import container_of
from .kinds import NAMESPACE
from .record import Record, noted
from .template_pieces import kind_comes_with
from .undo import Undo
from .writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..interfaces import Clock
    from ..toolbox.deployment import Wish
    from .piece import Key, Piece
    from .reader import Reader
    from .record import Keeper
    from .seam import KubernetesClient
    from .steps import Step, Steps


class Making:
    """Carries out the steps of one deployment, once."""

    def __init__(  # noqa: PLR0913 - what it takes
        self,
        client: KubernetesClient,
        reader: Reader,
        keeper: Keeper,
        *,
        steps: Steps,
        record: Record,
        wish: Wish,
        clock: Clock,
    ) -> None:
        """Take the steps, the note as it was when they were planned, and the clock to wait by."""
        self._writer = Writer(client)
        self._keeper = keeper
        self._steps = steps
        self._record = record
        self._wish = wish
        self._arrival = Arrival(client, reader, clock=clock, seconds=wish.wait_timeout)
        self._undo = Undo(client, reader, steps=steps, wish=wish, clock=clock)
        self._done: set[Key] = set()
        # The pods of what was changed, that it had before.
        self._replaced: dict[Key, frozenset[str]] = {}

    def carry_out(self) -> None:
        """Do it all. What fails is taken back, and raised."""
        before = self._record
        mine = noted([one.piece for one in self._steps.steps])
        whole = replace(
            before,
            template=self._wish.template or before.template,
            objects=tuple(dict.fromkeys((*before.objects, *mine))),
            begun=self._steps.first,
        )
        try:
            self._make_home()
            self._record = self._keeper.write(whole)
            self._make()
            self._keeper.check(self._record)
        except BaseException as error:
            self._take_back(error, before)
            raise
        self._finish()

    def see_up(self) -> None:
        """Wait for what runs and was left alone too. Nothing is taken back for its sake: nothing was done to it."""
        for step in self._steps.steps:
            is_left_alone = step.piece.is_workload and not step.is_touched and not step.is_removed
            if is_left_alone and step.present and is_lagging(container_of(step.present)):
                self._arrival.up(step.piece)

    # What can be taken back.

    def _make_home(self) -> None:
        """Make the namespace in which the note is to be, where the template brings it."""
        for step in self._steps.steps:
            if step.piece.resource.rule == NAMESPACE.rule and step.piece.name == self._wish.namespace:
                self._apply(step)
                self._await_use(step)
                self._done.add(step.piece.key)

    def _make(self) -> None:
        """Make what pods need, then the workloads at no replicas, what controls them, then start them wave after wave.

        What works by way of these pods alone comes last.
        """
        made = [step for step in self._steps.steps if not step.is_removed and step.piece.key not in self._done]
        workloads = [step for step in made if step.piece.is_workload]
        others = [step for step in made if not step.piece.is_workload and not step.piece.is_needed]
        late = [step for step in others if self._is_late(step.piece)]
        for step in made:
            if step.piece.is_needed:
                self._apply(step)
                self._await_use(step)
        new = [step for step in workloads if not step.present and not step.piece.runs_at_once]
        for step in (*new, *(step for step in others if step not in late)):
            self._apply(step)
        self._turn(workloads)
        for step in late:
            self._apply(step)
        for step in others:
            self._await_use(step)

    def _turn(self, workloads: Sequence[Step]) -> None:
        """Start workloads, wave after wave, and stop others, the other way round."""
        for wave in sorted({step.wave for step in workloads}):
            self._start([step for step in workloads if step.wave == wave], is_last=wave == self._last_wave(workloads))
        for step in reversed(workloads):
            if step.switch and step.switch.patch and not step.switch.runs:
                self._switch(step)
        self._await_stops(workloads)

    def _is_late(self, piece: Piece) -> bool:
        """Tell whether it works by way of pods of this deployment, be it because these bring its kind."""
        return piece.is_served_by_pods or kind_comes_with(piece, [step.piece for step in self._steps.steps])

    @staticmethod
    def _last_wave(workloads: Sequence[Step]) -> int:
        return max(step.wave for step in workloads)

    def _start(self, steps: Sequence[Step], *, is_last: bool) -> None:
        """Change and start the workloads of a wave, and see them up before the next one begins."""
        for step in steps:
            if step.present or step.piece.runs_at_once:
                self._apply(step)
            if step.switch and step.switch.patch and step.switch.runs:
                self._switch(step)
        # Without waiting for the end, others still wait for what they depend on.
        if self._wish.wait or not is_last:
            for step in steps:
                if step.is_waited_for:
                    self._arrival.up(step.piece, replaced=self._replaced.get(step.piece.key, frozenset()))

    def _await_stops(self, workloads: Sequence[Step]) -> None:
        if self._wish.wait:
            for step in workloads:
                if step.turn is ObjectAction.STOPPED:
                    self._arrival.down(step.piece)

    def _apply(self, step: Step) -> None:
        if not step.is_applied:
            return
        if step.present:
            self._undo.touched.append(step)
        if step.action is ObjectAction.RECREATED and step.present:
            self._writer.delete(step.present)
            self._arrival.gone(step.present)
        uid = text(step.present.document, "metadata", "uid") if step.present else ""
        # The uid keeps a change from hitting a successor.
        guarded = uid if step.action is ObjectAction.CHANGED else ""
        if guarded and self._wish.wait:
            self._replaced[step.piece.key] = self._arrival.pods(step.piece)
        try:
            document = self._writer.apply(step.piece, uid=guarded, force=self._wish.take_over)
        except NekzusError as error:
            self._undo.made += [step.piece] if error.may_be_done and step.action is not ObjectAction.CHANGED else []
            raise
        if step.action is not ObjectAction.CHANGED:
            self._undo.made.append(replace(step.piece, document=document))

    def _await_use(self, step: Step) -> None:
        """See what makes no pods of use; what others are put into has to be in any case."""
        waits = self._wish.wait or step.piece.is_kept
        if step.is_applied and waits and not _is_bound_later(step.piece):
            self._arrival.up(step.piece)

    def _switch(self, step: Step) -> None:
        """Start or stop a workload, or give it another count."""
        if step.present and step not in self._undo.touched:
            self._undo.touched.append(step)
        patch = step.switch.patch if step.switch else None
        self._writer.patch(step.piece, patch or {})

    # The end, good or bad.

    def _finish(self) -> None:
        """Remove what is not wanted any more, for good, and note what there is now."""
        removed = [step for step in self._steps.steps if step.is_removed]
        for step in removed:
            self._writer.delete(step.piece)
        if self._wish.state is ToolboxState.ABSENT:
            if self._wish.wait:
                self._arrival.empty(
                    self._wish.name, {step.piece.namespace for step in removed if step.piece.is_workload}
                )
                for step in removed:
                    self._arrival.gone(step.piece)
            self._keeper.remove(self._record)
            return
        kept = tuple(one for one in self._record.objects if one.key not in {step.piece.key for step in removed})
        self._keeper.write(replace(self._record, objects=kept, begun=False))

    def _take_back(self, error: BaseException, before: Record) -> None:
        """Undo everything, and say so in the error; nothing of it when the deployment is somebody else's by now."""
        try:
            self._keeper.check(self._record)
        except NekzusError:
            return
        told = self._undo.carry_out()
        self._forget(before)
        if told and isinstance(error, NekzusError):
            error.message += f"; {told}"

    def _forget(self, before: Record) -> None:
        """Put the note back to what it said before."""
        try:
            if self._steps.first and not before.version:
                self._keeper.remove(self._record)
            else:
                self._keeper.write(replace(before, version=self._record.version))
        except NekzusError:  # the objects that it names too many are looked for, and not found
            return


def _is_bound_later(piece: Piece) -> bool:
    """Tell whether it comes into use only with the pods that need it, or when a controller of the cluster likes."""
    return piece.is_kept and piece.resource.namespaced
