# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports and mounts of a service, in their short and their long form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    MountSpec,
    MountType,
    PortSpec,
)

from .composing import service_of

VOLUMES = {"volumes": {"data": None}}


@pytest.mark.parametrize(
    ("value", "ports"),
    [
        ("80", [PortSpec(80)]),
        (80, [PortSpec(80)]),
        ("8080:80", [PortSpec(80, 8080)]),
        ("8080:80/udp", [PortSpec(80, 8080, "udp")]),
        ("53/sctp", [PortSpec(53, None, "sctp")]),
        ("127.0.0.1:8080:80", [PortSpec(80, 8080, host_ip="127.0.0.1")]),
        ("127.0.0.1::80", [PortSpec(80, None, host_ip="127.0.0.1")]),
        ("[::1]:8080:80", [PortSpec(80, 8080, host_ip="::1")]),
        ("3000-3002", [PortSpec(3000), PortSpec(3001), PortSpec(3002)]),
        ("9000-9001:8000-8001/udp", [PortSpec(8000, 9000, "udp"), PortSpec(8001, 9001, "udp")]),
        ("0:80", [PortSpec(80)]),
        ({"target": 80}, [PortSpec(80)]),
        (
            {"target": "80", "published": "8080", "protocol": "udp", "host_ip": "::1", "mode": "host"},
            [PortSpec(80, 8080, "udp", "::1")],
        ),
        (
            {"target": 80, "published": 8080, "name": "web", "app_protocol": "http"},
            [PortSpec(80, 8080, name="web", app_protocol="http")],
        ),
    ],
)
def test_a_port_is_read(value: Any, ports: list[PortSpec]) -> None:
    assert service_of(ports=[value, value]).ports == tuple(ports)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "web",
        "80:",
        "a:80",
        "80:80:80:80",
        "70000",
        "8000-7000",
        "80-81:90-93",
        "1.2.3.4:80-81",
        {"published": 1},
        {"target": 80, "protocol": "xtp"},
        {"target": 80, "port": 1},
        "8000-8001:80",
        None,
        [],
    ],
)
def test_what_is_no_port_is_told(value: Any) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape("services.web.ports[0]")):
        service_of(ports=[value])


def test_exposed_ports_are_read() -> None:
    assert service_of(expose=[80, "443", "8000-8001/udp"]).expose == (
        PortSpec(80),
        PortSpec(443),
        PortSpec(8000, None, "udp"),
        PortSpec(8001, None, "udp"),
    )


def mount(kind: str, target: str, source: str = "", index: int = 0, **values: Any) -> MountSpec:
    return MountSpec(MountType(kind), target, source, key=f"services.web.volumes[{index}]", **values)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("/data", mount("volume", "/data")),
        ("data:/data", mount("volume", "/data", "data")),
        ("data:/data:ro", mount("volume", "/data", "data", read_only=True)),
        ("data:/data:rw,nocopy", mount("volume", "/data", "data", nocopy=True)),
        ("./data:/data", mount("bind", "/data", "./data")),
        ("./a/../b/:/data", mount("bind", "/data", "./b")),
        (".:/data", mount("bind", "/data", "./")),
        ("./..old/x:/data", mount("bind", "/data", "./..old/x")),
        ("./~:/data", mount("bind", "/data", "./~")),
        ("/srv:/data:ro,z", mount("bind", "/data", "/srv", read_only=True, selinux="z")),
        ("/srv:/data:rshared", mount("bind", "/data", "/srv", propagation="rshared")),
        ("/srv:/data:cached", mount("bind", "/data", "/srv")),
        ({"type": "volume", "source": "data", "target": "/data"}, mount("volume", "/data", "data")),
        (
            {"source": "data", "target": "/data", "volume": {"nocopy": True, "subpath": "x"}},
            mount("volume", "/data", "data", nocopy=True, subpath="x"),
        ),
        (
            {
                "type": "bind",
                "source": "/srv",
                "target": "/data",
                "read_only": True,
                "bind": {"create_host_path": False},
            },
            mount("bind", "/data", "/srv", read_only=True, create_host_path=False),
        ),
        (
            {"type": "tmpfs", "target": "/run", "tmpfs": {"size": "64m", "mode": 0o700}},
            mount("tmpfs", "/run", size=2**26, mode=0o700),
        ),
        (
            {"type": "bind", "source": "./x", "target": "/data", "bind": {"selinux": "Z", "propagation": "slave"}},
            mount("bind", "/data", "./x", selinux="Z", propagation="slave"),
        ),
    ],
)
def test_a_mount_is_read(value: Any, meant: MountSpec) -> None:
    assert service_of(top=VOLUMES, volumes=[value]).mounts == (meant,)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a:b:c:d", "this is no mount"),
        ("data:relative", "has to begin with /"),
        ("relative", "has to begin with /"),
        ("../x:/y", "leads out of the folder"),
        ("./a/../../x:/y", "leads out of the folder"),
        ("~/x:/y", "~ is another folder for everyone"),
        ("data:/data:fast", "the option fast"),
        ({"type": "bind", "source": "~/x", "target": "/y"}, "~ is another folder for everyone"),
        ({"type": "npipe", "target": "/x"}, "npipe is not one of"),
        ({"type": "bind", "target": "/x"}, "source is missing"),
        ({"target": "/x", "srource": "y"}, "this key is not known"),
        ({"source": "x"}, "has to begin with /"),
        ({"type": "bind", "source": "/a", "target": "/x", "bind": {"recursive": "disabled"}}, "not supported"),
        ("other:/x", "the volume other is not declared"),
    ],
)
def test_what_is_no_mount_is_told(value: Any, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        service_of(top=VOLUMES, volumes=[value])


def test_a_later_mount_at_the_same_place_wins_and_tmpfs_comes_beside() -> None:
    found = service_of(
        top=VOLUMES, volumes=["data:/x", "/srv:/x"], tmpfs=["/run", "/scratch:size=1m,mode=1777,noexec"]
    ).mounts
    assert [one.source for one in found] == ["/srv", "", ""]
    assert (found[2].target, found[2].size, found[2].mode) == ("/scratch", 2**20, 0o1777)
    assert service_of(tmpfs="/run").mounts[0].target == "/run"
    with pytest.raises(InvalidTemplateError, match="the option speed=1 of a tmpfs"):
        service_of(tmpfs="/run:speed=1")
    with pytest.raises(InvalidTemplateError, match="has to begin with /"):
        service_of(tmpfs=["run"])


def test_a_folder_of_a_home_is_no_volume_that_is_missing() -> None:
    with pytest.raises(InvalidTemplateError) as caught:
        service_of(volumes=["~/x:/y"])
    assert "not declared" not in caught.value.message
