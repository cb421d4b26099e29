# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of a cluster as a test writes them down, and two custom kinds: one that can be scaled and one that cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    NAMESPACE,
    POD,
    REPLICATION_CONTROLLER,
    SERVICE,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import mapping, number, text
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Control

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document

# Its replicas are at spec.size: who does not go through its scale does not find them.
ROLLOUT = Resource("Rollout", "rollouts", "example.com/v1", Control.SCALE, "ro", custom=True)
DATABASE = Resource("Database", "databases", "example.com/v1", custom=True)
SCALED_BY = {ROLLOUT.rule: "size"}
_CUSTOM_KINDS = [
    {"name": "rollouts", "kind": "Rollout", "namespaced": True, "shortNames": ["ro"], "verbs": ["get", "list"]},
    {"name": "rollouts/status", "kind": "Rollout", "namespaced": True, "verbs": ["get"]},
    {"name": "rollouts/scale", "kind": "Scale", "group": "autoscaling", "namespaced": True, "verbs": ["get", "patch"]},
    {"name": "databases", "kind": "Database", "namespaced": True, "verbs": ["get", "list"]},
]


def discovery() -> dict[str, Document]:
    """Return the documents about the server itself, by path."""
    groups = [("apps", "v1"), ("batch", "v1"), ("example.com", "v1"), ("metrics.k8s.io", "v1beta1")]
    found: list[Document] = []
    for name, version in groups:
        preferred = {"groupVersion": f"{name}/{version}", "version": version}
        found.append({"name": name, "versions": [preferred], "preferredVersion": preferred})
    return {
        "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
        "/apis": {"kind": "APIGroupList", "groups": found},
        "/apis/example.com/v1": {"kind": "APIResourceList", "resources": [dict(one) for one in _CUSTOM_KINDS]},
    }


def pod_spec(
    *,
    image: str = "busybox:stable",
    env: tuple[str, ...] = (),
    command: tuple[str, ...] = (),
    restart_policy: str = "Always",
    **fields: Any,
) -> Document:
    """Return the specification of a pod with one container; ``env`` is ``NAME=value``."""
    pairs = [variable.partition("=") for variable in env]
    container = {
        "name": "app",
        "image": image,
        "env": [{"name": name, "value": value} for name, _equals, value in pairs],
    }
    if command:
        container |= {"command": list(command[:1]), "args": list(command[1:])}
    return {"restartPolicy": restart_policy, "containers": [container], **fields}


def pod(name: str, *, namespace: str = "default", **properties: Any) -> Document:
    """Return a pod without a controller; ``labels`` and ``annotations`` are its own, the rest is its specification."""
    metadata = _metadata(name, namespace, properties)
    return {"metadata": metadata, "spec": pod_spec(**properties)}


def workload(
    resource: Resource,
    name: str,
    *,
    namespace: str = "default",
    replicas: int = 1,
    spec: Mapping[str, Any] | None = None,
    **properties: Any,
) -> Document:
    """Return a workload of any kind; ``spec`` is put over its specification, ``properties`` are as for a pod."""
    metadata = _metadata(name, namespace, properties)
    own = {"run": name}
    if resource in (JOB, CRON_JOB):
        properties.setdefault("restart_policy", "Never")
    template: Document = {"metadata": {"labels": {**metadata["labels"], **own}}, "spec": pod_spec(**properties)}
    if resource == CRON_JOB:
        body: Document = {"schedule": "0 3 * * *", "suspend": False, "jobTemplate": {"spec": {"template": template}}}
    elif resource == JOB:
        body = {"parallelism": replicas, "completions": replicas, "backoffLimit": 2, "template": template}
        body["selector"] = {"matchLabels": own}
    elif resource.custom:
        body = {"size" if resource == ROLLOUT else "members": replicas, "template": template}
    else:
        body = {"selector": own if resource == REPLICATION_CONTROLLER else {"matchLabels": own}, "template": template}
        if resource != DAEMON_SET:
            body["replicas"] = replicas
    return {"metadata": metadata, "spec": {**body, **(spec or {})}}


def controlled(
    owner: Mapping[str, Any],
    name: str,
    *,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Document:
    """Return the metadata of an object that another one controls."""
    reference = {
        "apiVersion": text(owner, "apiVersion"),
        "kind": text(owner, "kind"),
        "name": text(owner, "metadata", "name"),
        "uid": text(owner, "metadata", "uid"),
        "controller": True,
        "blockOwnerDeletion": True,
    }
    metadata: Document = {"name": name, "namespace": text(owner, "metadata", "namespace")}
    metadata |= {"labels": dict(labels or {}), "annotations": dict(annotations or {}), "ownerReferences": [reference]}
    return {"metadata": metadata}


def node(name: str, *, cpu: str = "4", memory: str = "8Gi") -> Document:
    """Return a node with so much for its pods."""
    return {"metadata": {"name": name}, "status": {"allocatable": {"cpu": cpu, "memory": memory, "pods": "110"}}}


def autoscaler(name: str, *, kind: str = DEPLOYMENT.kind, api_version: str = "apps/v1", most: int = 5) -> Document:
    """Return a HorizontalPodAutoscaler of a workload of the same name."""
    target = {"apiVersion": api_version, "kind": kind, "name": name}
    spec = {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": most}
    return {"metadata": {"name": name, "namespace": "default"}, "spec": spec}


def scale(resource: Resource, document: Mapping[str, Any]) -> Document:
    """Return the scale of a workload."""
    key = SCALED_BY.get(resource.rule, "replicas")
    metadata = document["metadata"]
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {each: metadata[each] for each in ("name", "namespace", "uid", "resourceVersion")},
        "spec": {"replicas": number(document, "spec", key) or 0},
        "status": {
            "replicas": number(document, "status", key) or 0,
            "selector": text(document, "status", "selector"),
        },
    }


def filled(resource: Resource, document: Mapping[str, Any], *, count: int) -> Document:
    """Return a new object with what the server gives it: an address for a Service, a phase for a namespace."""
    if resource == SERVICE and not text(document, "spec", "clusterIP"):
        return {**document, "spec": {**mapping(document, "spec"), "clusterIP": f"10.96.0.{count % 250 + 1}"}}
    if resource == NAMESPACE:
        return {**document, "status": {"phase": "Active"}}
    return dict(document)


def event(about: Mapping[str, Any], reason: str, message: str, *, at: str) -> Document:
    """Return an event about an object."""
    metadata = about["metadata"]
    involved = {"kind": about.get("kind", POD.kind), **{key: metadata[key] for key in ("name", "namespace", "uid")}}
    name = f"{metadata['name']}.{metadata['uid']}.{reason.lower()}"
    return {
        "metadata": {"name": name, "namespace": metadata["namespace"]},
        "involvedObject": involved,
        "type": "Warning",
        "reason": reason,
        "message": message,
        "count": 1,
        "firstTimestamp": at,
        "lastTimestamp": at,
    }


def _metadata(name: str, namespace: str, properties: dict[str, Any]) -> Document:
    labels, annotations = properties.pop("labels", None) or {}, properties.pop("annotations", None) or {}
    return {"name": name, "namespace": namespace, "labels": dict(labels), "annotations": dict(annotations)}
