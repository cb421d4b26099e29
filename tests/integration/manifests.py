# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects for a cluster, as small as they can be. Each is found by its label ``app``. Pure."""

from __future__ import annotations

import os
from typing import Any

from .yard import LIVES

IMAGE = os.environ.get("NEKZUS_TEST_KUBE_IMAGE", "busybox:stable")
NEVER_SCHEDULED = {"nodeSelector": {"nekzus-test": "no-such-node"}}


def container(script: str = LIVES, **fields: Any) -> dict[str, Any]:
    """Return a container that runs a script."""
    command = {"command": ["sh"], "args": ["-c", script]}
    return {"name": "main", "image": IMAGE, "imagePullPolicy": "IfNotPresent", **command, **fields}


def pod_spec(script: str = LIVES, *, pod: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return the spec of a pod with one container; ``pod`` is more of the pod, the other fields are the container's."""
    return {
        "containers": [container(script, **fields)],
        "terminationGracePeriodSeconds": 2,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        **(pod or {}),
    }


def pod(name: str, spec: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    """Return a pod without a controller."""
    return _object("v1", "Pod", name, spec or pod_spec(), **metadata)


def template(name: str, spec: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the template of a controller's pods."""
    return {"metadata": {"labels": {"app": name}}, "spec": spec or pod_spec()}


def deployment(name: str, replicas: int = 1, spec: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a Deployment; ``fields`` are more of its spec."""
    return _controller("Deployment", name, {"replicas": replicas, **fields}, spec)


def stateful_set(name: str, replicas: int = 1, spec: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a StatefulSet whose pods come and go all at once."""
    fields = {"replicas": replicas, "serviceName": name, "podManagementPolicy": "Parallel"}
    return _controller("StatefulSet", name, fields, spec)


def replica_set(name: str, replicas: int = 1, **metadata: Any) -> dict[str, Any]:
    """Return a ReplicaSet."""
    return _controller("ReplicaSet", name, {"replicas": replicas}, None, **metadata)


def daemon_set(name: str) -> dict[str, Any]:
    """Return a DaemonSet."""
    return _controller("DaemonSet", name, {}, None)


def replication_controller(name: str, replicas: int = 1) -> dict[str, Any]:
    """Return a ReplicationController."""
    spec = {"replicas": replicas, "selector": {"app": name}, "template": template(name)}
    return _object("v1", "ReplicationController", name, spec)


def job(name: str, script: str = LIVES) -> dict[str, Any]:
    """Return a Job that runs one pod once."""
    spec = {"backoffLimit": 0, "template": template(name, pod_spec(script, pod={"restartPolicy": "Never"}))}
    return _object("batch/v1", "Job", name, spec)


def cron_job(name: str, api_version: str) -> dict[str, Any]:
    """Return a CronJob whose time does not come while a test runs."""
    spec = {"schedule": "0 0 29 2 *", "jobTemplate": {"spec": job(name)["spec"]}}
    return _object(api_version, "CronJob", name, spec)


def _controller(
    kind: str, name: str, fields: dict[str, Any], spec: dict[str, Any] | None, **metadata: Any
) -> dict[str, Any]:
    selected = {"selector": {"matchLabels": {"app": name}}, "template": template(name, spec)}
    return _object("apps/v1", kind, name, {**selected, **fields}, **metadata)


def _object(api_version: str, kind: str, name: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    labels = {"app": name, **metadata.pop("labels", {})}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "labels": labels, **metadata},
        "spec": spec,
    }
