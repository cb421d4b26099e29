# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is mounted into a service, in its short and its long form. Pure.

https://github.com/compose-spec/compose-spec/blob/main/05-services.md#volumes
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from .document import print_path
from .parts import MountSpec, MountType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .node import Node

_KEYS = ("type", "source", "target", "read_only", "bind", "volume", "tmpfs", "consistency", "image")
_PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
# How a Mac shares files, which changes nothing of what is mounted.
_CONSISTENCIES = ("cached", "delegated", "consistent")
_LONGEST = 3


def read_mounts(node: Node) -> tuple[MountSpec, ...]:
    """Return what ``volumes`` of a service says; a later mount at the same place replaces an earlier one."""
    found: dict[str, MountSpec] = {}
    for item in node.items():
        mount = _read_long(item) if item.is_mapping else _read_short(item)
        if mount:
            found[mount.target] = mount
    return tuple(found.values())


def read_tmpfs(node: Node) -> tuple[MountSpec, ...]:
    """Return what ``tmpfs`` of a service says: ``/run``, or ``/tmp:size=64m,mode=1777``."""
    found = [_read_tmpfs(item) for item in ([node] if isinstance(node.value, str) else node.items())]
    return tuple(mount for mount in found if mount)


def _read_tmpfs(node: Node) -> MountSpec | None:
    target, _colon, options = node.text().partition(":")
    values: dict[str, Any] = {}
    for option in filter(None, options.split(",")):
        name, _equals, value = option.partition("=")
        part = type(node)(value, node.path, node.problems)
        if name == "size":
            values["size"] = part.size()
        elif name == "mode":
            values["mode"] = part.mode()
        elif option not in ("rw", "noexec", "nosuid", "nodev", "exec") and name not in ("uid", "gid"):
            node.bad(f"the option {option} of a tmpfs is not supported")
    return _checked(node, MountSpec(MountType.TMPFS, target, key=print_path(node.path), **values))


def _read_short(node: Node) -> MountSpec | None:
    parts = node.text().split(":")
    if len(parts) > _LONGEST or not parts[-1]:
        node.bad("this is no mount", "write VOLUME:/path, ./folder:/path:ro, or /path")
        return None
    if len(parts) == 1:
        return _checked(node, MountSpec(MountType.VOLUME, parts[0], key=print_path(node.path)))
    options = parts[2].split(",") if len(parts) == _LONGEST else []
    return _checked(node, _of(node, parts[0], parts[1], **_options(node, options)))


def _options(node: Node, words: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for word in filter(None, words):
        if word in ("ro", "readonly"):
            values["read_only"] = True
        elif word == "nocopy":
            values["nocopy"] = True
        elif word in ("z", "Z"):
            values["selinux"] = word
        elif word in _PROPAGATIONS:
            values["propagation"] = word
        elif word != "rw" and word not in _CONSISTENCIES:
            node.bad(f"the option {word} of a mount is not known")
    return values


def _of(node: Node, source: str, target: str, **values: Any) -> MountSpec:
    """Return a mount whose type shows in its source: a path begins with a dot, a slash or a tilde."""
    is_path = source.startswith((".", "/", "~"))
    kind = MountType.BIND if is_path else MountType.VOLUME
    return MountSpec(kind, target, _tidy(source) if is_path else source, key=print_path(node.path), **values)


def _read_long(node: Node) -> MountSpec | None:
    node.check_keys(_KEYS)
    word = node.get("type").choice([item.value for item in MountType]) or MountType.VOLUME.value
    kind, source = MountType(word), node.get("source").text()
    bind, volume, tmpfs = node.get("bind"), node.get("volume"), node.get("tmpfs")
    bind.check_keys(("propagation", "create_host_path", "selinux", "recursive"))
    volume.check_keys(("nocopy", "subpath", "labels"))
    tmpfs.check_keys(("size", "mode"))
    if bind.get("recursive"):
        bind.get("recursive").bad("this is not supported")
    if kind is MountType.BIND and not source:
        node.bad("source is missing")
    return _checked(
        node,
        MountSpec(
            kind,
            node.get("target").text(),
            _tidy(source) if kind is MountType.BIND else source,
            read_only=node.get("read_only").flag(),
            nocopy=volume.get("nocopy").flag(),
            subpath=volume.get("subpath").text(),
            propagation=bind.get("propagation").choice(_PROPAGATIONS),
            create_host_path=bind.get("create_host_path").flag_or_none() is not False,
            selinux=bind.get("selinux").choice(("z", "Z")),
            size=tmpfs.get("size").size(),
            mode=tmpfs.get("mode").mode(),
            key=print_path(node.path),
        ),
    )


def _tidy(path: str) -> str:
    """Return a path without dots in its middle; a relative one begins with ``./``."""
    tidy = posixpath.normpath(path)
    if path.startswith(("/", "~")) or tidy.split("/")[0] == "..":
        return tidy
    return f"./{tidy}" if tidy != "." else "./"


def _checked(node: Node, mount: MountSpec) -> MountSpec | None:
    if not mount.target.startswith("/"):
        node.bad("the path inside the container has to begin with /")
        return None
    if mount.type is MountType.BIND and mount.source.startswith("~"):
        node.bad("~ is another folder for everyone", "write the whole path")
        return None
    if mount.type is MountType.BIND and mount.source.startswith(".."):
        node.bad("the path leads out of the folder of the template", "write the whole path of the host")
        return None
    return mount


def mount_sources(mounts: tuple[MountSpec, ...]) -> Iterator[str]:
    """Yield the keys of the volumes that are mounted."""
    yield from (mount.source for mount in mounts if mount.type is MountType.VOLUME and mount.source)
