# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Whether what a plan promises has come true, or cannot come true any more. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..types import Control, State
from .kinds import CRON_JOB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .pod import Pod
    from .workload import Workload

# The scheduler and quotas may change their mind, when old pods have gone or a node has come.
TOLERATED_SECONDS = 5.0
# What the scheduler says as long as storage is still being made, which may take minutes.
_WAITS_FOR_STORAGE = "unbound immediate PersistentVolumeClaims"


@dataclass(frozen=True)
class Goal:
    """What is waited for: a state, of a workload or of a pod alone, and that some pods (uids) have gone.

    Pods (uids) that are ``replaced`` leave by themselves, whatever ails them; so do those of a workload that is
    ``rolled_out`` that are not of its last rollout, if that replaces what is broken. A Job that ``has_to_end`` is to do
    its work first, for others wait for that.
    """

    control: Control
    state: State
    gone: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    has_to_end: bool = False
    rolled_out: bool = False

    @property
    def is_down(self) -> bool:
        """Tell whether nothing is to be left."""
        return self.state is State.STOPPED


@dataclass(frozen=True)
class Scene:
    """What can be seen now: the ``workload`` (None: a pod alone), its ``pods``, and for how many seconds."""

    workload: Workload | None
    pods: Sequence[Pod]
    seconds: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """Done, or why it never will be; ``pod`` and ``container`` are where to look for more. ``near``: nearly done."""

    done: bool = False
    near: bool = False
    failure: str = ""
    hint: str = ""
    reversed: bool = False
    pod: Pod | None = None
    container: str = ""
    may_pass: bool = False


def judge(goal: Goal, scene: Scene) -> Verdict:
    """Return the verdict on what can be seen."""
    workload = scene.workload
    if any(pod.uid in goal.gone for pod in scene.pods):
        return Verdict()
    if not workload:
        return Verdict(done=True) if goal.is_down or goal.control is Control.FOREIGN else _pod_alone(scene)
    if goal.is_down is not workload.is_stopped and not workload.finished and goal.control is not Control.DAEMON:
        return _reversed(goal, workload)
    if goal.is_down:
        empty = not any(pod.active for pod in scene.pods)
        return Verdict(done=empty and workload.current == 0 and workload.settled, near=empty)
    return _job(workload, scene, goal) if workload.wanted is None else _replicas(workload, workload.wanted, scene, goal)


def _replicas(workload: Workload, wanted: int, scene: Scene, goal: Goal) -> Verdict:
    """Judge a workload that should have all its pods, and no others."""
    active = [pod for pod in scene.pods if pod.active]
    ready = sum(pod.ready for pod in active)
    counted = not workload.selector or (ready >= wanted and not any(pod.terminating for pod in active))
    if counted and workload.is_up:
        return Verdict(done=True)
    staying = [pod for pod in active if not _is_leaving(pod, workload, goal)]
    return _hopeless(staying, scene.seconds) or _stuck(workload, scene) or Verdict(near=counted)


def _is_leaving(pod: Pod, workload: Workload, goal: Goal) -> bool:
    is_old = goal.rolled_out and workload.replaces_broken and pod.restarted_at != workload.restarted_at
    return is_old or pod.uid in goal.replaced


def _reversed(goal: Goal, workload: Workload) -> Verdict:
    word = "suspended" if workload.wanted is None else f"at {workload.wanted} replicas"
    message = f"something else has changed it: it is {'not ' if workload.wanted is None and goal.is_down else ''}{word}"
    return Verdict(
        failure=message, hint="see who changes it: an autoscaler, an operator or a deployment tool", reversed=True
    )


def _job(workload: Workload, scene: Scene, goal: Goal) -> Verdict:
    """Judge a Job or CronJob that goes on."""
    if workload.resource.plural == CRON_JOB.plural:
        return Verdict(done=True)
    ended = [pod for pod in scene.pods if not pod.active]
    if workload.finished == "Failed":
        last = ended[-1] if ended else None
        message = (
            f"it has failed: {workload.trouble or (f'pod {last.name} is {last.status}' if last else 'see its events')}"
        )
        container = last.trouble.container if last and last.trouble else ""
        return Verdict(failure=message, hint="see the log lines in the failure", pod=last, container=container)
    if workload.finished or (not goal.has_to_end and (ended or any(pod.ready for pod in scene.pods))):
        return Verdict(done=True)
    active = [pod for pod in scene.pods if pod.active]
    return _hopeless(active, scene.seconds) or Verdict(near=bool(ended) and not active)


def _pod_alone(scene: Scene) -> Verdict:
    """Judge a pod that nothing controls and that should run."""
    for pod in scene.pods:
        if pod.ready:
            return Verdict(done=True)
        if not pod.active:
            code = pod.trouble.ending if pod.trouble else ""
            hint = "see the log lines in the failure; if it is meant to end, set wait to false"
            container = pod.trouble.container if pod.trouble else ""
            message = f"it ended right after its start, {pod.status}{code}"
            return Verdict(failure=message, hint=hint, pod=pod, container=container)
    return _hopeless(scene.pods, scene.seconds) or Verdict()


def _hopeless(pods: Sequence[Pod], seconds: float) -> Verdict | None:
    """Return why one of the pods will not come up by itself."""
    fresh = [pod for pod in pods if not pod.terminating]
    for pod in fresh:
        trouble = pod.trouble
        if trouble and trouble.hopeless:
            message = f"pod {pod.name} does not come up, {trouble.reason}{trouble.ending}{trouble.explanation}"
            hint = "see the events and log lines in the failure"
            return Verdict(failure=message, hint=hint, pod=pod, container=trouble.container)
    # As long as pods are ending, room may become free.
    if seconds >= TOLERATED_SECONDS and len(fresh) == len(pods):
        for pod in fresh:
            if pod.unschedulable and _WAITS_FOR_STORAGE not in pod.unschedulable:
                message = f"pod {pod.name} is unschedulable: {pod.unschedulable}"
                hint = "free resources or add a node, or change what the pod asks for"
                return Verdict(failure=message, hint=hint, pod=pod, may_pass=True)
    return None


def _stuck(workload: Workload, scene: Scene) -> Verdict | None:
    hint = "see the events in the failure"
    if workload.stuck:
        return Verdict(failure=f"it makes no progress: {workload.trouble}", hint=hint)
    if workload.is_paused and not workload.current and scene.seconds >= TOLERATED_SECONDS:
        hint = "go on with it: kubectl rollout resume, or paused: false in its manifest"
        return Verdict(failure="its rollout is paused, and it has no pods to keep", hint=hint)
    if workload.trouble and scene.seconds >= TOLERATED_SECONDS and not any(pod.terminating for pod in scene.pods):
        return Verdict(failure=f"its pods cannot be made: {workload.trouble}", hint=hint)
    return None
