# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_runtime_info, through its real main()."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import errors
from ansible_collections.nekzus.runtime.tests.unit.fakes.api_server import ApiServer

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Clock
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

KUBERNETES = "ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime"
SECRET = "t0p-s3cret-t0ken"  # noqa: S105 - a test's


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> ApiServer:
    """Return a cluster that every kubeconfig leads to, where logs and patches of Deployments are denied in prod."""
    denied = [("get", "", "pods/log", "prod"), ("patch", "apps", "deployments", "prod")]
    server = ApiServer({"gitVersion": "v1.30.1+k3s1"}, denied=denied)

    def connect(_config: KubernetesConfig, *, clock: Clock) -> KubernetesClient:
        del clock
        return server.client

    monkeypatch.setattr(import_module(KUBERNETES), "connect", connect)
    return server


def by_type(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["type"]: one for one in result["runtimes"]}


def test_every_runtime_is_told_whole(runtime_info: ModuleRun, cluster: ApiServer) -> None:
    result = runtime_info().success
    assert (result["changed"], result["primary"]) == (False, "docker")
    docker, kubernetes = result["runtimes"]
    capabilities = docker.pop("capabilities")
    assert docker == {
        "type": "docker",
        "available": True,
        "enabled": True,
        "error": None,
        "failure": None,
        "name": "Docker Engine",
        "version": "20.10.24",
        "api_version": "1.41",
        "permissions": None,
    }
    assert (capabilities["paused"], capabilities["replicas"]) == (True, False)
    assert (kubernetes["name"], kubernetes["version"], kubernetes["enabled"]) == ("K3s", "1.30.1+k3s1", None)
    assert (kubernetes["capabilities"]["paused"], kubernetes["capabilities"]["replicas"]) == (False, True)
    assert cluster.asked == []


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("runtime", ["docker", "kubernetes"])
def test_one_runtime_alone_is_told_when_it_is_asked_for(runtime_info: ModuleRun, runtime: str) -> None:
    assert list(by_type(runtime_info(runtime=runtime).success)) == [runtime]


EVERY_ERROR = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.NekzusError)]


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("kind", [pytest.param(one, id=one.__name__) for one in EVERY_ERROR])
def test_a_runtime_that_does_not_answer_is_told_and_the_task_succeeds(
    runtime_info: ModuleRun, docker: FakeDocker, kind: type[errors.NekzusError]
) -> None:
    docker.fail("version", kind("it is so", hint="do this"))
    found = by_type(runtime_info().success)
    assert found["docker"] == {
        "type": "docker",
        "available": False,
        "enabled": True,
        "error": "docker: it is so. Hint: do this.",
        "failure": {
            "code": kind.code,
            "message": "docker: it is so",
            "runtime": "docker",
            "op": None,
            "target": None,
            "hint": "do this",
        },
        "name": None,
        "version": None,
        "api_version": None,
        "capabilities": None,
        "permissions": None,
    }
    assert found["kubernetes"]["available"] is True


def test_a_cluster_that_nothing_speaks_of_is_not_available(runtime_info: ModuleRun) -> None:
    pytest.importorskip("kubernetes")
    found = by_type(runtime_info(permissions=True).success)
    assert found["docker"]["available"] is True
    assert found["kubernetes"]["available"] is False
    assert found["kubernetes"]["failure"]["code"] == "runtime_unavailable"
    assert "KUBECONFIG" in found["kubernetes"]["error"]


def test_a_runtime_that_is_switched_off_is_not_asked(
    runtime_info: ModuleRun, docker: FakeDocker, cluster: ApiServer
) -> None:
    runtimes = {"primary": "kubernetes", "docker": {"enabled": False}, "kubernetes": {"enabled": True}}
    result = runtime_info(runtimes=runtimes).success
    found = by_type(result)
    assert (found["docker"]["enabled"], found["docker"]["failure"]["code"]) == (False, "runtime_not_found")
    assert (found["kubernetes"]["enabled"], found["kubernetes"]["available"]) == (True, True)
    assert result["primary"] == "kubernetes"
    assert docker.calls == []
    assert cluster.paths == ["/version"]


@pytest.mark.parametrize("options", [{"namespace": "prod"}, {"namespaces": ["prod"]}])
def test_permissions_say_what_is_missing_and_which_role_would_grant_it(
    runtime_info: ModuleRun, cluster: ApiServer, options: dict[str, Any]
) -> None:
    found = by_type(runtime_info(permissions=True, **options).success)
    assert found["docker"]["permissions"] is None
    permissions = found["kubernetes"]["permissions"]
    assert permissions["namespaces"] == ["prod"]
    missing = {one["name"]: one["missing"] for one in permissions["operations"] if not one["allowed"]}
    logs = {"verb": "get", "group": "", "resource": "pods/log"}
    patch = {"verb": "patch", "group": "apps", "resource": "deployments"}
    assert missing == {
        "logs": [logs],
        "wait": [logs],
        "stop_and_start_deployments": [patch],
        "roll_out_deployments": [patch],
        "deploy": [patch],
    }
    assert permissions["role"] == {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "nekzus-runtime", "namespace": "prod"},
        "rules": [
            {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]},
        ],
    }
    assert cluster.closed


@pytest.mark.usefixtures("cluster")
def test_where_nothing_is_missing_there_is_no_role(runtime_info: ModuleRun) -> None:
    permissions = by_type(runtime_info(permissions=True, namespaces=["dev"]).success)["kubernetes"]["permissions"]
    assert permissions["role"] is None
    assert all(one["allowed"] for one in permissions["operations"])


def test_a_namespace_that_cannot_be_is_refused_before_anything_is_asked(
    runtime_info: ModuleRun, docker: FakeDocker, cluster: ApiServer
) -> None:
    outcome = runtime_info(namespaces=["Prod"])
    assert outcome.failure["code"] == "invalid_target"
    assert docker.calls == []
    assert cluster.paths == []


def test_check_mode_reads_as_ever(runtime_info: ModuleRun, docker: FakeDocker, cluster: ApiServer) -> None:
    assert runtime_info(check=True, permissions=True).success == runtime_info(permissions=True).success
    assert docker.writes == []
    assert docker.closed
    assert cluster.closed


def test_an_error_tells_no_password_of_an_address(runtime_info: ModuleRun) -> None:
    pytest.importorskip("kubernetes")
    kubernetes = {"host": "https://127.0.0.1:1", "proxy": f"http://me:{SECRET}@127.0.0.1:1", "timeout": "1s"}
    outcome = runtime_info(runtimes={"kubernetes": kubernetes}, runtime="kubernetes")
    assert by_type(outcome.success)["kubernetes"]["available"] is False
    assert SECRET not in outcome.everything
