# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a workload's object says: how many pods it wants and has, and what a stop has to remember. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

from ..shape import flag, mapping, number, objects, text, text_mapping, texts, whole
from ..types import Control, State
from .kinds import CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, STATEFUL_SET, Resource
from .owners import Reference, controller_of
from .pod import RESTARTED_AT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .pod import Pod

# The count before a stop. Written by the patch that stops, removed by the one that starts.
REMEMBERED = "nekzus.io/replicas"


@dataclass(frozen=True)
class Workload:
    """A controller of pods as its object tells it.

    ``wanted`` is the count of pods it should have (None: it does not count), ``current`` that it has, ``ready``
    that are of use. ``settled`` tells that the controller has seen the specification and replaced what is old.
    ``selector`` finds its pods, empty when nothing does; ``labels`` are those its pods have, over its own.
    ``trouble`` is why it cannot make pods, ``stuck`` whether it has given up. ``first`` is its first ordinal.
    """

    resource: Resource
    namespace: str
    name: str
    uid: str
    version: str
    controller: Reference | None
    labels: Mapping[str, str]
    selector: str = ""
    wanted: int | None = None
    current: int = 0
    ready: int = 0
    settled: bool = True
    remembered: int | None = None
    suspended: bool = False
    finished: str = ""
    trouble: str = ""
    stuck: bool = False
    no_rollout: str = ""
    active_jobs: tuple[str, ...] = ()
    first: int = 0
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_stopped(self) -> bool:
        """Tell whether it wants no pods."""
        return self.wanted == 0 or self.suspended

    @property
    def is_paused(self) -> bool:
        """Tell whether its rollout is paused: its pods are kept as they are, and where there are none none are made."""
        return self.resource.plural == DEPLOYMENT.plural and flag(self.document, "spec", "paused")

    @property
    def restarted_at(self) -> str:
        """Which rollout its pods are to be of, in whatever words that wrote."""
        return text(self.document, "spec", "template", "metadata", "annotations", RESTARTED_AT)

    @property
    def replaces_broken(self) -> bool:
        """Tell whether a rollout replaces pods that do not come up: a StatefulSet that goes in order waits for them.

        https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
        """
        in_order = text(self.document, "spec", "podManagementPolicy") != "Parallel"
        return not (in_order and self.resource.plural == STATEFUL_SET.plural)

    @property
    def is_up(self) -> bool:
        """Tell whether all it wants is there and of use."""
        if self.resource.plural == CRON_JOB.plural:
            return not self.suspended
        if self.wanted is None:
            return self.ready > 0 and not self.is_stopped
        return self.settled and self.current == self.wanted and self.ready >= self.wanted

    @property
    def state(self) -> State:
        """The state of the whole."""
        if self.is_stopped:
            return State.STOPPED
        if self.finished:
            return State.STOPPED if self.finished == "Complete" else State.FAILED
        return State.RUNNING if self.is_up else State.PENDING

    @property
    def status(self) -> str:
        """The state in the workload's own words."""
        if self.is_stopped:
            return "Suspended" if self.suspended else "0 replicas"
        if self.finished or self.resource.plural == CRON_JOB.plural:
            return self.finished or "Scheduled"
        count = f"{self.ready}/{self.wanted} ready" if self.wanted is not None else f"{self.ready} active"
        return f"{count}, {self.trouble}" if self.trouble else count

    def owns(self, pod: Pod) -> bool:
        """Tell whether a pod that its selector found is its own: directly, or by way of one it has made."""
        if not pod.controller:
            return False
        if self.resource.plural == DEPLOYMENT.plural:
            return pod.controller.kind == "ReplicaSet" and pod.controller.name.startswith(f"{self.name}-")
        return self.resource.custom or pod.controller.uid == self.uid


def read_workload(
    resource: Resource, document: Mapping[str, Any], *, scale: Mapping[str, Any] | None = None
) -> Workload:
    """Return what a workload's object says; that of a custom kind says it by its ``scale``."""
    metadata, status = mapping(document, "metadata"), mapping(document, "status")
    template = mapping(document, "spec", "template", "metadata", "labels")
    wanted, current, ready = _counts(resource, document, scale)
    return Workload(
        resource=resource,
        namespace=text(metadata, "namespace"),
        name=text(metadata, "name"),
        uid=text(metadata, "uid"),
        version=text(metadata, "resourceVersion"),
        controller=controller_of(document),
        labels={**text_mapping(metadata, "labels"), **{key: str(value) for key, value in template.items()}},
        selector=text(scale, "status", "selector") if resource.custom else _selector(document),
        wanted=wanted,
        current=current,
        ready=ready,
        settled=_is_settled(resource, document),
        remembered=_remembered(metadata),
        suspended=flag(document, "spec", "suspend"),
        finished=_finished(document) if resource.plural == JOB.plural else "",
        trouble=_trouble(document),
        stuck=any(text(each, "reason") == "ProgressDeadlineExceeded" for each in _bad_conditions(document)),
        no_rollout=_no_rollout(resource, document),
        active_jobs=tuple(text(each, "name") for each in objects(status, "active")),
        first=number(document, "spec", "ordinals", "start") or 0,
        document=document,
    )


