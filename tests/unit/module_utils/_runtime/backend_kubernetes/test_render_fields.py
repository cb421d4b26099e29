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
    FileMount,
    HealthCheck,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    Resources,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import rendered
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import DEFAULT, OTHER_VALUES, web

DB = ServiceSpec("db", "postgres", networks=DEFAULT)
# What matters together with another field only, and has a test of its own.
TOGETHER = {"keys", "secret", "restart", "links"}
ALONE = sorted(set(OTHER_VALUES) - TOGETHER)


def outcome(service: ServiceSpec) -> tuple[Any, ...]:
    """Return all that is seen of a service: its manifests, their order and what is told, or that it is refused."""
    try:
        rendering = rendered(DB, service)
    except UnsupportedError as error:
        return (error.message,)
    return rendering.documents, rendering.order, rendering.warnings


def test_every_field_of_a_service_is_known_here() -> None:
    assert set(OTHER_VALUES) | TOGETHER == {each.name for each in fields(ServiceSpec)}


@pytest.mark.parametrize("name", ALONE)
def test_every_field_of_a_service_makes_a_difference(name: str) -> None:
    one, other = web(), replace(web(), **{name: OTHER_VALUES[name]})
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
        {"source": "page", "target": "/etc/other", "uid": 7, "gid": 8, "mode": 0o400},
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
    "FileMount.secret": "with the source it says which file is meant",
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
