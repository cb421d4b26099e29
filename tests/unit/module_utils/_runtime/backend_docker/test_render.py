# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compose projects as the bodies of Docker's API, as the docker command would send them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.render import Rendered, render
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    FileMount,
    HealthCheck,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    PullPolicy,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    NetworkSpec,
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import (
    DEFAULT,
    OTHER_VALUES,
    project,
    web,
)

WISH = Wish("shop", ToolboxState.PRESENT, template="web")
# What a field of a service does when it is no part of a body.
ELSEWHERE = {"keys", "replicas", "pull_policy", "platform", "secret"}


def body_of(service: ServiceSpec, **parts: Any) -> dict[str, Any]:
    db = ServiceSpec("db", "postgres", networks=DEFAULT)
    return dict(render(project(db, service, **parts), WISH).containers[1].body)


def host_of(service: ServiceSpec, **parts: Any) -> dict[str, Any]:
    found: dict[str, Any] = body_of(service, **parts)["HostConfig"]
    return found


def test_every_field_of_a_service_is_known_here() -> None:
    assert set(OTHER_VALUES) | ELSEWHERE == {each.name for each in fields(ServiceSpec)}


@pytest.mark.parametrize("name", sorted(set(OTHER_VALUES) - ELSEWHERE))
def test_every_field_of_a_service_makes_a_difference(name: str) -> None:
    db = ServiceSpec("db", "postgres", networks=DEFAULT)
    one, other = web(), replace(web(), **{name: OTHER_VALUES[name]})
    if name == "network_mode":
        one, other = replace(one, networks=()), replace(other, networks=())
    first, second = (render(project(db, each), WISH).containers[1] for each in (one, other))
    assert (first.body, first.further, first.files) != (second.body, second.further, second.files)
    assert first.digest != second.digest


def test_a_plain_service_says_no_more_than_it_has_to() -> None:
    body = body_of(web())
    labels = body.pop("Labels")
    assert body == {
        "Image": "nginx",
        "HostConfig": {"NetworkMode": "shop_default", "RestartPolicy": {"Name": "no"}},
        "NetworkingConfig": {"EndpointsConfig": {"shop_default": {"Aliases": ["shop-web-1", "web"]}}},
    }
    assert len(labels.pop("com.docker.compose.config-hash")) == 64
    assert labels == {
        "nekzus.io/service": "shop",
        "nekzus.io/template": "web",
        "nekzus.io/main": "true",
        "nekzus.io/ends": "true",
        "app.kubernetes.io/managed-by": "nekzus.runtime",
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": "web",
        "com.docker.compose.container-number": "1",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.version": "2",
        "com.docker.compose.depends_on": "",
    }


def rendered(*services: ServiceSpec, **parts: Any) -> Rendered:
    return render(project(*services, **parts), WISH)


def test_objects_are_called_as_compose_calls_them() -> None:
    found = rendered(
        web(replicas=2),
        networks=(NetworkSpec("default", name="given"), NetworkSpec("lan", external=True)),
        volumes=(VolumeSpec("data"), VolumeSpec("kept", external=True), VolumeSpec("known", name="other")),
    )
    assert [one.name for one in found.containers] == ["shop-web-1", "shop-web-2"]
    assert [(one.name, one.external) for one in found.networks] == [("given", False), ("lan", True)]
    assert [one.name for one in found.volumes] == ["shop_data", "kept", "other"]
    assert found.volumes[0].body["Labels"]["com.docker.compose.volume"] == "data"


def test_ports_are_published_and_exposed() -> None:
    ports = (PortSpec(80, 8080), PortSpec(80, 8081, host_ip="127.0.0.1"), PortSpec(53, protocol="udp"))
    body = body_of(web(ports=ports, expose=(PortSpec(9000),)))
    assert body["ExposedPorts"] == {"80/tcp": {}, "53/udp": {}, "9000/tcp": {}}
    assert body["HostConfig"]["PortBindings"] == {
        "80/tcp": [{"HostIp": "", "HostPort": "8080"}, {"HostIp": "127.0.0.1", "HostPort": "8081"}],
        "53/udp": [{"HostIp": "", "HostPort": ""}],
    }


