# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pods use on a real cluster, and what becomes of a task where the metrics API tells nothing."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy
from .manifests import deployment, pod, pod_spec
from .measuring import LIMITS, METRICS, STATS, await_measured, burner, filled, options, steady
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .cluster import Cluster
    from .controller import Controller, Run
    from .space import Space

MIB = 2**20
REQUESTS = {"cpu": "10m", "memory": "16Mi"}
PODS = ("burner", "requesting", "plain", "mixed")
NO_SERVER, DOWN = b"404 page not found", "the server is currently unable to handle the request"
EMPTY = b'{"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[]}'


@pytest.fixture(scope="module")
def measured(space: Space) -> Space:
    """Have pods of all sorts, each with numbers."""
    mixed = pod_spec(resources={"limits": LIMITS})
    mixed["containers"].append({**mixed["containers"][0], "name": "second", "resources": {"requests": REQUESTS}})
    space.make(
        burner(),
        pod("requesting", pod_spec(resources={"requests": REQUESTS})),
        pod("plain"),
        pod("mixed", mixed),
        deployment("web", 3, pod_spec(resources={"limits": LIMITS})),
        deployment("idle", 0),
    )
    for name in PODS:
        space.await_ready(name)
    space.await_ready("web", 3)
    await_measured(space)
    return space


class Measured:
    """What tasks told, and what they asked."""

    def __init__(self, run: Run, proxies: Mapping[str, ApiProxy]) -> None:
        """Take what became of them, each through a proxy of its own."""
        self.run = run
        self.proxies = proxies

    def ok(self, name: str) -> Mapping[str, Any]:
        """Return the result of a task that has succeeded."""
        task = self.run.task(name)
        assert task.status == "ok", task.result["msg"]
        return task.result

    def one(self, name: str) -> Mapping[str, Any]:
        """Return the only thing a task has measured."""
        (found,) = self.ok(name)["stats"]
        assert isinstance(found, dict)
        return found


# What a task is told, and what happens to its requests for metrics.
TASKS: Mapping[str, tuple[dict[str, Any], Sequence[Rule]]] = {
    "limit": ({"name": "burner"}, ()),
    "request": ({"name": "requesting"}, ()),
    "allocatable": ({"name": "plain"}, ()),
    "two containers": ({"name": "mixed"}, ()),
    "workload": ({"name": "NS/deployment/web"}, ()),
    "stopped": ({"name": "NS/deployment/idle"}, ()),
    "all": ({"namespaces": ["NS"], "all": True, "sort_by": "cpu"}, ()),
    "not installed": ({"name": "burner"}, [Rule(METRICS, status=404, message=NO_SERVER)]),
    "down": ({"name": "burner"}, [Rule(METRICS, status=503, message=DOWN)]),
    "young": ({"name": "burner"}, [Rule(METRICS, status=200, message=EMPTY)]),
    "required": ({"name": "burner", "require_metrics": True}, [Rule(METRICS, status=404, message=NO_SERVER)]),
    "switched off": ({"name": "burner", "runtimes": {"kubernetes": {"metrics_server": False}}}, ()),
}
UNAVAILABLE = ("not installed", "down", "young", "switched off")


@pytest.fixture(scope="module")
def told(controller: Controller, measured: Space) -> Iterator[Measured]:
    """Measure in one play."""
    with ExitStack() as stack:
        proxies = {
            name: stack.enter_context(ApiProxy(measured.cluster, *rules, steady(measured)))
            for name, (_told, rules) in TASKS.items()
        }
        tasks = [
            {"name": name, STATS: options(proxies[name], measured, told)} for name, (told, _rules) in TASKS.items()
        ]
        yield Measured(controller.play(tasks), proxies)


def test_a_pod_that_burns_its_limit_is_near_to_it(told: Measured, measured: Space) -> None:
    found = told.one("limit")
    assert (found["runtime"], found["namespace"], found["name"]) == ("kubernetes", measured.namespace, "burner")
    assert (found["cpu"]["percent_of"], found["cpu"]["cores_total"]) == ("limit", 0.1)
    assert 60 < found["cpu"]["usage_percent"] < 140
    assert found["cpu"]["usage_percent"] == pytest.approx(found["cpu"]["cores_used"] * 1000)
    memory = found["memory"]
    assert (memory["percent_of"], memory["limit_bytes"]) == ("limit", 64 * MIB)
    assert 0 < memory["used_bytes"] < 64 * MIB
    assert memory["available_bytes"] == 64 * MIB - memory["used_bytes"]
    assert memory["usage_percent"] == pytest.approx(100 * memory["used_bytes"] / (64 * MIB))
    assert found["timestamp"].endswith("Z")
    assert found["window_seconds"] > 0
    assert told.ok("limit")["metrics_available"] is True


def test_what_metrics_do_not_tell_is_none(told: Measured) -> None:
    found = told.one("limit")
    assert found["network"] == {"rx_bytes": None, "tx_bytes": None}
    assert found["block_io"] == {"read_bytes": None, "write_bytes": None}
    assert found["pids"] is None


