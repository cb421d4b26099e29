# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workloads with replicas: how many there were is remembered while they are stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest

from .controller import INFO, MODULE
from .herd import WORD, Herder
from .manifests import deployment, replica_set, replication_controller, stateful_set
from .space import PATIENCE
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Task
    from .space import Space

REMEMBERED = "nekzus.io/replicas"
WORKLOADS: Mapping[str, Callable[[str, int], dict[str, Any]]] = {
    "deployment": deployment,
    "statefulset": stateful_set,
    "replicaset": replica_set,
    "replicationcontroller": replication_controller,
}


@pytest.fixture(scope="module")
def herder(space: Space) -> Iterator[Herder]:
    """Have a custom kind."""
    with Herder(space) as herder:
        yield herder


def outcome(task: Task) -> tuple[Any, ...]:
    """Return what matters of a task on one target."""
    assert task.status == "ok", task.result["msg"]
    (result,) = task.result["results"]
    assert (result["success"], result["failure"]) == (True, None)
    return (
        task.result["changed"],
        (result["state_before"], result["state_after"]),
        (result["replicas_before"], result["replicas_after"]),
    )


def stop_and_start(controller: Controller, space: Space, app: str, word: str) -> None:
    """Stop five replicas by the name of a pod, start them by the same name, and see that it is as it should be."""
    space.await_ready(app, 5)
    pod = space.pod_names(app)[2]
    target = {**space.options, "name": pod}
    workload = f"{space.namespace}/{word}/{app}"
    run = controller.play(
        [
            {"name": "predict", MODULE: {**target, "state": "stopped"}, "check_mode": True, "diff": True},
            {"name": "stop", MODULE: {**target, "state": "stopped"}, "diff": True},
            {"name": "list", INFO: {**space.options, "filters": {"name": [f"{app}*"]}}},
            {"name": "stop again", MODULE: {**target, "state": "stopped"}},
            {"name": "start", MODULE: {**target, "state": "started"}},
            {"name": "start again", MODULE: {**target, "state": "started"}},
            {"name": "start by workload", MODULE: {**space.options, "name": workload, "state": "started"}},
        ]
    )
    predicted, stopped = run.task("predict"), run.task("stop")
    assert outcome(predicted) == outcome(stopped) == (True, ("running", "stopped"), (5, 0))
    assert predicted.result["results"] == stopped.result["results"]
    assert predicted.result["diff"] == stopped.result["diff"]
    (address,) = stopped.result["diff"]["before"]
    assert stopped.result["diff"]["before"][address] == {"state": "running", "replicas": 5}
    (result,) = stopped.result["results"]
    assert (result["address"], result["id"]) == (f"kubernetes/{space.namespace}/{pod}", pod)
    assert result["owner"]["name"] == app
    assert result["owner_chain"][-1] == result["owner"]

    (listed,) = run.task("list").result["containers"]
    assert (listed["state"], listed["ready"]) == ("stopped", False)
    assert listed["address"] == f"kubernetes/{workload}"

    assert outcome(run.task("stop again")) == (False, ("stopped", "stopped"), (0, 0))
    assert outcome(run.task("start")) == (True, ("stopped", "running"), (0, 5))
    assert space.ready(app) == 5
    assert outcome(run.task("start again"))[0] is False
    assert outcome(run.task("start by workload")) == (False, ("running", "running"), (5, 5))
    assert space.ready(app) == 5


@pytest.mark.parametrize("word", WORKLOADS)
def test_a_workload_stopped_by_the_name_of_a_pod_starts_by_it_with_all_its_replicas(
    controller: Controller, space: Space, word: str
) -> None:
    app = f"five-{word[:11]}"
    manifest = WORKLOADS[word](app, 5)
    space.make(manifest)
    stop_and_start(controller, space, app, word)
    space.cluster.delete(space.path(manifest["kind"], app))


def test_a_custom_kind_with_a_scale_is_stopped_and_started_likewise(
    controller: Controller, space: Space, herder: Herder
) -> None:
    herder.make("five-herd", 5)
    stop_and_start(controller, space, "five-herd", WORD)


