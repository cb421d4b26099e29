# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list shows: pods, and the workloads that have none, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    NekzusError,
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.fleet import Fleet, Overview
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
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.order import parse_order
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, selected
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    DATABASE,
    ROLLOUT,
    controlled,
    pod,
    workload,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life
from ansible_collections.nekzus.runtime.tests.unit.fakes.selector import OneRuntime

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

STOPPABLE = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB, ROLLOUT]


def have(backend: KubernetesBackend, kind: Resource, name: str = "web", **properties: Any) -> list[str]:
    backend.cluster.add(kind, workload(kind, name, **properties))
    return backend.cluster.pods_of(name, properties.get("namespace", "default"))


def look(backend: KubernetesBackend, **params: Any) -> Overview:
    return Fleet(OneRuntime(backend.runtime)).view(selected(**params), inspect=False)


def containers(backend: KubernetesBackend, **params: Any) -> list[Container]:
    return [view.container for view in look(backend, **params).views if view.container]


def listed(backend: KubernetesBackend, **params: Any) -> list[str]:
    return [container.address.removeprefix("kubernetes/") for container in containers(backend, **params)]


@pytest.mark.parametrize("kind", STOPPABLE, ids=lambda kind: kind.kind)
def test_what_was_stopped_is_listed_once_in_the_place_of_its_pods(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind, replicas=2, labels={"app": "web"})
    carry_out(backend, Desired.STOPPED, named(f"default/{kind.word}/web"))
    (one,) = containers(backend)
    assert one.address == f"kubernetes/default/{kind.word}/web"
    assert (one.state, one.owner and one.owner.kind) == (State.STOPPED, kind.kind)
    # What selected its pods still selects it.
    assert listed(backend, label_selectors=["app=web"]) == [f"default/{kind.word}/web"]
    assert listed(backend, label_selectors=["app=other"]) == []
    assert listed(backend, filters={"owner_kind": [kind.kind], "status": ["stopped"]}) == [f"default/{kind.word}/web"]
    assert listed(backend, filters={"status": ["running"]}) == []


@pytest.mark.parametrize("kind", [*STOPPABLE[:5], DAEMON_SET, DATABASE, ROLLOUT], ids=lambda kind: kind.kind)
def test_what_has_pods_is_listed_as_its_pods_and_not_itself(backend: KubernetesBackend, kind: Resource) -> None:
    pods = have(backend, kind, replicas=2)
    assert listed(backend) == [f"default/{name}" for name in pods]


def test_what_is_stopped_and_selected_by_label_is_started_by_the_same_selection(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, "web", replicas=2, labels={"app": "shop"})
    have(backend, STATEFUL_SET, "db", labels={"app": "shop"})
    have(backend, DEPLOYMENT, "other")
    for desired in (Desired.STOPPED, Desired.STARTED):
        results = carry_out(backend, desired, selected(label_selectors=["app=shop"]))
        assert all(result.success and result.changed for result in results)
        assert {result.owner.name for result in results if result.owner} == {"web", "db"}
    assert len(backend.cluster.pods_of("web")) == 2
    assert len(backend.cluster.pods_of("other")) == 1


def test_replica_sets_that_rollouts_left_behind_are_not_listed(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT)
    carry_out(backend, Desired.RESTARTED, named("web"))
    assert len(backend.cluster.store.all(REPLICA_SET)) == 2
    assert len(listed(backend)) == 1


def test_an_orphaned_replica_set_is_a_workload_of_its_own(backend: KubernetesBackend) -> None:
    (name,) = have(backend, DEPLOYMENT)
    replica_set = name.rpartition("-")[0]
    backend.cluster.store.remove(DEPLOYMENT, backend.cluster.document(DEPLOYMENT, "web"))
    backend.cluster.edit(REPLICA_SET, replica_set, {"metadata": {"ownerReferences": None}})
    (result,) = carry_out(backend, Desired.STOPPED, named(name))
    assert (result.success, result.owner and result.owner.kind) == (True, "ReplicaSet")
    assert listed(backend) == [f"default/replicaset/{replica_set}"]
    (started,) = carry_out(backend, Desired.STARTED, named(name))
    assert (started.success, started.replicas_after) == (True, 1)


