# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is mounted into a container, as Docker's API takes it. Pure."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from ..toolbox.parts import MountType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..toolbox.parts import MountSpec


def mount_fields(mounts: Sequence[MountSpec], *, volumes: Mapping[str, str], folder: str) -> dict[str, Any]:
    """Return the fields of a HostConfig; ``volumes`` are the names of the project's volumes by key."""
    binds = [_bind(mount, folder) for mount in mounts if _is_plain_bind(mount)]
    others = [_mount(mount, volumes, folder) for mount in mounts if not _is_plain_bind(mount)]
    return {key: value for key, value in (("Binds", binds), ("Mounts", others)) if value}


def _is_plain_bind(mount: MountSpec) -> bool:
    """Tell whether a mount is one for which the daemon makes the folder of the host, which it does in this form."""
    return mount.type is MountType.BIND and (mount.create_host_path or bool(mount.selinux))


def _host_path(mount: MountSpec, folder: str) -> str:
    return posixpath.normpath(posixpath.join(folder, mount.source))


def _bind(mount: MountSpec, folder: str) -> str:
    options = ["ro" if mount.read_only else "rw", mount.selinux, mount.propagation]
    return f"{_host_path(mount, folder)}:{mount.target}:{','.join(filter(None, options))}"


def _mount(mount: MountSpec, volumes: Mapping[str, str], folder: str) -> dict[str, Any]:
    body: dict[str, Any] = {"Type": mount.type.value, "Target": mount.target}
    if mount.read_only:
        body["ReadOnly"] = True
    if mount.type is MountType.BIND:
        body["Source"] = _host_path(mount, folder)
        if mount.propagation:
            body["BindOptions"] = {"Propagation": mount.propagation}
    elif mount.type is MountType.VOLUME:
        if mount.source:
            body["Source"] = volumes[mount.source]
        options = {"NoCopy": mount.nocopy, "Subpath": mount.subpath}
        body["VolumeOptions"] = {key: value for key, value in options.items() if value}
    else:
        options = {"SizeBytes": mount.size, "Mode": mount.mode}
        body["TmpfsOptions"] = {key: value for key, value in options.items() if value is not None}
    return {key: value for key, value in body.items() if value != {}}
