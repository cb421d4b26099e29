# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is mounted into a container, as keys of a Compose service and as volumes of the file. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, objects, text, text_mapping
from ..toolbox.placeholders import escape
from .snapshot import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .found import FoundContainer

# What Podman adds to the options of a tmpfs.
_PODMANS = frozenset(("rprivate", "private", "tmpcopyup"))
_PLAIN_PROPAGATION = ("", "rprivate")


def composed_mounts(one: FoundContainer) -> dict[str, list[Any]]:
    """Return the keys ``volumes`` and ``tmpfs``."""
    asked = {text(mount, "Target"): mount for mount in objects(one.document, "HostConfig", "Mounts")}
    # Podman lists what it mounts of the kind tmpfs among the rest, Docker only what was asked for in the newer form.
    mounts = [
        _mount(mount, asked.get(text(mount, "Destination"), {}), one.image)
        # A daemon tells them in any order.
        for mount in sorted(objects(one.document, "Mounts"), key=lambda mount: text(mount, "Destination"))
        if text(mount, "Type") != "tmpfs"
    ]
    memory = text_mapping(one.document, "HostConfig", "Tmpfs")
    tmpfs = [_tmpfs(path, options) for path, options in sorted(memory.items())]
    written = [mount for mount in mounts if mount]
    return {"volumes": [*written, *_in_memory(asked)], "tmpfs": list(map(escape, tmpfs))}


def _mount(mount: Mapping[str, Any], asked: Mapping[str, Any], image: Mapping[str, Any]) -> str | dict[str, Any]:
    target, name = text(mount, "Destination"), text(mount, "Name")
    is_read_only = mount.get("RW") is False
    if text(mount, "Type") == "volume":
        if ANONYMOUS.fullmatch(name):
            return "" if target in mapping(image, "Config", "Volumes") else escape(target)
        options = mapping(asked, "VolumeOptions")
        further = {"nocopy": flag(options, "NoCopy"), "subpath": escape(text(options, "Subpath"))}
        return _long(
            "volume",
            name,
            target,
            {key: value for key, value in further.items() if value},
            is_read_only=is_read_only,
        )
    propagation = text(mount, "Propagation")
    words: dict[str, Any] = {
        "propagation": "" if propagation in _PLAIN_PROPAGATION else propagation,
        "selinux": _selinux(mount),
    }
    if asked and not words["selinux"]:
        # A folder that is not there is an error in this form.
        words["create_host_path"] = False
    return _long(
        "bind",
        escape(text(mount, "Source")),
        target,
        {key: value for key, value in words.items() if value != ""},
        is_read_only=is_read_only,
    )


def _long(
    kind: str, source: str, target: str, options: Mapping[str, Any], *, is_read_only: bool
) -> str | dict[str, Any]:
    """Return a mount in its short form where that can say all of it."""
    if not options and ":" not in source + target:
        return f"{source}:{escape(target)}{':ro' if is_read_only else ''}"
    long: dict[str, Any] = {"type": kind, "source": source, "target": escape(target)}
    if is_read_only:
        long["read_only"] = True
    return {**long, kind: dict(options)} if options else long


def _tmpfs(path: str, options: str) -> str:
    words = [word for word in options.split(",") if word and word not in _PODMANS]
    return f"{path}:{','.join(words)}" if words else path


def _selinux(mount: Mapping[str, Any]) -> str:
    return next((word for word in text(mount, "Mode").split(",") if word in ("z", "Z")), "")


def _in_memory(asked: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for target, mount in asked.items():
        if text(mount, "Type") == "tmpfs":
            options = mapping(mount, "TmpfsOptions")
            found = {"size": options.get("SizeBytes"), "mode": options.get("Mode")}
            said = {key: value for key, value in found.items() if value}
            yield {"type": "tmpfs", "target": escape(target), **({"tmpfs": said} if said else {})}


def named_volumes(document: Mapping[str, Any]) -> list[str]:
    """Return the volumes that have a name of their own."""
    return [name for name in sorted(_volumes(document)) if not ANONYMOUS.fullmatch(name)]


def nameless_places(document: Mapping[str, Any]) -> list[str]:
    """Return where in a container its volumes without a name are, whose content stays with it."""
    mounts = objects(document, "Mounts")
    return sorted(text(mount, "Destination") for mount in mounts if ANONYMOUS.fullmatch(text(mount, "Name")))


def _volumes(document: Mapping[str, Any]) -> list[str]:
    return [text(mount, "Name") for mount in objects(document, "Mounts") if text(mount, "Type") == "volume"]


def composed_volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a volume is declared so that one like it is made."""
    driver, options = text(volume, "Driver"), text_mapping(volume, "Options")
    found = {
        "name": text(volume, "Name"),
        "driver": "" if driver == "local" else driver,
        "driver_opts": {key: escape(value) for key, value in options.items()},
    }
    return {key: value for key, value in found.items() if value}
