# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that tests render for both runtimes, and for every field of one another value than the usual one."""

from __future__ import annotations

from typing import Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
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
    RestartPolicy,
    Ulimit,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    Project,
    ServiceSpec,
    VolumeSpec,
)

# The networks that a service is on when it names none.
DEFAULT = (NetworkAttachment("default"),)
OTHER_VALUES: dict[str, Any] = {
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
    "links": (("db", "store"),),
    "external_links": (("old", "elder"),),
    "healthcheck": HealthCheck(("CMD", "true")),
    "restart": RestartPolicy("always"),
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


def project(*services: ServiceSpec, **parts: Any) -> Project:
    """Return a project of services, whose last one is the main one."""
    parts.setdefault("volumes", (VolumeSpec("data"),))
    files = (FileSpec("conf", b"a"), FileSpec("page", b"b"), FileSpec("token", b"geheim", secret=True))
    parts.setdefault("files", files)
    return Project("shop", services, main=services[-1].name, **parts)


def web(**values: Any) -> ServiceSpec:
    """Return a service."""
    return ServiceSpec("web", "nginx", **{"networks": DEFAULT, **values})
