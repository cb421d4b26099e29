# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controllers of a cluster in memory: what makes pods of workloads, and counts them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import flag, mapping, number, objects, text
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE, ROLLOUT, controlled
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document, Store, replicas_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource

# The letters of generated names: https://pkg.go.dev/k8s.io/apimachinery/pkg/util/rand#pkg-variables
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_PROGRESS_DEADLINE = 600


@dataclass
class Hands:
    """What controllers do with objects: make and delete, and look again after some seconds."""

    store: Store
    create: Callable[[Resource, Document], object]
    delete: Callable[[Resource, Mapping[str, Any]], object]
    look_again: Callable[[float], None]
    moment: Callable[[], float]


def digits(value: Any, length: int) -> str:
    """Return letters as Kubernetes generates them, the same ones for the same value."""
    number_of = int(hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest(), 16)
    return "".join(_LETTERS[number_of // len(_LETTERS) ** place % len(_LETTERS)] for place in range(length))


def is_active(pod: Mapping[str, Any]) -> bool:
    """Tell whether a pod counts: it has not ended, and is not ending."""
    return text(pod, "status", "phase") not in ("Succeeded", "Failed") and not text(
        pod, "metadata", "deletionTimestamp"
    )


def is_ready(pod: Mapping[str, Any]) -> bool:
    """Tell whether an active pod is of use."""
    conditions = objects(pod, "status", "conditions")
    return is_active(pod) and any((text(one, "type"), text(one, "status")) == ("Ready", "True") for one in conditions)


def _counted(**counts: int) -> Document:
    """Return the counts as the API sends them: without the zeros."""
    return {name: count for name, count in counts.items() if count}


class Controllers:
    """All of them."""

    def __init__(self, hands: Hands) -> None:
        """Take the hands to work with."""
        self._hands = hands
        self._made = 0
        self._progress: dict[str, tuple[Any, float]] = {}

    def reconcile(self) -> None:
        """Let each controller do its next step for each of its objects."""
        for resource, step in (
            (DEPLOYMENT, self._deployment),
            (REPLICA_SET, self._replica_set),
            (REPLICATION_CONTROLLER, self._replica_set),
            (STATEFUL_SET, self._stateful_set),
            (DAEMON_SET, self._daemon_set),
            (CRON_JOB, self._cron_job),
            (JOB, self._job),
            (ROLLOUT, self._custom),
            (DATABASE, self._custom),
        ):
            for document in self._hands.store.all(resource):
                status = step(resource, document)
                self._hands.store.set_status(resource, document, status)

    def _deployment(self, _resource: Resource, document: Document) -> Document:
        wanted = replicas_of(document)
        sets = self._hands.store.owned(REPLICA_SET, document)
        current = self._current_set(document, sets)
        old = [one for one in sets if one is not current]
        if current:
            ready = number(current, "status", "availableReplicas") or 0
            # One more than wanted at a time, and none fewer.
            room = wanted + 1 - sum(replicas_of(one) for one in old)
            self._scale(
                current, wanted if replicas_of(current) > wanted else min(wanted, max(replicas_of(current), room))
            )
            for one in old:
                self._scale(one, min(replicas_of(one), max(0, wanted - ready)))
        sets = self._hands.store.owned(REPLICA_SET, document)

        def total(key: str, among: Iterable[Document]) -> int:
            return sum(number(one, "status", key) or 0 for one in among)

        counts = {key: total(key, sets) for key in ("replicas", "readyReplicas", "availableReplicas")}
        updated = total("replicas", (one for one in sets if _name(one) == _set_name(document)))
        status = {**_seen(document), **_counted(**counts, updatedReplicas=updated)}
        return {**status, "conditions": self._progressing(document, status)}

    def _current_set(self, document: Document, sets: list[Document]) -> Document | None:
        """Return the one to scale: of this template, or while the rollout is paused the last one."""
        name = _set_name(document)
        found = next((one for one in sets if _name(one) == name), None)
        if not found and flag(document, "spec", "paused"):
            return sets[-1] if sets else None
        if not found:
            template = _labelled(document["spec"]["template"], {"pod-template-hash": name.rpartition("-")[2]})
            made = controlled(document, name, labels=template["metadata"]["labels"])
            self._hands.create(REPLICA_SET, {**made, "spec": {"replicas": 0, "template": template}})
        return found

    def _scale(self, document: Document, replicas: int) -> None:
        self._hands.store.change(REPLICA_SET, document, {"spec": {"replicas": replicas}})

    def _progressing(self, document: Document, status: Mapping[str, Any]) -> list[Document]:
        """Return the condition that says whether a Deployment gets on."""
        uid, now = document["metadata"]["uid"], self._hands.moment()
        deadline = number(document, "spec", "progressDeadlineSeconds") or _PROGRESS_DEADLINE
        sign = dict(status)
        if self._progress.get(uid, (None, 0))[0] != sign:
            self._progress[uid] = (sign, now)
            self._hands.look_again(deadline)
        late = now - self._progress[uid][1] >= deadline
        if late and (number(status, "availableReplicas") or 0) < replicas_of(document):
            message = f'ReplicaSet "{_name(document)}" has timed out progressing.'
            return [_condition("Progressing", ok=False, reason="ProgressDeadlineExceeded", message=message)]
        return [_condition("Progressing", ok=True, reason="NewReplicaSetAvailable", message="")]

    def _replica_set(self, _resource: Resource, document: Document) -> Document:
        pods = self._active(document)
        self._match(document, pods, replicas_of(document))
        pods = self._active(document)
        ready = sum(map(is_ready, pods))
        return {**_seen(document), "replicas": len(pods), **_counted(readyReplicas=ready, availableReplicas=ready)}

    def _match(self, document: Document, pods: list[Document], wanted: int) -> None:
        for _missing in range(wanted - len(pods)):
            self._made += 1
            self._make_pod(document, f"{_name(document)}-{digits([_name(document), self._made], 5)}")
        # Those that are of no use go first.
        for pod in sorted(pods, key=is_ready)[: max(0, len(pods) - wanted)]:
            self._hands.delete(POD, pod)

    def _stateful_set(self, _resource: Resource, document: Document) -> Document:
        first, revision = number(document, "spec", "ordinals", "start") or 0, self._revision(document)
        pods = {_name(pod): pod for pod in self._hands.store.owned(POD, document)}
        names = [f"{_name(document)}-{first + place}" for place in range(replicas_of(document))]
        self._one_step(document, pods, names, revision)
        found = self._hands.store.owned(POD, document)
        updated = [pod for pod in found if _revision_of(pod) == revision]
        all_updated = len(updated) == len(found)
        before = text(document, "status", "currentRevision") or revision
        ready = sum(map(is_ready, found))
        counts = _counted(readyReplicas=ready, availableReplicas=ready, updatedReplicas=len(updated))
        revisions = {"currentRevision": revision if all_updated else before, "updateRevision": revision}
        return {**_seen(document), "replicas": len(found), **counts, **revisions}

    def _one_step(self, document: Document, pods: dict[str, Document], names: list[str], revision: str) -> None:
        """Delete the last one too many, else make the first one missing, else replace the last old one."""
        if any(not is_active(pod) for pod in pods.values()):
            return
        extra = [name for name in pods if name not in names]
        if extra:
            self._hands.delete(POD, pods[max(extra, key=lambda name: int(name.rpartition("-")[2]))])
            return
        for name in names:
            if name not in pods:
                self._make_pod(document, name, {"controller-revision-hash": revision})
                return
            if not is_ready(pods[name]):
                return
        old = [name for name in names if _revision_of(pods[name]) != revision]
        if old and text(document, "spec", "updateStrategy", "type") != "OnDelete":
            self._hands.delete(POD, pods[old[-1]])

    def _daemon_set(self, _resource: Resource, document: Document) -> Document:
        """There is one node."""
        revision = self._revision(document)
        pods = self._hands.store.owned(POD, document)
        if not pods:
            self._made += 1
            name = f"{_name(document)}-{digits([_name(document), self._made], 5)}"
            self._make_pod(document, name, {"controller-revision-hash": revision})
        old = [pod for pod in pods if _revision_of(pod) != revision]
        if old and is_active(old[0]) and text(document, "spec", "updateStrategy", "type") != "OnDelete":
            self._hands.delete(POD, old[0])
        pods = self._active(document)
        ready = sum(map(is_ready, pods))
        updated = sum(_revision_of(pod) == revision for pod in pods)
        counts = {"desiredNumberScheduled": 1, "currentNumberScheduled": len(pods), "numberReady": ready}
        return {**_seen(document), **counts, **_counted(numberAvailable=ready, updatedNumberScheduled=updated)}

    def _job(self, _resource: Resource, document: Document) -> Document:
        status = mapping(document, "status")
        if any(text(one, "type") in ("Complete", "Failed") for one in objects(status, "conditions")):
            return dict(status)
        pods = self._active(document)
        phases = [text(pod, "status", "phase") for pod in self._hands.store.owned(POD, document)]
        succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
        limit = number(document, "spec", "backoffLimit")
        if succeeded or failed > (6 if limit is None else limit):
            word = "Complete" if succeeded else "Failed"
            return {**_counted(succeeded=succeeded, failed=failed), "conditions": [_condition(word, ok=True)]}
        suspended = flag(document, "spec", "suspend")
        self._match(document, pods, 0 if suspended else number(document, "spec", "parallelism") or 1)
        counts = _counted(active=len(self._active(document)), failed=failed, ready=sum(map(is_ready, pods)))
        return {**counts, "conditions": [_condition("Suspended", ok=True)]} if suspended else counts

    def _cron_job(self, _resource: Resource, document: Document) -> Document:
        jobs = [job for job in self._hands.store.owned(JOB, document) if not objects(job, "status", "conditions")]
        active = [{"kind": "Job", "name": _name(job), "uid": job["metadata"]["uid"]} for job in jobs]
        return {"active": active} if active else {}

    def _custom(self, resource: Resource, document: Document) -> Document:
        """Count to ``spec.size`` for the kind that has a scale, to ``spec.members`` for the one that has none."""
        key = "size" if resource == ROLLOUT else "members"
        self._match(document, self._active(document), number(document, "spec", key) or 0)
        pods = self._active(document)
        labels = mapping(document, "spec", "template", "metadata", "labels")
        selector = ",".join(f"{name}={value}" for name, value in labels.items())
        return {**_seen(document), "size": len(pods), "selector": selector}

    def _active(self, document: Document) -> list[Document]:
        return [pod for pod in self._hands.store.owned(POD, document) if is_active(pod)]

    def _make_pod(self, document: Document, name: str, labels: Mapping[str, str] | None = None) -> None:
        template = _labelled(document["spec"]["template"], labels or {})
        metadata = template["metadata"]
        made = controlled(document, name, labels=metadata["labels"], annotations=metadata.get("annotations") or {})
        self._hands.create(POD, {**made, "spec": template["spec"]})

    def _revision(self, document: Document) -> str:
        return f"{_name(document)}-{digits(document['spec']['template'], 9)}"


def _name(document: Mapping[str, Any]) -> str:
    return text(document, "metadata", "name")


def _set_name(document: Mapping[str, Any]) -> str:
    return f"{_name(document)}-{digits(document['spec']['template'], 10)}"


def _seen(document: Mapping[str, Any]) -> Document:
    return {"observedGeneration": document["metadata"]["generation"]}


def _revision_of(pod: Mapping[str, Any]) -> str:
    return text(pod, "metadata", "labels", "controller-revision-hash")


def _labelled(template: Document, labels: Mapping[str, str]) -> Document:
    metadata = mapping(template, "metadata")
    return {**template, "metadata": {**metadata, "labels": {**mapping(metadata, "labels"), **labels}}}


def _condition(kind: str, *, ok: bool, reason: str = "", message: str = "") -> Document:
    return {"type": kind, "status": "True" if ok else "False", "reason": reason, "message": message}