def test_the_count_is_remembered_on_the_workload_and_forgotten_when_it_starts(
    controller: Controller, space: Space
) -> None:
    space.make(deployment("kept", 3))
    space.await_ready("kept", 3)

    def remembered() -> object:
        return space.get("Deployment", "kept")["metadata"]["annotations"].get(REMEMBERED)

    target = {**space.options, "name": "kept"}
    assert outcome(controller.play([{"name": "stop", MODULE: {**target, "state": "stopped"}}]).task("stop"))[0]
    assert remembered() == "3"
    again = controller.play([{"name": "stop", MODULE: {**target, "state": "stopped"}}]).task("stop")
    assert outcome(again) == (False, ("stopped", "stopped"), (0, 0))
    assert remembered() == "3"
    started = controller.play([{"name": "start", MODULE: {**target, "state": "started"}}]).task("start")
    assert outcome(started) == (True, ("stopped", "running"), (0, 3))
    assert remembered() is None


def test_a_start_never_shrinks_what_runs_and_can_ask_for_more(controller: Controller, space: Space) -> None:
    space.make(deployment("grows", 3), deployment("by-hand", 0))
    space.await_ready("grows", 3)
    run = controller.play(
        [
            {"name": "fewer", MODULE: {**space.options, "name": "grows", "state": "started", "replicas": 2}},
            {"name": "more", MODULE: {**space.options, "name": "grows", "state": "started", "replicas": 4}},
            {"name": "one", MODULE: {**space.options, "name": "by-hand", "state": "started"}},
        ]
    )
    assert outcome(run.task("fewer")) == (False, ("running", "running"), (3, 3))
    assert outcome(run.task("more")) == (True, ("running", "running"), (3, 4))
    assert outcome(run.task("one")) == (True, ("stopped", "running"), (0, 1))
    assert (space.ready("grows"), space.ready("by-hand")) == (4, 1)


def test_restarting_a_pod_replaces_that_pod_and_restarting_a_workload_all_of_them(
    controller: Controller, space: Space
) -> None:
    space.make(deployment("again", 2))
    space.await_ready("again", 2)

    def uids() -> set[str]:
        return {pod["metadata"]["uid"] for pod in space.pods("again")}

    def restart(name: str, **options: str) -> None:
        task = {"name": "restart", MODULE: {**space.options, "name": name, "state": "restarted", **options}}
        changed, _states, replicas = outcome(controller.play([task]).task("restart"))
        assert (changed, replicas) == (True, (2, 2))
        poll(lambda: len(space.pods("again")) == 2 == space.ready("again"), "two run", seconds=PATIENCE)

    before = uids()
    restart(space.pod_names("again")[0])
    by_pod = uids()
    restart("again")
    by_workload = uids()
    restart("again", restart_method="recreate")
    assert len(before & by_pod) == 1
    assert not by_pod & by_workload
    assert not by_workload & uids()


def test_a_replica_set_that_lost_its_deployment_is_scaled_itself(controller: Controller, space: Space) -> None:
    space.make(deployment("orphan", 2))
    space.await_ready("orphan", 2)
    body = {"propagationPolicy": "Orphan"}
    space.cluster.call("DELETE", space.path("Deployment", "orphan"), body)
    poll(lambda: space.cluster.find(space.path("Deployment", "orphan")) is None, "the Deployment is gone")
    (left,) = space.cluster.items(space.path("ReplicaSet"), {"app": "orphan"})
    poll(
        lambda: "ownerReferences" not in space.get("ReplicaSet", left["metadata"]["name"])["metadata"],
        "nothing owns the ReplicaSet",
    )
    pod = space.pod_names("orphan")[0]
    states = ("stopped", "started")
    run = controller.play([{"name": state, MODULE: {**space.options, "name": pod, "state": state}} for state in states])
    assert outcome(run.task("stopped")) == (True, ("running", "stopped"), (2, 0))
    assert run.task("stopped").result["results"][0]["owner"]["kind"] == "ReplicaSet"
    assert outcome(run.task("started")) == (True, ("stopped", "running"), (0, 2))
