# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks ask of an API server, counted on the way to it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy
from .controller import INFO, MODULE
from .kubernetes_engine import through
from .manifests import NEVER_SCHEDULED, deployment, pod_spec
from .space import PATIENCE
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Run
    from .space import Space

FLEET = ("red", "green", "blue")
# So many of one kind are found in one list.
SHELF = [f"shelf-{number:02}" for number in range(20)]
# What tells which kinds and versions a server has.
DISCOVERY = r"^GET (/version|/api|/apis|/api/v1|/apis/[^/]+(/v\w+)?)(\?|$)"


def before_the_wait(proxy: ApiProxy) -> list[str]:
    """Return the requests up to the last one that changed something."""
    last = max(number for number, request in enumerate(proxy.requests) if not request.startswith("GET"))
    return proxy.requests[: last + 1]


def waiting(proxy: ApiProxy) -> list[str]:
    """Return the requests after the last one that changed something."""
    return proxy.requests[len(before_the_wait(proxy)) :]


class Asked:
    """Tasks that follow each other, each through a proxy of its own."""

    def __init__(self, run: Run, proxies: Mapping[str, ApiProxy]) -> None:
        """Take what became of them, and what they asked."""
        self.run = run
        self.proxies = proxies

    def __getitem__(self, name: str) -> ApiProxy:
        """Return what a task asked, which has to have succeeded."""
        assert self.run.task(name).status == "ok", self.run.task(name).result["msg"]
        return self.proxies[name]


@pytest.fixture(scope="module")
def asked(controller: Controller, space: Space) -> Iterator[Asked]:
    """Stop and start in one play."""
    # Pods that are never scheduled cost nothing, and are stopped as all others are.
    idle = [deployment(name, 10, pod_spec(pod=NEVER_SCHEDULED)) for name in FLEET]
    space.make(deployment("by-pod", 2), deployment("by-name", 2), *idle, *(deployment(name, 0) for name in SHELF))
    space.await_ready("by-pod", 2)
    space.await_ready("by-name", 2)
    poll(lambda: all(len(space.pods(name)) == 10 for name in FLEET), "there are 30 pods", seconds=PATIENCE)
    names = [name for app in FLEET for name in space.pod_names(app)]
    deployments = f"{space.namespace}/deployment"
    by_name = {"name": f"{deployments}/by-name"}
    tasks: dict[str, tuple[str, dict[str, Any]]] = {
        "predict": (MODULE, {"name": space.pod_names("by-pod")[0], "state": "stopped"}),
        "stop by pod": (MODULE, {"name": space.pod_names("by-pod")[0], "state": "stopped"}),
        "stop by name": (MODULE, {**by_name, "state": "stopped"}),
        "stop again": (MODULE, {**by_name, "state": "stopped"}),
        "start by name": (MODULE, {**by_name, "state": "started"}),
        "stop 30 pods": (MODULE, {"names": names, "state": "stopped", "max_concurrent": 3}),
        "stop 20 by name": (MODULE, {"names": [f"{deployments}/{name}" for name in SHELF], "state": "stopped"}),
        "stop 20 named plainly": (MODULE, {"names": SHELF, "state": "stopped"}),
        "list what runs": (INFO, {"all": False}),
    }
    with ExitStack() as stack:
        proxies = {name: stack.enter_context(ApiProxy(space.cluster)) for name in tasks}
        run = controller.play(
            [
                {
                    "name": name,
                    module: {**through(proxies[name], space.namespace), **arguments},
                    "check_mode": name == "predict",
                }
                for name, (module, arguments) in tasks.items()
            ]
        )
        yield Asked(run, proxies)


def test_a_stop_by_the_name_of_a_pod_takes_three_reads_and_one_patch(asked: Asked, space: Space) -> None:
    requests = before_the_wait(asked["stop by pod"])
    place = f"/namespaces/{space.namespace}"
    assert [request.partition(place)[0] for request in requests] == [
        "GET /api/v1",
        "GET /apis/apps/v1",
        "GET /apis/apps/v1",
        "PATCH /apis/apps/v1",
    ]
    assert [request.partition(place)[2].split("/")[1] for request in requests] == [
        "pods",
        "replicasets",
        "deployments",
        "deployments",
    ]


def test_a_stop_by_namespace_kind_and_name_takes_one_read_and_one_patch(asked: Asked, space: Space) -> None:
    path = f"/apis/apps/v1/namespaces/{space.namespace}/deployments/by-name"
    assert before_the_wait(asked["stop by name"]) == [f"GET {path}", f"PATCH {path}"]


def test_nothing_is_discovered(asked: Asked) -> None:
    for name in asked.proxies:
        assert asked[name].count(DISCOVERY) == 0, asked[name].requests


def test_a_wait_watches_and_does_not_poll(asked: Asked) -> None:
    assert any("watch=1" in request for request in waiting(asked["start by name"]))
    assert len(waiting(asked["start by name"])) <= 20, asked["start by name"].requests


def test_a_prediction_asks_what_the_stop_asks_as_a_dry_run_and_who_else_scales_it(asked: Asked) -> None:
    *requests, autoscalers = asked["predict"].requests
    *reads, patch = before_the_wait(asked["stop by pod"])
    assert requests == [*reads, f"{patch}?dryRun=All"]
    assert "GET /apis/autoscaling/" in autoscalers


def test_what_is_stopped_already_is_only_read(asked: Asked, space: Space) -> None:
    path = f"/apis/apps/v1/namespaces/{space.namespace}/deployments/by-name"
    assert asked["stop again"].requests == [f"GET {path}"]


def test_thirty_pods_of_three_deployments_are_stopped_by_three_patches(asked: Asked, space: Space) -> None:
    proxy = asked["stop 30 pods"]
    results = asked.run.task("stop 30 pods").result["results"]
    assert len(results) == 30
    assert {(one["success"], one["replicas_before"], one["replicas_after"]) for one in results} == {(True, 10, 0)}
    assert [one["owner"]["name"] for one in results] == [name for name in FLEET for _pod in range(10)]
    assert proxy.count("^(?!GET)") == 3
    # So many pods are found in one list, and none is asked for by itself.
    assert proxy.count(r"^GET /api/v1/namespaces/[^/]+/pods/") == 0
    assert all(space.get("Deployment", name)["spec"]["replicas"] == 0 for name in FLEET)


def test_twenty_workloads_of_one_kind_are_one_list(asked: Asked, space: Space) -> None:
    (request,) = asked["stop 20 by name"].requests
    assert request.partition("?")[0] == f"GET /apis/apps/v1/namespaces/{space.namespace}/deployments"


def test_twenty_workloads_named_plainly_are_a_list_of_each_kind(asked: Asked, space: Space) -> None:
    asked_for = [request.partition("?")[0] for request in asked["stop 20 named plainly"].requests]
    assert len(set(asked_for)) == len(asked_for)
    assert f"GET /apis/apps/v1/namespaces/{space.namespace}/deployments" in asked_for
    assert not [request for request in asked_for if any(name in request for name in SHELF)]
    results = asked.run.task("stop 20 named plainly").result["results"]
    assert [(one["owner"]["kind"], one["owner"]["name"]) for one in results] == [("Deployment", name) for name in SHELF]


def test_a_list_of_what_runs_is_one_request(asked: Asked) -> None:
    assert len(asked["list what runs"].requests) == 1, asked["list what runs"].requests
