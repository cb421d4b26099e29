# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The manifest that an object could be created from again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import mapping, objects, text, text_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

_METADATA = ("name", "namespace", "labels", "annotations", "ownerReferences", "finalizers")
# What others write of what they did: who applied it, which address it got.
FOREIGN_ANNOTATIONS = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "cni.projectcalico.org/",
    "k8s.v1.cni.cncf.io/",
)
# What the API server and the scheduler filled in, and would refuse or decide anew.
_GIVEN = ("nodeName", "serviceAccount", "priority", "preemptionPolicy", "ephemeralContainers")
# The volume through which a pod gets its account's token: https://kubernetes.io/docs/tasks/configure-pod-container/
_TOKEN = ("kube-api-access-", "default-token-")
_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path


def pod_manifest(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a pod could be created from again: without its status, and without what the cluster filled in."""
    spec = {key: value for key, value in mapping(document, "spec").items() if key not in _GIVEN}
    tokens = {text(volume, "name") for volume in objects(spec, "volumes") if _is_token(volume, spec)}
    spec["volumes"] = [volume for volume in objects(spec, "volumes") if text(volume, "name") not in tokens]
    for key in ("initContainers", "containers"):
        spec[key] = [_without_mounts(each, tokens) for each in objects(spec, key)]
    filled = {key: value for key, value in spec.items() if value != []}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": _metadata(document), "spec": filled}


def _metadata(document: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in mapping(document, "metadata").items() if key in _METADATA and value}
    annotations = {
        key: value
        for key, value in text_mapping(kept, "annotations").items()
        if not key.startswith(FOREIGN_ANNOTATIONS)
    }
    kept.pop("annotations", None)
    return {**kept, "annotations": annotations} if annotations else kept


def _is_token(volume: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
    """Tell whether a volume was added for the account's token, and not by whoever wrote the manifest."""
    name = text(volume, "name")
    account = text(spec, "serviceAccountName") or "default"
    if not name.startswith((*_TOKEN, f"{account}-token-")):
        return False
    mounts = [
        mount
        for key in ("initContainers", "containers")
        for each in objects(spec, key)
        for mount in objects(each, "volumeMounts")
        if text(mount, "name") == name
    ]
    return all(text(mount, "mountPath") == _TOKEN_PATH for mount in mounts)


def _without_mounts(each: Mapping[str, Any], volumes: set[str]) -> dict[str, Any]:
    mounts = [mount for mount in objects(each, "volumeMounts") if text(mount, "name") not in volumes]
    kept = {key: value for key, value in each.items() if key != "volumeMounts"}
    return {**kept, "volumeMounts": mounts} if mounts else kept
