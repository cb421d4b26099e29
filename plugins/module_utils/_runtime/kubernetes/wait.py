# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for one workload or pod: by a watch on its pods, or by looking again where watching is not possible."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import (
    ApiError,
    ConflictError,
    ContainerNotFoundError,
    NekzusError,
    NotReadyError,
    PermissionDeniedError,
    RuntimeUnavailableError,
    WaitTimeoutError,
)
from ..logs.log import LogSpan
from ..mask import mask_line, mask_text
from ..shape import text
from ..types import Action, Reached, State
from . import convert
from .kinds import EVENT, POD
from .log_lines import log_lines
from .pod import Pod, read_pod
from .seam import Collection
from .verdict import Goal, Scene, Verdict, judge
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..interfaces import Clock
    from ..lifecycle.options import LifecycleOptions
    from ..lifecycle.plan import Plan
    from ..types import Subject
    from .reader import Reader
    from .seam import KubernetesClient

LOG_LINES = 10
LOG_WIDTH = 1024 * 1024
LAST_EVENTS = 5
# How long one watch lasts: what no pod tells, such as a quota, is looked for in between.
WATCH_SECONDS = 2
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
CUT_PAUSE = 0.2
# What autoscalers of clusters say of a pod for which they make room.
_ROOM_IS_MADE = ("TriggeredScaleUp", "Nominated")


