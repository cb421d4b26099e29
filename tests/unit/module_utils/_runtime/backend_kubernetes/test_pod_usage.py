# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a usage is of: a limit, a request, or what a node has; for each container and for all of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.amounts import (
    UNKNOWN,
    Amounts,
    read_amounts,
    total,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import container
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.metrics import Sample
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.pod_usage import measured, usage_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import Basis, Usage
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container

MIB = 2**20
NOW = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
NODES = {"node-1": Amounts(4.0, 8192 * MIB), "node-2": Amounts(2.0, 2048 * MIB)}
LIMITED = {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}
REQUESTED = {"requests": {"cpu": "100m", "memory": "128Mi"}}


def parts(**resources: Any) -> list[dict[str, Any]]:
    """Return the containers of a pod, by name."""
    return [{"name": name, "image": "busybox", "resources": each} for name, each in resources.items()]


def a_pod(name: str = "web", *, node: str = "node-1", **spec: Any) -> Container:
    return container(pod(name, nodeName=node, **spec))


def sample(used: Mapping[str, tuple[float, int]], *, age: float = 0) -> Sample:
    """Return a sample of containers that use so many cores and MiB."""
    amounts = {name: Amounts(cores, mib * MIB) for name, (cores, mib) in used.items()}
    return Sample(NOW - timedelta(seconds=age), 10 + age, amounts)


def usage(spec: list[dict[str, Any]], nodes: Any = None, *, resources: Any = None, **used: tuple[float, int]) -> Usage:
    """Return what a pod with these containers uses."""
    whole = {"resources": resources} if resources else {}
    return usage_of([measured(a_pod(containers=spec, **whole), sample(used))], NODES if nodes is None else nodes)


def test_with_limits_it_is_of_the_limit() -> None:
    found = usage(parts(app=LIMITED), app=(0.25, 64))
    assert (found.cpu.usage_percent, found.cpu.percent_of) == (50.0, Basis.LIMIT)
    assert (found.cpu.cores_used, found.cpu.cores_total) == (0.25, 0.5)
    assert (found.memory.usage_percent, found.memory.percent_of) == (25.0, Basis.LIMIT)
    assert (found.memory.used_bytes, found.memory.limit_bytes) == (64 * MIB, 256 * MIB)
    assert found.memory.available_bytes == 192 * MIB


def test_without_limits_it_is_of_the_request_and_could_be_all_that_the_node_has() -> None:
    found = usage(parts(app=REQUESTED), app=(0.25, 64))
    assert (found.cpu.usage_percent, found.cpu.percent_of, found.cpu.cores_total) == (250.0, Basis.REQUEST, 4.0)
    assert (found.memory.usage_percent, found.memory.percent_of) == (50.0, Basis.REQUEST)
    assert (found.memory.limit_bytes, found.memory.available_bytes) == (8192 * MIB, 8128 * MIB)


def test_without_either_it_is_of_what_the_node_has() -> None:
    found = usage(parts(app={}), app=(0.25, 64))
    assert (found.cpu.usage_percent, found.cpu.percent_of, found.cpu.cores_total) == (6.25, Basis.ALLOCATABLE, 4.0)
    assert (found.memory.usage_percent, found.memory.percent_of) == (0.78125, Basis.ALLOCATABLE)


def test_without_any_it_is_a_number_all_the_same() -> None:
    found = usage(parts(app={}), {}, app=(0.25, 64))
    assert (found.cpu.usage_percent, found.cpu.percent_of, found.cpu.cores_total) == (None, None, None)
    assert (found.memory.usage_percent, found.memory.limit_bytes, found.memory.available_bytes) == (None, None, None)
    assert (found.cpu.cores_used, found.memory.used_bytes) == (0.25, 64 * MIB)


def test_cpu_and_memory_may_be_of_different_things() -> None:
    found = usage(parts(app={"limits": {"memory": "128Mi"}, "requests": {"cpu": "1"}}), app=(0.25, 64))
    assert (found.cpu.usage_percent, found.cpu.percent_of, found.cpu.cores_total) == (25.0, Basis.REQUEST, 4.0)
    assert (found.memory.usage_percent, found.memory.percent_of) == (50.0, Basis.LIMIT)


def test_a_pod_is_the_sum_of_its_containers() -> None:
    found = usage(parts(app=LIMITED, helper=LIMITED), app=(0.25, 64), helper=(0.5, 0))
    assert (found.cpu.cores_used, found.cpu.cores_total, found.cpu.usage_percent) == (0.75, 1.0, 75.0)
    assert (found.memory.used_bytes, found.memory.limit_bytes) == (64 * MIB, 512 * MIB)
    assert [(one.name, one.pod, one.cpu.usage_percent, one.memory.usage_percent) for one in found.containers] == [
        ("app", "web", 50.0, 25.0),
        ("helper", "web", 100.0, 0.0),
    ]


def test_a_pod_has_a_limit_only_if_each_of_its_containers_has() -> None:
    found = usage(parts(app=LIMITED, helper=REQUESTED), app=(0.1, 64), helper=(0.1, 64))
    assert (found.cpu.usage_percent, found.cpu.percent_of, found.cpu.cores_total) == (100.0, Basis.REQUEST, 4.0)
    assert [one.cpu.percent_of for one in found.containers] == [Basis.LIMIT, Basis.REQUEST]
    assert [one.cpu.cores_total for one in found.containers] == [0.5, 4.0]


