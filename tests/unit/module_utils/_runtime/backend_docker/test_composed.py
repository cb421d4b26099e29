# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inspections of containers as services of a Compose file."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.composed import composed
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.composed_host import left_out
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.found import FoundContainer
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.placeholders import Placeholders

ID = "0123456789ab" + "0" * 52
DAEMON = {"CgroupVersion": "1", "DefaultRuntime": "runc", "LoggingDriver": "json-file"}


def service(
    config: dict[str, Any] | None = None,
    host: dict[str, Any] | None = None,
    image: dict[str, Any] | None = None,
    **document: Any,
) -> dict[str, Any]:
    """Return the service of a container, without what all have."""
    whole = {
        "Id": ID,
        "Config": {"Image": "app:1", "Hostname": ID[:12], **(config or {})},
        "HostConfig": {"NetworkMode": "default", **(host or {})},
        **document,
    }
    found = FoundContainer(ID, "web", "web", whole, {"Config": image or {}})
    told = composed(found, daemon=DAEMON, services={ID: "web", "f" * 64: "db", "db": "db"}, placeholders=Placeholders())
    assert (told.pop("image"), told.pop("container_name")) == ("app:1", "web")
    if told.get("network_mode") == "bridge":
        del told["network_mode"]
    return told


@pytest.mark.parametrize(
    ("config", "image", "expected"),
    [
        ({}, {}, {}),
        ({"Cmd": ["run"]}, {"Cmd": ["run"]}, {}),
        ({"Cmd": ["run", "$x"]}, {"Cmd": ["run"]}, {"command": ["run", "$$x"]}),
        ({"Entrypoint": ["/e"], "Cmd": ["run"]}, {"Entrypoint": ["/e"], "Cmd": ["run"]}, {}),
        ({"Entrypoint": ["/e"], "Cmd": ["other"]}, {"Entrypoint": ["/e"], "Cmd": ["run"]}, {"command": ["other"]}),
        # With an entrypoint of its own the command of the image does not hold, be it the same.
        (
            {"Entrypoint": ["/mine"], "Cmd": ["run"]},
            {"Entrypoint": ["/e"], "Cmd": ["run"]},
            {"entrypoint": ["/mine"], "command": ["run"]},
        ),
        ({"Entrypoint": ["/e"], "Cmd": None}, {"Entrypoint": ["/e"], "Cmd": ["run"]}, {"entrypoint": ["/e"]}),
        ({"Entrypoint": None, "Cmd": ["sh"]}, {"Entrypoint": ["/e"]}, {"entrypoint": [], "command": ["sh"]}),
        ({"User": "5", "WorkingDir": "/a"}, {"User": "5", "WorkingDir": "/a"}, {}),
        ({"User": "5", "WorkingDir": "/a"}, {}, {"user": "5", "working_dir": "/a"}),
        ({"StopSignal": "SIGTERM"}, {}, {}),
        ({"StopSignal": "SIGINT", "StopTimeout": 0}, {}, {"stop_signal": "SIGINT", "stop_grace_period": "0s"}),
        ({"Hostname": "named", "Domainname": "x.test"}, {}, {"hostname": "named", "domainname": "x.test"}),
        ({"Tty": True, "OpenStdin": True}, {}, {"tty": True, "stdin_open": True}),
        ({"Env": ["A=1", "B=$2"]}, {"Env": ["A=1", "B=1"]}, {"environment": {"B": "$$2"}}),
        ({"Env": ["DB_PASSWORD=x"]}, {}, {"environment": {"DB_PASSWORD": "${DB_PASSWORD:?}"}}),
        (
            {"Env": ["ODD=abc"], "Labels": {"nekzus.io/secrets": "ODD", "com.docker.compose.project": "p"}},
            {},
            {"environment": {"ODD": "${ODD:?}"}},
        ),
        ({"Labels": {"a": "1", "b": "2"}}, {"Labels": {"a": "1"}}, {"labels": {"b": "2"}}),
        ({"Cmd": ["app", "--password=x"]}, {}, {"command": ["app", "${command_1:?}"]}),
        (
            {"Healthcheck": {"Test": ["NONE"]}},
            {"Healthcheck": {"Test": ["CMD", "x"]}},
            {"healthcheck": {"disable": True}},
        ),
        ({"Healthcheck": {"Test": ["CMD", "x"]}}, {"Healthcheck": {"Test": ["CMD", "x"]}}, {}),
        (
            {"Healthcheck": {"Test": ["CMD", "x"], "Interval": 1_500_000_000, "Retries": 2}},
            {},
            {"healthcheck": {"test": ["CMD", "x"], "interval": "1.5s", "retries": 2}},
        ),
        ({"ExposedPorts": {"80/tcp": {}, "53/udp": {}}}, {"ExposedPorts": {"80/tcp": {}}}, {"expose": ["53/udp"]}),
    ],
)
def test_what_an_image_does_not_say_is_written_down(
    config: dict[str, Any], image: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert service(config, image=image) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ({"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}}, {}),
        ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}, {"restart": "on-failure:3"}),
        ({"RestartPolicy": {"Name": "unless-stopped"}}, {"restart": "unless-stopped"}),
        ({"Memory": 1024, "MemorySwap": 2048}, {"mem_limit": 1024}),
        ({"Memory": 1024, "MemorySwap": -1}, {"mem_limit": 1024, "memswap_limit": -1}),
        ({"MemorySwappiness": -1, "OomKillDisable": False, "PidsLimit": None, "ShmSize": 67108864}, {}),
        ({"NanoCpus": 1_500_000_000, "CpuPeriod": 100000, "CpuQuota": 150000}, {"cpus": "1.5"}),
        ({"CpuPeriod": 50000, "CpuQuota": 25000}, {"cpu_period": 50000, "cpu_quota": 25000}),
        ({"CgroupnsMode": "host", "IpcMode": "private", "Runtime": "runc", "Isolation": "default"}, {}),
        (
            {"CgroupnsMode": "private", "IpcMode": "host", "Runtime": "kata"},
            {"cgroup": "private", "ipc": "host", "runtime": "kata"},
        ),
        ({"PidMode": f"container:{'f' * 64}"}, {"pid": "service:db"}),
        ({"PidMode": "container:other"}, {"pid": "container:other"}),
        ({"LogConfig": {"Type": "json-file", "Config": {}}}, {}),
        ({"LogConfig": {"Type": "none", "Config": {}}}, {"logging": {"driver": "none"}}),
        (
            {"LogConfig": {"Type": "json-file", "Config": {"tag": "$x"}}},
            {"logging": {"driver": "json-file", "options": {"tag": "$$x"}}},
        ),
        ({"Privileged": True, "SecurityOpt": ["label=disable"]}, {"privileged": True}),
        ({"Init": False}, {"init": False}),
        ({"ExtraHosts": ["a:::1", "b:10.0.0.1"]}, {"extra_hosts": ["a=::1", "b=10.0.0.1"]}),
        ({"Ulimits": [{"Name": "RLIMIT_NPROC", "Soft": 1, "Hard": 2}]}, {"ulimits": {"nproc": {"soft": 1, "hard": 2}}}),
        ({"Devices": [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/b"}]}, {"devices": ["/dev/a:/dev/b"]}),
        (
            {"DeviceRequests": [{"Driver": "nvidia", "Count": -1, "Capabilities": [["gpu", "utility"]]}]},
            {"gpus": [{"driver": "nvidia", "count": "all", "capabilities": ["utility"]}]},
        ),
        ({"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}}, {"ports": ["8080:80"]}),
        ({"PortBindings": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "0"}]}}, {"ports": ["80"]}),  # noqa: S104 - a daemon's word
        (
            {
                "PortBindings": {
                    "53/udp": [{"HostIp": "::1", "HostPort": "53"}, {"HostIp": "127.0.0.1", "HostPort": ""}]
                }
            },
            {"ports": ["[::1]:53:53/udp", "127.0.0.1::53/udp"]},
        ),
        ({"Links": ["/db:/web/data", "/else:/web/else"]}, {"links": ["db:data"], "external_links": ["else:else"]}),
        ({"Tmpfs": {"/run": "", "/x": "size=1m,rprivate"}}, {"tmpfs": ["/run", "/x:size=1m"]}),
    ],
)
def test_how_a_container_runs_is_written_down(host: dict[str, Any], expected: dict[str, Any]) -> None:
    assert service(host=host) == expected


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        ({"Type": "volume", "Name": "v", "Destination": "/d", "RW": True}, ["v:/d"]),
        ({"Type": "volume", "Name": "v", "Destination": "/d", "RW": False}, ["v:/d:ro"]),
        ({"Type": "volume", "Name": "a" * 64, "Destination": "/d", "RW": True}, ["/d"]),
        ({"Type": "bind", "Source": "/s", "Destination": "/d", "RW": True, "Propagation": "rprivate"}, ["/s:/d"]),
        (
            {
                "Type": "bind",
                "Source": "/s:x",
                "Destination": "/d",
                "RW": False,
                "Mode": "ro,Z",
                "Propagation": "rslave",
            },
            [
                {
                    "type": "bind",
                    "source": "/s:x",
                    "target": "/d",
                    "read_only": True,
                    "bind": {"propagation": "rslave", "selinux": "Z"},
                }
            ],
        ),
    ],
)
def test_mounts_are_written_down(mount: dict[str, Any], expected: list[Any]) -> None:
    assert service(Mounts=[mount]) == {"volumes": expected}


