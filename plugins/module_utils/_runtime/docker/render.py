# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A project as the bodies of what Docker's API makes it of, as Compose would. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..errors import UnsupportedError
from ..mask import secret_values
from ..toolbox.spec import NetworkSpec
from .archive import PlacedFile
from .body import container_body, further_networks
from .host_config import service_of_mode
from .labels import (
    DEPENDS_ON,
    ENDS_LABEL,
    FILES_LABEL,
    FOLDER,
    HASH,
    MAIN_LABEL,
    NETWORK,
    NUMBER,
    ONE_OFF,
    SECRET_FILES_LABEL,
    SECRETS_LABEL,
    SERVICE,
    VOLUME,
)
from .limits import unheeded, unsupported
from .names import container_name, dependency_label, object_name, shared_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..toolbox.deployment import Wish
    from ..toolbox.parts import FileMount
    from ..toolbox.spec import FileSpec, Project, ServiceSpec, VolumeSpec


@dataclass(frozen=True)
class WantedObject:
    """A network or volume; one that is ``external`` only has to be there. ``digest`` tells what it is made like."""

    name: str
    external: bool
    body: Mapping[str, Any] = field(repr=False)
    digest: str


@dataclass(frozen=True)
class WantedContainer:
    """A container. ``further`` are its networks beyond the first; ``digest`` tells what it is made like."""

    name: str
    number: int
    spec: ServiceSpec
    body: Mapping[str, Any] = field(repr=False)
    further: Mapping[str, Mapping[str, Any]]
    files: tuple[PlacedFile, ...]
    digest: str
    shares: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that nothing may print, longest first."""
        values = {self.spec.environment.get(name, "") for name in self.spec.secret} - {""}
        return tuple(sorted({*values, *secret_values(self.spec.environment)}, key=len, reverse=True))


@dataclass(frozen=True)
class Rendered:
    """A whole project. Containers come after those that they depend on; ``main`` is the service that a user means."""

    networks: tuple[WantedObject, ...]
    volumes: tuple[WantedObject, ...]
    containers: tuple[WantedContainer, ...]
    main: str
    warnings: tuple[str, ...]


def render(project: Project, wish: Wish) -> Rendered:
    """Return the bodies. Raises UnsupportedError that names everything that Docker cannot do."""
    project = _scaled(project, wish)
    problems = unsupported(project)
    if problems:
        hint = "change the template, or deploy it on Kubernetes"
        raise UnsupportedError("Docker cannot do what the template says: " + "; ".join(problems), hint=hint)
    return _Renderer(project, wish).rendered()


def _scaled(project: Project, wish: Wish) -> Project:
    """Return the project with as many containers of its main service as the task says."""
    if wish.replicas is None:
        return project
    services = (replace(one, replicas=wish.replicas) if one.name == project.main else one for one in project.services)
    return replace(project, services=tuple(services))


class _Renderer:
    """Renders one project."""

    def __init__(self, project: Project, wish: Wish) -> None:
        self._project = project
        self._name = wish.name
        self._labels = shared_labels(wish)
        self._networks = {spec.key: spec for spec in project.networks}
        for attachment in (one for service in project.services for one in service.networks):
            self._networks.setdefault(attachment.network, NetworkSpec(attachment.network))
        self._network_names = {key: object_name(self._name, spec) for key, spec in self._networks.items()}
        self._volume_names = {spec.key: object_name(self._name, spec) for spec in project.volumes}
        self._first = {service.name: container_name(self._name, service, 1) for service in project.services}

    def rendered(self) -> Rendered:
        """Return everything."""
        networks = {spec.key: self._network(spec) for spec in self._networks.values()}
        return Rendered(
            networks=tuple(networks.values()),
            volumes=tuple(map(self._volume, self._project.volumes)),
            containers=tuple(
                self._container(service, number, [networks[one.network].digest for one in service.networks])
                for service in self._project.services
                for number in range(1, service.replicas + 1)
            ),
            main=self._project.main or (self._project.services[-1].name if self._project.services else ""),
            warnings=(*self._project.warnings, *unheeded(self._project)),
        )

    def _network(self, spec: NetworkSpec) -> WantedObject:
        pools = [
            {
                name: pool[key]
                for key, name in (("subnet", "Subnet"), ("gateway", "Gateway"), ("ip_range", "IPRange"))
                if pool.get(key)
            }
            for pool in spec.pools
        ]
        fields = {
            "Driver": spec.driver or "bridge",
            "Options": dict(spec.driver_opts),
            "Internal": spec.internal,
            "Attachable": spec.attachable,
            "EnableIPv6": spec.enable_ipv6,
            "IPAM": {"Driver": spec.ipam_driver or "default", "Config": pools} if pools or spec.ipam_driver else {},
        }
        body = {key: value for key, value in fields.items() if value}
        return self._object(self._network_names[spec.key], spec, body, NETWORK)

    def _volume(self, spec: VolumeSpec) -> WantedObject:
        body = {
            "Driver": spec.driver or "local",
            **({"DriverOpts": dict(spec.driver_opts)} if spec.driver_opts else {}),
        }
        return self._object(self._volume_names[spec.key], spec, body, VOLUME)

    def _object(
        self, name: str, spec: NetworkSpec | VolumeSpec, body: Mapping[str, Any], key_label: str
    ) -> WantedObject:
        digest = digest_of([name, body, dict(spec.labels)])
        labels = {**spec.labels, **self._labels, key_label: spec.key, HASH: digest}
        return WantedObject(name, spec.external, {**body, "Name": name, "Labels": labels}, digest)

    def _container(self, service: ServiceSpec, number: int, network_digests: Sequence[str]) -> WantedContainer:
        name = container_name(self._name, service, number)
        body = container_body(
            service,
            name=name,
            containers=self._first,
            networks=self._network_names,
            volumes=self._volume_names,
            folder=self._project.folder,
        )
        further = further_networks(service, name=name, containers=self._first, networks=self._network_names)
        files = tuple(self._files(service))
        digest = digest_of(
            [body, further, [file.summary for file in files], network_digests, dependency_label(service)]
        )
        labels = {
            **body.get("Labels", {}),
            **self._labels,
            **self._own_labels(service, number),
            **_file_labels(files),
            HASH: digest,
        }
        shares = {service_of_mode(mode) for mode in (service.network_mode, service.ipc, service.pid)} - {""}
        return WantedContainer(
            name, number, service, {**body, "Labels": labels}, further, files, digest, tuple(sorted(shares))
        )

    def _own_labels(self, service: ServiceSpec, number: int) -> dict[str, str]:
        labels = {SERVICE: service.name, NUMBER: str(number), ONE_OFF: "False", DEPENDS_ON: dependency_label(service)}
        if self._project.folder:
            labels[FOLDER] = self._project.folder
        if service.restart.name in ("no", "on-failure"):
            labels[ENDS_LABEL] = "true"
        if service.secret:
            labels[SECRETS_LABEL] = ",".join(sorted(service.secret))
        return {**labels, MAIN_LABEL: "true"} if service.name == self._project.main else labels

    def _files(self, service: ServiceSpec) -> list[PlacedFile]:
        specs = {(spec.secret, spec.key): spec for spec in self._project.files}
        return [_placed(mount, specs[mount.secret, mount.source]) for mount in service.files]


def _placed(mount: FileMount, spec: FileSpec) -> PlacedFile:
    content, uid, gid = spec.content or b"", mount.uid or 0, mount.gid or 0
    file = PlacedFile(mount.target, content, uid, gid, is_hidden=spec.is_hidden)
    return file if mount.mode is None else replace(file, mode=mount.mode)


def _file_labels(files: Sequence[PlacedFile]) -> dict[str, str]:
    told = {
        FILES_LABEL: [file.summary for file in files if not file.is_hidden],
        SECRET_FILES_LABEL: [file.path for file in files if file.is_hidden],
    }
    return {name: "\n".join(lines) for name, lines in told.items() if lines}


def digest_of(document: Any) -> str:
    """Return what two documents share only when they are the same."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
