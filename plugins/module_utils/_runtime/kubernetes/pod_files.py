# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is mounted into the pod of a service. Pure.

https://kubernetes.io/docs/concepts/storage/volumes/
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..toolbox.parts import MountType
from .names import LONGEST, fit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..toolbox.parts import FileMount, MountSpec
    from ..toolbox.spec import FileSpec, Project, ServiceSpec, VolumeSpec
    from .names import Names
    from .told import Told

DEFAULT_SIZE = 2**30
_PROPAGATIONS = {"shared": "Bidirectional", "rshared": "Bidirectional", "slave": "HostToContainer"} | {
    "rslave": "HostToContainer"
}


@dataclass
class Mounted:
    """The volumes of a pod and the mounts of its container; ``claims`` are those that it needs, sizes in bytes."""

    volumes: list[dict[str, Any]] = field(default_factory=list)
    mounts: list[dict[str, Any]] = field(default_factory=list)
    claims: dict[str, int] = field(default_factory=dict)
    config: dict[str, bytes] = field(default_factory=dict)
    secret: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, volume: Mapping[str, Any], mount: Mapping[str, Any]) -> None:
        """Mount a volume, which may be there already for another mount; another one gets another name."""
        named = {"name": name, **volume}
        if named not in self.volumes:
            if any(one["name"] == name for one in self.volumes):
                named["name"] = f"{name[: LONGEST - 4]}-{len(self.volumes)}"
            self.volumes.append(named)
        self.mounts.append({"name": named["name"], **mount})