def test_a_volume_that_the_image_asks_for_needs_no_word() -> None:
    mount = {"Type": "volume", "Name": "a" * 64, "Destination": "/d", "RW": True}
    assert service(image={"Volumes": {"/d": {}}}, Mounts=[mount]) == {}


def test_networks_are_written_down_the_one_that_it_was_made_on_first() -> None:
    endpoint = {"IPAMConfig": {"IPv4Address": "10.0.0.5"}, "Aliases": ["web", ID[:12], "www"]}
    networks = {"a": {"Aliases": None}, "front": endpoint}
    told = service(host={"NetworkMode": "front"}, NetworkSettings={"Networks": networks})
    assert list(told["networks"]) == ["front", "a"]
    assert told["networks"] == {"front": {"aliases": ["www"], "ipv4_address": "10.0.0.5"}, "a": {}}


@pytest.mark.parametrize("mode", ["host", "none"])
def test_a_network_that_is_no_network_of_its_own_is_a_mode(mode: str) -> None:
    assert service({"Hostname": "of-the-host"}, {"NetworkMode": "none"})["hostname"] == "of-the-host"
    assert service(host={"NetworkMode": mode}) == {"network_mode": mode}


def test_what_a_service_depends_on_is_written_down_where_it_is_in_the_file() -> None:
    labels = {"com.docker.compose.depends_on": "db:service_healthy:false,gone:service_started:false"}
    assert service({"Labels": labels}) == {"depends_on": {"db": {"condition": "service_healthy"}}}


def test_everything_of_a_host_that_is_not_written_down_is_named() -> None:
    host = {
        "AutoRemove": True,
        "BlkioWeight": 300,
        "KernelMemory": 0,
        "MaskedPaths": [],
        "Memory": 5,
        "NewField": {"a": 1},
    }
    assert list(left_out(host)) == ["AutoRemove", "MaskedPaths", "BlkioWeight", "NewField"]
    assert list(left_out({"MaskedPaths": ["/proc/acpi"], "CgroupnsMode": "host"})) == []
