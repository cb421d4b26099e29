# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying on engines that speak Docker's API: what is made, what is left alone, and what is taken back."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from .docker_deployment import DockerDeployment, green
from .engine import IMAGE
from .yard import LIVES, poll

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (  # isort: skip
    ConflictError,
    NekzusError,
    NotReadyError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (  # isort: skip
    Condition,
    Dependency,
    HealthCheck,
    MountSpec,
    MountType,
    PortSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (  # isort: skip
    NetworkSpec,
    VolumeSpec,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec

    from .engine import DockerEngine

DATA = MountSpec(MountType.VOLUME, "/data", "data")
SERVES = f"httpd -p 80 -h /data; {LIVES}"
SECRET = "geheimsache"  # noqa: S105 - the test's own


@pytest.fixture
def place(docker_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[DockerDeployment]:
    """Give the test a deployment of its own."""
    found = DockerDeployment(docker_engine, request.node.nodeid, image=IMAGE)
    found.clear()
    yield found
    found.close()


def shop(place: DockerDeployment) -> tuple[ServiceSpec, ServiceSpec, ServiceSpec]:
    """Return a job that writes a page, a client, and what serves the page when the job is done."""
    job = place.service("job", "echo hello >/data/page", mounts=(DATA,))
    client = place.service("client", environment={"API_TOKEN": SECRET})
    depends = (Dependency("job", Condition.COMPLETED), Dependency("client"))
    return job, client, place.service("web", SERVES, mounts=(DATA,), depends_on=depends)


VOLUMES: dict[str, Any] = {"volumes": (VolumeSpec("data"),)}


def test_a_template_becomes_a_service_and_goes_away_again(place: DockerDeployment) -> None:
    found = place.deploy(*shop(place), **VOLUMES)
    assert found is not None
    assert (found.status, found.volumes) == ("running", (f"{place.name}_data",))
    assert place.states() == {"job-1": "exited", "client-1": "running", "web-1": "running"}
    assert place.run("client-1", "wget", "-qO-", "http://web/page") == "hello\n"
    assert place.told(*shop(place), **VOLUMES) == []
    place.deploy(state="absent")
    assert (place.ids(), place.objects()) == ({}, [f"{place.name}_data"])
    place.deploy(state="absent", remove_volumes=True)
    assert place.objects() == []
    assert place.told(state="absent", remove_volumes=True) == []


def test_planning_changes_nothing(place: DockerDeployment) -> None:
    assert len(place.told(*shop(place), **VOLUMES)) == 5
    assert (place.ids(), place.objects()) == ({}, [])


def test_only_the_service_that_changed_is_made_anew(place: DockerDeployment) -> None:
    job, client, web = shop(place)
    place.deploy(job, client, web, **VOLUMES)
    before = place.ids()
    assert place.told(job, green(client), web, **VOLUMES) == ["Container client-1 recreated"]
    place.deploy(job, green(client), web, **VOLUMES)
    after = place.ids()
    assert {name for name in after if after[name] != before[name]} == {"client-1"}
    assert place.told(job, green(client), web, **VOLUMES) == []


def test_what_was_left_alone_has_to_be_well_as_well(place: DockerDeployment) -> None:
    check = HealthCheck(("CMD-SHELL", "test -f /well"), interval=0.3, retries=2)
    web = place.service("web", f"touch /well; {LIVES}", healthcheck=check)
    place.deploy(web, wait=False)
    poll(lambda: place.probe("web-1", times=1) == "healthy", "it is well")
    place.deploy(web)
    before = place.ids()
    place.run("web-1", "rm", "/well")
    poll(lambda: place.probe("web-1", times=2) == "unhealthy", "it is not well")
    for wish in ((web,), ()):
        with pytest.raises(NotReadyError, match="it is unhealthy"):
            place.deploy(*wish, state="started")
    assert place.ids() == before


def test_stopping_and_starting_need_no_template(place: DockerDeployment) -> None:
    place.deploy(*shop(place), **VOLUMES)
    place.deploy(state="stopped")
    assert set(place.states().values()) == {"exited"}
    assert place.told(state="stopped") == []
    place.deploy(state="started")
    assert place.run("client-1", "wget", "-qO-", "http://web/page") == "hello\n"
    assert place.told(state="started") == []


def test_a_first_deployment_that_fails_is_removed_again(place: DockerDeployment) -> None:
    job, client, web = shop(place)
    broken = replace(web, command=("sh", "-c", f"echo no table {SECRET}; exit 3"))
    with pytest.raises(NotReadyError, match=r"web-1: .*exit code 3.*removed again") as failure:
        place.deploy(job, client, broken, secrets=(SECRET,), **VOLUMES)
    assert (place.ids(), place.objects()) == ({}, [])
    assert failure.value.details["logs"] == ["no table ********"]


def test_what_was_there_serves_on_when_an_update_fails(place: DockerDeployment) -> None:
    job, client, web = shop(place)
    place.deploy(job, client, web, **VOLUMES)
    before = place.ids()
    with pytest.raises(NotReadyError, match="what was there before is back"):
        place.deploy(job, green(client), replace(web, command=("false",)), **VOLUMES)
    assert place.ids() == before
    assert place.run("client-1", "wget", "-qO-", "http://web/page") == "hello\n"
    assert place.told(job, client, web, **VOLUMES) == []


def test_a_network_that_changes_is_made_anew_and_back(place: DockerDeployment) -> None:
    job, client, web = shop(place)
    place.deploy(job, client, web, **VOLUMES)
    before = place.ids()
    other = {"networks": (NetworkSpec("default", labels={"colour": "green"}),), **VOLUMES}
    with pytest.raises(NotReadyError):
        place.deploy(job, client, replace(web, command=("false",)), **other)
    assert place.ids() == before
    assert place.run("client-1", "wget", "-qO-", "http://web/page") == "hello\n"
    place.deploy(job, client, web, **other)
    assert place.run("client-1", "wget", "-qO-", "http://web/page") == "hello\n"
    assert place.told(job, client, web, **other) == []


def test_a_port_that_is_taken_is_named(place: DockerDeployment) -> None:
    if place.engine.name == "podman":
        pytest.skip("Podman takes no port of the host where it may set no rules")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = (PortSpec(80, port, host_ip="127.0.0.1"),)
        with pytest.raises(ConflictError, match=f"port {port} is taken"):
            place.deploy(place.service("web", ports=ports))
    assert (place.ids(), place.objects()) == ({}, [])
    found = place.deploy(place.service("web", ports=ports))
    assert found is not None
    assert [(one.port, one.url) for one in found.endpoints] == [(port, f"http://127.0.0.1:{port}")]


def test_an_image_that_cannot_be_had_is_named(place: DockerDeployment) -> None:
    missing = replace(place.service("web"), image="nekzus.invalid/nothing:1")
    with pytest.raises(NotReadyError, match=r"the image nekzus.invalid/nothing:1 cannot be pulled"):
        place.deploy(missing)
    assert (place.ids(), place.objects()) == ({}, [])


@pytest.mark.parametrize("kind", ["container", "network", "volume"])
def test_what_is_not_ours_is_left_alone(place: DockerDeployment, kind: str) -> None:
    if kind == "container":
        place.api.containers.create(IMAGE, ["true"], name=f"{place.name}-web-1")
    elif kind == "network":
        place.api.networks.create(f"{place.name}_default")
    else:
        place.api.volumes.create(f"{place.name}_data")
    for state in ("present", "started"):
        with pytest.raises(ConflictError, match=f"{kind} {place.name}"):
            place.deploy(*shop(place), state=state, **VOLUMES)
    place.deploy(state="absent", remove_volumes=True)
    assert len(place.objects()) == (0 if kind == "container" else 1)


def test_a_volume_that_is_used_elsewhere_stays(place: DockerDeployment) -> None:
    place.deploy(*shop(place), **VOLUMES)
    guest = f"{place.name}-guest"
    place.api.containers.create(IMAGE, ["true"], name=guest, volumes={f"{place.name}_data": {"bind": "/x"}})
    with pytest.raises(ConflictError, match=f"{place.name}_data by {guest}"):
        place.deploy(state="absent", remove_volumes=True)
    assert place.states()["web-1"] == "running"


def test_what_the_template_has_no_more_goes(place: DockerDeployment) -> None:
    _job, client, _web = shop(place)
    place.deploy(*shop(place), **VOLUMES)
    place.deploy(client)
    assert (set(place.ids()), place.objects()) == (
        {"client-1"},
        sorted(f"{place.name}_{key}" for key in ("data", "default")),
    )


def test_of_two_at_once_one_wins_and_the_other_harms_nothing(place: DockerDeployment) -> None:
    services = shop(place)

    def deploy(deployer: Any) -> str:
        try:
            deployer.execute(deployer.plan(place.wish(*services, **VOLUMES)))
        except ConflictError:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(deploy, [place.deployer, place.another()]))
    assert "done" in ends
    assert place.run("client-1", "wget", "-qO-", "http://web/page") == "hello\n"
    assert place.told(*services, **VOLUMES) == []


def test_nothing_tells_a_secret(place: DockerDeployment) -> None:
    job, client, web = shop(place)
    plan = place.plan(job, client, web, secrets=(SECRET,), **VOLUMES)
    found = place.deployer.execute(plan)
    assert SECRET not in repr((plan, [(one.before, one.after) for one in plan.changes], found))
    broken = replace(client, command=("sh", "-c", "echo $API_TOKEN; exit 1"))
    with pytest.raises(NekzusError) as failure:
        place.deploy(job, broken, web, **VOLUMES)
    assert SECRET not in str(failure.value) + repr(failure.value.failure())
