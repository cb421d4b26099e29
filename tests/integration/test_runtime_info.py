# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runtimes say of themselves, and what a cluster allows an account until it is granted the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from .cluster import path_of
from .controller import INFO, MODULE
from .manifests import cron_job, daemon_set, deployment, pod, replication_controller, stateful_set

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .controller import Controller, Task
    from .engine import Engine
    from .space import Space

RUNTIME_INFO = "nekzus.runtime.nekzus_runtime_info"
NAMES = {"docker": "Docker Engine", "podman": "Podman Engine"}
RBAC = "rbac.authorization.k8s.io/v1"
FEW = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}


@dataclass(frozen=True)
class Account:
    """A ServiceAccount of a namespace that may do little, and the options of tasks that act as it."""

    space: Space
    name: str
    kubeconfig: Path

    @property
    def options(self) -> dict[str, Any]:
        """Nothing but who it is: the namespace is said where it matters."""
        return {"runtime": "kubernetes", "kubeconfig": str(self.kubeconfig)}

    def grant(self, role: Mapping[str, Any]) -> None:
        """Apply a role as it is, and bind it to the account."""
        self.space.cluster.create(role)
        name = role["metadata"]["name"]
        subject = {"kind": "ServiceAccount", "name": self.name, "namespace": self.space.namespace}
        binding = {
            "apiVersion": RBAC,
            "kind": "RoleBinding",
            "metadata": {"name": name},
            "subjects": [subject],
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role["kind"], "name": name},
        }
        self.space.make(binding)


@pytest.fixture
def account(space: Space, tmp_path: Path) -> Account:
    """Make an account, another one for each test, that may look at pods."""
    name = f"operator-{uuid4().hex[:8]}"
    space.make({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})
    path = path_of("v1", "ServiceAccount", space.namespace, name)
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = space.cluster.call("POST", f"{path}/token", request)["status"]["token"]
    made = Account(space, name, space.cluster.account(tmp_path / "kubeconfig", user={"token": token}))
    metadata = {"name": name, "namespace": space.namespace}
    made.grant({"apiVersion": RBAC, "kind": "Role", "metadata": metadata, "rules": [FEW]})
    return made


def the_runtime(task: Task) -> dict[str, Any]:
    """Return the only runtime that a task tells of."""
    assert task.status == "ok", task
    (found,) = task.result["runtimes"]
    return dict(found)


def permissions(task: Task) -> dict[str, Any]:
    """Return what a task tells of the permissions."""
    found = the_runtime(task)
    assert (found["available"], found["error"]) == (True, None)
    return dict(found["permissions"])


