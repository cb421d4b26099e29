# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Configs and secrets of a Compose file, and files beside it that a service mounts. Pure.

https://github.com/compose-spec/compose-spec/blob/main/08-configs.md and 09-secrets.md beside it.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .compose_network import read_external
from .parts import FileMount, MountType
from .spec import FileSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .node import Node
    from .parts import MountSpec
    from .spec import ServiceSpec

_SOURCES = ("content", "environment", "external", "file", "labels", "name", "template_driver", "driver", "driver_opts")
_MOUNT_KEYS = ("source", "target", "uid", "gid", "mode")
_SECRETS_FOLDER = "/run/secrets"
_UNFIT = re.compile(r"[^a-z0-9.-]+")


def read_files(
    node: Node, values: Mapping[str, str], files: Mapping[str, bytes], *, secret: bool
) -> dict[str, FileSpec]:
    """Return the configs, or the secrets, that a file declares, by key."""
    return {key: _file(key, item, values, files, secret=secret) for key, item in node.entries()}


def _file(key: str, node: Node, values: Mapping[str, str], files: Mapping[str, bytes], *, secret: bool) -> FileSpec:
    node.check_keys(_SOURCES)
    for name in ("template_driver", "driver", "driver_opts"):
        if node.get(name):
            node.get(name).bad("this key is not supported")
    external, name = read_external(node)
    labels = node.get("labels").text_pairs()
    if external:
        return FileSpec(key, None, name, secret, external=True, labels=labels)
    told = [kind for kind in ("content", "environment", "file") if node.get(kind)]
    if len(told) != 1:
        node.bad("one of content, environment and file is needed")
        return FileSpec(key, b"", name, secret, labels=labels)
    return FileSpec(key, _content(node.get(told[0]), values, files), name, secret, labels=labels)


def _content(node: Node, values: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    text = node.text()
    if node.key == "content":
        return text.encode()
    if node.key == "environment":
        if text not in values:
            node.bad(f"the variable {text} has no value", f"give {text} in env")
        return values.get(text, "").encode()
    found = files.get(posixpath.normpath(text))
    if found is None:
        node.bad(f"the file {text} is not beside the template", "put it there, or give it as content or environment")
    return found or b""


def read_file_mounts(node: Node, declared: Mapping[str, FileSpec], *, secret: bool) -> tuple[FileMount, ...]:
    """Return the configs, or the secrets, of a service, and note those that are not declared."""
    found = []
    for item in node.items():
        mount = _mount(item, secret=secret)
        if mount.source not in declared:
            item.bad(f"{mount.source} is not declared", f"declare it under {'secrets' if secret else 'configs'}")
        found.append(mount)
    return tuple(found)


def _mount(node: Node, *, secret: bool) -> FileMount:
    def place(target: str) -> str:
        # Compose puts a secret of a relative name into their folder, and a config into the root.
        return target if target.startswith("/") else posixpath.join(_SECRETS_FOLDER if secret else "/", target)

    if not node.is_mapping:
        source = node.text()
        return FileMount(source, place(source), secret)
    node.check_keys(_MOUNT_KEYS)
    source = node.get("source").text()
    if not source:
        node.bad("source is missing")
    target = place(node.get("target").text() or source)
    uid, gid = node.get("uid").whole(), node.get("gid").whole()
    return FileMount(source, target, secret, uid, gid, node.get("mode").mode())


def place_files(
    service: ServiceSpec, files: Mapping[str, bytes], warnings: list[str]
) -> tuple[ServiceSpec, dict[str, FileSpec]]:
    """Return a service that gets files which are beside the template put into it, instead of mounting them."""
    mounts: list[MountSpec] = []
    placed: list[FileMount] = []
    specs: dict[str, FileSpec] = {}
    for mount in service.mounts:
        beside = dict(_beside(mount, files))
        if not beside:
            mounts.append(mount)
            continue
        if not mount.read_only:
            warnings.append(
                f"{mount.key}: {mount.source} is put into the container from beside the template; what the container"
                " writes to it is lost when it is made again"
            )
        for path, target in beside.items():
            key = "file-" + _UNFIT.sub("-", path.lower()).strip(".-")
            while key in specs and specs[key].content != files[path]:
                key += "-1"
            specs[key] = FileSpec(key, files[path])
            placed.append(FileMount(key, target))
    return replace(service, mounts=tuple(mounts), files=(*service.files, *placed)), specs


def _beside(mount: MountSpec, files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the files that a mount brings, and where to: it is one, or a folder with some."""
    if mount.type is not MountType.BIND or mount.source.startswith("/"):
        return
    source = posixpath.normpath(mount.source)
    if source in files:
        yield source, mount.target
    for path in files:
        if source != "." and path.startswith(f"{source}/"):
            yield path, posixpath.join(mount.target, path[len(source) + 1 :])
