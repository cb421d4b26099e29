# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What of a project Docker cannot express, and what it takes a newer daemon for. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..toolbox.parts import MountType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..toolbox.spec import FileSpec, Project, ServiceSpec

    Version = tuple[int, int]

_PLAIN_PROFILES = ("unconfined", "builtin", "{")


def unsupported(project: Project) -> list[str]:
    """Return everything that would make a service another one, or less protected, each with its key."""
    files = {(spec.secret, spec.key): spec for spec in project.files}
    found = [words for service in project.services for words in _of_service(service, files, project.folder)]
    return [*found, *_of_ports(project)]


def unheeded(project: Project) -> list[str]:
    """Return what Docker does not heed without harm, each with its key."""
    return [
        f"services.{service.name}.deploy.resources.reservations.cpus: Docker reserves no CPU, not heeded"
        for service in project.services
        if service.resources.reserved_cpus is not None
    ]


def newer(project: Project) -> Iterator[tuple[str, Version, bool]]:
    """Yield the keys that take a newer daemon: the version of the API that has it, and whether it matters."""
    for service in project.services:
        key = f"services.{service.name}"
        for mount in service.mounts:
            if mount.subpath:
                yield f"{mount.key or key}.subpath", (1, 45), True
        if service.annotations:
            yield f"{key}.annotations", (1, 43), False
        if service.healthcheck and service.healthcheck.start_interval is not None:
            yield f"{key}.healthcheck.start_interval", (1, 44), False
        if any(one.mac_address for one in service.networks[1:]):
            yield f"{key}.networks: mac_address of a further network", (1, 44), True


def _of_service(service: ServiceSpec, files: dict[tuple[bool, str], FileSpec], folder: str) -> Iterator[str]:
    key = f"services.{service.name}"
    if service.replicas > 1:
        fixed = [str(port.published) for port in service.ports if port.published is not None]
        if fixed:
            yield f"{key}.ports: {service.replicas} containers cannot all have port {', '.join(fixed)} of the host"
        if service.container_name:
            yield f"{key}.container_name: {service.replicas} containers cannot have one name"
    for option in service.security_opt:
        name, _separator, value = option.replace(":", "=", 1).partition("=")
        if name == "seccomp" and not value.startswith(_PLAIN_PROFILES):
            yield f"{key}.security_opt: the seccomp profile {value} is a file, write its content"
    for mount in service.mounts:
        if mount.type is MountType.BIND and not mount.source.startswith("/") and not folder:
            yield f"{mount.key or key}: there is no folder that {mount.source} could be in"
    yield from _of_files(service, files)


def _of_ports(project: Project) -> Iterator[str]:
    """Yield the ports of the host that are published more than once: Docker would call them taken."""
    counts = Counter(
        (port.host_ip, port.published, port.protocol)
        for service in project.services
        for port in service.ports
        if port.published is not None
    )
    for (address, published, protocol), times in counts.items():
        if times > 1:
            place = f"{address}:{published}" if address else published
            yield f"services: port {place}/{protocol} of the host is published {times} times"


def _of_files(service: ServiceSpec, files: dict[tuple[bool, str], FileSpec]) -> Iterator[str]:
    key = f"services.{service.name}"
    hidden = [mount.target.rstrip("/") for mount in service.mounts if mount.type is MountType.TMPFS]
    for mount in service.files:
        place = f"{key}.{'secrets' if mount.secret else 'configs'}: {mount.source}"
        spec = files.get((mount.secret, mount.source))
        if spec is None or spec.content is None:
            yield f"{place} is external, of which Docker has none without Swarm"
        elif service.read_only and not _on_volume(service, mount.target):
            yield f"{place} cannot be put into a container that is read_only"
        elif any(mount.target.startswith(f"{folder}/") for folder in hidden):
            yield f"{place} would be hidden by the tmpfs above {mount.target}"


def _on_volume(service: ServiceSpec, path: str) -> bool:
    kinds = (MountType.VOLUME, MountType.BIND)
    folders = [mount.target.rstrip("/") for mount in service.mounts if mount.type in kinds and not mount.read_only]
    return any(path.startswith(f"{folder}/") for folder in folders)