def denied(told: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Return what is missing for each operation that is not allowed."""
    return {one["name"]: one["missing"] for one in told["operations"] if not one["allowed"]}


def test_an_engine_says_what_it_is_and_what_it_can(controller: Controller, engine: Engine) -> None:
    ask = {"name": "ask", RUNTIME_INFO: {**engine.options, "permissions": True}}
    task = controller.play([ask]).task("ask")
    found = the_runtime(task)
    assert found["type"] == engine.options["runtime"]
    assert (found["available"], found["error"], found["failure"]) == (True, None, None)
    assert found["name"] == NAMES.get(engine.name, found["name"])
    assert found["version"][0].isdigit()
    assert found["api_version"]
    assert found["capabilities"]["started"] is True
    assert found["capabilities"]["paused"] is engine.ways.pauses
    assert (found["permissions"] is not None) is found["capabilities"]["permissions"]
    assert task.result["changed"] is False


def test_where_no_runtime_answers_the_task_succeeds_and_says_why(controller: Controller) -> None:
    run = controller.adhoc(RUNTIME_INFO, "permissions=true", DOCKER_HOST="unix:///nowhere/docker.sock")
    assert run.code == 0
    assert "SUCCESS" in run.output
    docker, kubernetes = run.tasks[0].result["runtimes"]
    assert (docker["available"], docker["failure"]["code"]) == (False, "runtime_unavailable")
    assert "/nowhere/docker.sock" in docker["error"]
    assert (kubernetes["available"], kubernetes["failure"]["code"]) == (False, "runtime_unavailable")
    assert "KUBECONFIG" in kubernetes["error"]
    assert [one["permissions"] for one in (docker, kubernetes)] == [None, None]


def test_an_account_is_told_what_it_lacks_and_can_do_it_once_the_role_is_applied(
    controller: Controller, account: Account
) -> None:
    space = account.space
    space.make(deployment("web"))
    space.await_ready("web")
    ask = {"name": "ask", RUNTIME_INFO: {**account.options, "namespace": space.namespace, "permissions": True}}
    stop = {
        "name": "stop",
        MODULE: {**account.options, "name": f"{space.namespace}/deployment/web", "state": "stopped"},
    }

    before = controller.play([ask, stop])
    told = permissions(before.task("ask"))
    lacks = denied(told)
    assert told["namespaces"] == [space.namespace]
    assert len(lacks) == len(told["operations"])  # looking at pods alone is not enough for any of them
    assert lacks["logs"] == [{"verb": "get", "group": "", "resource": "pods/log"}]
    assert lacks["restart_pods"] == [{"verb": "delete", "group": "", "resource": "pods"}]
    failure = before.task("stop").failure
    assert failure["code"] == "permission_denied"
    assert {key: failure["details"][key] for key in ("verb", "group", "resource")} in lacks[
        "stop_and_start_deployments"
    ]
    assert space.ready("web") == 1

    account.grant(told["role"])
    after = controller.play([ask, stop])
    told = permissions(after.task("ask"))
    assert (denied(told), told["role"]) == ({}, None)
    assert after.task("stop").results["web"]["state_after"] == "stopped"
    assert after.task("stop").result["changed"] is True
    assert space.get("Deployment", "web")["spec"]["replicas"] == 0


# Everything that takes rules of its own, each by the name of its task; for the first two it is waited.
DEEDS: dict[str, dict[str, Any]] = {
    "stop a Deployment": {"name": "deployment/front", "state": "stopped", "wait": True},
    "start it": {"name": "deployment/front", "state": "started", "wait": True},
    "roll it out": {"name": "deployment/front", "state": "restarted"},
    "delete its pods": {"name": "deployment/front", "state": "restarted", "restart_method": "recreate"},
    "stop it at once": {"name": "deployment/front", "state": "stopped", "force": True},
    "stop a StatefulSet": {"name": "statefulset/db", "state": "stopped"},
    "stop a ReplicationController": {"name": "replicationcontroller/old", "state": "stopped"},
    "restart a DaemonSet": {"name": "daemonset/agent", "state": "restarted"},
    "stop a CronJob": {"name": "cronjob/nightly", "state": "stopped"},
    "restart a pod without a controller": {"name": "alone", "state": "restarted"},
    "stop a pod without a controller": {"name": "alone", "state": "stopped"},
}


def test_the_role_is_enough_for_all_that_the_collection_does(controller: Controller, account: Account) -> None:
    space, namespace = account.space, account.space.namespace
    batch = "batch/v1" if space.cluster.version >= (1, 21) else "batch/v1beta1"
    space.make(deployment("front"), stateful_set("db"), replication_controller("old"), daemon_set("agent"))
    space.make(cron_job("nightly", batch), pod("alone"))
    for app in ("front", "db", "old", "agent", "alone"):
        space.await_ready(app)
    ask = {"name": "ask", RUNTIME_INFO: {**account.options, "namespace": namespace, "permissions": True}}
    role = permissions(controller.play([ask]).task("ask"))["role"]
    account.grant({**role, "metadata": {**role["metadata"], "name": f"rest-for-{account.name}"}})

    look = {"name": "look", INFO: {**account.options, "namespaces": [namespace], "details": True}}
    deeds = [
        {"name": name, MODULE: {**account.options, "wait": False, **deed, "name": f"{namespace}/{deed['name']}"}}
        for name, deed in DEEDS.items()
    ]
    played = controller.play([look, *deeds])
    assert {one.name: one.status for one in played.tasks} == dict.fromkeys(("look", *DEEDS), "ok"), played.output
    assert {"front", "db", "old", "agent", "alone"} <= {
        one["owner"]["name"] if one["owner"] else one["name"] for one in played.task("look").result["containers"]
    }
    assert all(played.task(name).result["changed"] for name in DEEDS)


def test_the_question_is_about_the_namespaces_named_else_configured_else_the_cluster(
    controller: Controller, account: Account
) -> None:
    own = account.space.namespace
    several = {"namespaces": [own, "default"]}
    configured = {"runtimes": {"kubernetes": {"namespaces": [own]}}}
    asked: dict[str, dict[str, Any]] = {"several": several, "configured": configured, "none": {}}
    tasks = [
        {"name": name, RUNTIME_INFO: {**account.options, **options, "permissions": True}}
        for name, options in asked.items()
    ]
    played = controller.play(tasks)
    told = {name: permissions(played.task(name)) for name in asked}
    assert {name: one["namespaces"] for name, one in told.items()} == {
        "several": [own, "default"],
        "configured": [own],
        "none": [],
    }
    assert {name: one["role"]["kind"] for name, one in told.items()} == {
        "several": "ClusterRole",
        "configured": "Role",
        "none": "ClusterRole",
    }
    # It may look at pods in its own namespace only.
    assert {name: len(denied(one)["restart_pods"]) for name, one in told.items()} == {
        "several": 3,
        "configured": 1,
        "none": 3,
    }
    # Each is accepted as it is, where there is none of its name yet.
    account.space.cluster.delete(path_of(RBAC, "Role", own, "nekzus-runtime"))
    for one in told.values():
        role = one["role"]
        path = path_of(role["apiVersion"], role["kind"], role["metadata"].get("namespace", ""))
        account.space.cluster.call("POST", path, role, dryRun="All")


def test_credentials_that_are_not_accepted_are_no_reason_to_fail(controller: Controller, account: Account) -> None:
    stranger = account.kubeconfig.with_name("stranger")
    account.space.cluster.account(stranger, user={"token": "n0t-a-t0ken"})
    ask = {"name": "ask", RUNTIME_INFO: {"runtime": "kubernetes", "kubeconfig": str(stranger), "permissions": True}}
    played = controller.play([ask])
    found = the_runtime(played.task("ask"))
    assert (found["available"], found["failure"]["code"]) == (False, "permission_denied")
    assert "n0t-a-t0ken" not in played.output
