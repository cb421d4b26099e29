# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a template takes of the host is refused unless the task allows it, all of it named at once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.guard import check_project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import Device, MountSpec, MountType
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    Project,
    ServiceSpec,
    VolumeSpec,
)


def check(
    *, allowed: bool = False, paths: tuple[str, ...] = (), volumes: tuple[VolumeSpec, ...] = (), **values: Any
) -> None:
    project = Project("shop", (ServiceSpec("web", "image", **values),), volumes=volumes)
    check_project(project, allow_privileged=allowed, allowed_paths=paths)


def bind(source: str, *, read_only: bool = False) -> MountSpec:
    return MountSpec(MountType.BIND, "/x", source, read_only, key="services.web.volumes[0]")


ASKS: list[tuple[dict[str, Any], str]] = [
    ({"privileged": True}, "services.web.privileged"),
    ({"pid": "host"}, "services.web.pid=host"),
    ({"ipc": "host"}, "services.web.ipc=host"),
    ({"network_mode": "host"}, "services.web.network_mode=host"),
    ({"network_mode": "container:other"}, "services.web.network_mode=container:other"),
    ({"uts": "host"}, "services.web.uts=host"),
    ({"userns_mode": "host"}, "services.web.userns_mode=host"),
    ({"cgroup": "host"}, "services.web.cgroup=host"),
    ({"cgroup_parent": "x"}, "services.web.cgroup_parent=x"),
    ({"cap_add": ("SYS_ADMIN",)}, "services.web.cap_add=SYS_ADMIN"),
    ({"cap_add": ("ALL",)}, "services.web.cap_add=ALL"),
    ({"cap_add": ("cap_net_admin",)}, "services.web.cap_add=cap_net_admin"),
    ({"devices": (Device("/dev/sda", "/dev/sda"),)}, "services.web.devices=/dev/sda"),
    ({"device_cgroup_rules": ("a *:* rwm",)}, "services.web.device_cgroup_rules=a *:* rwm"),
    ({"security_opt": ("seccomp:unconfined",)}, "services.web.security_opt=seccomp:unconfined"),
    ({"security_opt": ("label=disable",)}, "services.web.security_opt=label=disable"),
    ({"security_opt": ("label:type:spc_t",)}, "services.web.security_opt=label:type:spc_t"),
    ({"security_opt": ('seccomp={"defaultAction": "SCMP_ACT_ALLOW"}',)}, "services.web.security_opt=seccomp={"),
    (
        {"labels": {"container.apparmor.security.beta.kubernetes.io/web": "unconfined"}},
        "services.web.annotations.container.apparmor.security.beta.kubernetes.io/web=unconfined",
    ),
    ({"mounts": (bind("/var/run/docker.sock", read_only=True),)}, "services.web.volumes[0]=/var/run/docker.sock"),
    ({"mounts": (bind("/"),)}, "services.web.volumes[0]=/"),
    ({"mounts": (bind("/etc/localtime"),)}, "services.web.volumes[0]=/etc/localtime"),
    ({"mounts": (bind("/etc/localtime/../shadow", read_only=True),)}, "volumes[0]=/etc/localtime/../shadow"),
]


@pytest.mark.parametrize(("values", "named"), ASKS)
def test_each_is_refused_and_allowed_when_the_task_says_so(values: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidTemplateError) as caught:
        check(**values)
    assert named in str(caught.value)
    assert "allow_privileged=true" in str(caught.value)
    check(allowed=True, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"mounts": (bind("/etc/localtime", read_only=True), bind("/etc/timezone", read_only=True))},
        {"mounts": (bind("./data"), MountSpec(MountType.VOLUME, "/x", "data"), MountSpec(MountType.TMPFS, "/run"))},
        {"cap_add": ("NET_BIND_SERVICE", "CAP_CHOWN", "sys_nice")},
        {"security_opt": ("no-new-privileges:true", "seccomp=builtin", "apparmor=docker-default")},
        {"security_opt": ("no-new-privileges:true",), "network_mode": "service:db", "ipc": "private"},
    ],
)
def test_what_takes_nothing_of_the_host_is_let_through(values: dict[str, Any]) -> None:
    check(**values)


def test_allowed_paths_let_what_is_below_them_through_and_nothing_beside_them() -> None:
    check(paths=("/srv/",), mounts=(bind("/srv/data"), bind("/srv")))
    check(paths=("/",), mounts=(bind("/home"),))
    for path in ("/srvx", "/srv/../etc", "/"):
        with pytest.raises(InvalidTemplateError, match="allowed_paths"):
            check(paths=("/srv",), mounts=(bind(path),))
    with pytest.raises(InvalidTemplateError):
        check(paths=("", "srv"), mounts=(bind("/srv"),))


def test_a_volume_that_is_a_folder_of_the_host_is_one() -> None:
    volume = VolumeSpec("data", driver_opts={"type": "none", "o": "bind", "device": "/etc"})
    with pytest.raises(InvalidTemplateError, match=r"volumes\.data.driver_opts\.device=/etc"):
        check(volumes=(volume,))
    check(volumes=(volume,), paths=("/etc",))
    check(volumes=(VolumeSpec("data", driver_opts={"type": "nfs", "o": "addr=1.2.3.4", "device": ":/x"}),))
    check(volumes=(VolumeSpec("data", driver_opts={"type": "tmpfs", "o": "size=1m", "device": "tmpfs"}),))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"type": "ext4", "device": "/dev/sda1"}, "type=ext4"),
        ({"type": "overlay", "device": "overlay", "o": "lowerdir=/etc,upperdir=/srv,workdir=/tmp"}, "type=overlay"),
        ({"device": "/dev/sda1"}, "type="),
        ({"type": "nfs", "device": "/etc", "o": "rw,rbind"}, "device=/etc"),
        ({"o": "bind", "device": "//etc"}, "device=//etc"),
    ],
)
def test_a_volume_takes_neither_disks_nor_folders_of_the_host(options: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidTemplateError, match=rf"volumes\.data\.driver_opts\.{named}"):
        check(paths=("/srv",), volumes=(VolumeSpec("data", driver_opts=options),))


def test_everything_is_named_at_once() -> None:
    with pytest.raises(InvalidTemplateError) as caught:
        check(pid="host", cap_add=("SYS_PTRACE",), mounts=(bind("/root"),))
    for named in ("pid=host", "cap_add=SYS_PTRACE", "volumes[0]=/root"):
        assert named in str(caught.value)
