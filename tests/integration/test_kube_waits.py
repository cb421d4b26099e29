# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workloads that become ready, late or never, and what is told of them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy, path_of
from .controller import MODULE
from .kubernetes_engine import through
from .manifests import NEVER_SCHEDULED, deployment, pod, pod_spec
from .space import PATIENCE, is_ready
from .yard import LIVES, poll

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Run
    from .space import Space

SECRET = "hunter2-and-more"  # noqa: S105 - of a test
# What nothing but its name in a line tells to be one.
TOKEN = "a1b2c3d4e5f6"  # noqa: S105 - of a test
# Long enough for a slow machine; what ends early ends in half of it.
PATIENT, EARLY = 120, 60
BRIEF = 4
# Of no registry that there is: a pull fails at once, on every machine.
NO_IMAGE: dict[str, Any] = {"image": "registry.invalid/nothing:1"}


def probe(script: str) -> dict[str, Any]:
    """Return a readiness probe that runs every second."""
    return {"readinessProbe": {"exec": {"command": ["sh", "-c", script]}, "periodSeconds": 1, "failureThreshold": 1}}


def bad() -> dict[str, dict[str, Any]]:
    """Return pods that will never be ready, by what is wrong with them."""
    secret = [{"name": "DB_PASSWORD", "value": SECRET}]
    missing = [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "no-such-secret", "key": "key"}}}]
    return {
        "no-image": pod_spec(**NO_IMAGE),
        "crashes": pod_spec(f'echo "GET /?token={TOKEN}"; echo "no login with $DB_PASSWORD"; exit 3', env=secret),
        "nowhere": pod_spec(pod=NEVER_SCHEDULED),
        "no-secret": pod_spec(env=missing),
    }


@dataclass(frozen=True)
class Start:
    """The task that starts all of them at once, and how long it looked at each."""

    run: Run
    proxies: Mapping[str, ApiProxy]

    def failure(self, name: str) -> Mapping[str, Any]:
        """Return why one of them failed."""
        return self.run.task(name).failure

    def seconds(self, name: str) -> float:
        """Return how long the task took from its first request to its last."""
        return self.proxies[name].times[-1] - self.proxies[name].times[0]


@pytest.fixture(scope="module")
def start(controller: Controller, space: Space) -> Iterator[Start]:
    """Start each of them in a task of its own, and print as much as Ansible can."""
    specs = {
        **bad(),
        "slow": pod_spec(f"sleep 4; touch /tmp/up; {LIVES}", **probe("test -f /tmp/up")),
        "never": pod_spec(**probe("false")),
    }
    space.make(*(deployment(name, 0, spec) for name, spec in specs.items()))
    with ExitStack() as stack:
        proxies = {name: stack.enter_context(ApiProxy(space.cluster)) for name in specs}
        tasks = []
        for name, proxy in proxies.items():
            seconds = BRIEF if name == "never" else PATIENT
            target = {**through(proxy, space.namespace), "name": name, "replicas": 2}
            tasks.append({"name": name, MODULE: {**target, "state": "started", "wait_timeout": seconds}})
        yield Start(controller.play(tasks, "-vvv"), proxies)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-image", ("ErrImagePull|ImagePullBackOff", "registry.invalid/nothing:1")),
        ("crashes", ("CrashLoopBackOff", "exit code 3")),
        ("nowhere", ("Unschedulable|unschedulable|node",)),
        ("no-secret", ("CreateContainerConfigError", "no-such-secret")),
    ],
)
def test_what_will_never_be_ready_is_told_long_before_the_time_is_up(
    name: str, words: tuple[str, ...], start: Start, space: Space
) -> None:
    failure = start.failure(name)
    assert failure["code"] == "not_ready", failure
    for word in words:
        assert any(each in failure["message"] for each in word.split("|")), failure
    assert start.seconds(name) < EARLY
    result = start.run.task(name).result["results"][0]
    assert (result["changed"], result["success"], result["state_before"]) == (True, False, "stopped")
    assert result["state_after"] in ("pending", "restarting", "failed")
    # It is left as it was asked to be, for whoever mends it.
    assert space.get("Deployment", name)["spec"]["replicas"] == 2


def test_the_last_lines_of_what_crashes_are_told_without_their_secrets(start: Start) -> None:
    failure = start.failure("crashes")
    assert failure["details"]["exit_code"] == 3, failure
    assert failure["details"]["logs"] == ["GET /?token=********", "no login with ********"], failure
    assert SECRET not in start.run.output
    assert TOKEN not in start.run.output


def test_a_slow_readiness_probe_is_waited_for(start: Start, space: Space) -> None:
    task = start.run.task("slow")
    assert task.status == "ok", task.result["msg"]
    assert task.result["results"][0]["state_after"] == "running"
    assert start.seconds("slow") > 3
    assert space.ready("slow") == 2


def test_what_is_not_ready_in_time_is_told_with_how_far_it_came(start: Start) -> None:
    failure = start.failure("never")
    assert failure["code"] == "timeout", failure
    assert f"after {BRIEF} s" in failure["message"]
    assert "0/2" in failure["message"] or "not ready" in failure["message"], failure
    assert "wait_timeout" in failure["hint"]
    assert BRIEF <= start.seconds("never") < EARLY


