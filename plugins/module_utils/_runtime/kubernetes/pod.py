# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a pod's object says of how it is. Pure.

https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, number, objects, text
from ..types import State
from .owners import Reference, controller_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MIRROR = "kubernetes.io/config.mirror"
_MAIN = "kubectl.kubernetes.io/default-container"
# Written into the template of the pods that a rollout makes, as kubectl does.
RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
_CRASHING = "CrashLoopBackOff"
# Waiting for these to pass is in vain: someone has to do something. A first ErrImagePull may pass.
_HOPELESS = frozenset(
    {_CRASHING, "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"}
    | {"CreateContainerError", "RunContainerError"}
)
# The kubelet has not been told yet of a Secret or ConfigMap that is there: it looks again.
_PASSING = ("failed to sync secret cache", "failed to sync configmap cache")
_ENDED = ("Succeeded", "Failed")
_PHASES = {"Succeeded": State.STOPPED, "Failed": State.FAILED, "Pending": State.PENDING}
_WORDS = {"Succeeded": "Completed"}


@dataclass(frozen=True)
class Trouble:
    """Why a container does not come up: ``hopeless`` when it will not by itself, ``restarted`` if it ran before."""

    container: str
    reason: str
    message: str
    hopeless: bool
    restarted: bool
    exit_code: int | None
    out_of_memory: bool

    @property
    def ending(self) -> str:
        """How its last run ended, to be appended to a sentence; empty when it has not run."""
        if self.exit_code is None:
            return ""
        return f", exit code {self.exit_code}" + (", out of memory" if self.out_of_memory else "")

    @property
    def explanation(self) -> str:
        """What the kubelet says of it, but for a crash loop: of that it says only how long it pauses."""
        return f": {self.message}" if self.message and self.reason != _CRASHING else ""


@dataclass(frozen=True)
class PodContainer:
    """A container of a pod. ``runs_on`` tells whether it runs as long as the pod: no init container but a sidecar.

    ``resources`` is what its object says of limits and requests.
    """

    name: str
    runs_on: bool
    resources: Mapping[str, Any]


@dataclass(frozen=True)
class Pod:
    """A pod as its object tells it. ``active`` is one that takes part: it has not ended, though it may be ending.

    ``unschedulable`` is the scheduler's reason, empty when there is none. ``containers`` are all it has, the main one
    first, then the others, init containers, ephemeral ones; ``resources`` is what is said of the pod as a whole.
    ``restarted_at`` tells which rollout has made it, in whatever words that wrote.
    """

    namespace: str
    name: str
    uid: str
    version: str
    controller: Reference | None
    state: State
    status: str
    ready: bool
    active: bool
    terminating: bool
    is_mirror: bool
    unschedulable: str
    trouble: Trouble | None
    restarts: int
    containers: tuple[PodContainer, ...] = ()
    resources: Mapping[str, Any] = field(default_factory=dict)
    restarted_at: str = ""


def read_pod(document: Mapping[str, Any]) -> Pod:
    """Return what a pod's object says."""
    metadata = mapping(document, "metadata")
    phase = text(document, "status", "phase")
    trouble = _trouble(document)
    unschedulable = _unschedulable(document)
    terminating = bool(text(metadata, "deletionTimestamp"))
    return Pod(
        namespace=text(metadata, "namespace"),
        name=text(metadata, "name"),
        uid=text(metadata, "uid"),
        version=text(metadata, "resourceVersion"),
        controller=controller_of(document),
        state=_state(document, phase, trouble),
        status="Terminating" if terminating else _status(document, phase, trouble, unschedulable),
        ready=phase == "Running" and not terminating and _condition(document, "Ready") == "True",
        active=phase not in _ENDED,
        terminating=terminating,
        is_mirror=_MIRROR in mapping(metadata, "annotations"),
        unschedulable=unschedulable,
        trouble=trouble,
        restarts=sum(
            number(status, "restartCount") or 0 for status in objects(document, "status", "containerStatuses")
        ),
        containers=tuple(_containers(document)),
        resources=mapping(document, "spec", "resources"),
        restarted_at=text(metadata, "annotations", RESTARTED_AT),
    )