def test_a_suspended_job_of_a_cron_job_is_not_listed_beside_it(backend: KubernetesBackend) -> None:
    have(backend, CRON_JOB, "backup", spec={"suspend": True})
    made = controlled(backend.cluster.document(CRON_JOB, "backup"), "backup-1")
    template = workload(JOB, "backup-1")["spec"]
    backend.cluster.add(JOB, {**made, "spec": {**template, "suspend": True}})
    assert listed(backend) == ["default/cronjob/backup"]


def test_a_workload_that_wants_pods_and_has_none_is_pending(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, replicas=0)
    backend.cluster.freeze()
    backend.cluster.edit(DEPLOYMENT, "web", {"spec": {"replicas": 1}})
    (one,) = containers(backend)
    assert (one.name, one.state, one.ready) == ("web", State.PENDING, False)


def test_pods_that_have_ended_are_listed_with_how(backend: KubernetesBackend) -> None:
    for name, life in {"done": Life(exits_after=1), "broken": Life(exits_after=1, exit_code=1)}.items():
        backend.cluster.add(POD, pod(name, restart_policy="Never"), life=life)
    backend.cluster.add(POD, pod("gone"), life=Life(evicted=True))
    assert [(one.name, str(one.state), one.status) for one in containers(backend)] == [
        ("broken", "failed", "Error"),
        ("done", "stopped", "Completed"),
        ("gone", "failed", "Evicted"),
    ]


def test_a_list_is_in_the_order_of_namespaces_and_names(backend: KubernetesBackend) -> None:
    for namespace, name in (("b", "a"), ("a", "z"), ("a", "b")):
        backend.cluster.add(POD, pod(name, namespace=namespace))
    have(backend, DEPLOYMENT, "m", namespace="a", replicas=0)
    assert listed(backend) == ["a/b", "a/deployment/m", "a/z", "b/a"]


@pytest.mark.parametrize("value", ["a b, c=d", "-x", "x" * 64, "ü"])
def test_a_label_that_nothing_can_have_finds_nothing(backend: KubernetesBackend, value: str) -> None:
    have(backend, DEPLOYMENT)
    assert listed(backend, filters={"label": [f"run={value}"]}) == []
    (pods,) = [call for call in backend.kubernetes.calls if call.kind == "pods"]
    assert pods.detail["labels"] == ""


# What an order leaves alone unless it is named.
SYSTEM = ["kube-system", "kube-public", "openshift-etcd", "cert-manager-system", "calico-system", "local-path-storage"]


def order(**params: Any) -> Any:
    defaults = {"state": "stopped", "timeout": None, "wait": True, "wait_timeout": 120, "max_concurrent": 5}
    options = {"continue_on_error": True, "replicas": None, "restart_method": "auto", "force": False, "all": False}
    return parse_order({**defaults, **options, **params}).request


@pytest.mark.parametrize("namespace", SYSTEM)
def test_the_clusters_own_namespaces_are_spared_by_a_selection(backend: KubernetesBackend, namespace: str) -> None:
    for place in ("prod", namespace):
        have(backend, DEPLOYMENT, namespace=place)
    results = carry_out(backend, Desired.STOPPED, order(all=True))
    assert [result.namespace for result in results] == ["prod"]
    assert backend.cluster.pods_of("web", namespace) != []


def test_the_clusters_own_namespaces_are_changed_when_they_are_named(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, namespace="kube-system")
    (result,) = carry_out(backend, Desired.STOPPED, order(namespaces=["kube-system"], filters={"name": ["web*"]}))
    assert result.changed
    (result,) = carry_out(backend, Desired.STARTED, named("kube-system/web"))
    assert result.changed


