# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a pod lives, as a test scripts it: its statuses over time, as the kubelet would report them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import objects, text
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts
FIRST_RESTART, FIRST_BACK_OFF, LONGEST_BACK_OFF = 1, 10, 300
NODE_NAME = "node-1"


@dataclass(frozen=True)
class Life:
    """The script of a pod; times are seconds after the step before.

    It is scheduled, but for the reason in ``unschedulable`` not before ``schedulable_after``. ``waits`` are (seconds
    after that, reason, message) that its container waits for, for good without ``starts_after``. It is ready
    ``ready_after`` each start (infinity: never), and ends with ``exit_code`` after ``exits_after`` in each of its first
    ``crashes`` runs. ``terminates_after`` a deletion, or its grace, it is gone.

    ``logs`` is what it writes, ``writes`` what single containers do; ``later`` are (seconds after that, text) that come
    to who follows them. ``logs_before`` is what it wrote in its run before.
    """

    unschedulable: str = ""
    schedulable_after: float = math.inf
    waits: tuple[tuple[float, str, str], ...] = ()
    starts_after: float = 0
    ready_after: float = 0
    exits_after: float | None = None
    exit_code: int = 0
    reason: str = ""
    crashes: float = math.inf
    terminates_after: float = 0
    evicted: bool = False
    logs: str = ""
    logs_before: str = ""
    writes: Mapping[str, str] = field(default_factory=dict)
    later: tuple[tuple[float, str], ...] = ()
    unreadable_logs: bool = False


HEALTHY = Life()
CANNOT_PULL = Life(
    waits=((0, "ErrImagePull", "failed to pull"), (1, "ImagePullBackOff", 'Back-off pulling image "nothing"'))
)
CRASHES = Life(exits_after=0, exit_code=1)
UNSCHEDULABLE = Life(unschedulable="0/1 nodes are available: 1 Insufficient cpu.")


@dataclass(frozen=True)
class Step:
    """A status, and the event that tells of it, if any: (reason, message)."""

    status: Document
    event: tuple[str, str] | None = None


class Kubelet:
    """Tells how one pod goes on."""

    def __init__(self, life: Life, pod: Mapping[str, Any], *, born: float) -> None:
        """Take the pod and the moment of its creation."""
        self._life = life
        self._pod = pod
        self._born = born
        self._policy = text(pod, "spec", "restartPolicy") or "Always"

    def steps(self) -> Iterator[tuple[float, Step]]:
        """Yield the pod's statuses, each with the seconds since its creation."""
        life = self._life
        if life.unschedulable:
            scheduled = _condition("PodScheduled", ok=False, reason="Unschedulable", message=life.unschedulable)
            status = {"phase": "Pending", "conditions": [scheduled]}
            yield 0, Step(status, ("FailedScheduling", life.unschedulable))
            if math.isinf(life.schedulable_after):
                return
        if life.evicted:
            message = "The node was low on resource: memory."
            yield 0, Step({"phase": "Failed", "reason": "Evicted", "message": message}, ("Evicted", message))
            return
        scheduled_at = life.schedulable_after if life.unschedulable else 0
        for after, reason, message in life.waits:
            yield scheduled_at + after, self._waiting(reason, message, runs=0)
        if life.waits and not life.starts_after:
            return
        if life.starts_after and not life.waits:
            yield scheduled_at, self._waiting("ContainerCreating", "", runs=0)
        yield from self._runs(scheduled_at + life.starts_after)

    def _runs(self, at: float) -> Iterator[tuple[float, Step]]:
        life, runs = self._life, 0
        while True:
            yield at, self._running(runs, ready=life.ready_after == 0)
            ends = life.exits_after is not None and runs < life.crashes
            lasts = life.exits_after if ends and life.exits_after is not None else math.inf
            if 0 < life.ready_after < lasts:
                yield at + life.ready_after, self._running(runs, ready=True)
            if not ends:
                return
            at += lasts
            if self._policy == "Never" or (self._policy == "OnFailure" and not life.exit_code):
                yield at, self._ended(runs)
                return
            yield at, self._crashed(runs)
            at += FIRST_RESTART if not runs else min(FIRST_BACK_OFF * 2 ** (runs - 1), LONGEST_BACK_OFF)
            runs += 1

    def _waiting(self, reason: str, message: str, *, runs: int) -> Step:
        waiting = {"reason": reason, "message": message} if message else {"reason": reason}
        event = ("Failed" if reason.startswith("Err") else "BackOff", message) if message else None
        return Step(self._status("Pending", {"waiting": waiting}, runs=runs, ready=False), event)

    def _running(self, runs: int, *, ready: bool) -> Step:
        state = {"running": {"startedAt": stamp(self._born)}}
        return Step(self._status("Running", state, runs=runs, ready=ready))

    def _crashed(self, runs: int) -> Step:
        """Return what it is between two runs: it is restarted at once the first time, then less and less often."""
        if not runs:
            return Step(self._status("Running", self._terminated(), runs=runs, ready=False))
        message = "back-off restarting failed container"
        waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": message}}
        return Step(self._status("Running", waiting, runs=runs, ready=False), ("BackOff", message))

    def _ended(self, runs: int) -> Step:
        phase = "Failed" if self._life.exit_code else "Succeeded"
        return Step(self._status(phase, self._terminated(), runs=runs, ready=False))

    def _terminated(self) -> Document:
        reason = self._life.reason or ("Error" if self._life.exit_code else "Completed")
        return {"terminated": {"exitCode": self._life.exit_code, "reason": reason}}

    def _status(self, phase: str, state: Document, *, runs: int, ready: bool) -> Document:
        names = [text(one, "name") for one in objects(self._pod, "spec", "containers")]
        before = {} if not runs else self._terminated()
        return {
            "phase": phase,
            "podIP": "10.0.0.7",
            "startTime": stamp(self._born),
            "conditions": [
                _condition("PodScheduled", ok=True),
                _condition("Ready", ok=ready),
            ],
            "containerStatuses": [
                {
                    "name": name,
                    "image": text(one, "image"),
                    "ready": ready,
                    "restartCount": runs,
                    "started": "running" in state,
                    "state": state,
                    "lastState": before,
                }
                for name, one in zip(names, objects(self._pod, "spec", "containers"))
            ],
        }


def _condition(kind: str, *, ok: bool, reason: str = "", message: str = "") -> Document:
    found = {"type": kind, "status": "True" if ok else "False"}
    return {**found, "reason": reason, "message": message} if reason else found
