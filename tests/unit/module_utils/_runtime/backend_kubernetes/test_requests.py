# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests things take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DEPLOYMENT,
    POD,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict, selected, view
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT, pod, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend


def have(backend: KubernetesBackend, name: str, replicas: int = 1, namespace: str = "default") -> list[str]:
    """Have a Deployment, and return the names of its pods."""
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, name, replicas=replicas, namespace=namespace))
    return backend.cluster.pods_of(name, namespace)


def test_a_stop_by_the_name_of_a_pod_is_three_reads_and_a_patch(backend: KubernetesBackend) -> None:
    (name,) = have(backend, "web")
    replica_set = name.rpartition("-")[0]
    (result,) = carry_out(backend, Desired.STOPPED, named(name))
    assert result.changed
    assert backend.requests[:4] == [
        f"GET pods/{name}",
        f"GET replicasets/{replica_set}",
        "GET deployments/web",
        "PATCH deployments/web",
    ]
    # Then the wait sees that it is down, and who else scales it is asked for.
    assert backend.requests[4:] == ["GET deployments/web", "LIST pods", "LIST horizontalpodautoscalers"]


def test_a_stop_by_the_name_of_a_deployment_is_a_read_and_a_patch(backend: KubernetesBackend) -> None:
    have(backend, "web")
    carry_out(backend, Desired.STOPPED, named("default/deployment/web"))
    assert backend.requests[:2] == ["GET deployments/web", "PATCH deployments/web"]
    assert len(backend.requests) == 5


def test_a_stop_that_nobody_waits_for_lists_no_pods(backend: KubernetesBackend) -> None:
    have(backend, "web")
    carry_out(backend, Desired.STOPPED, named("default/deployment/web"), wait=False)
    assert "LIST pods" not in backend.requests
    assert not any(request.startswith("WATCH") for request in backend.requests)


@pytest.mark.parametrize("desired", [Desired.STARTED, Desired.STOPPED])
def test_what_is_there_already_is_one_request(backend: KubernetesBackend, desired: Desired) -> None:
    have(backend, "web", replicas=1 if desired is Desired.STARTED else 0)
    (result,) = carry_out(backend, desired, named("default/deployment/web"))
    assert (result.success, result.changed) == (True, False)
    assert backend.requests == ["GET deployments/web"]


def test_a_custom_kind_is_discovered_once_in_a_task_that_finds_and_changes_it(backend: KubernetesBackend) -> None:
    backend.cluster.add(ROLLOUT, workload(ROLLOUT, "web", replicas=2))
    name = backend.cluster.pods_of("web")[0]
    (result,) = carry_out(backend, Desired.STOPPED, named(name), wait=False)
    assert result.changed is True
    discovered = [call.name for call in backend.kubernetes.calls if call.name.startswith("/api")]
    assert discovered
    assert len(discovered) == len(set(discovered))


def test_thirty_pods_of_three_deployments_are_three_patches(backend: KubernetesBackend) -> None:
    pods = [name for owner in ("a", "b", "c") for name in have(backend, owner, replicas=10)]
    results = carry_out(backend, Desired.STOPPED, named(*pods))
    assert [result.name for result in results] == pods
    assert {result.owner.name for result in results if result.owner} == {"a", "b", "c"}
    assert sorted(backend.changed_names) == ["a", "b", "c"]
    reads = [request for request in backend.requests if request.startswith("GET replicasets/")]
    assert len(reads) == 3
    # So many are found in one list.
    assert backend.requests[0] == "LIST pods"
    assert not any(request.startswith("GET pods/") for request in backend.requests)


def many(backend: KubernetesBackend, count: int) -> list[str]:
    for number in range(count):
        have(backend, f"web-{number:02}")
    return [f"default/deployment/web-{number:02}" for number in range(count)]


@pytest.mark.parametrize(("count", "requests"), [(19, 19), (20, 1), (50, 1)])
def test_many_that_are_there_already_are_one_list(backend: KubernetesBackend, count: int, requests: int) -> None:
    names = many(backend, count)
    results = carry_out(backend, Desired.STARTED, named(*names))
    assert [(result.name, result.success, result.changed) for result in results] == [
        (name.rpartition("/")[2], True, False) for name in names
    ]
    assert len(backend.requests) == requests


