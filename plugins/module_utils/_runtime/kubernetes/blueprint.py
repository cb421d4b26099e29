# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an object is made of again, in any namespace: all but what the server and its controllers have set. Pure.

https://kubernetes.io/docs/reference/kubernetes-api/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, number, objects, text, text_mapping
from .kinds import CRON_JOB, JOB, POD, SERVICE, SERVICE_ACCOUNT, STATEFUL_SET, VOLUME_CLAIM, WORKLOADS
from .manifest import FOREIGN_ANNOTATIONS, pod_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .piece import Piece

_METADATA = ("name", "labels", "annotations")
_NO_BODY = ("apiVersion", "kind", "metadata", "status")
# What servers, controllers, Helm and Rancher write of what they did; the first are those of pods.
_ANNOTATIONS = (
    *FOREIGN_ANNOTATIONS,
    "autoscaling.alpha.kubernetes.io/conditions",
    "autoscaling.alpha.kubernetes.io/current-metrics",
    "batch.kubernetes.io/job-tracking",
    "cloud.google.com/neg-status",
    "deployment.kubernetes.io/",
    "deprecated.daemonset.template.generation",
    "field.cattle.io/publicEndpoints",
    "kubernetes.io/limit-ranger",
    "kubernetes.io/psp",
    "meta.helm.sh/",
    "pv.kubernetes.io/",
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/",
)
# By these a Job knows its pods: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-labels
_JOB_LABELS = ("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name")
# What the scheduler lets a pod know of its node: https://kubernetes.io/docs/reference/labels-annotations-taints/
_PLACE_LABELS = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone")
# What every pod is given: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
_TOLERATED = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_TOLERATED_SECONDS = 300
# What a Service is allotted of the cluster it is in.
_ALLOTTED = ("clusterIP", "clusterIPs", "healthCheckNodePort", "ipFamilies")
HEADLESS = "None"


def blueprint(piece: Piece) -> dict[str, Any]:
    """Return what an object is made of again. It names no namespace: it can be made in any."""
    document, resource = piece.document, piece.resource
    body = {key: value for key, value in document.items() if key not in _NO_BODY}
    metadata = _metadata(document)
    shape = "" if resource.custom else resource.kind
    if shape == POD.kind:
        body = {**body, "spec": _pod(document)}
        metadata = _unlabelled(metadata, *_PLACE_LABELS)
    elif shape == SERVICE.kind:
        body = {**body, "spec": _service(mapping(document, "spec"))}
    elif shape == VOLUME_CLAIM.kind:
        body = {**body, "spec": _without(mapping(document, "spec"), "volumeName")}
    elif shape == SERVICE_ACCOUNT.kind:
        body = _account(body, piece.name)
    elif shape == JOB.kind:
        body = {**body, "spec": _job(mapping(document, "spec"))}
        metadata = metadata if flag(document, "spec", "manualSelector") else _unlabelled(metadata, *_JOB_LABELS)
    elif shape == CRON_JOB.kind:
        spec = mapping(document, "spec")
        jobs = mapping(spec, "jobTemplate")
        made = {**_dated(jobs), "spec": _job(mapping(jobs, "spec"))}
        body = {**body, "spec": {**spec, "jobTemplate": made}}
    elif shape in (one.kind for one in WORKLOADS):
        body = {**body, "spec": _controller(mapping(document, "spec"), shape)}
    return {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata, **body}


def losses(piece: Piece) -> tuple[str, ...]:
    """Return what a user should know of what a blueprint leaves out."""
    spec = mapping(piece.document, "spec")
    if piece.resource.rule == SERVICE.rule and text(spec, "type") == "NodePort":
        ports = ", ".join(str(number(one, "nodePort")) for one in objects(spec, "ports") if number(one, "nodePort"))
        return (f"{piece.title}: it is given other node ports than {ports} where it is made",) if ports else ()
    if piece.resource.rule == VOLUME_CLAIM.rule and text(spec, "volumeName") and spec.get("storageClassName") == "":
        volume = text(spec, "volumeName")
        return (f"{piece.title}: it has no storage class and holds {volume}, so it needs another such volume",)
    return ()


def _without(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key not in keys}


def _metadata(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return its name, its labels and its annotations: finalizers and owners are of another cluster's doing."""
    kept = {key: value for key, value in mapping(document, "metadata").items() if key in _METADATA and value}
    notes = {key: value for key, value in text_mapping(kept, "annotations").items() if not key.startswith(_ANNOTATIONS)}
    return {**_without(kept, "annotations"), **({"annotations": notes} if notes else {})}


def _dated(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template without the date that its object has not got: servers write ``null`` for it."""
    metadata = _without(mapping(template, "metadata"), "creationTimestamp")
    return {**({"metadata": metadata} if metadata else {}), **_without(template, "metadata")}


def _unlabelled(metadata: Mapping[str, Any], *names: str) -> dict[str, Any]:
    labels = _without(mapping(metadata, "labels"), *names)
    return {**_without(metadata, "labels"), **({"labels": labels} if labels else {})}


def _pods(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template of pods without the former name of the account, which the server repeats."""
    return {**_dated(template), "spec": _without(mapping(template, "spec"), "serviceAccount")}


def _controller(spec: Mapping[str, Any], kind: str) -> dict[str, Any]:
    made = {**spec, "template": _pods(mapping(spec, "template"))}
    if kind == STATEFUL_SET.kind and "volumeClaimTemplates" in spec:
        claims = objects(spec, "volumeClaimTemplates")
        made["volumeClaimTemplates"] = [_without(_dated(one), "status") for one in claims]
    return made


def _job(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return it without the selector that a server makes of its uid, unless its author has taken care of that."""
    template = _pods(mapping(spec, "template"))
    if flag(spec, "manualSelector"):
        return {**spec, "template": template}
    metadata = _unlabelled(mapping(template, "metadata"), *_JOB_LABELS)
    template = {**({"metadata": metadata} if metadata else {}), **_without(template, "metadata")}
    return {**_without(spec, "selector"), "template": template}


def _pod(document: Mapping[str, Any]) -> dict[str, Any]:
    spec = _without(mapping(pod_manifest(document), "spec"), "overhead", "tolerations")
    tolerations = [one for one in objects(document, "spec", "tolerations") if not _is_given(one)]
    if text(spec, "serviceAccountName") == "default":
        spec.pop("serviceAccountName")
    return {**spec, **({"tolerations": tolerations} if tolerations else {})}


def _is_given(toleration: Mapping[str, Any]) -> bool:
    known = text(toleration, "key") in _TOLERATED and text(toleration, "effect") == "NoExecute"
    return known and number(toleration, "tolerationSeconds") == _TOLERATED_SECONDS


def _service(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return it without addresses and node ports; one without an address of its own stays so."""
    made = _without(spec, *_ALLOTTED)
    if text(spec, "clusterIP") == HEADLESS:
        made["clusterIP"] = HEADLESS
    if text(spec, "ipFamilyPolicy") == "SingleStack":
        made.pop("ipFamilyPolicy")
    if "ports" in spec:
        made["ports"] = [_without(one, "nodePort") for one in objects(spec, "ports")]
    return made


def _account(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return it without its tokens, and without what OpenShift lets it pull images with."""
    made = f"{name}-dockercfg-"
    pulling = [one for one in objects(body, "imagePullSecrets") if not text(one, "name").startswith(made)]
    return {**_without(body, "secrets", "imagePullSecrets"), **({"imagePullSecrets": pulling} if pulling else {})}