def test_mounts_are_binds_where_the_daemon_makes_the_folder() -> None:
    mounts = (
        MountSpec(MountType.BIND, "/conf", "./conf", read_only=True, selinux="Z"),
        MountSpec(MountType.BIND, "/there", "/srv/there", create_host_path=False, propagation="rslave"),
        MountSpec(MountType.VOLUME, "/data", "data", nocopy=True),
        MountSpec(MountType.VOLUME, "/anonymous"),
        MountSpec(MountType.TMPFS, "/tmp", size=1024, mode=0o1777),  # noqa: S108 - in a container
    )
    host = host_of(web(mounts=mounts), folder="/opt/shop")
    assert host["Binds"] == ["/opt/shop/conf:/conf:ro,Z"]
    assert host["Mounts"] == [
        {"Type": "bind", "Target": "/there", "Source": "/srv/there", "BindOptions": {"Propagation": "rslave"}},
        {"Type": "volume", "Target": "/data", "Source": "shop_data", "VolumeOptions": {"NoCopy": True}},
        {"Type": "volume", "Target": "/anonymous"},
        {"Type": "tmpfs", "Target": "/tmp", "TmpfsOptions": {"SizeBytes": 1024, "Mode": 0o1777}},  # noqa: S108
    ]


def test_times_of_a_health_check_are_nanoseconds() -> None:
    check = HealthCheck(("CMD-SHELL", "true"), interval=1.5, timeout=2, retries=3, start_period=0)
    assert body_of(web(healthcheck=check))["Healthcheck"] == {
        "Test": ["CMD-SHELL", "true"],
        "Interval": 1_500_000_000,
        "Timeout": 2_000_000_000,
        "StartPeriod": 0,
        "Retries": 3,
    }


def test_the_most_important_network_is_the_first_and_the_others_follow() -> None:
    networks = (NetworkAttachment("a", aliases=("x",)), NetworkAttachment("b", priority=1, ipv4_address="10.1.1.1"))
    found = rendered(web(networks=networks)).containers[0]
    assert found.body["HostConfig"]["NetworkMode"] == "shop_b"
    assert found.body["NetworkingConfig"]["EndpointsConfig"]["shop_b"]["IPAMConfig"] == {"IPv4Address": "10.1.1.1"}
    assert found.further == {"shop_a": {"Aliases": ["shop-web-1", "web", "x"]}}


def test_links_name_the_containers_of_services() -> None:
    endpoint = body_of(web(links=(("db", "store"),)))["NetworkingConfig"]["EndpointsConfig"]["shop_default"]
    assert endpoint["Links"] == ["shop-db-1:store"]


@pytest.mark.parametrize("field", ["network_mode", "ipc", "pid"])
def test_a_namespace_is_shared_with_the_container_of_a_service(field: str) -> None:
    service = web(networks=() if field == "network_mode" else DEFAULT, **{field: "service:db"})
    keys = {"network_mode": "NetworkMode", "ipc": "IpcMode", "pid": "PidMode"}
    assert host_of(service)[keys[field]] == "container:shop-db-1"


def test_an_empty_entrypoint_or_command_takes_away_that_of_the_image() -> None:
    body = body_of(web(entrypoint=(), command=()))
    assert (body["Entrypoint"], body["Cmd"]) == ([""], [])


def test_the_digest_is_the_same_for_the_same_and_knows_contents() -> None:
    mounted = web(files=(FileMount("conf", "/etc/conf"),))
    one, same = rendered(mounted).containers[0], rendered(mounted).containers[0]
    other = rendered(mounted, files=(FileSpec("conf", b"b"),)).containers[0]
    assert one.digest == same.digest != other.digest


def test_a_changed_network_changes_those_that_are_on_it() -> None:
    one, other = (
        rendered(web(), networks=(NetworkSpec("default", internal=internal),)).containers[0]
        for internal in (False, True)
    )
    assert one.digest != other.digest


def test_the_task_says_how_many_there_are_of_the_main_service() -> None:
    found = render(project(ServiceSpec("db", "postgres"), web()), replace(WISH, replicas=3))
    assert [one.name for one in found.containers] == ["shop-db-1", "shop-web-1", "shop-web-2", "shop-web-3"]


def test_dependencies_are_labelled_as_compose_does() -> None:
    depends = (Dependency("db", Condition.HEALTHY), Dependency("job", Condition.COMPLETED, restart=True))
    label = body_of(web(depends_on=depends))["Labels"]["com.docker.compose.depends_on"]
    assert label == "db:service_healthy:false,job:service_completed_successfully:true"


def test_secrets_are_not_told_by_what_is_rendered() -> None:
    service = web(environment={"DB_PASSWORD": "geheimsache"}, files=(FileMount("token", "/run/token", secret=True),))
    found = rendered(service)
    assert "geheim" not in repr(found)
    assert found.containers[0].secrets == ("geheimsache",)


def test_an_image_is_pulled_as_the_template_says() -> None:
    assert rendered(web(pull_policy=PullPolicy.NEVER)).containers[0].spec.pull_policy is PullPolicy.NEVER
