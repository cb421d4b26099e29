# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports, mounts, files and environment of a service, in their short and their long form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    FileMount,
    MountSpec,
    MountType,
    PortSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec

from .composing import project_of, service_of

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


FILES = {
    "web.env": b"A=1\nB='$A'\nC=\"x\\n${A}\" # why\n# none\nexport D = 4\n\nE\nF=a#b\nG=a #b\nH=\n",
    "conf.d/one": b"1",
    "conf.d/sub/two": b"2",
    "key.pem": b"k",
}


def test_an_environment_is_read_from_mappings_lists_and_files() -> None:
    assert service_of(environment={"A": 1, "B": True, "C": None, "D": "", "E": 1.5, "F": 0.1}).environment == {
        "A": "1",
        "B": "true",
        "D": "",
        "E": "1.5",
        "F": "0.1",
    }
    assert service_of(environment=["A=1=2", "B"]).environment == {"A": "1=2"}
    found = service_of(files=FILES, env_file="./web.env", environment=["A=own"]).environment
    assert found == {"A": "own", "B": "$A", "C": "x\n1", "D": "4", "F": "a#b", "G": "a", "H": ""}
    assert service_of(env_file=[{"path": "no.env", "required": False}]).environment == {}
    project = project_of({"services": {"web": {"image": "i", "environment": ["FROM"]}}}, values={"FROM": "outside"})
    assert project.services[0].environment == {"FROM": "outside"}


@pytest.mark.parametrize(
    ("files", "value", "words"),
    [
        ({}, "no.env", "the file no.env is not beside the template"),
        ({"a.env": b"\xff"}, "a.env", "the file is not UTF-8"),
        ({"a.env": b"A=1\n= 2\n"}, "a.env", "line 2 is no NAME=VALUE"),
        ({"a.env": b"A=1"}, [{"path": "a.env", "format": "raw"}], "this is not supported"),
        ({"a.env": b"A=$"}, "a.env", "a single $"),
    ],
)
def test_an_env_file_that_cannot_be_read_is_told(files: dict[str, bytes], value: Any, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        service_of(files=files, env_file=value)


def test_the_env_file_that_people_keep_for_compose_is_what_the_task_gives() -> None:
    data = {"services": {"web": {"image": "i", "env_file": ".env"}}}
    project = project_of(data, values={"A": "1", "SERVICE_NAME": "x"}, given={"A": "1"})
    assert project.services[0].environment == {"A": "1"}
    assert project.warnings == ("services.web.env_file: .env is not beside the template, env of the task is used",)
    assert project_of(data, files={".env": b"B=2"}, given={"A": "1"}).services[0].environment == {"B": "2"}


def test_secrets_in_an_environment_are_known_by_name_by_address_and_by_value() -> None:
    environment = {
        "DB_PASSWORD": "abcd",
        "URL": "pg://u:abcd@db/x",
        "COPY": "see abcd",
        "PLAIN": "x",
        "TOKEN": "",
        "KEY_FILE": "/x",
        "K": "zzz",
    }
    data = {"services": {"web": {"image": "i", "environment": environment}}}
    assert project_of(data, secrets=("abcd", "x")).services[0].secret == {"DB_PASSWORD", "URL", "COPY"}
    assert "abcd" not in repr(project_of(data))


def test_configs_and_secrets_are_read_from_text_variables_and_files() -> None:
    data = {
        "configs": {"a": {"content": "text $$1"}, "b": {"file": "./key.pem"}, "unused": {"content": ""}},
        "secrets": {"s": {"environment": "PASS"}, "t": {"external": True, "name": "there"}},
        "services": {
            "web": {
                "image": "i",
                "configs": ["a", {"source": "b", "target": "/etc/b", "uid": "5", "gid": 6, "mode": 0o440}],
                "secrets": ["s", {"source": "t", "target": "short"}],
            }
        },
    }
    project = project_of(data, files=FILES, values={"PASS": "hunter22"})
    assert project.files == (
        FileSpec("a", b"text $1"),
        FileSpec("b", b"k"),
        FileSpec("s", b"hunter22", secret=True),
        FileSpec("t", None, "there", secret=True, external=True),
    )
    assert project.services[0].files == (
        FileMount("a", "/a"),
        FileMount("b", "/etc/b", uid=5, gid=6, mode=0o440),
        FileMount("s", "/run/secrets/s", secret=True),
        FileMount("t", "/run/secrets/short", secret=True),
    )


@pytest.mark.parametrize(
    ("top", "keys", "words"),
    [
        ({"configs": {"a": {}}}, {"configs": ["a"]}, "one of content, environment and file"),
        ({"configs": {"a": {"content": "x", "file": "y"}}}, {"configs": ["a"]}, "one of content, environment and file"),
        ({"configs": {"a": {"file": "no"}}}, {"configs": ["a"]}, "the file no is not beside the template"),
        ({"secrets": {"a": {"environment": "NO"}}}, {"secrets": ["a"]}, "the variable NO has no value"),
        ({"secrets": {"a": {"driver": "x", "content": "y"}}}, {}, "secrets.a.driver: this key is not supported"),
        ({}, {"configs": ["a"]}, "a is not declared"),
        ({}, {"secrets": [{"target": "x"}]}, "source is missing"),
        ({"configs": {"a": {"content": "x"}}}, {"configs": [{"source": "a", "mode": "rw"}]}, "this has to be a mode"),
    ],
)
def test_configs_and_secrets_that_cannot_be_are_told(top: Any, keys: Any, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        service_of(top=top, **keys)


def test_files_beside_the_template_are_put_into_the_container() -> None:
    data = {
        "services": {"web": {"image": "i", "volumes": ["./conf.d:/etc/conf.d:ro", "./key.pem:/key", "./other:/other"]}}
    }
    project = project_of(data, files=FILES)
    (service,) = project.services
    assert [(one.source, one.target) for one in service.files] == [
        ("file-conf.d-one", "/etc/conf.d/one"),
        ("file-conf.d-sub-two", "/etc/conf.d/sub/two"),
        ("file-key.pem", "/key"),
    ]
    assert [one.source for one in service.mounts] == ["./other"]
    assert [spec.content for spec in project.files] == [b"1", b"2", b"k"]
    (warning,) = project.warnings
    assert warning.startswith("services.web.volumes[1]: ./key.pem is put into the container")
