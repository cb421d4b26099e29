# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that a template says of a service is left out silently in a cluster."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox import parts, spec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    Device,
    DeviceRequest,
    FileMount,
    HealthCheck,
    Logging,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    PullPolicy,
    Resources,
    Ulimit,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import (
    DEFAULT,
    rendered,
    web,
)

DB = ServiceSpec("db", "postgres", networks=DEFAULT)
# Another value than the usual one, for every field.
OTHERS: dict[str, Any] = {
    "name": "other",
    "image": "other",
    "command": ("run", "it"),
    "entrypoint": ("sh",),
    "environment": {"A": "1"},
    "labels": {"a": "1"},
    "annotations": {"a": "1"},
    "ports": (PortSpec(80, 8080),),
    "expose": (PortSpec(81),),
    "mounts": (MountSpec(MountType.VOLUME, "/data", "data"),),
    "files": (FileMount("conf", "/etc/conf"),),
    "networks": (*DEFAULT, NetworkAttachment("back", aliases=("behind",))),
    "network_mode": "host",
    "depends_on": (Dependency("db"),),
    "external_links": (("old", "elder"),),
    "healthcheck": HealthCheck(("CMD", "true")),
    "replicas": 2,
    "resources": Resources(cpus=0.5),
    "ulimits": (Ulimit("nofile", 10, 20),),
    "user": "1000",
    "group_add": ("100",),
    "working_dir": "/srv",
    "hostname": "front",
    "domainname": "example.org",
    "container_name": "front",
    "extra_hosts": (("far", "10.1.2.3"),),
    "dns": ("9.9.9.9",),
    "dns_search": ("example.org",),
    "dns_opt": ("ndots:1",),
    "mac_address": "02:42:ac:11:00:02",
    "cap_add": ("NET_ADMIN",),
    "cap_drop": ("ALL",),
    "privileged": True,
    "read_only": True,
    "security_opt": ("no-new-privileges:true",),
    "sysctls": {"net.core.somaxconn": "1024"},
    "devices": (Device("/dev/fuse", "/dev/fuse"),),
    "device_requests": (DeviceRequest(capabilities=("gpu",)),),
    "device_cgroup_rules": ("c 1:3 mr",),
    "storage_opt": {"size": "1G"},
    "init": True,
    "tty": True,
    "stdin_open": True,
    "ipc": "host",
    "pid": "host",
    "uts": "host",
    "cgroup": "host",
    "cgroup_parent": "/parent",
    "userns_mode": "host",
    "isolation": "default",
    "runtime": "runsc",
    "oom_kill_disable": True,
    "oom_score_adj": 100,
    "logging": Logging("local"),
    "stop_signal": "SIGINT",
    "stop_grace_period": 1.5,
    "pull_policy": PullPolicy.ALWAYS,
    "platform": "linux/arm64",
}
# What matters together with another field only, and has a test of its own.
TOGETHER = {"keys", "secret", "restart", "links"}


def outcome(service: ServiceSpec) -> tuple[Any, ...]:
    """Return all that is seen of a service: its manifests, their order and what is told, or that it is refused."""
    try:
        rendering = rendered(DB, service)
    except UnsupportedError as error:
        return (error.message,)
    return rendering.documents, rendering.order, rendering.warnings


def test_every_field_of_a_service_is_known_here() -> None:
    assert set(OTHERS) | TOGETHER == {each.name for each in fields(ServiceSpec)}


@pytest.mark.parametrize("name", OTHERS)
def test_every_field_of_a_service_makes_a_difference(name: str) -> None:
    one, other = web(), replace(web(), **{name: OTHERS[name]})
    if name == "network_mode":
        one, other = replace(one, networks=()), replace(other, networks=())
    assert outcome(one) != outcome(other)


