# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules on a cluster, through their real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, POD
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CRASHES
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

SECRET = "hunter2hunter2"  # noqa: S105 - a test's


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    """Return a cluster with a Deployment of three pods."""
    found = FakeKubernetes(docker.clock)
    env = (f"DB_PASSWORD={SECRET}",)
    found.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=3, labels={"app": "web"}, env=env))
    return found


@pytest.fixture
def container(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    return ModuleRun("nekzus_container", docker, monkeypatch, kubernetes)


@pytest.fixture
def container_info(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    return ModuleRun("nekzus_container_info", docker, monkeypatch, kubernetes)


def test_a_deployment_is_stopped_and_the_result_says_so(container: ModuleRun, kubernetes: FakeKubernetes) -> None:
    outcome = container(name="default/deployment/web", state="stopped", diff=True)
    owner = {"kind": "Deployment", "name": "web", "api_version": "apps/v1"}
    assert outcome.success["results"] == [
        {
            "address": "kubernetes/default/deployment/web",
            "id": "web",
            "runtime": "kubernetes",
            "namespace": "default",
            "name": "web",
            "subject": "kubernetes/default/deployment/web",
            "owner": owner,
            "owner_chain": [owner],
            "changed": True,
            "success": True,
            "state_before": "running",
            "state_after": "stopped",
            "replicas_before": 3,
            "replicas_after": 0,
            "failure": None,
            "manifest": None,
            "warnings": [],
        }
    ]
    assert outcome.result["diff"] == {
        "before": {"kubernetes/default/deployment/web": {"state": "running", "replicas": 3}},
        "after": {"kubernetes/default/deployment/web": {"state": "stopped", "replicas": 0}},
    }
    assert kubernetes.cluster.pods_of("web") == []
    assert kubernetes.closed


def test_pods_name_the_workload_that_is_changed_for_them(container: ModuleRun, kubernetes: FakeKubernetes) -> None:
    results = container(label_selectors=["app=web"], namespace="default", state="stopped").success["results"]
    assert len({result["address"] for result in results}) == 3
    assert {result["subject"] for result in results} == {"kubernetes/default/deployment/web"}
    assert kubernetes.cluster.pods_of("web") == []


def test_what_is_not_there_has_no_subject(container: ModuleRun) -> None:
    assert container(name="default/wep", state="stopped").result["results"][0]["subject"] is None


def test_stop_start_and_the_second_time_by_the_name_of_a_pod(container: ModuleRun, kubernetes: FakeKubernetes) -> None:
    name = f"default/{kubernetes.cluster.pods_of('web')[0]}"
    changed = [container(name=name, state=state).success["changed"] for state in ("stopped", "stopped")]
    changed += [container(name=name, state=state).success["changed"] for state in ("started", "started")]
    assert changed == [True, False, True, False]
    assert len(kubernetes.cluster.pods_of("web")) == 3


@pytest.mark.parametrize("state", ["started", "stopped", "restarted"])
def test_check_mode_predicts_what_is_done_and_writes_nothing(
    container: ModuleRun, kubernetes: FakeKubernetes, state: str
) -> None:
    predicted = container(name="default/web", state=state, check=True).success
    assert kubernetes.writes == []
    assert predicted == container(name="default/web", state=state).success


def test_pausing_is_a_failure_to_branch_on(container: ModuleRun, kubernetes: FakeKubernetes) -> None:
    failure = container(name="default/web", state="paused").failure
    assert (failure["code"], failure["runtime"], failure["op"]) == ("unsupported", "kubernetes", "pause")
    assert failure["target"] == "default/deployment/web"
    assert kubernetes.writes == []


def test_a_start_that_fails_tells_why_and_no_secret(container: ModuleRun, kubernetes: FakeKubernetes) -> None:
    kubernetes.cluster.edit(DEPLOYMENT, "web", {"spec": {"replicas": 0}})
    kubernetes.cluster.lives["default", "web"] = CRASHES
    outcome = container(name="default/web", state="started")
    assert outcome.failure["code"] == "not_ready"
    assert outcome.failure["details"]["exit_code"] == 1
    assert SECRET not in outcome.everything


def test_one_task_works_on_both_runtimes(container: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes) -> None:
    docker.add("db")
    results = container(names=["kubernetes/default/web", "docker/db", "default/nothing"], state="stopped").result[
        "results"
    ]
    assert [(result["runtime"], result["success"], result["state_after"]) for result in results] == [
        ("kubernetes", True, "stopped"),
        ("docker", True, "stopped"),
        ("kubernetes", False, None),
    ]
    assert (docker.state_of("db"), kubernetes.cluster.pods_of("web")) == ("exited", [])


@pytest.mark.parametrize(
    "options",
    [
        {"label_selectors": ["app=web"], "runtime": "kubernetes"},
        {"namespace": "default", "filters": {"name": ["web-*"]}},
        {"namespaces": ["default"]},
        {"all": True, "runtime": "kubernetes"},
    ],
    ids=str,
)
def test_a_selection_stops_each_workload_once(
    container: ModuleRun, kubernetes: FakeKubernetes, options: dict[str, Any]
) -> None:
    results = container(state="stopped", **options).success["results"]
    assert [result["owner"]["name"] for result in results] == ["web"] * 3
    assert [str(write) for write in kubernetes.writes] == ["PATCH deployments/web"]


def test_a_pod_that_is_deleted_for_good_comes_back_as_a_manifest(
    container: ModuleRun, kubernetes: FakeKubernetes
) -> None:
    kubernetes.cluster.add(POD, pod("alone"))
    outcome = container(name="default/alone", state="stopped")
    assert outcome.success["results"][0]["manifest"]["kind"] == "Pod"
    assert len(outcome.warnings) == 1


def test_the_options_of_a_task_reach_the_connection(container_info: ModuleRun) -> None:
    runtimes = {"kubernetes": {"namespaces": ["default"], "timeout": "7s", "impersonate_user": "jane"}}
    assert container_info(runtime="kubernetes", context="prod", runtimes=runtimes).success
    (config,) = container_info.cluster_configs
    assert (config.context, config.namespaces, config.timeout) == ("prod", ("default",), 7.0)
    assert config.impersonate_user == "jane"


def test_pods_and_stopped_workloads_are_listed(container_info: ModuleRun, kubernetes: FakeKubernetes) -> None:
    kubernetes.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "idle", replicas=0))
    found = container_info(runtime="kubernetes").success["containers"]
    assert [one["address"] for one in found] == [
        "kubernetes/default/deployment/idle",
        *(f"kubernetes/default/{name}" for name in kubernetes.cluster.pods_of("web")),
    ]
    assert all(set(one) == set(found[0]) for one in found)
    running = container_info(runtime="kubernetes", all=False).success["containers"]
    assert [one["state"] for one in running] == ["running"] * 3


def test_details_and_raw_are_told_without_secrets(container_info: ModuleRun) -> None:
    outcome = container_info(name="default/web", details=True, raw=True)
    (one,) = outcome.success["containers"]
    assert one["config"]["env"] == {"DB_PASSWORD": "********"}
    assert one["raw"]["spec"]["replicas"] == 3
    assert SECRET not in outcome.everything


def test_what_could_not_be_seen_is_a_warning(container_info: ModuleRun, kubernetes: FakeKubernetes) -> None:
    error = PermissionDeniedError("forbidden", hint="grant list on jobs.batch in all namespaces")
    kubernetes.fail("LIST", error, kind="jobs", nth=0)
    outcome = container_info(runtime="kubernetes")
    assert len(outcome.success["containers"]) == 3
    assert ["grant list on jobs.batch" in warning for warning in outcome.warnings] == [True]
