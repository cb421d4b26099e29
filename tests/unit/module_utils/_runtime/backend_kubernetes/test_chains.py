# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several controllers, one above the other, a task changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    DEPLOYMENT,
    POD,
    REPLICA_SET,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, view
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    DATABASE,
    ROLLOUT,
    controlled,
    pod,
    workload,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import merged

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend


def under(backend: KubernetesBackend, owner: Resource, kind: Resource) -> list[str]:
    """Have a workload that an object of another kind controls, and return its pods."""
    above = backend.cluster.add(owner, workload(owner, "app", replicas=0))
    owned = controlled(above, "web")["metadata"]
    backend.cluster.add(
        kind, merged(workload(kind, "web", replicas=2), {"metadata": {"ownerReferences": owned["ownerReferences"]}})
    )
    return backend.cluster.pods_of("web")


def bring(backend: KubernetesBackend, desired: Desired, name: str) -> LifecycleResult:
    (result,) = carry_out(backend, desired, named(name))
    return result


@pytest.mark.parametrize("kind", [DEPLOYMENT, STATEFUL_SET], ids=lambda kind: kind.kind)
def test_a_workload_below_a_controller_that_cannot_be_scaled_is_changed_with_a_warning(
    backend: KubernetesBackend, kind: Resource
) -> None:
    name = under(backend, DATABASE, kind)[0]
    result = bring(backend, Desired.STOPPED, name)
    assert (result.success, result.changed, result.replicas_before) == (True, True, 2)
    assert backend.changed_names == ["web"]
    assert [owner.kind for owner in result.owner_chain][-2:] == [kind.kind, "Database"]
    assert ["managed by Database app, which may undo" in warning for warning in result.warnings] == [True]


def test_a_controller_that_cannot_be_scaled_need_not_be_read(backend: KubernetesBackend) -> None:
    name = under(backend, DATABASE, STATEFUL_SET)[0]
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden"), kind=DATABASE.plural, nth=0)
    result = bring(backend, Desired.STOPPED, name)
    assert (result.success, result.changed, result.failure) == (True, True, None)
    assert [owner.kind for owner in result.owner_chain] == ["StatefulSet", "Database"]
    assert ["managed by Database app" in warning for warning in result.warnings] == [True]


def test_a_controller_that_can_be_scaled_has_to_be_read(backend: KubernetesBackend) -> None:
    name = under(backend, ROLLOUT, STATEFUL_SET)[0]
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden", hint="grant it"), kind=ROLLOUT.plural, nth=0)
    result = bring(backend, Desired.STOPPED, name)
    assert result.failure is not None
    assert (result.failure["code"], result.failure["hint"]) == ("permission_denied", "grant it")
    assert backend.kubernetes.writes == []


def test_a_workload_below_one_that_can_be_scaled_is_left_to_it(backend: KubernetesBackend) -> None:
    name = under(backend, ROLLOUT, DEPLOYMENT)[0]
    result = bring(backend, Desired.STOPPED, name)
    # It is at 0 already: what is below it is its own affair.
    assert (result.success, result.changed, result.state_before) == (True, False, State.STOPPED)
    assert result.owner is not None
    assert (result.owner.kind, backend.kubernetes.writes) == ("Rollout", [])


def test_the_replica_set_of_a_deployment_is_stopped_by_its_deployment(backend: KubernetesBackend) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=2))
    (name,) = {pod.rpartition("-")[0] for pod in backend.cluster.pods_of("web")}
    result = bring(backend, Desired.STOPPED, f"default/replicaset/{name}")
    assert (result.success, result.changed, result.owner and result.owner.kind) == (True, True, "Deployment")
    assert [str(write) for write in backend.kubernetes.writes] == ["PATCH deployments/web"]


def test_a_pod_whose_controller_is_gone_is_not_taken_for_one_without(backend: KubernetesBackend) -> None:
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": "gone", "uid": "gone", "namespace": "default"},
    }
    backend.cluster.add(POD, merged(pod("web"), controlled(owner, "web")))
    result = bring(backend, Desired.STOPPED, "web")
    assert result.failure is not None
    assert (result.failure["code"], result.changed, backend.kubernetes.writes) == ("unsupported", False, [])
    assert "ReplicaSet gone" in result.failure["message"]


def test_a_pod_whose_controllers_kind_is_gone_is_not_taken_for_one_without(backend: KubernetesBackend) -> None:
    owner = {
        "apiVersion": "gone.io/v1",
        "kind": "Thing",
        "metadata": {"name": "it", "uid": "it", "namespace": "default"},
    }
    backend.cluster.add(POD, merged(pod("web"), controlled(owner, "web")))
    result = bring(backend, Desired.STOPPED, "web")
    assert result.failure is not None
    assert "the Thing it, cannot be scaled" in result.failure["message"]


def test_who_may_not_read_a_controller_is_told_what_to_grant(backend: KubernetesBackend) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web"))
    (name,) = backend.cluster.pods_of("web")
    error = PermissionDeniedError("forbidden", hint="grant get on replicasets.apps")
    backend.kubernetes.fail("GET", error, kind=REPLICA_SET.plural, nth=0)
    result = bring(backend, Desired.STOPPED, name)
    assert result.failure is not None
    assert (result.failure["code"], result.failure["hint"]) == ("permission_denied", "grant get on replicasets.apps")
    # Reading needs no controllers.
    (seen,) = view(backend, named(name))
    assert seen.container is not None
    assert seen.container.owner is not None
    assert seen.container.owner.name == "web"


def test_controllers_in_a_circle_are_gone_through_once(backend: KubernetesBackend) -> None:
    first = backend.cluster.add(DATABASE, workload(DATABASE, "a", replicas=1))
    second = backend.cluster.add(DATABASE, merged(workload(DATABASE, "b", replicas=0), controlled(first, "b")))
    backend.cluster.edit(DATABASE, "a", controlled(second, "a"))
    result = bring(backend, Desired.STOPPED, backend.cluster.pods_of("a")[0])
    assert result.failure is not None
    assert (result.failure["code"], "the Database b, cannot" in result.failure["message"]) == ("unsupported", True)