def _containers(document: Mapping[str, Any]) -> Iterator[PodContainer]:
    spec = mapping(document, "spec")
    # https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-default-container
    main = text(document, "metadata", "annotations", _MAIN)
    regular = objects(spec, "containers")
    for each in sorted(regular, key=lambda one: text(one, "name") != main) if main else regular:
        yield PodContainer(text(each, "name"), runs_on=True, resources=mapping(each, "resources"))
    for each in objects(spec, "initContainers"):
        # https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
        yield PodContainer(
            text(each, "name"), runs_on=text(each, "restartPolicy") == "Always", resources=mapping(each, "resources")
        )
    for each in objects(spec, "ephemeralContainers"):
        yield PodContainer(text(each, "name"), runs_on=False, resources=mapping(each, "resources"))


def _state(document: Mapping[str, Any], phase: str, trouble: Trouble | None) -> State:
    if phase in _ENDED:
        return _PHASES[phase]
    if trouble and (trouble.restarted or trouble.reason == _CRASHING):
        return State.RESTARTING
    started = objects(document, "status", "containerStatuses")
    if phase == "Running" and started and all(_has_started(status) for status in started):
        return State.RUNNING
    return State.PENDING


def _has_started(status: Mapping[str, Any]) -> bool:
    """Tell whether a container has come as far as its startup probe; one that has ended had started."""
    state = mapping(status, "state")
    return "terminated" in state or ("waiting" not in state and status.get("started") is not False)


def _status(document: Mapping[str, Any], phase: str, trouble: Trouble | None, unschedulable: str) -> str:
    """Return the word that kubectl would print."""
    reason = text(document, "status", "reason")
    if reason or phase in _ENDED:
        return reason or _WORDS.get(phase) or _ended_reason(document) or phase
    if unschedulable:
        return "Unschedulable"
    return trouble.reason if trouble else phase or "Unknown"


def _ended_reason(document: Mapping[str, Any]) -> str:
    ended = (mapping(status, "state", "terminated") for status in _statuses(document))
    return next((text(state, "reason") for state in ended if number(state, "exitCode")), "")


def _statuses(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("initContainerStatuses", "containerStatuses"):
        yield from objects(document, "status", key)


def _trouble(document: Mapping[str, Any]) -> Trouble | None:
    """Return the worst that any of a pod's containers waits for."""
    found = [trouble for trouble in map(_trouble_of, _statuses(document)) if trouble]
    return min(found, key=lambda one: not one.hopeless, default=None)


def _trouble_of(status: Mapping[str, Any]) -> Trouble | None:
    waiting, before = mapping(status, "state", "waiting"), mapping(status, "lastState", "terminated")
    ended = mapping(status, "state", "terminated")
    restarts = number(status, "restartCount") or 0
    last = before if waiting else ended
    code = number(last, "exitCode")
    if not waiting and not code:
        return None
    reason = text(waiting, "reason") or text(ended, "reason") or "Error"
    message = " ".join((text(waiting, "message") or text(before, "message")).split())
    return Trouble(
        container=text(status, "name"),
        reason=reason,
        message=message,
        hopeless=reason in _HOPELESS and not message.startswith(_PASSING),
        restarted=restarts > 0,
        exit_code=code,
        out_of_memory=text(last, "reason") == "OOMKilled",
    )


def _condition(document: Mapping[str, Any], kind: str) -> str:
    found = (each for each in objects(document, "status", "conditions") if text(each, "type") == kind)
    return text(next(found, {}), "status")


def _unschedulable(document: Mapping[str, Any]) -> str:
    for condition in objects(document, "status", "conditions"):
        if text(condition, "type") == "PodScheduled" and text(condition, "reason") == "Unschedulable":
            return " ".join(text(condition, "message").split()) or "no node fits"
    return ""


def has_host_network(document: Mapping[str, Any]) -> bool:
    """Tell whether a pod's specification puts it on the network of its node."""
    return flag(document, "hostNetwork")