def test_a_rollout_is_waited_for_until_the_old_pods_are_gone(controller: Controller, space: Space) -> None:
    spec = pod_spec(f"sleep 2; touch /tmp/up; {LIVES}", **probe("test -f /tmp/up"))
    space.make(deployment("rolled", 2, spec))
    space.await_ready("rolled", 2)
    before = set(space.pod_names("rolled"))
    run = controller.play([{"name": "restart", MODULE: {**space.options, "name": "rolled", "state": "restarted"}}])
    assert run.task("restart").status == "ok", run.task("restart").result["msg"]
    assert space.ready("rolled") == 2
    assert not before & {one["metadata"]["name"] for one in space.pods("rolled") if is_ready(one)}
    assert run.task("restart").result["results"][0]["replicas_after"] == 2


def test_what_ails_old_pods_does_not_fail_the_rollout_that_mends_it(controller: Controller, space: Space) -> None:
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"word": "bad"}}
    word = {"name": "WORD", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "word"}}}
    space.make(settings, deployment("mended", 1, pod_spec(f'test "$WORD" = good || exit 3; {LIVES}', env=[word])))

    def is_crashing() -> bool:
        told = [one for pod in space.pods("mended") for one in pod["status"].get("containerStatuses", ())]
        return [one["restartCount"] > 1 and "waiting" in one["state"] for one in told] == [True]

    poll(is_crashing, "the pod waits for another run", seconds=PATIENCE)
    space.cluster.patch(path_of("v1", "ConfigMap", space.namespace, "settings"), {"data": {"word": "good"}})
    run = controller.play([{"name": "restart", MODULE: {**space.options, "name": "mended", "state": "restarted"}}])
    assert run.task("restart").status == "ok", run.task("restart").result["msg"]
    assert space.ready("mended") == 1


def test_a_rollout_to_pods_that_cannot_run_is_told_early_and_the_old_ones_run_on(
    controller: Controller, space: Space
) -> None:
    space.make(deployment("bad-update", 2))
    space.await_ready("bad-update", 2)
    container = {"name": "main", **NO_IMAGE}
    strategic = {"spec": {"template": {"spec": {"containers": [container]}}}}
    path = space.path("Deployment", "bad-update")
    space.cluster.call("PATCH", path, strategic, content="application/strategic-merge-patch+json")
    options = {**space.options, "name": "bad-update", "wait_timeout": PATIENT}
    run = controller.play([{"name": "restart", MODULE: {**options, "state": "restarted"}}])
    assert run.task("restart").failure["code"] == "not_ready"
    assert "registry.invalid" in run.task("restart").failure["message"]
    assert space.ready("bad-update") >= 1


def test_without_waiting_a_start_returns_at_once(controller: Controller, space: Space) -> None:
    space.make(deployment("unattended", 0, pod_spec(pod=NEVER_SCHEDULED)))
    target = {**space.options, "name": "unattended", "state": "started", "wait": False}
    task = controller.play([{"name": "start", MODULE: target}]).task("start")
    assert task.status == "ok", task.result["msg"]
    assert task.result["results"][0]["state_after"] == "pending"


def test_an_autoscaler_on_the_same_workload_is_warned_of(controller: Controller, space: Space) -> None:
    space.make(deployment("scaled"), deployment("unscaled"))
    space.await_ready("scaled")
    space.await_ready("unscaled")
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "scaled"}
    space.make(
        {
            "apiVersion": "autoscaling/v1",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "elastic"},
            "spec": {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 3},
        }
    )
    stop = {**space.options, "names": ["scaled", "unscaled"], "state": "stopped"}
    task = controller.play([{"name": "stop", MODULE: stop}]).task("stop")
    assert task.status == "ok", task.result["msg"]
    warned, unwarned = (result["warnings"] for result in task.result["results"])
    assert len(warned) == 1
    assert "elastic" in warned[0]
    assert unwarned == []


def test_system_namespaces_are_left_out_of_changes_unless_they_are_named(controller: Controller, space: Space) -> None:
    label = {"nekzus-test-system": space.namespace}
    name = f"{space.namespace}-guarded"
    path = path_of("v1", "Pod", "kube-system", name)
    space.cluster.delete(path, grace=0)
    poll(lambda: space.cluster.find(path) is None, "nothing is left of it", seconds=PATIENCE)
    space.cluster.create(pod(name, pod_spec(pod=NEVER_SCHEDULED), namespace="kube-system", labels=label))
    try:
        everywhere = {"runtime": "kubernetes", "kubeconfig": str(space.kubeconfig), "state": "stopped"}
        selected = {**everywhere, "label_selectors": [f"nekzus-test-system={space.namespace}"]}
        run = controller.play(
            [
                {"name": "everywhere", MODULE: selected, "check_mode": True},
                {"name": "named", MODULE: {**selected, "namespaces": ["kube-system"]}, "check_mode": True},
            ]
        )
    finally:
        space.cluster.delete(path, grace=0)
    assert run.task("everywhere").result["results"] == []
    assert any("cluster's own namespaces" in warning for warning in run.task("everywhere").result["warnings"])
    assert [result["name"] for result in run.task("named").result["results"]] == [name]
