# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workloads with what belongs to them, to be written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    NekzusError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.exported import (
    ExportChoice,
    Exported,
    ExportKind,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    AUTOSCALER,
    CONFIG_MAP,
    DEPLOYMENT,
    INGRESS,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    VOLUME_CLAIM,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.export import EXPORTER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    autoscaler,
    workload,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

ALL = tuple(ExportKind)
WEB = "Deployment web"


def add(backend: KubernetesBackend, resource: Resource, name: str, namespace: str = "default", **body: Any) -> None:
    """Have an object that is no workload."""
    metadata = {"name": name, "namespace": namespace, **body.pop("metadata", {})}
    backend.cluster.add(resource, {"metadata": metadata, **body})


def have(
    backend: KubernetesBackend, resource: Resource, name: str, namespace: str = "default", **properties: Any
) -> None:
    """Have a workload and a Service of its name."""
    backend.cluster.add(resource, workload(resource, name, namespace=namespace, **properties))
    add(backend, SERVICE, name, namespace, spec={"selector": {"run": name}})


def ingress(*services: str) -> dict[str, Any]:
    paths = [{"backend": {"service": {"name": name}}} for name in services]
    return {"rules": [{"http": {"paths": paths}}]}


def full(backend: KubernetesBackend) -> None:
    """Have a Deployment with all that can belong to one, and as much that does not."""
    volumes = [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
        {"name": "settings", "configMap": {"name": "settings"}},
        {"name": "login", "secret": {"secretName": "login"}},
    ]
    have(backend, DEPLOYMENT, "web", volumes=volumes, serviceAccountName="shop", env=("API_TOKEN=hunter2hunter2",))
    for resource, names in {
        SECRET: ("login", "cert", "pull", "others"),
        CONFIG_MAP: ("settings", "others"),
        VOLUME_CLAIM: ("data", "others"),
    }.items():
        for name in names:
            add(backend, resource, name, data={"key": "dmFsdWU="})
    add(backend, SERVICE_ACCOUNT, "shop", imagePullSecrets=[{"name": "pull"}], secrets=[{"name": "shop-token-x2x4z"}])
    add(backend, SERVICE, "others", spec={"selector": {"run": "others"}})
    add(backend, INGRESS, "web", spec={**ingress("web", "others"), "tls": [{"secretName": "cert"}]})
    add(backend, INGRESS, "others", spec=ingress("others"))
    backend.cluster.add(AUTOSCALER, autoscaler("web"))
    backend.cluster.add(AUTOSCALER, autoscaler("others"))


def export(
    backend: KubernetesBackend, *names: str, kinds: tuple[ExportKind, ...] = (), secret_values: bool = False
) -> Exported:
    """Export what is named, and count from there on."""
    found = backend.runtime.role(CONTAINERS).find([parse_target(f"kubernetes/{name}") for name in names])
    containers = [one for one in found if not isinstance(one, NekzusError)]
    assert len(containers) == len(names)
    backend.kubernetes.calls.clear()
    return backend.runtime.role(EXPORTER).export(
        containers, ExportChoice(frozenset(kinds), secret_values=secret_values)
    )


def titles(exported: Exported) -> list[str]:
    return [f"{one['kind']} {one['metadata']['name']}" for one in exported.documents]
