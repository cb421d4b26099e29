# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pods and workloads use, and the requests it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import (
    container,
    workload_container,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    NODE,
    POD,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import read_workload
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import (
    UNMEASURED,
    Basis,
    Sampling,
    Usage,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import controlled, node, pod_spec, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CRASHES, Life
from ansible_collections.nekzus.runtime.tests.unit.fakes.measured import (
    FORBIDDEN,
    METRICS,
    a_pod,
    a_workload,
    collect,
    only,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

MIB = 2**20


def test_a_pod_with_limits_is_one_request(backend: KubernetesBackend) -> None:
    found = only(collect(backend, a_pod(backend)))
    assert backend.requests == [METRICS]
    assert (found.cpu.cores_used, found.cpu.usage_percent, found.memory.used_bytes) == (0.25, 50.0, 64 * MIB)
    assert found.window_seconds == 10
    assert [(one.pod, one.name) for one in found.containers] == [("web", "app")]


def test_what_is_measured_is_asked_for_without_a_selector(backend: KubernetesBackend) -> None:
    collect(backend, a_pod(backend))
    (call,) = backend.kubernetes.calls
    assert (call.namespace, call.detail["labels"], call.detail["fields"]) == ("default", "", "")


def test_many_pods_of_a_namespace_are_one_request(backend: KubernetesBackend) -> None:
    pods = [a_pod(backend, f"web-{number}") for number in range(20)]
    found = collect(backend, *pods)
    assert backend.requests == [METRICS]
    assert [one.containers[0].pod for one in found.results if isinstance(one, Usage)] == [one.name for one in pods]


@pytest.mark.parametrize(("count", "asked"), [(2, ["n0", "n1"]), (8, [f"n{each}" for each in range(8)]), (9, [""])])
def test_a_few_namespaces_are_asked_for_each_and_many_at_once(
    backend: KubernetesBackend, count: int, asked: list[str]
) -> None:
    found = collect(backend, *(a_pod(backend, namespace=f"n{number}") for number in range(count)))
    assert sorted(call.namespace for call in backend.kubernetes.calls) == asked
    assert found.unavailable is None
    assert UNMEASURED not in found.results


def test_who_may_not_ask_for_all_namespaces_at_once_asks_for_each(backend: KubernetesBackend) -> None:
    pods = [a_pod(backend, namespace=f"n{number}") for number in range(9)]
    backend.kubernetes.fail("LIST", FORBIDDEN)
    assert collect(backend, *pods).unavailable is None
    assert backend.kubernetes.calls[0].namespace == ""
    assert sorted(call.namespace for call in backend.kubernetes.calls[1:]) == [f"n{each}" for each in range(9)]


def test_who_keeps_to_namespaces_asks_for_no_others(backend: KubernetesBackend) -> None:
    names = [f"n{number}" for number in range(9)]
    pods = [a_pod(backend, namespace=name) for name in names]
    backend.reopen(*names)
    collect(backend, *pods)
    assert sorted(call.namespace for call in backend.kubernetes.calls) == names


def test_a_workload_is_the_sum_of_its_pods(backend: KubernetesBackend) -> None:
    found = only(collect(backend, a_workload(backend, DEPLOYMENT, replicas=3)))
    assert (found.cpu.cores_used, found.cpu.cores_total, found.memory.used_bytes) == (0.75, 1.5, 192 * MIB)
    assert [one.pod for one in found.containers] == backend.cluster.pods_of("web")
    assert backend.requests == ["LIST pods", METRICS]


def test_pods_that_only_look_like_those_of_a_workload_are_not_its(backend: KubernetesBackend) -> None:
    a_pod(backend, "stray", labels={"run": "web"})
    found = only(collect(backend, a_workload(backend, STATEFUL_SET, replicas=2)))
    assert [one.pod for one in found.containers] == ["web-0", "web-1"]


def test_the_pods_of_what_a_cron_job_has_begun_are_its(backend: KubernetesBackend) -> None:
    a_workload(backend, CRON_JOB, "backup")
    owner = backend.cluster.document(CRON_JOB, "backup")
    job = {**workload(JOB, "backup-1"), **controlled(owner, "backup-1")}
    job["spec"]["template"]["metadata"]["labels"]["job-name"] = "backup-1"
    backend.cluster.add(JOB, job)
    document = {**backend.cluster.document(CRON_JOB, "backup"), "status": {"active": [{"name": "backup-1"}]}}
    found = only(collect(backend, workload_container(read_workload(CRON_JOB, document))))
    assert [one.pod for one in found.containers] == backend.cluster.pods_of("backup-1")
    assert found.cpu.cores_used == 0.25


def test_a_workload_without_pods_is_not_asked_for(backend: KubernetesBackend) -> None:
    stopped = [a_workload(backend, DEPLOYMENT, replicas=0), a_workload(backend, CRON_JOB, "backup")]
    assert collect(backend, *stopped) == Sampling((UNMEASURED, UNMEASURED))
    assert backend.requests == []


@pytest.mark.parametrize(
    "life",
    [Life(exits_after=0), Life(exits_after=0, exit_code=1), Life(evicted=True)],
    ids=["done", "failed", "evicted"],
)
def test_a_pod_that_has_ended_is_not_asked_for(backend: KubernetesBackend, life: Life) -> None:
    ended = a_pod(backend, life=life, restart_policy="Never")
    assert collect(backend, ended) == Sampling((UNMEASURED,))
    assert backend.requests == []


@pytest.mark.parametrize("life", [CRASHES, Life(starts_after=500), Life(unschedulable="no node fits")])
def test_that_a_pod_which_does_not_run_has_no_numbers_is_no_fault(backend: KubernetesBackend, life: Life) -> None:
    assert collect(backend, a_pod(backend, life=life)) == Sampling((UNMEASURED,))


def test_a_workload_that_cannot_be_looked_into_does_not_hide_the_others(backend: KubernetesBackend) -> None:
    lone, owned = a_pod(backend, "lone"), a_workload(backend, DEPLOYMENT)
    backend.kubernetes.fail("LIST", PermissionDeniedError("forbidden", hint="grant list on pods"), kind="pods")
    refused, measured = collect(backend, owned, lone).results
    assert isinstance(refused, PermissionDeniedError)
    assert isinstance(measured, Usage)
    assert measured.timestamp


def test_a_pod_that_is_named_and_part_of_a_workload_counts_in_both(backend: KubernetesBackend) -> None:
    owned = a_workload(backend, DEPLOYMENT, replicas=2)
    first = container(backend.cluster.document(POD, backend.cluster.pods_of("web")[0]))
    whole, part = collect(backend, owned, first).results
    assert isinstance(whole, Usage)
    assert isinstance(part, Usage)
    assert (whole.cpu.cores_used, part.cpu.cores_used) == (0.5, 0.25)


def test_nodes_are_asked_for_where_a_limit_is_missing_and_only_the_one_that_matters(backend: KubernetesBackend) -> None:
    found = only(collect(backend, a_pod(backend, **pod_spec())))
    assert backend.requests == [METRICS, "LIST nodes"]
    assert backend.kubernetes.calls[1].detail["fields"] == "metadata.name=node-1"
    assert (found.cpu.percent_of, found.cpu.usage_percent, found.cpu.cores_total) == (Basis.ALLOCATABLE, 6.25, 4.0)
    assert (found.memory.percent_of, found.memory.limit_bytes) == (Basis.ALLOCATABLE, 8 * 2**30)


def test_several_nodes_are_one_request(backend: KubernetesBackend) -> None:
    backend.cluster.add(NODE, node("node-2", cpu="2"))
    found = collect(backend, a_pod(backend, **pod_spec()), a_pod(backend, "far", **pod_spec(nodeName="node-2")))
    assert backend.requests == [METRICS, "LIST nodes"]
    assert [one.cpu.usage_percent for one in found.results if isinstance(one, Usage)] == [6.25, 12.5]


def test_who_may_not_list_nodes_is_told_once_what_is_unknown_because_of_that(backend: KubernetesBackend) -> None:
    backend.kubernetes.fail("LIST", PermissionDeniedError("forbidden", hint="grant list on nodes"), kind="nodes")
    found = collect(backend, a_pod(backend, **pod_spec()), a_pod(backend, "other", **pod_spec()))
    assert found.unavailable is None
    assert [one.cpu.usage_percent for one in found.results if isinstance(one, Usage)] == [None, None]
    assert [one.cpu.cores_used for one in found.results if isinstance(one, Usage)] == [0.25, 0.25]
    (warning,) = found.warnings
    assert warning.endswith("are unknown, as are the sizes of their nodes: grant list on nodes")


def test_who_may_not_list_nodes_is_told_nothing_where_percentages_are_of_requests(backend: KubernetesBackend) -> None:
    backend.kubernetes.fail("LIST", PermissionDeniedError("forbidden", hint="grant list on nodes"), kind="nodes")
    requested = [{"name": "app", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}]
    found = collect(backend, a_pod(backend, containers=requested))
    assert (only(found).cpu.usage_percent, only(found).cpu.cores_total) == (25.0, None)
    assert found.warnings == ()
