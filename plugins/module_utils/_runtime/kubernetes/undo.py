# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Taking back what a deployment has done, when it fails."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Callable

from ..errors import ContainerNotFoundError, NekzusError
from ..object_change import ObjectAction
from ..shape import mapping, text
from .arrival import Arrival
from .kinds import JOB
from .piece import is_of
from .said import said_by_us
from .switching import is_running
from .writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..interfaces import Clock
    from ..toolbox.deployment import Wish
    from .piece import Piece
    from .reader import Reader
    from .seam import KubernetesClient
    from .steps import Step, Steps

# What was there before is given this long to be up again, however short the time was to come up in.
RETURN_SECONDS = 30
_BACK = "what was there before is back"


class Undo:
    """What was ``made`` and what was ``touched``, in this order, and how to take it back."""

    def __init__(self, client: KubernetesClient, reader: Reader, *, steps: Steps, wish: Wish, clock: Clock) -> None:
        """Take what is carried out, and the clock to wait by."""
        self.made: list[Piece] = []
        self.touched: list[Step] = []
        self._client = client
        self._reader = reader
        self._writer = Writer(client)
        self._steps = steps
        self._wish = wish
        self._clock = clock

    def carry_out(self) -> str:
        """Take all back, and return what has become of it; nothing where nothing had been done."""
        if not self.made and not self.touched:
            return ""
        seconds = max(RETURN_SECONDS, self._wish.wait_timeout)
        arrival = Arrival(self._client, self._reader, clock=self._clock, seconds=seconds)
        made = [(piece.title, partial(self._remove, piece)) for piece in reversed(self.made)]
        touched = [(step.piece.title, partial(self._restore, step, arrival)) for step in reversed(self.touched)]
        failed = _troubles([*made, *touched])
        if failed:
            return f"not all could be taken back: {failed}"
        if self._steps.first and not self.touched:
            return "what was made was removed again"
        before = [step.present for step in self.touched if step.present and self._wish.wait]
        ran = [piece for piece in before if piece.scales and is_running(piece)]
        down = _troubles([(piece.title, partial(self._see_up, piece, arrival)) for piece in ran])
        back = f"what was there before was put back, and is not up: {down}" if down else _BACK
        jobs = ", ".join(step.piece.title for step in self.touched if step.present and _is_new_job(step))
        return f"{back}, but for {jobs}, which the next deployment runs again" if jobs else back

    def _remove(self, piece: Piece) -> None:
        if not text(piece.document, "metadata", "uid"):
            try:
                piece = replace(piece, document=self._client.get(piece.resource, piece.namespace, piece.name))
            except ContainerNotFoundError:
                return
        if is_of(piece.document, self._wish.name, self._wish.namespace):
            self._writer.delete(piece)

    def _restore(self, step: Step, arrival: Arrival) -> None:
        """Say again what we said of an object before; one that had to be made anew is made once more, but for a Job."""
        if not step.present or _is_new_job(step):
            return
        if step.action is ObjectAction.RECREATED:
            arrival.free(step.piece)
        if step.is_applied:
            self._writer.apply(replace(step.present, document=said_by_us(step.present.document)), force=True)
        self._switch_back(step, step.present)

    def _switch_back(self, step: Step, present: Piece) -> None:
        patch = step.switch.patch if step.switch else None
        if not patch:
            return
        before = {key: mapping(present.document, "spec").get(key) for key in mapping(patch, "spec")}
        notes = mapping(present.document, "metadata", "annotations")
        annotations = {key: notes.get(key) for key in mapping(patch, "metadata", "annotations")}
        self._writer.patch(present, {"metadata": {"annotations": annotations}, "spec": before})

    @staticmethod
    def _see_up(piece: Piece, arrival: Arrival) -> None:
        arrival.release(piece)
        arrival.up(piece, replaced=arrival.pods(piece))


def _is_new_job(step: Step) -> bool:
    """Tell whether it is a Job that was made anew: the one before cannot be made again without running again."""
    return step.action is ObjectAction.RECREATED and step.piece.resource.rule == JOB.rule


def _troubles(tasks: Iterable[tuple[str, Callable[[], None]]]) -> str:
    """Do all of these, and return what kept which from being done."""
    found = []
    for title, do in tasks:
        try:
            do()
        except NekzusError as error:  # noqa: PERF203 - the rest has still to be done
            found.append(error.message if error.message.startswith(title) else f"{title}: {error.message}")
    return "; ".join(found)