def test_of_many_those_beyond_the_first_page_are_read_one_by_one(backend: KubernetesBackend) -> None:
    for number in range(600):
        backend.cluster.create(POD, pod(f"p{number:04}"))
    names = [f"p{number:04}" for number in range(490, 510)]
    assert [one.container.name for one in view(backend, named(*names)) if one.container] == names
    assert backend.requests[0] == "LIST pods"
    assert sorted(backend.requests[1:]) == [f"GET pods/p0{number}" for number in range(500, 510)]


def test_who_may_not_list_looks_at_each(backend: KubernetesBackend) -> None:
    names = many(backend, 20)
    backend.kubernetes.fail("LIST", PermissionDeniedError("forbidden"), kind="deployments", nth=0)
    assert all(result.success for result in carry_out(backend, Desired.STARTED, named(*names)))
    assert sum(request.startswith("GET deployments/") for request in backend.requests) == 20


def test_of_many_one_that_is_not_there_is_missing_alone(backend: KubernetesBackend) -> None:
    names = many(backend, 20)
    results = carry_out(backend, Desired.STARTED, named(*names, "default/deployment/nothing"))
    assert [result.success for result in results] == [True] * 20 + [False]
    assert results[-1].failure is not None
    assert results[-1].failure["code"] == "container_not_found"


def test_pods_that_a_list_shows_are_not_read_again(backend: KubernetesBackend) -> None:
    have(backend, "web", replicas=10)
    carry_out(backend, Desired.STOPPED, selected(filters={"name": ["web-*"]}))
    assert not any(request.startswith("GET pods/") for request in backend.requests)
    assert sum(request.startswith("GET replicasets/") for request in backend.requests) == 1
    assert backend.changed_names == ["web"]


def test_predicting_is_planning_a_dry_run_and_who_else_scales(backend: KubernetesBackend) -> None:
    have(backend, "web")
    predict(backend, Desired.STOPPED, named("default/deployment/web"))
    assert backend.requests == ["GET deployments/web", "TRY-PATCH deployments/web", "LIST horizontalpodautoscalers"]


def test_a_list_of_what_runs_is_one_request(backend: KubernetesBackend) -> None:
    have(backend, "web", replicas=3)
    have(backend, "idle", replicas=0)
    running = parse_request({"label_selectors": ["run"]}, include_stopped=False)
    assert len(view(backend, running)) == 3
    assert backend.requests == ["LIST pods"]
    assert backend.kubernetes.calls[0].detail["labels"] == "run"


def test_a_long_list_comes_in_pages_of_five_hundred(backend: KubernetesBackend) -> None:
    for number in range(1100):
        backend.cluster.create(POD, pod(f"p{number:04}"))
    assert len(view(backend, selected())) == 1100
    assert backend.requests.count("LIST pods") == 3
    # Left-over ReplicaSets are passed over by their metadata.
    (replica_sets,) = [call for call in backend.kubernetes.calls if call.kind == "replicasets"]
    assert replica_sets.detail["metadata_only"]


def test_a_list_of_two_namespaces_is_one_of_each_kind_in_each(backend: KubernetesBackend) -> None:
    for namespace in ("prod", "staging", "other"):
        have(backend, "web", namespace=namespace)
    views = view(backend, selected(namespaces=["prod", "staging"]))
    assert [one.container.namespace for one in views if one.container] == ["prod", "staging"]
    assert {call.namespace for call in backend.kubernetes.calls if call.verb == "LIST"} == {"prod", "staging"}
    assert backend.requests.count("LIST pods") == 2


def test_a_start_is_seen_at_the_moment_it_is_ready_and_not_polled_for(backend: KubernetesBackend) -> None:
    backend.cluster.add(
        STATEFUL_SET, workload(STATEFUL_SET, "db", replicas=0), life=Life(starts_after=4, ready_after=3)
    )
    (result,) = carry_out(backend, Desired.STARTED, named("default/statefulset/db"), replicas=2)
    assert result.success
    # Two pods, one after the other.
    assert 14 <= backend.clock.slept <= 14.3
    watches = backend.requests.count("WATCH pods")
    assert watches <= 14 / 2 + 2
    assert len(backend.requests) <= 3 * watches + 5


def test_a_suspension_is_a_read_and_a_patch_and_the_wait(backend: KubernetesBackend) -> None:
    backend.cluster.add(CRON_JOB, workload(CRON_JOB, "backup"))
    carry_out(backend, Desired.STOPPED, named("default/cronjob/backup"))
    assert backend.requests == ["GET cronjobs/backup", "PATCH cronjobs/backup", "GET cronjobs/backup"]
