# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers that are deployed on engines that speak Docker's API have in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from .docker_deployment import DockerDeployment, green
from .engine import IMAGE
from .yard import LIVES

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (  # isort: skip
    ConflictError,
    NotReadyError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (  # isort: skip
    Condition,
    Dependency,
    FileMount,
    HealthCheck,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    Resources,
    RestartPolicy,
    Ulimit,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (  # isort: skip
    FileSpec,
    VolumeSpec,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engine import DockerEngine

DATA = MountSpec(MountType.VOLUME, "/data", "data")
SECRET = "geheimsache"  # noqa: S105 - the test's own


@pytest.fixture
def place(docker_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[DockerDeployment]:
    """Give the test a deployment of its own."""
    found = DockerDeployment(docker_engine, request.node.nodeid, image=IMAGE)
    found.clear()
    yield found
    found.close()


VOLUMES: dict[str, Any] = {"volumes": (VolumeSpec("data"),)}


def test_what_goes_when_it_is_stopped_is_not_taken_over(place: DockerDeployment) -> None:
    web = place.service("web", container_name=f"{place.name}-web")
    there = place.api.containers.run(
        IMAGE, ["sh", "-c", LIVES], name=web.container_name, volumes=["/data"], auto_remove=True, detach=True
    )
    with pytest.raises(ConflictError, match=f"made with --rm, .*: {web.container_name}"):
        place.plan(web, take_over=True)
    there.reload()
    assert there.status == "running"


def test_anonymous_volumes_outlive_an_update(place: DockerDeployment) -> None:
    service = place.service("web", mounts=(MountSpec(MountType.VOLUME, "/cache"),))
    place.deploy(service)
    place.run("web-1", "touch", "/cache/kept")
    place.deploy(green(service))
    assert place.run("web-1", "ls", "/cache") == "kept\n"
    place.deploy(state="absent")


def test_secrets_and_configs_are_files_of_the_container(place: DockerDeployment) -> None:
    files = (
        FileMount("token", "/run/secrets/token", secret=True, uid=7, gid=8, mode=0o400),
        FileMount("conf", "/etc/app/deep/conf"),
    )
    contents = {"files": (FileSpec("token", SECRET.encode(), secret=True), FileSpec("conf", b"a=1"))}
    service = place.service("web", files=files)
    place.deploy(service, **contents)
    assert place.run("web-1", "cat", "/run/secrets/token", "/etc/app/deep/conf") == f"{SECRET}a=1"
    assert place.run("web-1", "stat", "-c", "%a %u:%g", "/run/secrets/token") == "400 7:8\n"
    assert (
        place.run("web-1", "stat", "-c", "%a", "/etc/app", "/etc/app/deep/conf", "/run", "/etc")
        == "755\n444\n755\n755\n"
    )
    assert place.told(service, **contents) == []
    other = {"files": (FileSpec("token", b"another", secret=True), FileSpec("conf", b"a=1"))}
    assert place.told(service, **other) == ["Container web-1 recreated"]
    plan = place.plan(service, **other)
    assert SECRET not in repr([(change.before, change.after) for change in plan.changes])


def test_common_keys_are_accepted_and_seen_in_the_container(place: DockerDeployment) -> None:
    # This Podman has no process for init, and may set no limits.
    is_docker = place.engine.name == "docker"
    service = place.service(
        "web",
        user="1000:1000",
        working_dir="/tmp",  # noqa: S108 - in a container
        hostname="front",
        environment={"A": "1"},
        labels={"own": "label"},
        mounts=(
            MountSpec(MountType.TMPFS, "/scratch", size=1 << 20, mode=0o1777),
            MountSpec(MountType.VOLUME, "/data", "data", read_only=True),
        ),
        expose=(PortSpec(9000),),
        restart=RestartPolicy("on-failure", 2),
        resources=Resources(cpus=0.5, memory=64 << 20, pids=50, shm_size=8 << 20),
        ulimits=(Ulimit("nofile", 100, 200),) if is_docker else (),
        extra_hosts=(("far", "10.1.2.3"),),
        dns=("9.9.9.9",),
        cap_drop=("ALL",),
        cap_add=("CHOWN",),
        read_only=True,
        security_opt=("no-new-privileges",),
        init=True if is_docker else None,
        stop_signal="SIGTERM",
        stop_grace_period=2,
        networks=(NetworkAttachment("default"), NetworkAttachment("back", aliases=("front",))),
    )
    place.deploy(service, **VOLUMES)
    assert place.run("web-1", "sh", "-c", "id -u; pwd; hostname; echo $A") == "1000\n/tmp\nfront\n1\n"
    # What exec starts may have others: https://github.com/opencontainers/runc/issues/4195
    assert not is_docker or re.search(r"Max open files +100 +200 ", place.run("web-1", "cat", "/proc/1/limits"))
    assert "10.1.2.3" in place.run("web-1", "cat", "/etc/hosts")
    assert "Read-only" in place.run("web-1", "touch", "/x")
    assert place.run("web-1", "touch", "/scratch/x") == ""
    assert place.told(service, **VOLUMES) == []


def test_namespaces_are_shared_with_a_service(place: DockerDeployment) -> None:
    owner = place.service("web", f"httpd -p 80 -h /etc; {LIVES}")
    side = place.service("side", networks=(), network_mode="service:web", depends_on=(Dependency("web"),))
    place.deploy(owner, side)
    assert place.run("side-1", "wget", "-qO-", "http://127.0.0.1/hostname").strip() in place.ids()["web-1"]
    assert place.told(green(owner), side) == ["Container web-1 recreated", "Container side-1 recreated"]
    place.deploy(green(owner), side)
    assert set(place.states().values()) == {"running"}


def test_health_is_waited_for(place: DockerDeployment) -> None:
    if place.engine.name == "podman":
        pytest.skip("Podman leaves health checks to timers of systemd")
    check = HealthCheck(("CMD-SHELL", "test -f /tmp/ready"), interval=0.2, retries=50)
    slow = place.service("db", f"sleep 1; touch /tmp/ready; {LIVES}", healthcheck=check)
    web = place.service(
        "web",
        f"test $(ping -c1 db >/dev/null; echo $?) = 0; {LIVES}",
        depends_on=(Dependency("db", Condition.HEALTHY),),
    )
    place.deploy(slow, web)
    never = replace(check, test=("CMD", "false"), retries=1)
    with pytest.raises(NotReadyError, match="unhealthy"):
        place.deploy(replace(slow, healthcheck=never), web)
    assert place.states() == {"db-1": "running", "web-1": "running"}