class Mounting:
    """Makes volumes and mounts of what services of a project mount."""

    def __init__(self, project: Project, names: Names, told: Told) -> None:
        """Take the project, and where names come from and differences go to."""
        self._declared = {volume.key: volume for volume in project.volumes}
        self._files = {(spec.secret, spec.key): spec for spec in project.files}
        self._names = names
        self._told = told
        # The service that has claimed each of them first.
        self._owners: dict[str, str] = {}

    def of(self, service: ServiceSpec, *, config: str, secret: str) -> Mounted:
        """Return what a service mounts; its files are in a ConfigMap and a Secret of these names."""
        found = Mounted()
        for mount in service.mounts:
            self._mount(service, mount, found)
        for file in service.files:
            self._file(service, file, found, config=config, secret=secret)
        size = service.resources.shm_size
        if size:
            found.add("shm", _memory(size), {"mountPath": "/dev/shm"})  # noqa: S108 - in the container
        return found

    def _mount(self, service: ServiceSpec, mount: MountSpec, found: Mounted) -> None:
        how: dict[str, Any] = {"mountPath": mount.target}
        if mount.read_only:
            how["readOnly"] = True
        if mount.subpath:
            how["subPath"] = mount.subpath
        if mount.propagation in _PROPAGATIONS:
            how["mountPropagation"] = _PROPAGATIONS[mount.propagation]
        if mount.type is MountType.TMPFS:
            if mount.mode is not None:
                self._told.warn(mount.key, "the mode of a tmpfs is not heeded")
            found.add(f"tmpfs-{len(found.volumes)}", _memory(mount.size), how)
        elif mount.type is MountType.BIND:
            self._bind(service, mount, found, how)
        elif mount.source:
            self._volume(service, self._declared[mount.source], found, how)
        else:
            self._told.warn(mount.key, "an anonymous volume is empty in every new pod, name it to keep it")
            found.add(f"anonymous-{len(found.volumes)}", {"emptyDir": {}}, how)

    def _bind(self, service: ServiceSpec, mount: MountSpec, found: Mounted, how: Mapping[str, Any]) -> None:
        if mount.source.startswith("/"):
            name = "host" + (f"-{fit(mount.source)}"[:50].rstrip("-") if fit(mount.source) else "")
            found.add(name, {"hostPath": {"path": mount.source}}, how)
            return
        name = self._names.object(
            "PersistentVolumeClaim", f"the folder {mount.source}", mount.source.strip("./") or "folder"
        )
        self._told.warn(mount.key, f"{mount.source} is not beside the template, the claim {name} takes its place")
        found.claims[name] = DEFAULT_SIZE
        self._tell_shared(mount.key, name, service)
        found.add(name, {"persistentVolumeClaim": {"claimName": name}}, how)

    def _volume(self, service: ServiceSpec, volume: VolumeSpec, found: Mounted, how: Mapping[str, Any]) -> None:
        options, key = volume.driver_opts, f"volumes.{volume.key}"
        if options.get("type") == "nfs":
            server = next((part[5:] for part in options.get("o", "").split(",") if part.startswith("addr=")), "")
            path = options.get("device", "").lstrip(":") or "/"
            found.add(fit(volume.key), {"nfs": {"server": server, "path": path}}, how)
            return
        if "bind" in options.get("o", "") and options.get("device", "").startswith("/"):
            found.add(fit(volume.key), {"hostPath": {"path": options["device"]}}, how)
            return
        if volume.driver not in ("", "local") or options:
            self._told.warn(f"{key}.driver", "the cluster's own storage class is taken")
        if volume.external:
            name = volume.name
        else:
            name = self._names.object("PersistentVolumeClaim", key, volume.name or volume.key)
            found.claims[name] = volume.size or DEFAULT_SIZE
        self._tell_shared(key, name, service)
        found.add(fit(volume.key), {"persistentVolumeClaim": {"claimName": name}}, how)

    def _tell_shared(self, key: str, claim: str, service: ServiceSpec) -> None:
        """Tell of a claim that several pods use: the storage of most clusters is on one node at a time."""
        owner = self._owners.setdefault(claim, service.name)
        if service.replicas > 1:
            self._told.warn(key, f"the {service.replicas} pods of {service.name} share it, which takes a single node")
        elif owner != service.name:
            self._told.warn(key, f"{owner} and {service.name} share it, which takes a single node")

    def _file(self, service: ServiceSpec, file: FileMount, found: Mounted, *, config: str, secret: str) -> None:
        spec = self._files[file.secret, file.source]
        key = _key(spec, service)
        item: dict[str, Any] = {"key": key, "path": spec.key}
        if file.uid is not None or file.gid is not None:
            self._told.warn(
                f"services.{service.name}.{'secrets' if file.secret else 'configs'}", "uid and gid are not heeded"
            )
        name = fit(f"file-{len(found.mounts)}-{spec.key}")[:60].rstrip("-")
        if file.mode is not None:
            item["mode"] = file.mode
        place = spec.name if spec.external else (secret if spec.is_hidden else config)
        source = (
            {"secret": {"secretName": place, "items": [item]}}
            if spec.is_hidden
            else {"configMap": {"name": place, "items": [item]}}
        )
        found.add(name, source, {"mountPath": file.target, "subPath": spec.key, "readOnly": True})
        if spec.content is not None:
            (found.secret if spec.is_hidden else found.config)[key] = spec.content


def _key(file: FileSpec, service: ServiceSpec) -> str:
    """Return the key of a file, which in a Secret is none of a variable, nor a config's that of a secret."""
    if file.external:
        return file.key
    if file.holds_secret and not file.secret:
        return f"{file.key}.config"
    return f"{file.key}.file" if file.key in service.secret else file.key


def _memory(size: int | None) -> dict[str, Any]:
    return {"emptyDir": {"medium": "Memory", **({"sizeLimit": str(size)} if size else {})}}


def config_map(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return a ConfigMap with files; those that are no text are base64."""
    texts, binary = {}, {}
    for key, content in files.items():
        try:
            texts[key] = content.decode()
        except UnicodeDecodeError:  # noqa: PERF203 - each is what it is
            binary[key] = base64.b64encode(content).decode()
    found: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
    return {**found, **({"data": texts} if texts else {}), **({"binaryData": binary} if binary else {})}


def secret_of(name: str, values: Mapping[str, bytes]) -> dict[str, Any]:
    """Return a Secret with values."""
    data = {key: base64.b64encode(value).decode() for key, value in values.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "Opaque", "data": data}


def claim_of(name: str, size: int) -> dict[str, Any]:
    """Return a claim on storage, as the cluster's own storage class gives it."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": str(size)}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}
