# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds that are not stopped by a count of replicas: DaemonSets, Jobs, and pods that nothing controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .cluster import path_of
from .controller import INFO, MODULE
from .manifests import cron_job, daemon_set, deployment, job, pod, pod_spec
from .space import PATIENCE
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller, Run
    from .space import Space

# The first versions whose servers know these: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
SUSPENDED_JOBS = (1, 24)
STABLE_CRON_JOBS = (1, 21)


def play(controller: Controller, space: Space, name: str, *states: str, **options: Any) -> Run:
    """Bring a target into states, one after the other; each task is named by its state."""
    target = {**space.options, "name": name, **options}
    return controller.play([{"name": state, MODULE: {**target, "state": state}} for state in states])


def result(run: Run, state: str) -> Mapping[str, Any]:
    """Return what became of the one target of a task that succeeded."""
    task = run.task(state)
    assert task.status == "ok", task.result["msg"]
    (only,) = task.result["results"]
    found: Mapping[str, Any] = only
    return found


def uid(space: Space, app: str) -> str:
    """Return the uid of the one pod with this label."""
    space.await_ready(app)
    (only,) = space.pods(app)
    return str(only["metadata"]["uid"])


def test_a_daemon_set_cannot_be_stopped_and_its_pod_is_restarted(controller: Controller, space: Space) -> None:
    space.make(daemon_set("daemon"))
    before = uid(space, "daemon")
    run = play(controller, space, space.pod_names("daemon")[0], "stopped", "started", "restarted")
    assert run.task("stopped").failure["code"] == "unsupported"
    assert "nodeSelector" in run.task("stopped").failure["hint"]
    assert result(run, "started")["changed"] is False
    assert result(run, "restarted")["changed"] is True
    assert result(run, "restarted")["owner"]["kind"] == "DaemonSet"
    assert uid(space, "daemon") != before
    by_pod = uid(space, "daemon")
    assert result(play(controller, space, f"{space.namespace}/ds/daemon", "restarted"), "restarted")["changed"]
    assert uid(space, "daemon") != by_pod


def test_a_job_is_suspended_where_the_server_can_and_otherwise_unsupported_and_left_alone(
    controller: Controller, space: Space
) -> None:
    space.make(job("work"))
    before = uid(space, "work")
    name = space.pod_names("work")[0]
    stop = {**space.options, "name": name, "state": "stopped"}
    checked = controller.play([{"name": "checked", "check_mode": True, MODULE: stop}]).task("checked")
    run = play(controller, space, name, "restarted", "stopped", "started")
    assert run.task("restarted").failure["code"] == "unsupported"
    assert checked.result["results"] == run.task("stopped").result["results"]
    if space.cluster.version < SUSPENDED_JOBS:
        assert run.task("stopped").failure["code"] == "unsupported"
        assert "suspend" in run.task("stopped").failure["message"]
        assert run.task("stopped").result["changed"] is False
        assert result(run, "started")["changed"] is False
        assert uid(space, "work") == before
    else:
        assert (result(run, "stopped")["state_after"], result(run, "started")["state_after"]) == ("stopped", "running")
        assert uid(space, "work") != before


def test_a_deployment_whose_rollout_is_paused_is_what_its_pods_are(controller: Controller, space: Space) -> None:
    changed, made = deployment("changed"), deployment("made")
    made["spec"]["paused"] = True
    space.make(changed, made)
    space.await_ready("changed")
    template = {"metadata": {"labels": {"version": "2"}}}
    space.cluster.patch(space.path("Deployment", "changed"), {"spec": {"paused": True, "template": template}})
    run = play(controller, space, f"{space.namespace}/deployment/changed", "started", "stopped")
    assert [result(run, state)["changed"] for state in ("started", "stopped")] == [False, True]
    again = result(play(controller, space, f"{space.namespace}/deployment/changed", "started"), "started")
    assert (again["replicas_after"], again["state_after"]) == (1, "running")
    failure = play(controller, space, f"{space.namespace}/deployment/made", "started").task("started").failure
    assert (failure["code"], "its rollout is paused" in failure["message"]) == ("not_ready", True)


def test_a_cron_job_is_suspended_and_listed_as_stopped_and_resumed(controller: Controller, space: Space) -> None:
    version = "batch/v1" if space.cluster.version >= STABLE_CRON_JOBS else "batch/v1beta1"
    path = path_of(version, "CronJob", space.namespace, "nightly")
    space.make(cron_job("nightly", version))
    target = f"{space.namespace}/cronjob/nightly"

    assert result(play(controller, space, target, "stopped"), "stopped")["changed"] is True
    stopped = space.cluster.find(path)
    assert stopped
    assert stopped["spec"]["suspend"] is True
    listing = controller.play([{"name": "list", INFO: {**space.options, "filters": {"name": ["nightly"]}}}])
    (listed,) = listing.task("list").result["containers"]
    assert (listed["address"], listed["state"]) == (f"kubernetes/{target}", "stopped")

    again = play(controller, space, target, "stopped", "started", "restarted")
    assert result(again, "stopped")["changed"] is False
    assert result(again, "started")["changed"] is True
    started = space.cluster.find(path)
    assert started
    assert started["spec"]["suspend"] is False
    assert again.task("restarted").failure["code"] == "unsupported"


