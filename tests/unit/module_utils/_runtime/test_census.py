# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to know of each runtime, whichever of them answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.census import Inquiry, parse_inquiry, survey
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidTargetError,
    NekzusError,
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import KubernetesRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.registry import Registry
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType
from ansible_collections.nekzus.runtime.tests.unit.fakes.api_server import ApiServer
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.census import Finding
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import RuntimesConfig
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Clock, Runtime

DOCKER, KUBERNETES = RuntimeType.DOCKER, RuntimeType.KUBERNETES
GONE = RuntimeUnavailableError("nothing answers", hint="start it")


class World:
    """A daemon and a cluster, or the error that opening either of them raises."""

    def __init__(self, docker: FakeDocker | NekzusError, cluster: ApiServer | NekzusError) -> None:
        """Take both."""
        self.opened: list[RuntimeType] = []
        self._docker = docker
        self._cluster = cluster

    def registry(self, **document: Any) -> Registry:
        """Return the runtimes that a configuration makes of it."""
        openers = {DOCKER: self._open_docker, KUBERNETES: self._open_kubernetes}
        return Registry(load_config(document), clock=FakeClock(), openers=openers)

    def _open_docker(self, _config: RuntimesConfig, clock: Clock) -> Runtime:
        self.opened.append(DOCKER)
        if isinstance(self._docker, NekzusError):
            raise self._docker
        return DockerRuntime(self._docker, clock=clock)

    def _open_kubernetes(self, config: RuntimesConfig, clock: Clock) -> Runtime:
        self.opened.append(KUBERNETES)
        if isinstance(self._cluster, NekzusError):
            raise self._cluster
        namespaces = config.kubernetes.namespaces
        return KubernetesRuntime(self._cluster.client, namespaces=namespaces, clock=clock)


def api_server(**facts: Any) -> ApiServer:
    return ApiServer({"gitVersion": "v1.30.1"}, **facts)


def found_in(world: World, inquiry: Inquiry | None = None, **document: Any) -> dict[RuntimeType, Finding]:
    return {one.type: one for one in survey(world.registry(**document), inquiry or Inquiry()).findings}


def test_every_runtime_is_described_in_a_fixed_order() -> None:
    for primary in ("docker", "kubernetes"):
        census = survey(World(FakeDocker(), api_server()).registry(primary=primary), Inquiry())
        assert [one.type for one in census.findings] == [DOCKER, KUBERNETES]
        assert [one.description and one.description.version for one in census.findings] == ["20.10.24", "1.30.1"]
        assert census.primary is RuntimeType(primary)


@pytest.mark.parametrize("kind", RuntimeType)
def test_only_the_runtime_asked_for_is_opened(kind: RuntimeType) -> None:
    world = World(FakeDocker(), api_server())
    assert list(found_in(world, Inquiry(runtime=kind))) == [kind]
    assert world.opened == [kind]


def test_a_runtime_that_cannot_be_opened_is_a_finding_and_the_other_is_still_described() -> None:
    found = found_in(World(GONE, api_server()))
    assert (found[DOCKER].description, found[DOCKER].enabled) == (None, True)
    assert str(found[DOCKER].error) == "docker: nothing answers. Hint: start it."
    assert found[KUBERNETES].description
    assert found[KUBERNETES].error is None


def test_a_runtime_that_is_opened_and_does_not_answer_is_a_finding() -> None:
    docker = FakeDocker()
    docker.fail("version", GONE)
    found = found_in(World(docker, ApiServer({})))
    assert [one.description for one in found.values()] == [None, None]
    assert [one.error and one.error.code for one in found.values()] == ["runtime_unavailable"] * 2
    assert [one.error and one.error.runtime for one in found.values()] == ["docker", "kubernetes"]


def test_a_runtime_that_is_switched_off_is_not_opened() -> None:
    world = World(FakeDocker(), api_server())
    found = found_in(world, docker={"enabled": False})
    error = found[DOCKER].error
    assert error
    assert (found[DOCKER].enabled, error.code) == (False, "runtime_not_found")
    assert str(error).startswith("docker: this runtime is not enabled. Hint: set runtimes.docker.enabled")
    assert world.opened == [KUBERNETES]


@pytest.mark.parametrize(("document", "enabled"), [({}, None), ({"kubernetes": {"enabled": True}}, True)])
def test_what_the_configuration_leaves_open_is_none(document: dict[str, Any], *, enabled: bool | None) -> None:
    assert found_in(World(FakeDocker(), api_server()), **document)[KUBERNETES].enabled is enabled


def test_nothing_is_asked_of_permissions_unless_the_task_does() -> None:
    cluster = api_server()
    assert found_in(World(FakeDocker(), cluster))[KUBERNETES].permissions is None
    assert cluster.asked == []


def test_permissions_are_those_in_the_namespaces_named() -> None:
    cluster = api_server(denied=[("list", "", "events", "dev")])
    inquiry = Inquiry(permissions=True, namespaces=("dev",))
    found = found_in(World(FakeDocker(), cluster), inquiry, kubernetes={"namespaces": ["dev", "prod"]})
    assert found[DOCKER].permissions is None
    permissions = found[KUBERNETES].permissions
    assert permissions
    assert permissions.namespaces == ("dev",)
    assert [one.name for one in permissions.operations if not one.allowed] == ["wait"]


def test_a_cluster_that_answers_but_no_questions_is_available_and_says_why_it_tells_no_permissions() -> None:
    cluster = api_server(error=PermissionDeniedError("forbidden to who has not logged in", hint="give credentials"))
    found = found_in(World(FakeDocker(), cluster), Inquiry(permissions=True))[KUBERNETES]
    assert found.description
    assert found.permissions is None
    assert found.error
    assert found.error.failure()["op"] == "ask for"


@pytest.mark.parametrize(
    ("params", "inquiry"),
    [
        ({}, Inquiry()),
        ({"runtime": "auto", "permissions": False, "namespaces": None, "namespace": None}, Inquiry()),
        ({"runtime": "docker"}, Inquiry(runtime=DOCKER)),
        ({"permissions": True, "namespace": "prod"}, Inquiry(permissions=True, namespaces=("prod",))),
        ({"namespaces": ["prod", "dev", "prod"]}, Inquiry(namespaces=("prod", "dev"))),
        ({"namespaces": ["prod", "dev"], "namespace": "dev"}, Inquiry(namespaces=("prod", "dev"))),
        ({"namespaces": [], "namespace": ""}, Inquiry()),
    ],
)
def test_options_are_an_inquiry(params: dict[str, Any], inquiry: Inquiry) -> None:
    assert parse_inquiry(params) == inquiry


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"namespace": "Prod"}, "'Prod' is not a namespace"),
        ({"namespaces": ["prod", "a/b"]}, "'a/b' is not a namespace"),
        ({"namespaces": ["prod"], "namespace": "dev"}, "namespace=dev and namespaces=prod"),
    ],
)
def test_namespaces_that_cannot_be_are_refused(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidTargetError, match=words) as refusal:
        parse_inquiry(params)
    assert refusal.value.hint