# Of each part of a service: one with nothing but what it has to have, and another value for every other field.
PARTS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "Dependency": ("depends_on", Dependency("db"), {"service": "job", "condition": Condition.COMPLETED}),
    "PortSpec": (
        "ports",
        PortSpec(80),
        {
            "target": 81,
            "published": 8080,
            "protocol": "udp",
            "host_ip": "127.0.0.1",
            "name": "http",
            "app_protocol": "http",
        },
    ),
    "MountSpec": (
        "mounts",
        MountSpec(MountType.VOLUME, "/data", "data"),
        {
            "type": MountType.TMPFS,
            "target": "/other",
            "source": "more",
            "read_only": True,
            "subpath": "below",
            "propagation": "rslave",
        },
    ),
    "FileMount": (
        "files",
        FileMount("conf", "/etc/conf"),
        {"source": "token", "target": "/etc/other", "uid": 7, "gid": 8, "mode": 0o400},
    ),
    "NetworkAttachment": (
        "networks",
        NetworkAttachment("default"),
        {
            "aliases": ("front",),
            "ipv4_address": "10.1.1.1",
            "ipv6_address": "fd00::1",
            "mac_address": "02:42:ac:11:00:02",
            "link_local_ips": ("169.254.1.1",),
            "driver_opts": {"a": "b"},
        },
    ),
    "HealthCheck": (
        "healthcheck",
        HealthCheck(("CMD", "true")),
        {"test": ("CMD", "false"), "interval": 7.0, "timeout": 7.0, "retries": 7, "start_interval": 2.0},
    ),
    "Resources": (
        "resources",
        Resources(cpu_period=50_000, cpu_quota=10_000),
        {
            "cpus": 0.5,
            "memory": 1 << 26,
            "pids": 50,
            "reserved_cpus": 0.1,
            "reserved_memory": 1 << 25,
            "memory_swap": 1 << 27,
            "memory_swappiness": 0,
            "shm_size": 1 << 20,
            "cpu_shares": 512,
            "cpu_period": 20_000,
            "cpu_quota": 20_000,
            "cpuset": "0",
        },
    ),
}
# What makes no difference in a cluster, and why.
WITHOUT_EFFECT = {
    "Dependency.required": "the ones that are missing are left out when the template is read",
    "Dependency.restart": "pods find what they depend on under the same address when that is made anew",
    "MountSpec.nocopy": "a claim is never filled from the image",
    "MountSpec.create_host_path": "the kubelet makes what is not there",
    "MountSpec.selinux": "the kubelet labels volumes itself",
    "MountSpec.size": "it is that of a tmpfs, see test_pod_files.py",
    "MountSpec.mode": "likewise",
    "MountSpec.key": "it is for messages",
    "FileMount.secret": "the file itself says it",
    "NetworkAttachment.network": "all networks are one",
    "NetworkAttachment.priority": "a pod has one network",
    "HealthCheck.start_period": "nothing ends a container that is not well yet",
}


def test_every_part_of_a_service_is_known_here() -> None:
    every = {f"{name}.{each.name}" for name in PARTS for each in fields(getattr(parts, name))}
    assert {f"{name}.{key}" for name, (_key, _one, others) in PARTS.items() for key in others} | set(
        WITHOUT_EFFECT
    ) == every


@pytest.mark.parametrize(
    ("part", "field"), [(name, key) for name, (_key, _one, others) in PARTS.items() for key in others]
)
def test_every_field_of_a_part_makes_a_difference(part: str, field: str) -> None:
    key, one, others = PARTS[part]
    other = replace(one, **{field: others[field]})
    values = [value if key in ("healthcheck", "resources") else (value,) for value in (one, other)]
    job = ServiceSpec("job", "busybox", depends_on=(Dependency("db"),))
    volumes = (VolumeSpec("data"), VolumeSpec("more"))
    first, second = (rendered(DB, job, web(**{key: value}), volumes=volumes) for value in values)
    assert (first.documents, first.order, first.warnings) != (second.documents, second.order, second.warnings)


def test_every_part_of_a_template_is_told_of() -> None:
    known = {*PARTS, "Condition", "MountType", "PullPolicy", "RestartPolicy", "Ulimit", "Logging", "Device"}
    declared = {
        name for name, value in vars(parts).items() if isinstance(value, type) and value.__module__ == parts.__name__
    }
    assert declared == {*known, "DeviceRequest"}
    assert {
        name for name, value in vars(spec).items() if isinstance(value, type) and value.__module__ == spec.__name__
    } == {*("ServiceSpec", "NetworkSpec", "VolumeSpec", "FileSpec", "Project")}
