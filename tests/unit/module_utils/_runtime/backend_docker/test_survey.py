# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a daemon says of itself: as a real Docker 20.10, a Docker Desktop and a real Podman 4.3 do, and junk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.capability import Capability
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.survey import DockerSurveyor
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.survey import SURVEYOR
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.permissions import RuntimeDescription

DOCKER = {
    "Platform": {"Name": ""},
    "Components": [{"Name": "Engine", "Version": "20.10.24+dfsg1"}, {"Name": "containerd", "Version": "1.6.20~ds1"}],
    "Version": "20.10.24+dfsg1",
    "ApiVersion": "1.41",
}
DESKTOP = {**DOCKER, "Platform": {"Name": "Docker Desktop 4.26.1 (131620)"}, "Version": "24.0.7", "ApiVersion": "1.43"}
PODMAN = {
    "Platform": {"Name": "linux/amd64/debian-12"},
    "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}, {"Name": "Conmon", "Version": "2.1.6"}],
    "Version": "4.3.1",
    "ApiVersion": "1.41",
}


def described(document: Mapping[str, Any]) -> RuntimeDescription:
    docker = FakeDocker()
    docker.version_document = document
    return DockerSurveyor(docker).describe()


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(DOCKER, ("Docker Engine", "20.10.24+dfsg1", "1.41"), id="Docker"),
        pytest.param(DESKTOP, ("Docker Engine", "24.0.7", "1.43"), id="Docker Desktop"),
        pytest.param(PODMAN, ("Podman Engine", "4.3.1", "1.41"), id="Podman"),
        pytest.param({"Version": "1.13.1", "ApiVersion": "1.26"}, ("Docker Engine", "1.13.1", "1.26"), id="old Docker"),
        pytest.param({"Components": [None, {"Name": 5}], "Version": None}, ("Docker Engine", "", ""), id="junk"),
    ],
)
def test_an_engine_is_described_by_its_version_document(
    document: Mapping[str, Any], expected: tuple[str, str, str]
) -> None:
    found = described(document)
    assert (found.name, found.version, found.api_version) == expected


def test_it_can_what_needs_no_cluster() -> None:
    capabilities = described(DOCKER).capabilities
    assert list(capabilities) == [each.value for each in Capability]
    assert {word for word, held in capabilities.items() if held} == {"started", "stopped", "restarted", "paused"}


def test_describing_is_one_request() -> None:
    docker = FakeDocker()
    DockerRuntime(docker, clock=docker.clock).role(SURVEYOR).describe()
    assert [str(call) for call in docker.calls] == ["version"]


def test_a_daemon_that_does_not_answer_is_said_so() -> None:
    docker = FakeDocker()
    docker.fail("version", RuntimeUnavailableError("nothing answers"))
    with pytest.raises(RuntimeUnavailableError):
        DockerSurveyor(docker).describe()


def test_there_are_no_permissions_to_ask_for() -> None:
    docker = FakeDocker()
    assert DockerSurveyor(docker).permissions(["prod"]) is None
    assert docker.calls == []