class Waiter:
    """Looks at workloads and pods until they are where they should be."""

    def __init__(self, client: KubernetesClient, reader: Reader, *, clock: Clock) -> None:
        """Take the client to ask, what reads workloads, and the clock to wait by."""
        self._client = client
        self._reader = reader
        self._clock = clock

    def pods(self, subject: Subject) -> frozenset[str]:
        """Return the uids of the pods that it has now."""
        _workload, found = self._look(subject)
        return frozenset(pod.uid for pod in found.items)

    def wait(  # noqa: PLR0913 - what is waited for
        self,
        subject: Subject,
        plan: Plan,
        *,
        options: LifecycleOptions,
        seconds: float | None = None,
        has_to_end: bool = False,
        replaced: frozenset[str] = frozenset(),
    ) -> Reached:
        """Return what it has become; see ``Operator.wait`` for what it raises.

        Of ``wait_timeout`` so many ``seconds`` may be left. A Job that ``has_to_end`` is waited for until it is done.
        Pods (uids) that are ``replaced`` leave by themselves, whatever ails them.
        """
        goal = replace(_goal(subject, plan), has_to_end=has_to_end, replaced=replaced)
        patience = options.wait_timeout if seconds is None else seconds
        start = self._clock.monotonic()
        pause = FIRST_PAUSE
        while True:
            try:
                workload, pods = self._look(subject)
            except ContainerNotFoundError:
                if not goal.is_down:
                    raise
                return Reached(State.STOPPED, warnings=(f"{subject.id} is gone since it was stopped",))
            scene = Scene(workload, pods.items, self._clock.monotonic() - start)
            verdict = judge(goal, scene)
            if verdict.done:
                return _reached(goal, workload)
            if verdict.failure and not (verdict.may_pass and self._room_is_made(subject, verdict)):
                raise self._error(ConflictError if verdict.reversed else NotReadyError, subject, verdict)
            left = patience - scene.seconds
            if left <= 0:
                raise self._timeout(subject, scene, plan, options)
            if verdict.near:  # what is left is for a controller to write it down
                self._clock.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                self._watch(subject, goal, scene, pods.version, left)

    def _look(self, subject: Subject) -> tuple[Workload | None, Collection[Pod]]:
        """Return the workload and its pods as they are now."""
        if not isinstance(subject.handle, Workload):
            return None, self._client.list(POD, subject.id.namespace, convert=read_pod, fields=_by_name(subject))
        workload = self._reader.workload(subject.handle.resource, subject.id.namespace, subject.id.id)
        if not workload.selector:
            return workload, Collection([], "")
        found = self._client.list(POD, workload.namespace, convert=read_pod, labels=workload.selector)
        return workload, Collection([pod for pod in found.items if workload.owns(pod)], found.version)

    def _watch(self, subject: Subject, goal: Goal, scene: Scene, version: str, left: float) -> None:
        """Return when it is worth to look again: the pods seem to be where they should be, or some time has passed."""
        workload = scene.workload
        labels, fields = (workload.selector, "") if workload else ("", _by_name(subject))
        if not labels and not fields:
            self._clock.sleep(LONGEST_PAUSE)
            return
        pods = {pod.uid: pod for pod in scene.pods}
        seconds = max(1, min(WATCH_SECONDS, int(left)))
        namespace, begun = subject.id.namespace, self._clock.monotonic()
        try:
            for kind, document in self._client.watch(
                POD, namespace, labels=labels, fields=fields, version=version, seconds=seconds
            ):
                pod = read_pod(document)
                if kind == "DELETED":
                    pods.pop(pod.uid, None)
                elif pod.uid and (not workload or workload.owns(pod)):
                    pods[pod.uid] = pod
                verdict = judge(goal, Scene(workload, tuple(pods.values()), scene.seconds))
                if verdict.done or verdict.near or verdict.failure:
                    return
            if self._clock.monotonic() - begun < CUT_PAUSE:  # a proxy on the way may not let it last
                self._clock.sleep(CUT_PAUSE)
        except PermissionDeniedError:  # who may not watch looks again
            self._clock.sleep(LONGEST_PAUSE)
        except (ConflictError, RuntimeUnavailableError, ApiError):  # it was cut, or is too old to go on
            self._clock.sleep(CUT_PAUSE)

    def _timeout(self, subject: Subject, scene: Scene, plan: Plan, options: LifecycleOptions) -> NekzusError:
        """Return the error for what has not come true in time, with what is known of the first pod that lags."""
        workload = scene.workload
        wanted = plan.state_after
        lagging = [pod for pod in scene.pods if pod.active and (wanted is State.STOPPED or not pod.ready)]
        told = f", {workload.status}" if workload and wanted is not State.STOPPED else ""
        for pod in lagging[:1]:
            told += f", pod {pod.name} is {pod.status}" + (f": {pod.unschedulable}" if pod.unschedulable else "")
        first = lagging[0] if lagging else None
        verdict = Verdict(
            failure=f"it is not {wanted} after {options.wait_timeout:g} s{told}",
            hint="raise wait_timeout, or see the events and log lines in the failure",
            pod=first,
            container=first.trouble.container if first and first.trouble else "",
        )
        return self._error(WaitTimeoutError, subject, verdict)

    def _error(self, kind: type[NekzusError], subject: Subject, verdict: Verdict) -> NekzusError:
        pod = verdict.pod
        secrets: tuple[str, ...] = ()
        lines: list[str] = []
        if pod:
            secrets, lines = self._last_lines(pod, verdict.container)
        events = [mask_text(event, secrets) for event in self._events(subject, pod)]
        last = f', its last line is "{lines[-1]}"' if lines else ""
        details: dict[str, Any] = {
            "status": pod.status if pod else subject.status,
            "exit_code": pod.trouble.exit_code if pod and pod.trouble else None,
            "logs": lines,
            "events": events,
        }
        if pod:
            details["pod"] = pod.name
        return kind(mask_text(verdict.failure, secrets) + last, hint=verdict.hint, details=details)

    def _last_lines(self, pod: Pod, container: str) -> tuple[tuple[str, ...], list[str]]:
        """Return a pod's secrets and the last lines of its log without them; none if they cannot be had."""
        try:
            document = self._client.get(POD, pod.namespace, pod.name)
        except NekzusError:
            return (), []
        secrets = convert.environment_secrets(document)
        # A container that waits for its next run has written its lines in the one before.
        for previous in (True, False) if pod.trouble and pod.trouble.restarted else (False,):
            try:
                stream = self._client.open_logs(
                    pod.namespace, pod.name, container, span=LogSpan(tail=LOG_LINES), previous=previous
                )
                lines = [line.message for line in log_lines(stream, limit=LOG_WIDTH)]
            except NekzusError:
                continue
            if lines:
                written = b"\n".join(lines).decode("utf-8", "replace")
                return secrets, mask_line(written, secrets).splitlines()
        return secrets, []

    def _events(self, subject: Subject, pod: Pod | None) -> list[str]:
        """Return the last events of a pod, else of the workload; none if they cannot be had."""
        name = pod.name if pod else subject.id.id
        try:
            found = self._client.list(
                EVENT, subject.id.namespace, convert=_event, fields=f"involvedObject.name={name}"
            ).items
        except NekzusError:
            return []
        return [told for _moment, told in sorted(found)[-LAST_EVENTS:]]

    def _room_is_made(self, subject: Subject, verdict: Verdict) -> bool:
        return any(event.startswith(_ROOM_IS_MADE) for event in self._events(subject, verdict.pod))


def _goal(subject: Subject, plan: Plan) -> Goal:
    pod = subject.container.handle
    leaves = Action.DELETE in plan.actions or Action.RECREATE in plan.actions
    gone = frozenset((pod.uid,)) if leaves and isinstance(pod, Pod) and subject.by_pod else frozenset()
    return Goal(subject.control, plan.state_after, gone, rolled_out=Action.ROLLOUT in plan.actions)


def _by_name(subject: Subject) -> str:
    return f"metadata.name={subject.id.id}"


def _reached(goal: Goal, workload: Workload | None) -> Reached:
    return Reached(goal.state, workload.wanted) if workload else Reached(goal.state)


def _event(document: Mapping[str, Any]) -> tuple[str, str]:
    """Return when an event was last seen, and ``Reason: message``; newer events have their time elsewhere."""
    moment = text(document, "lastTimestamp") or text(document, "eventTime")
    return moment, f"{text(document, 'reason')}: {' '.join(text(document, 'message').split())}"
