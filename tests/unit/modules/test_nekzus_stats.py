# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_stats, through its real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ContainerNotFoundError,
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    DEPLOYMENT,
    POD,
    POD_METRICS,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

MIB = 2**20
BOUND = [{"name": "app", "image": "busybox", "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}}]
NOT_SERVED = RuntimeUnavailableError("the server is currently unable to handle the request", hint="see its pods")


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    """Return a cluster with a Deployment of two pods that have limits and samples."""
    found = FakeKubernetes(docker.clock)
    found.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=2, containers=BOUND))
    return found


@pytest.fixture
def both(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return the module over a daemon and a cluster."""
    return ModuleRun("nekzus_stats", docker, monkeypatch, kubernetes)


def names(result: dict[str, Any]) -> list[str]:
    return [one["name"] for one in result["stats"]]


def metrics_requests(kubernetes: FakeKubernetes) -> int:
    return sum(call.kind == POD_METRICS.rule for call in kubernetes.calls)


def test_what_a_container_uses_is_told_in_plain_json(stats: ModuleRun, docker: FakeDocker) -> None:
    web = docker.add("web", cores_used=0.5)
    result = stats(name="web").success
    result.pop("invocation")
    (found,) = result.pop("stats")
    assert result == {"changed": False, "metrics_available": True, "cached": False}
    cpu = {"usage_percent": pytest.approx(50, rel=1e-3), "percent_of": "core", "cores_used": pytest.approx(0.5)}
    cpu["cores_total"] = 2
    memory = {"usage_percent": 25.0, "percent_of": "limit", "used_bytes": 2_000_000, "limit_bytes": 8_000_000}
    memory["available_bytes"] = 6_000_000
    assert found == {
        "address": "docker/web",
        "id": web.id,
        "short_id": web.id[:12],
        "runtime": "docker",
        "namespace": "",
        "name": "web",
        "state": "running",
        "cpu": cpu,
        "memory": memory,
        "network": {"rx_bytes": 101, "tx_bytes": 12},
        "block_io": {"read_bytes": 0, "write_bytes": 0},
        "pids": 3,
        "containers": [{"name": "web", "pod": "", "cpu": cpu, "memory": memory}],
        "timestamp": "2026-09-21T14:30:01Z",
        "window_seconds": 1.0,
    }
    assert docker.writes == []
    assert docker.closed


def test_a_workload_is_told_in_the_same_form(both: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db")
    db, web = both(names=["docker/db", "default/deployment/web"]).success["stats"]
    assert set(db) == set(web)
    for key in ("cpu", "memory", "network", "block_io"):
        assert set(db[key]) == set(web[key])
    assert (web["address"], web["id"]) == ("kubernetes/default/deployment/web", "web")
    assert web["cpu"] == {"usage_percent": 50.0, "percent_of": "limit", "cores_used": 0.5, "cores_total": 1.0}
    assert web["memory"]["used_bytes"] == 128 * MIB
    assert (web["network"], web["pids"]) == ({"rx_bytes": None, "tx_bytes": None}, None)
    assert [(one["name"], one["cpu"]["cores_used"]) for one in web["containers"]] == [("app", 0.25)] * 2
    assert web["window_seconds"] == 10.0


def test_results_come_in_the_order_of_the_names_in_check_mode_too(stats: ModuleRun, docker: FakeDocker) -> None:
    for name in ("a", "b", "c"):
        docker.add(name)
    for check in (False, True):
        assert names(stats(check=check, names=["c", "a", "b", "a"]).success) == ["c", "a", "b", "a"]
    assert docker.writes == []


def test_a_selection_comes_by_name_and_is_of_what_runs(stats: ModuleRun, docker: FakeDocker) -> None:
    for name, state in (("web", "running"), ("db", "paused"), ("old", "exited")):
        docker.add(name, state=state)
    assert names(stats().success) == ["db", "web"]
    assert names(stats(filters={"name": ["w*"]}).success) == ["web"]
    everything = stats(all=True).success
    assert names(everything) == ["db", "old", "web"]
    assert everything["metrics_available"] is True


def test_nothing_is_no_error(stats: ModuleRun) -> None:
    result = stats().success
    assert (result["stats"], result["metrics_available"], result["cached"]) == ([], True, False)


@pytest.mark.parametrize("state", ["exited", "created", "restarting", "dead"])
def test_a_named_one_that_does_not_run_has_no_numbers_beside_one_that_has(
    stats: ModuleRun, docker: FakeDocker, state: str
) -> None:
    docker.add("old", state=state)
    docker.add("web")
    outcome = stats(names=["old", "web"], require_metrics=True)
    old, web = outcome.success["stats"]
    nothing = {"usage_percent": None, "percent_of": None}
    assert old["cpu"] == {**nothing, "cores_used": None, "cores_total": None}
    assert old["memory"] == {**nothing, "used_bytes": None, "limit_bytes": None, "available_bytes": None}
    assert (old["pids"], old["timestamp"], old["window_seconds"], old["containers"]) == (None, None, None, [])
    assert web["memory"]["used_bytes"] == 2_000_000
    assert outcome.result["metrics_available"] is True
    assert outcome.warnings == []


def test_a_measured_zero_is_no_unknown(stats: ModuleRun, docker: FakeDocker) -> None:
    docker.add("idle", cores_used=0.0)
    (found,) = stats(name="idle").success["stats"]
    assert (found["cpu"]["usage_percent"], found["cpu"]["cores_used"], found["block_io"]["read_bytes"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["mid", "old", "low", "top"]),
        ({"sort_by": "cpu"}, ["top", "mid", "low", "old"]),
        ({"sort_by": "cpu", "top": 2}, ["top", "mid"]),
        ({"top": 1}, ["top"]),
        ({"top": 100}, ["top", "mid", "low", "old"]),
        # All that are known use the same, and stay as they were.
        ({"sort_by": "memory"}, ["mid", "low", "top", "old"]),
        ({"sort_by": "network", "top": 2}, ["mid", "low"]),
        ({"sort_by": "block_io"}, ["mid", "low", "top", "old"]),
        ({"sort_by": "pids"}, ["mid", "low", "top", "old"]),
    ],
    ids=str,
)
def test_the_greatest_come_first_and_the_unknown_last(
    stats: ModuleRun, docker: FakeDocker, options: dict[str, Any], expected: list[str]
) -> None:
    for name, cores in (("low", 0.1), ("mid", 0.5), ("top", 1.5)):
        docker.add(name, cores_used=cores)
    docker.add("old", state="exited")
    assert names(stats(names=["mid", "old", "low", "top"], **options).success) == expected


@pytest.mark.parametrize("top", [0, -1])
def test_so_few_cannot_be_shown(stats: ModuleRun, docker: FakeDocker, top: int) -> None:
    outcome = stats(name="web", top=top)
    assert outcome.failure["code"] == "invalid_config"
    assert outcome.result["msg"] == f"top must be at least 1, not {top}. Hint: say how many to show."
    assert docker.calls == []


def test_a_missing_one_fails_and_the_others_are_still_returned(stats: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    docker.add("db", cores_used=1.0)
    outcome = stats(names=["wbe", "web", "db"], top=1)
    assert outcome.failure == {
        "code": "container_not_found",
        "message": "docker: cannot measure wbe: there is no such container",
        "runtime": "docker",
        "op": "measure",
        "target": "wbe",
        "hint": "did you mean web?",
    }
    assert outcome.result["msg"].startswith("1 of 3 targets failed: wbe (container_not_found). The first: ")
    assert names(outcome.result) == ["db"]
    assert outcome.result["metrics_available"] is True


def test_one_that_vanishes_or_breaks_fails_alone(stats: ModuleRun, docker: FakeDocker) -> None:
    for name in ("a", "b", "c"):
        docker.add(name)
    docker.fail("stats", ContainerNotFoundError("No such container: a"), name="a", nth=0)
    docker.fail("stats", ApiError("it broke (HTTP 500)", hint="see its log"), name="b", nth=0)
    outcome = stats(names=["a", "b", "c"])
    assert (outcome.failure["code"], outcome.failure["target"]) == ("container_not_found", "a")
    assert "b (api_error)" in outcome.result["msg"]
    assert names(outcome.result) == ["c"]


def test_a_selected_one_that_vanishes_is_left_out(stats: ModuleRun, docker: FakeDocker) -> None:
    docker.add("a")
    docker.add("b")
    docker.fail("stats", ContainerNotFoundError("No such container: a"), name="a", nth=0)
    assert names(stats().success) == ["b"]


@pytest.mark.parametrize("check", [False, True])
def test_numbers_are_asked_for_once_in_half_a_minute_in_check_mode_too(
    both: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes, *, check: bool
) -> None:
    first = both(name="default/web").success
    again = both(check=check, name="default/web").success
    assert (first["cached"], again["cached"]) == (False, True)
    assert first["stats"] == again["stats"]
    assert metrics_requests(kubernetes) == 1
    docker.clock.sleep(31)
    assert both(name="default/web").success["cached"] is False
    assert metrics_requests(kubernetes) == 2


def test_nothing_is_kept_where_that_is_said(both: ModuleRun, kubernetes: FakeKubernetes) -> None:
    options: dict[str, Any] = {"name": "default/web", "runtimes": {"kubernetes": {"metrics_cache_ttl": "0s"}}}
    assert [both(**options).success["cached"] for _time in range(2)] == [False, False]
    assert metrics_requests(kubernetes) == 2


FORBIDDEN = PermissionDeniedError("forbidden", hint="grant list on pods.metrics.k8s.io in namespace default")


@pytest.mark.parametrize(
    ("error", "options", "remedy"),
    [
        pytest.param(None, {}, "install Metrics Server", id="not installed"),
        pytest.param(NOT_SERVED, {}, "see its pods", id="down"),
        pytest.param(FORBIDDEN, {}, "grant list on pods.metrics.k8s.io", id="forbidden"),
        pytest.param(
            None, {"runtimes": {"kubernetes": {"metrics_server": False}}}, "set runtimes.kubernetes.m", id="off"
        ),
    ],
)
def test_without_metrics_the_task_succeeds_with_a_warning_unless_they_are_required(
    both: ModuleRun, kubernetes: FakeKubernetes, error: Any, options: dict[str, Any], remedy: str
) -> None:
    if error:
        kubernetes.fail("LIST", error, kind=POD_METRICS.rule, nth=0)
    else:
        kubernetes.cluster.served.discard(f"{POD_METRICS.api_version}/{POD_METRICS.plural}")
    outcome = both(name="default/web", **options)
    (found,) = outcome.success["stats"]
    assert (found["cpu"]["cores_used"], found["memory"]["used_bytes"], found["timestamp"]) == (None, None, None)
    assert (outcome.result["metrics_available"], outcome.result["cached"]) == (False, False)
    (warning,) = outcome.warnings
    assert remedy in warning
    failure = both(name="default/web", require_metrics=True, **options).failure
    assert (failure["code"], failure["runtime"], failure["op"]) == ("metrics_unavailable", "kubernetes", "measure")
    assert remedy in failure["hint"]


def test_a_young_pod_is_unknown_until_it_has_a_sample(
    both: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes
) -> None:
    kubernetes.cluster.add(POD, pod("young"), age=1)
    outcome = both(name="default/young")
    assert outcome.success["metrics_available"] is False
    assert "there is no sample yet of default/young" in outcome.warnings[0]
    docker.clock.sleep(20)
    outcome = both(name="default/young")
    assert outcome.success["metrics_available"] is True
    assert outcome.result["stats"][0]["cpu"]["cores_used"] == 0.25


def test_what_is_required_fails_with_the_numbers_there_are(
    both: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes
) -> None:
    docker.add("db")
    kubernetes.cluster.add(POD, pod("young"), age=1)
    outcome = both(names=["docker/db", "default/young", "default/web"], require_metrics=True)
    assert outcome.failure["code"] == "metrics_unavailable"
    message = "kubernetes: cannot measure: there is no sample yet of default/young"
    assert outcome.failure["message"] == message
    assert outcome.result["msg"].startswith(f"{message}. Hint: ")
    assert outcome.result["metrics_available"] is False
    assert [one["cpu"]["cores_used"] for one in outcome.result["stats"]] == [pytest.approx(0.5), None, 0.5]


def test_a_missing_name_is_told_though_metrics_are_required_and_missing(
    both: ModuleRun, kubernetes: FakeKubernetes
) -> None:
    kubernetes.cluster.served.discard(f"{POD_METRICS.api_version}/{POD_METRICS.plural}")
    outcome = both(names=["default/wbe", "default/web"], require_metrics=True)
    assert outcome.failure["code"] == "container_not_found"
    assert "install Metrics Server" in "".join(outcome.warnings)
