# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said where there are no numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ContainerNotFoundError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD, STATEFUL_SET
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import KubernetesRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import UNMEASURED, Usage
from ansible_collections.nekzus.runtime.tests.unit.fakes.measured import (
    FORBIDDEN,
    METRICS,
    a_pod,
    a_workload,
    collect,
    only,
    reason,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend


def test_a_cluster_without_metrics_is_told_how_to_have_some(backend: KubernetesBackend) -> None:
    backend.cluster.served.remove("metrics.k8s.io/v1beta1/pods")
    error = reason(collect(backend, a_pod(backend)))
    assert error.message == "the cluster has no metrics: metrics.k8s.io is not served"
    assert error.hint == "install Metrics Server: https://github.com/kubernetes-sigs/metrics-server"
    assert backend.requests == [METRICS]


def test_who_may_not_read_metrics_is_told_the_rule(backend: KubernetesBackend) -> None:
    web = a_pod(backend)
    backend.kubernetes.fail("LIST", FORBIDDEN)
    error = reason(collect(backend, web))
    assert (error.message, error.hint) == ("metrics.k8s.io may not be read: forbidden", FORBIDDEN.hint)


@pytest.mark.parametrize(
    "failure", [RuntimeUnavailableError("it is down", hint="wait"), ApiError("it broke", hint="wait")]
)
def test_a_metrics_server_that_fails_is_told_of(backend: KubernetesBackend, failure: NekzusError) -> None:
    web = a_pod(backend)
    backend.kubernetes.fail("LIST", failure)
    error = reason(collect(backend, web))
    assert (error.message, error.hint) == (failure.message, "wait")


def test_metrics_that_are_switched_off_are_not_asked_for(backend: KubernetesBackend) -> None:
    web = a_pod(backend)
    backend.runtime = KubernetesRuntime(backend.kubernetes, clock=backend.clock, metrics_server=False)
    error = reason(collect(backend, web))
    assert (error.message, error.hint) == (
        "metrics are switched off",
        "set runtimes.kubernetes.metrics_server to true",
    )
    assert backend.requests == []


def test_a_young_pod_has_no_sample_yet(backend: KubernetesBackend) -> None:
    web = a_pod(backend, age=1)
    error = reason(collect(backend, web))
    assert error.message == "there is no sample yet of default/web"
    assert "until: result.metrics_available" in str(error.hint)
    backend.clock.sleep(20)
    assert only(collect(backend, web)).cpu.cores_used == 0.25


def test_a_pod_that_is_gone_is_an_error_of_its_own(backend: KubernetesBackend) -> None:
    web, other = a_pod(backend), a_pod(backend, "other")
    backend.cluster.remove(POD, "web")
    found = collect(backend, web, other)
    assert isinstance(found.results[0], ContainerNotFoundError)
    assert found.results[1] != UNMEASURED
    assert found.unavailable is None
    assert backend.requests == [METRICS, "GET pods/web"]


def test_of_many_pods_without_samples_few_are_looked_for(backend: KubernetesBackend) -> None:
    found = collect(backend, *(a_pod(backend, f"web-{number}", age=1) for number in range(20)))
    assert reason(found).message.endswith(" and 19 more")
    assert len(backend.requests) == 1 + 16


def test_of_many_young_pods_one_is_named(backend: KubernetesBackend) -> None:
    found = collect(backend, *(a_pod(backend, f"web-{number}", age=1) for number in range(4)))
    assert reason(found).message == "there is no sample yet of default/web-0 and 3 more"


def test_a_workload_of_which_some_pods_are_young_is_what_the_others_use(backend: KubernetesBackend) -> None:
    web = a_workload(backend, STATEFUL_SET, replicas=3)
    backend.cluster.meter.unmeasured.add("web-1")
    found = collect(backend, web)
    (usage,) = found.results
    assert isinstance(usage, Usage)
    assert (usage.cpu.cores_used, usage.cpu.cores_total, usage.cpu.usage_percent) == (0.5, 1.0, 50.0)
    assert [one.pod for one in usage.containers] == ["web-0", "web-2"]
    assert found.unavailable
    assert found.unavailable.message == "there is no sample yet of default/web-1"
