# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods in memory that are measured, and what was told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    MetricsUnavailableError,
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import (
    container,
    workload_container,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD, POD_METRICS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import read_workload
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.stats import STATS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import UNMEASURED, Sampling, Usage
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

LIMITED = [{"name": "app", "image": "busybox", "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}}]
METRICS = f"LIST {POD_METRICS.rule}"
FORBIDDEN = PermissionDeniedError("forbidden", hint="grant list on pods.metrics.k8s.io in namespace default")


def a_pod(backend: KubernetesBackend, name: str = "web", namespace: str = "default", **properties: Any) -> Container:
    """Have a pod without a controller."""
    life, age = properties.pop("life", None), properties.pop("age", 100)
    document = pod(name, namespace=namespace, **{"containers": LIMITED, **properties})
    return container(backend.cluster.add(POD, document, life=life, age=age))


def a_workload(backend: KubernetesBackend, kind: Resource, name: str = "web", **properties: Any) -> Container:
    """Have a workload."""
    backend.cluster.add(kind, workload(kind, name, **{"containers": LIMITED, **properties}))
    return workload_container(read_workload(kind, backend.cluster.document(kind, name)))


def collect(backend: KubernetesBackend, *containers: Container) -> Sampling:
    backend.kubernetes.calls.clear()
    return backend.runtime.role(STATS).collect(containers)


def only(sampling: Sampling) -> Usage:
    """Return the only result, which has to be a usage that was measured."""
    (found,) = sampling.results
    assert isinstance(found, Usage)
    assert found.timestamp
    assert sampling.unavailable is None
    return found


def reason(sampling: Sampling) -> MetricsUnavailableError:
    """Return why there are no numbers; there must be none."""
    assert set(sampling.results) == {UNMEASURED}
    assert isinstance(sampling.unavailable, MetricsUnavailableError)
    assert sampling.unavailable.runtime == "kubernetes"
    return sampling.unavailable
