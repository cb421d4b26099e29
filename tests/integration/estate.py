# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload of every kind, and all that can belong to one. Pure."""

from __future__ import annotations

import base64
import json
from typing import Any

from . import manifests

# What no export may show unless it is asked for: in a Secret, in a variable, in an image pull secret.
SECRETS = ("pa55word-of-the-db", "t0ken-of-the-web", "l0gin-of-the-registry")
# Those whose pods come up, and by which label these are found.
RUNNING = ("web", "db", "solo", "old", "daemon", "work", "lone")
# https://kubernetes.io/docs/reference/using-api/deprecation-guide/
SECOND_AUTOSCALERS = (1, 23)


def scaling(version: tuple[int, ...]) -> str:
    """Return the version in which the API of a server of a version has all of an autoscaler."""
    return "v2" if version >= SECOND_AUTOSCALERS else "v2beta2"


def belongings(storage: str) -> list[dict[str, Any]]:
    """Return what workloads need before they start; claims are of a class of storage."""
    login = json.dumps({"auths": {"registry.example": {"auth": SECRETS[2]}}})
    return [
        _made("v1", "ServiceAccount", "shop", imagePullSecrets=[{"name": "pull"}]),
        _made("v1", "Secret", "db", data={"password": _coded(SECRETS[0])}),
        _made("v1", "Secret", "pull", type="kubernetes.io/dockerconfigjson", data={".dockerconfigjson": _coded(login)}),
        _made(
            "v1", "Secret", "cert", type="kubernetes.io/tls", data={"tls.crt": _coded("cert"), "tls.key": _coded("key")}
        ),
        _made("v1", "ConfigMap", "settings", data={"COLOUR": "green", "page.html": "<p>hello</p>\n"}),
        _made("v1", "PersistentVolumeClaim", "data", spec=_claim(storage)),
        _service("web", "web"),
        _service("web-outside", "web", type="NodePort", externalTrafficPolicy="Local"),
        _service("web-each", "web", clusterIP="None"),
        _service("db", "db", clusterIP="None"),
        _service("other", "other"),
    ]


def workloads(storage: str, cron_version: str) -> list[dict[str, Any]]:
    """Return a workload of each kind that Kubernetes has."""
    database = manifests.stateful_set("db")
    template = {"metadata": {"name": "files"}, "spec": _claim(storage)}
    database["spec"]["volumeClaimTemplates"] = [template]
    mounts = [{"name": "files", "mountPath": "/files"}]
    database["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = mounts
    lone = manifests.pod("lone")
    # So that it is given a token.
    lone["spec"].pop("automountServiceAccountToken")
    return [
        manifests.deployment("web", spec=_web()),
        database,
        manifests.replica_set("solo"),
        manifests.replication_controller("old"),
        manifests.daemon_set("daemon"),
        manifests.job("work"),
        manifests.cron_job("nightly", cron_version),
        lone,
    ]


def ways_in(version: str) -> list[dict[str, Any]]:
    """Return what leads to workloads, and what scales one: of a version in which an autoscaler can heed memory."""
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    other = {"service": {"name": "other", "port": {"number": 80}}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return [
        _made("networking.k8s.io/v1", "Ingress", "web", spec=_ingress(backend) | {"tls": [{"secretName": "cert"}]}),
        _made("networking.k8s.io/v1", "Ingress", "other", spec=_ingress(other)),
        _made(
            f"autoscaling/{version}", "HorizontalPodAutoscaler", "web", spec={**_scaling(), "scaleTargetRef": target}
        ),
    ]


def volume(name: str, storage: str) -> dict[str, Any]:
    """Return a volume of a class of storage, for any claim."""
    spec = {
        "storageClassName": storage,
        "capacity": {"storage": "1Mi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": "Retain",
        "hostPath": {"path": "/mnt"},
    }
    return _made("v1", "PersistentVolume", name, spec=spec)


def _web() -> dict[str, Any]:
    volumes = [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
        {"name": "settings", "configMap": {"name": "settings"}},
        {"name": "all", "projected": {"sources": [{"secret": {"name": "db"}}]}},
    ]
    env = [
        {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        {"name": "API_TOKEN", "value": SECRETS[1]},
    ]
    return manifests.pod_spec(
        env=env,
        envFrom=[{"configMapRef": {"name": "settings"}}],
        volumeMounts=[{"name": one["name"], "mountPath": f"/{one['name']}"} for one in volumes],
        pod={"serviceAccountName": "shop", "volumes": volumes, "imagePullSecrets": [{"name": "pull"}]},
    )


def _scaling() -> dict[str, Any]:
    shares = {"cpu": 90, "memory": 80}
    metrics = [
        {"type": "Resource", "resource": {"name": name, "target": {"type": "Utilization", "averageUtilization": share}}}
        for name, share in shares.items()
    ]
    return {"maxReplicas": 2, "metrics": metrics, "behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}}}


def _ingress(backend: dict[str, Any]) -> dict[str, Any]:
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return {"rules": [{"host": "shop.example", "http": {"paths": [path]}}]}


def _service(name: str, app: str, **spec: Any) -> dict[str, Any]:
    ports = [{"port": 80, "targetPort": 8080, "protocol": "TCP"}]
    return _made("v1", "Service", name, spec={"selector": {"app": app}, "ports": ports, **spec})


def _claim(storage: str) -> dict[str, Any]:
    requests = {"requests": {"storage": "1Mi"}}
    return {"storageClassName": storage, "accessModes": ["ReadWriteOnce"], "resources": requests}


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _made(api_version: str, kind: str, name: str, **body: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **body}
