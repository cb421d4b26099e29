# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the containers of a service may do, and how they are asked whether they are well, as a pod says it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    HealthCheck,
    MountSpec,
    MountType,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import (
    container_of,
    pod_of,
    warnings_of,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import web

FOREVER = 2**31 - 1
DATA = MountSpec(MountType.VOLUME, "/data", "data")


@pytest.mark.parametrize(
    ("values", "context"),
    [
        ({"user": "1000:1001"}, {"runAsUser": 1000, "runAsGroup": 1001}),
        ({"user": "1000"}, {"runAsUser": 1000}),
        ({"user": "root"}, {"runAsUser": 0}),
        ({"user": "0:root"}, {"runAsUser": 0, "runAsGroup": 0}),
        ({"privileged": True}, {"privileged": True}),
        ({"read_only": True}, {"readOnlyRootFilesystem": True}),
        ({"cap_add": ("cap_chown",), "cap_drop": ("all",)}, {"capabilities": {"add": ["CHOWN"], "drop": ["ALL"]}}),
        ({"security_opt": ("no-new-privileges",)}, {"allowPrivilegeEscalation": False}),
        ({"security_opt": ("no-new-privileges=true",)}, {"allowPrivilegeEscalation": False}),
        ({"security_opt": ("no-new-privileges:false",)}, None),
        ({"security_opt": ("seccomp=unconfined",)}, {"seccompProfile": {"type": "Unconfined"}}),
        ({}, None),
    ],
)
def test_a_container_may_do_what_the_template_says(values: dict[str, Any], context: dict[str, Any] | None) -> None:
    assert container_of(web(**values)).get("securityContext") == context


@pytest.mark.parametrize(
    ("values", "context"),
    [
        ({"group_add": ("100", "root")}, {"supplementalGroups": [100, 0]}),
        ({"sysctls": {"net.core.somaxconn": "1024"}}, {"sysctls": [{"name": "net.core.somaxconn", "value": "1024"}]}),
        (
            {"user": "1000:1001", "mounts": (DATA,)},
            {"fsGroup": 1001, "fsGroupChangePolicy": "OnRootMismatch"},
        ),
        ({"user": "1000", "mounts": (DATA,)}, {"fsGroup": 1000, "fsGroupChangePolicy": "OnRootMismatch"}),
        ({"user": "0", "mounts": (DATA,)}, None),
        ({"user": "1000"}, None),
    ],
)
def test_storage_is_of_the_group_that_uses_it(values: dict[str, Any], context: dict[str, Any] | None) -> None:
    assert pod_of(web(**values)).get("securityContext") == context


@pytest.mark.parametrize(
    ("test", "command"),
    [
        (("CMD", "test", "-f", "/up"), ["test", "-f", "/up"]),
        (("CMD-SHELL", "test -f /up || exit 1"), ["/bin/sh", "-c", "test -f /up || exit 1"]),
    ],
)
def test_a_health_check_runs_in_the_container(test: tuple[str, ...], command: list[str]) -> None:
    container = container_of(web(healthcheck=HealthCheck(test)))
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["exec"] == {"command": command}
    assert "livenessProbe" not in container


def test_numbers_that_are_not_said_are_those_of_a_daemon() -> None:
    container = container_of(web(healthcheck=HealthCheck(("CMD", "true"))))
    asked = {"exec": {"command": ["true"]}, "timeoutSeconds": 30}
    assert container["readinessProbe"] == {**asked, "periodSeconds": 30, "failureThreshold": 3}
    assert container["startupProbe"] == {**asked, "periodSeconds": 5, "failureThreshold": FOREVER}


@pytest.mark.parametrize(
    ("values", "starting", "then"),
    [
        ({"interval": 10.0, "retries": 5, "timeout": 2.5}, (5, 3), (10, 5, 3)),
        ({"interval": 0.5, "retries": 0}, (1, 30), (1, 1, 30)),
        ({"interval": 60.0, "start_interval": 2.0}, (2, 30), (60, 3, 30)),
        ({"interval": 1.0, "start_interval": 20.0}, (1, 30), (1, 3, 30)),
    ],
)
def test_numbers_are_whole_and_at_least_one(
    values: dict[str, Any], starting: tuple[int, int], then: tuple[int, int, int]
) -> None:
    container = container_of(web(healthcheck=HealthCheck(("CMD", "true"), **values)))
    first, later = container["startupProbe"], container["readinessProbe"]
    assert (first["periodSeconds"], first["timeoutSeconds"]) == starting
    assert (later["periodSeconds"], later["failureThreshold"], later["timeoutSeconds"]) == then


@pytest.mark.parametrize("check", [None, HealthCheck(("NONE",))])
def test_without_a_health_check_there_are_no_probes(check: HealthCheck | None) -> None:
    service = web(healthcheck=check)
    assert {"startupProbe", "readinessProbe"}.isdisjoint(container_of(service))
    assert warnings_of(service) == ()