def test_who_matches_nothing_but_the_clusters_own_is_told_so(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, namespace="kube-system")
    listing = backend.runtime.role(CONTAINERS).select(order(all=True).selection)
    assert listing.containers == ()
    assert ["own namespaces" in warning for warning in listing.warnings] == [True]


def test_reading_shows_the_clusters_own_namespaces(backend: KubernetesBackend) -> None:
    (name,) = have(backend, DEPLOYMENT, namespace="kube-system")
    assert listed(backend) == [f"kube-system/{name}"]


def test_who_may_not_list_some_kinds_is_told_what_may_be_missing(backend: KubernetesBackend) -> None:
    pods = have(backend, DEPLOYMENT)
    for kind in ("statefulsets", "jobs", "rollouts"):
        error = PermissionDeniedError("forbidden", hint=f"grant list on {kind}")
        backend.kubernetes.fail("LIST", error, kind=kind, nth=0)
    overview = look(backend)
    assert [view.path for view in overview.views] == [f"default/{name}" for name in pods]
    (warning,) = overview.warnings
    assert "grant list on statefulsets; grant list on jobs" in warning
    assert "rollouts" not in warning


@pytest.mark.parametrize(
    ("kind", "error"),
    [("pods", PermissionDeniedError("forbidden")), ("deployments", ApiError("it is broken (HTTP 500)"))],
)
def test_who_may_not_list_pods_or_meets_anything_else_fails(
    backend: KubernetesBackend, kind: str, error: NekzusError
) -> None:
    have(backend, DEPLOYMENT)
    backend.kubernetes.fail("LIST", error, kind=kind, nth=0)
    with pytest.raises(type(error)):
        look(backend)


def test_a_custom_kind_that_cannot_be_converted_does_not_keep_the_others_from_being_listed(
    backend: KubernetesBackend,
) -> None:
    pods = have(backend, DEPLOYMENT)
    error = ApiError("conversion webhook for example.com/v1beta1, Kind=Rollout failed (HTTP 500)")
    backend.kubernetes.fail("LIST", error, kind="rollouts", nth=0)
    overview = look(backend)
    assert [view.path for view in overview.views] == [f"default/{name}" for name in pods]
    assert ["conversion webhook" in warning for warning in overview.warnings] == [True]


def test_a_server_without_some_kinds_lists_what_it_has(backend: KubernetesBackend) -> None:
    pods = have(backend, DEPLOYMENT)
    backend.cluster.served -= {"batch/v1/cronjobs", "example.com/v1/rollouts"}
    assert listed(backend) == [f"default/{name}" for name in pods]


def test_an_older_server_lists_its_cron_jobs_too(backend: KubernetesBackend) -> None:
    have(backend, CRON_JOB, "backup", spec={"suspend": True})
    backend.cluster.served.remove("batch/v1/cronjobs")
    backend.cluster.served.add("batch/v1beta1/cronjobs")
    assert listed(backend) == ["default/cronjob/backup"]
    assert [str(result.changed) for result in carry_out(backend, Desired.STARTED, named("default/cronjob/backup"))] == [
        "True"
    ]


def test_a_namespace_that_is_not_there_is_an_error_and_an_empty_one_is_none(backend: KubernetesBackend) -> None:
    assert listed(backend, namespaces=["default"]) == []
    with pytest.raises(NekzusError, match="there is no namespace defalt") as refusal:
        look(backend, namespaces=["defalt"])
    assert refusal.value.hint == "did you mean default?"


def test_who_may_not_look_at_namespaces_sees_an_empty_one(backend: KubernetesBackend) -> None:
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden"), kind="namespaces", nth=0)
    assert listed(backend, namespaces=["defalt"]) == []


def test_a_replica_set_that_may_be_listed_and_not_looked_at_is_not_passed_over_in_silence(
    backend: KubernetesBackend,
) -> None:
    have(backend, REPLICA_SET, replicas=0)
    hint = "grant get on replicasets.apps in namespace default"
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden", hint=hint), nth=0)
    overview = look(backend)
    assert overview.views == ()
    (warning,) = overview.warnings
    assert hint in warning