def test_a_limit_of_the_pod_as_a_whole_is_its_limit_and_that_of_its_containers() -> None:
    whole = {"limits": {"cpu": "2"}}
    found = usage(parts(app={"limits": {"cpu": "1"}}, helper={}), resources=whole, app=(0.5, 1), helper=(0.5, 1))
    assert (found.cpu.usage_percent, found.cpu.percent_of, found.cpu.cores_total) == (50.0, Basis.LIMIT, 2.0)
    assert [one.cpu.usage_percent for one in found.containers] == [50.0, 25.0]
    assert found.memory.percent_of is Basis.ALLOCATABLE


def test_a_limit_of_nothing_limits_nothing() -> None:
    found = usage(parts(app={"limits": {"cpu": "0", "memory": "0"}}), app=(0.5, 1))
    assert (found.cpu.percent_of, found.memory.percent_of) == (Basis.ALLOCATABLE, Basis.ALLOCATABLE)


def test_a_limit_that_is_no_quantity_is_unknown() -> None:
    assert usage(parts(app={"limits": {"cpu": "much"}}), app=(0.5, 1)).cpu.percent_of is Basis.ALLOCATABLE


def test_an_init_container_grants_nothing_and_a_sidecar_does() -> None:
    begins = {"name": "begins", "resources": {"limits": {"cpu": "8"}}}
    sidecar = {"name": "sidecar", "restartPolicy": "Always", "resources": {"limits": {"cpu": "500m"}}}
    web = a_pod(containers=parts(app=LIMITED), initContainers=[begins, sidecar])
    assert measured(web, sample({})).whole.limit == Amounts(1.0, None)


def test_what_is_measured_is_told_in_the_order_of_the_pod_and_what_it_does_not_name_last() -> None:
    spec = parts(b=LIMITED, a=LIMITED)
    found = usage(spec, debugger=(0.125, 1), a=(0.25, 1), b=(0.5, 1))
    assert [one.name for one in found.containers] == ["b", "a", "debugger"]
    assert found.cpu.cores_used == 0.875
    assert found.containers[2].cpu.percent_of is Basis.ALLOCATABLE


def test_more_than_the_limit_leaves_nothing_available() -> None:
    found = usage(parts(app=LIMITED), app=(1, 300))
    assert found.memory.available_bytes == 0
    assert found.memory.usage_percent == pytest.approx(117.1875)
    assert found.cpu.usage_percent == 200.0


def test_a_measured_zero_is_a_zero() -> None:
    found = usage(parts(app=LIMITED), app=(0.0, 0))
    assert (found.cpu.cores_used, found.cpu.usage_percent) == (0.0, 0.0)
    assert (found.memory.used_bytes, found.memory.usage_percent) == (0, 0.0)


def test_what_metrics_do_not_tell_is_unknown() -> None:
    found = usage(parts(app=LIMITED), app=(0.5, 1))
    assert (found.network.rx_bytes, found.block_io.read_bytes, found.pids) == (None, None, None)


def test_several_pods_are_the_sum_of_them() -> None:
    pods = [
        measured(a_pod(f"web-{number}", containers=parts(app=LIMITED)), sample({"app": (0.25, 64)}, age=number))
        for number in range(3)
    ]
    found = usage_of(pods, {})
    assert (found.cpu.cores_used, found.cpu.cores_total, found.cpu.usage_percent) == (0.75, 1.5, 50.0)
    assert (found.memory.used_bytes, found.memory.limit_bytes) == (192 * MIB, 768 * MIB)
    assert [(one.pod, one.name) for one in found.containers] == [(f"web-{number}", "app") for number in range(3)]
    assert (found.timestamp, found.window_seconds) == (NOW - timedelta(seconds=2), 12)


def test_pods_on_one_node_have_it_once() -> None:
    spec = parts(app={})
    same = [measured(a_pod(name, containers=spec), sample({"app": (1, 1)})) for name in ("a", "b")]
    assert usage_of(same, NODES).cpu.cores_total == 4.0
    assert usage_of(same, NODES).cpu.usage_percent == 50.0
    apart = [*same, measured(a_pod("c", node="node-2", containers=spec), sample({"app": (1, 1)}))]
    assert (usage_of(apart, NODES).cpu.cores_total, usage_of(apart, NODES).cpu.usage_percent) == (6.0, 50.0)


def test_a_total_is_known_only_if_it_is_of_all() -> None:
    pods = [
        measured(a_pod(node, node=node, containers=parts(app={})), sample({"app": (1, 1)}))
        for node in ("node-1", "lost")
    ]
    found = usage_of(pods, NODES)
    assert (found.cpu.cores_used, found.cpu.cores_total, found.cpu.usage_percent) == (2.0, None, None)


def test_sums_of_nothing_and_of_what_is_unknown_are_unknown() -> None:
    assert total([]) == UNKNOWN
    assert total([Amounts(1.0, 1), Amounts(None, 2)]) == Amounts(None, 3)
    assert total([Amounts(0.0, 0), Amounts(0.5, 2)]) == Amounts(0.5, 2)


@pytest.mark.parametrize("document", [None, {}, {"limits": None}, {"limits": []}, {"limits": {"cpu": None}}])
def test_amounts_that_are_not_there_are_unknown(document: Any) -> None:
    assert read_amounts(document, "limits") == UNKNOWN