def _counts(
    resource: Resource, document: Mapping[str, Any], scale: Mapping[str, Any] | None
) -> tuple[int | None, int, int]:
    """Return how many pods are wanted, there and of use. Zeros are left out of what the API sends."""
    status = mapping(document, "status")
    if resource.custom:
        if resource.control is not Control.SCALE:
            return None, 0, 0
        current = number(scale, "status", "replicas") or 0
        # What is ready no scale tells; the pods do.
        return number(scale, "spec", "replicas") or 0, current, current
    if resource.control is Control.SUSPEND:
        active = number(status, "active") or 0
        return None, active, active
    if resource.plural == DAEMON_SET.plural:
        current = number(status, "currentNumberScheduled") or 0
        return number(status, "desiredNumberScheduled") or 0, current, number(status, "numberAvailable") or 0
    wanted = number(document, "spec", "replicas")
    ready = "readyReplicas" if resource.plural == STATEFUL_SET.plural else "availableReplicas"
    return 1 if wanted is None else wanted, number(status, "replicas") or 0, number(status, ready) or 0


def _is_settled(resource: Resource, document: Mapping[str, Any]) -> bool:
    """Tell whether the controller has seen the specification, and all pods are made from it."""
    status = mapping(document, "status")
    seen = number(status, "observedGeneration")
    if resource.custom or resource.control is Control.SUSPEND:
        return seen is None or seen >= (number(document, "metadata", "generation") or 0)
    if seen is None or seen < (number(document, "metadata", "generation") or 0):
        return False
    is_updated = _UPDATED.get(resource.plural)
    keeps_old = _updates_on_delete(document) or flag(document, "spec", "paused")
    return not is_updated or keeps_old or is_updated(document)


def _deployment_is_updated(document: Mapping[str, Any]) -> bool:
    status = mapping(document, "status")
    return (number(status, "updatedReplicas") or 0) >= (number(status, "replicas") or 0)


def _daemon_set_is_updated(document: Mapping[str, Any]) -> bool:
    status = mapping(document, "status")
    return (number(status, "updatedNumberScheduled") or 0) >= (number(status, "desiredNumberScheduled") or 0)


def _stateful_set_is_updated(document: Mapping[str, Any]) -> bool:
    """Tell it of all pods but those that a partition keeps as they are."""
    status = mapping(document, "status")
    if text(status, "updateRevision") == text(status, "currentRevision"):
        return True
    kept = number(document, "spec", "updateStrategy", "rollingUpdate", "partition") or 0
    wanted = number(document, "spec", "replicas")
    return kept > 0 and (number(status, "updatedReplicas") or 0) >= (1 if wanted is None else wanted) - kept


_UPDATED: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    DEPLOYMENT.plural: _deployment_is_updated,
    DAEMON_SET.plural: _daemon_set_is_updated,
    STATEFUL_SET.plural: _stateful_set_is_updated,
}


def _updates_on_delete(document: Mapping[str, Any]) -> bool:
    return text(document, "spec", "updateStrategy", "type") == "OnDelete"


def _no_rollout(resource: Resource, document: Mapping[str, Any]) -> str:
    """Return why changing the pod template would not replace the pods, or nothing."""
    if resource.plural not in (DEPLOYMENT.plural, STATEFUL_SET.plural, DAEMON_SET.plural) or resource.custom:
        return f"a {resource.kind} does not replace its pods one after the other"
    if _updates_on_delete(document):
        return "its update strategy is OnDelete"
    return "its rollout is paused" if flag(document, "spec", "paused") else ""


def _remembered(metadata: Mapping[str, Any]) -> int | None:
    """Return the count before the stop; what cannot be one was not written by us."""
    return whole(text(metadata, "annotations", REMEMBERED)) or None


def _selector(document: Mapping[str, Any]) -> str:
    """Return a label selector as a query takes it; the one of a ReplicationController is a plain mapping."""
    selector = mapping(document, "spec", "selector")
    if "matchLabels" not in selector and "matchExpressions" not in selector:
        return ",".join(f"{key}={value}" for key, value in selector.items() if isinstance(value, str))
    parts = [f"{key}={value}" for key, value in mapping(selector, "matchLabels").items()]
    for each in objects(selector, "matchExpressions"):
        key, values = text(each, "key"), ",".join(texts(each, "values"))
        operator = text(each, "operator")
        parts.append({"Exists": key, "DoesNotExist": f"!{key}"}.get(operator) or f"{key} {operator.lower()} ({values})")
    return ",".join(parts)


def _finished(document: Mapping[str, Any]) -> str:
    """Return ``Complete`` or ``Failed`` for a Job that has ended."""
    for condition in objects(document, "status", "conditions"):
        if text(condition, "status") == "True" and text(condition, "type") in ("Complete", "Failed"):
            return text(condition, "type")
    return ""


def _bad_conditions(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the conditions that tell of pods which cannot be made."""
    bad = (("Progressing", "False"), ("ReplicaFailure", "True"))
    conditions = objects(document, "status", "conditions")
    return [each for each in conditions if (text(each, "type"), text(each, "status")) in bad]


def _trouble(document: Mapping[str, Any]) -> str:
    return next((" ".join(text(each, "message").split()) for each in _bad_conditions(document)), "")
