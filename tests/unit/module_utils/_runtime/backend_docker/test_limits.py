# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a project Docker cannot do, and what it takes a newer daemon for."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.limits import newer
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.render import Rendered, render
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import UnsupportedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    FileMount,
    HealthCheck,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    Resources,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    ServiceSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import DEFAULT, project, web

WISH = Wish("shop", ToolboxState.PRESENT, template="web")


def rendered(*services: ServiceSpec, **parts: Any) -> Rendered:
    return render(project(*services, **parts), WISH)


def test_everything_that_docker_cannot_do_is_named_at_once() -> None:
    service = web(
        replicas=2,
        container_name="front",
        ports=(PortSpec(80, 8080),),
        security_opt=("seccomp:profile.json",),
        read_only=True,
        files=(FileMount("conf", "/etc/conf"), FileMount("far", "/etc/far")),
        mounts=(MountSpec(MountType.BIND, "/data", "./data", key="services.web.volumes[0]"),),
    )
    with pytest.raises(UnsupportedError) as refusal:
        rendered(service, files=(FileSpec("conf", b""), FileSpec("far", external=True)))
    for words in (
        "services.web.ports: 2 containers cannot all have port 8080",
        "services.web.container_name",
        "services.web.security_opt: the seccomp profile profile.json",
        "services.web.configs: conf cannot be put into a container that is read_only",
        "services.web.configs: far is external",
        "services.web.volumes[0]: there is no folder",
    ):
        assert words in refusal.value.message


def test_a_file_that_a_tmpfs_would_hide_is_refused() -> None:
    mounts = (MountSpec(MountType.TMPFS, "/run"),)
    with pytest.raises(UnsupportedError, match="hidden by the tmpfs"):
        rendered(web(mounts=mounts, files=(FileMount("token", "/run/secrets/token", secret=True),)))


def test_what_is_not_heeded_is_a_warning() -> None:
    found = rendered(web(resources=Resources(reserved_cpus=1)))
    assert "services.web.deploy.resources.reservations.cpus" in found.warnings[0]


def test_what_takes_a_newer_daemon_is_known() -> None:
    service = web(
        mounts=(MountSpec(MountType.VOLUME, "/data", "data", subpath="a", key="services.web.volumes[0]"),),
        annotations={"a": "b"},
        healthcheck=HealthCheck(start_interval=1),
        networks=(*DEFAULT, NetworkAttachment("back", mac_address="02:42:ac:11:00:02")),
    )
    assert [(key.partition(".")[0], version, matters) for key, version, matters in newer(project(service))] == [
        ("services", (1, 45), True),
        ("services", (1, 43), False),
        ("services", (1, 44), False),
        ("services", (1, 44), True),
    ]


def test_a_port_of_the_host_is_published_once() -> None:
    front = (PortSpec(80, 8080, host_ip="127.0.0.1"), PortSpec(81, 8080, host_ip="127.0.0.1"), PortSpec(82, 8081))
    with pytest.raises(
        UnsupportedError, match=r"says: services: port 127\.0\.0\.1:8080/tcp .* published 2 times\. Hint"
    ):
        rendered(web(ports=front))
    back = ServiceSpec("back", "nginx", networks=DEFAULT, ports=(PortSpec(80, 8081),))
    with pytest.raises(UnsupportedError, match="services: port 8081/tcp of the host is published 2 times"):
        rendered(back, web(ports=front[2:]))
    rendered(web(ports=(PortSpec(80, 8080), PortSpec(80, 8080, protocol="udp"), PortSpec(80), PortSpec(80))))
