# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a template may not have of the host unless the task says that it may. Pure."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..errors import InvalidTemplateError
from .parts import MountType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .parts import MountSpec
    from .spec import Project, ServiceSpec, VolumeSpec

# Files that tell the time of the host, and nothing else.
_HARMLESS = frozenset(("/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo"))
# What Docker gives to a container by itself, and what takes nothing from the host:
# https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
_GIVEN = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "IPC_LOCK",
        "KILL",
        "LEASE",
        "MKNOD",
        "NET_BIND_SERVICE",
    }
    | {"NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "SYS_NICE", "SYS_RESOURCE"}
)
_UNCONFINED = ("unconfined", "disable")
# What else an option of security_opt can begin with to confine nothing: a domain that may do all, a profile of its own.
_OWN_PROFILES = ("label=type", "label=user", "label=role", "seccomp={")
# What a volume can be without anything of the host: https://docs.docker.com/engine/storage/volumes/ has them.
_ELSEWHERE = frozenset(("cifs", "nfs", "nfs3", "nfs4", "smb3", "tmpfs"))
HINT = "read what it asks for, and set allow_privileged=true to give it that"
PATHS_HINT = "set allowed_paths to folders of the host that may be mounted, or allow_privileged=true"


def check_project(project: Project, *, allow_privileged: bool, allowed_paths: Sequence[str]) -> None:
    """Raise InvalidTemplateError that names all that takes more of the host than a task has allowed."""
    if allow_privileged:
        return
    services = [(service, list(_asked(service)), list(_paths(service, allowed_paths))) for service in project.services]
    found = [f"services.{service.name}.{asked}" for service, asked_for, _paths_of in services for asked in asked_for]
    paths = [place for _service, _asked_for, places in services for place in places]
    paths += [told for volume in project.volumes for told in _devices(volume, allowed_paths)]
    if found or paths:
        message = f"the template takes more of the host than is allowed: {', '.join((*found, *paths))}"
        raise InvalidTemplateError(message, hint=HINT if found else PATHS_HINT)


def _asked(service: ServiceSpec) -> Iterator[str]:
    if service.privileged:
        yield "privileged"
    for key, value in (("pid", service.pid), ("ipc", service.ipc), ("network_mode", service.network_mode)):
        if value == "host" or value.startswith("container:"):
            yield f"{key}={value}"
    for key, value in (("uts", service.uts), ("userns_mode", service.userns_mode), ("cgroup", service.cgroup)):
        if value == "host":
            yield f"{key}={value}"
    yield from (f"cap_add={name}" for name in dangerous(service.cap_add))
    yield from (f"devices={device.source}" for device in service.devices)
    yield from (f"device_cgroup_rules={rule}" for rule in service.device_cgroup_rules)
    yield from (f"security_opt={option}" for option in service.security_opt if _confines_less(option))
    # Where labels are annotations, older clusters heed these.
    for key, value in (*service.labels.items(), *service.annotations.items()):
        if value == "unconfined":
            yield f"annotations.{key}={value}"
    if service.cgroup_parent:
        yield f"cgroup_parent={service.cgroup_parent}"


def _confines_less(option: str) -> bool:
    return option.endswith(_UNCONFINED) or option.replace(":", "=", 1).startswith(_OWN_PROFILES)


def _devices(volume: VolumeSpec, allowed: Sequence[str]) -> Iterator[str]:
    """Yield what a volume is of the host under another name: a folder, a disk, or layers of folders."""
    device, kind = volume.driver_opts.get("device", ""), volume.driver_opts.get("type", "")
    is_bind = not {"bind", "rbind"}.isdisjoint(volume.driver_opts.get("o", "").split(","))
    key = f"volumes.{volume.key}.driver_opts"
    if is_bind and not _is_allowed(device, allowed):
        yield f"{key}.device={device}"
    elif not is_bind and (kind or device) and kind.lower() not in _ELSEWHERE:
        yield f"{key}.type={kind}"


def dangerous(capabilities: Iterable[str]) -> Iterator[str]:
    """Yield the capabilities that reach beyond a container."""
    yield from (name for name in capabilities if name.upper().replace("CAP_", "") not in _GIVEN)


def _paths(service: ServiceSpec, allowed: Sequence[str]) -> Iterator[str]:
    for mount in service.mounts:
        if _is_outside(mount) and not is_allowed_path(mount.source, allowed, read_only=mount.read_only):
            yield f"{mount.key}={mount.source}"


def _is_outside(mount: MountSpec) -> bool:
    return mount.type is MountType.BIND and mount.source.startswith("/")


def is_allowed_path(path: str, allowed: Sequence[str], *, read_only: bool) -> bool:
    """Tell whether a folder or file of the host may be mounted: below an allowed one, or harmless and not written."""
    return (read_only and posixpath.normpath(path) in _HARMLESS) or _is_allowed(path, allowed)


def _is_allowed(path: str, allowed: Sequence[str]) -> bool:
    tidy = posixpath.normpath(path)
    folders = [posixpath.normpath(folder) for folder in allowed if folder.startswith("/")]
    return any(tidy == folder or tidy.startswith(f"{folder.rstrip('/')}/") for folder in folders)