def test_without_a_limit_it_is_of_the_request(told: Measured) -> None:
    found = told.one("request")
    assert (found["cpu"]["percent_of"], found["memory"]["percent_of"]) == ("request", "request")
    assert found["memory"]["usage_percent"] == pytest.approx(100 * found["memory"]["used_bytes"] / (16 * MIB))
    assert found["cpu"]["cores_total"] >= 1


def test_without_either_it_is_of_what_the_node_has(told: Measured, cluster: Cluster, measured: Space) -> None:
    found = told.one("allocatable")
    node = cluster.call("GET", f"/api/v1/nodes/{measured.get('Pod', 'plain')['spec']['nodeName']}")
    assert found["cpu"]["percent_of"] == found["memory"]["percent_of"] == "allocatable"
    assert found["cpu"]["cores_total"] == int(node["status"]["allocatable"]["cpu"])
    assert found["memory"]["limit_bytes"] == int(node["status"]["allocatable"]["memory"].removesuffix("Ki")) * 1024
    assert 0 < found["memory"]["usage_percent"] < 5


def test_each_container_of_a_pod_is_of_its_own(told: Measured) -> None:
    found = told.one("two containers")
    assert [(one["name"], one["pod"]) for one in found["containers"]] == [("main", "mixed"), ("second", "mixed")]
    assert [one["cpu"]["percent_of"] for one in found["containers"]] == ["limit", "request"]
    used = [one["memory"]["used_bytes"] for one in found["containers"]]
    assert found["memory"]["used_bytes"] == sum(used)
    # The API server takes a limit for a request where there is none.
    assert (found["memory"]["percent_of"], found["cpu"]["percent_of"]) == ("request", "request")
    assert found["memory"]["usage_percent"] == pytest.approx(100 * sum(used) / (80 * MIB))


def test_a_deployment_is_the_sum_of_its_pods(told: Measured, measured: Space) -> None:
    found = told.one("workload")
    assert [one["pod"] for one in found["containers"]] == measured.pod_names("web")
    assert found["memory"]["used_bytes"] == sum(one["memory"]["used_bytes"] for one in found["containers"])
    assert (found["memory"]["limit_bytes"], found["memory"]["percent_of"]) == (192 * MIB, "limit")
    assert found["cpu"]["cores_total"] == pytest.approx(0.3)


def test_what_is_stopped_has_no_numbers_and_is_no_fault(told: Measured) -> None:
    found, result = told.one("stopped"), told.ok("stopped")
    assert found["cpu"]["cores_used"] is found["memory"]["used_bytes"] is found["timestamp"] is None
    assert result["metrics_available"] is True
    assert not result.get("warnings")
    assert told.proxies["stopped"].count(METRICS) == 0


def test_all_pods_of_a_namespace_are_one_request(told: Measured, measured: Space) -> None:
    found = {one["name"]: one for one in told.ok("all")["stats"]}
    assert set(found) == {*PODS, *measured.pod_names("web"), "idle"}
    assert next(iter(found)) == "burner"
    assert told.proxies["all"].count(METRICS) == 1


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_without_metrics_a_task_succeeds_and_says_so(told: Measured, name: str) -> None:
    result, found = told.ok(name), told.one(name)
    assert (result["metrics_available"], result["cached"], result["changed"]) == (False, False, False)
    assert found["name"] == "burner"
    assert found["cpu"] == {"usage_percent": None, "percent_of": None, "cores_used": None, "cores_total": None}
    assert set(found["memory"].values()) == {None}
    assert found["containers"] == []


@pytest.mark.parametrize(
    ("name", "words", "remedy"),
    [
        ("not installed", "metrics.k8s.io is not served", "install Metrics Server: https://"),
        ("down", "the server of metrics.k8s.io does not answer", "kubectl get apiservice v1beta1.metrics.k8s.io"),
        ("young", "there is no sample yet of NS/burner", "until: result.metrics_available"),
        ("switched off", "metrics are switched off", "set runtimes.kubernetes.metrics_server to true"),
    ],
)
def test_the_warning_says_why_and_what_to_do(
    told: Measured, measured: Space, name: str, words: str, remedy: str
) -> None:
    (warning,) = told.ok(name)["warnings"]
    assert filled(words, measured.namespace) in warning
    assert remedy in warning


def test_a_server_that_is_down_is_not_waited_for_long(told: Measured) -> None:
    times = told.proxies["down"].times
    assert times[-1] - times[0] < 15
    assert told.proxies["down"].count(METRICS) == 3


def test_metrics_that_are_switched_off_are_not_asked_for(told: Measured) -> None:
    assert told.proxies["switched off"].count(METRICS) == 0


def test_who_requires_metrics_fails_without(told: Measured) -> None:
    failure = told.run.task("required").failure
    assert (failure["code"], failure["runtime"]) == ("metrics_unavailable", "kubernetes")
    assert "install Metrics Server" in failure["hint"]