def test_a_job_that_has_finished_is_stopped_for_good(controller: Controller, space: Space) -> None:
    space.make(job("done", "exit 0"))
    poll(lambda: "completionTime" in space.get("Job", "done")["status"], "the Job is done", seconds=PATIENCE)
    (name,) = space.pod_names("done")
    run = play(controller, space, name, "stopped", "started", "restarted")
    assert result(run, "stopped")["changed"] is False
    assert result(run, "stopped")["state_before"] == result(run, "stopped")["state_after"] == "stopped"
    assert result(run, "stopped")["owner"]["name"] == "done"
    for state in ("started", "restarted"):
        assert run.task(state).failure["code"] == "unsupported"


def test_a_pod_without_a_controller_that_is_restarted_comes_back_with_a_new_uid(
    controller: Controller, space: Space
) -> None:
    volumes = [{"name": "etc", "hostPath": {"path": "/etc"}}]
    spec = pod_spec(pod={"volumes": volumes}, volumeMounts=[{"name": "etc", "mountPath": "/data"}])
    spec.pop("automountServiceAccountToken")  # so that the cluster adds what must not be in a manifest
    space.make(pod("alone", spec, annotations={"note": "kept"}))
    before = uid(space, "alone")
    restarted = result(play(controller, space, "alone", "restarted"), "restarted")
    assert (restarted["changed"], restarted["state_after"], restarted["owner"]) == (True, "running", None)
    assert "no controller" in restarted["warnings"][0]
    assert uid(space, "alone") != before
    (after,) = space.pods("alone")
    assert after["metadata"]["annotations"]["note"] == "kept"
    assert [volume["name"] for volume in after["spec"]["volumes"]].count("etc") == 1


def test_a_pod_without_a_controller_that_is_stopped_leaves_a_manifest_to_apply_again(
    controller: Controller, space: Space
) -> None:
    space.make(pod("lone"))
    space.await_ready("lone")
    run = play(controller, space, "lone", "stopped", "started")
    stopped = result(run, "stopped")
    assert (stopped["changed"], stopped["state_after"]) == (True, "stopped")
    assert "manifest is in the result" in stopped["warnings"][0]
    assert run.task("started").failure["code"] == "container_not_found"
    manifest = stopped["manifest"]
    assert not {"status"} & set(manifest)
    assert not {"uid", "resourceVersion", "creationTimestamp", "managedFields"} & set(manifest["metadata"])
    assert "nodeName" not in manifest["spec"]
    space.cluster.create(manifest)
    space.await_ready("lone")


def test_a_pod_whose_manifest_would_hide_secrets_is_not_deleted_unless_it_is_forced(
    controller: Controller, space: Space
) -> None:
    space.make(pod("secretive", pod_spec(env=[{"name": "DB_PASSWORD", "value": "hunter2-and-more"}])))
    before = uid(space, "secretive")
    run = play(controller, space, "secretive", "stopped")
    assert run.task("stopped").failure["code"] == "unsupported"
    assert "DB_PASSWORD" in run.task("stopped").failure["hint"]
    assert "hunter2" not in run.output
    assert uid(space, "secretive") == before
    run = play(controller, space, "secretive", "stopped", force=True)
    assert result(run, "stopped")["changed"] is True
    assert "hunter2" not in str(run.tasks)


@pytest.mark.parametrize("state", ["stopped", "restarted"])
def test_a_static_pod_belongs_to_its_node(controller: Controller, space: Space, state: str) -> None:
    node = space.cluster.items("/api/v1/nodes")[0]["metadata"]
    owner = {"apiVersion": "v1", "kind": "Node", "name": node["name"], "uid": node["uid"], "controller": True}
    # On a real node it would be taken away at once, for there is no file of it.
    mirror = {"kubernetes.io/config.mirror": "0123", "kubernetes.io/config.source": "file"}
    name = f"static-{state}"
    space.make(pod(name, pod_spec(pod={"nodeName": "elsewhere"}), annotations=mirror, ownerReferences=[owner]))
    failure = play(controller, space, name, state).task(state).failure
    assert failure["code"] == "unsupported"
    assert "static pod" in failure["message"]
    assert space.pod_names(name) == [name]


def test_a_pod_of_a_foreign_controller_is_told_whose_it_is(controller: Controller, space: Space) -> None:
    space.cluster.create(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "boss", "namespace": space.namespace}}
    )
    boss = space.cluster.call("GET", path_of("v1", "ConfigMap", space.namespace, "boss"))
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "boss", "uid": boss["metadata"]["uid"]}
    idle = {"apiVersion": "v1", "kind": "ConfigMap", "name": "idle", "uid": "0-0-0-0"}
    space.make(pod("worker", ownerReferences=[idle, {**owner, "controller": True}]))
    space.await_ready("worker")
    run = play(controller, space, "worker", "stopped")
    assert run.task("stopped").failure["code"] == "unsupported"
    assert "ConfigMap boss" in run.task("stopped").failure["message"]
    assert run.task("stopped").result["results"][0]["success"] is False
