# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a FakeDocker that makes containers, and what they are made of."""

from __future__ import annotations

import hashlib
import io
import posixpath
import tarfile
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    ContainerNotFoundError,
    NotReadyError,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import FakeContainer
from ansible_collections.nekzus.runtime.tests.unit.fakes.traffic import Call, Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

IMAGE = "busybox:stable"


def digits(text: str) -> str:
    """Return 64 digits for a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class FakeObjects(Traffic):
    """Images, networks, volumes, and the making of containers.

    ``scripts`` are the properties, by name, of the containers that will be made; ``registry`` the images to be pulled,
    ids by name, which takes the place of those that are there.
    """

    def __init__(self) -> None:
        """Begin with one image."""
        super().__init__()
        self.containers: list[FakeContainer] = []
        self.images: dict[str, dict[str, Any]] = {}
        self.networks: dict[str, dict[str, Any]] = {}
        self.volumes: dict[str, dict[str, Any]] = {}
        self.registry: dict[str, str] = {}
        self.scripts: dict[str, dict[str, Any]] = {}
        self.taken_ports: set[str] = set()
        self._made = 0
        self.add_image(IMAGE)
        for name in ("bridge", "host", "none"):
            self.networks[digits(name)] = {"Id": digits(name), "Name": name, "Labels": {}}

    def add_image(self, name: str, identifier: str = "", **config: Any) -> None:
        """Have an image under a name."""
        identifier = identifier or f"sha256:{digits(name)}"
        self.images[name] = {"Id": identifier, "RepoDigests": [f"{name}@{identifier}"], "Config": config}

    def named(self, name: str) -> FakeContainer:
        """Return the container of a name."""
        return self.container(name)

    def container(self, identifier: str) -> FakeContainer:
        """Return a container by its id or name."""
        found = next((one for one in self.containers if identifier in (one.id, one.name)), None)
        if found is None:
            raise ContainerNotFoundError(f"No such container: {identifier}")
        return found

    def name_of(self, identifier: str) -> str:
        """Return the name of a container, or what it is asked for by when it is not there."""
        return next((one.name for one in self.containers if identifier in (one.id, one.name)), identifier)

    # The seam: see DockerObjects.

    def inspect_image(self, name: str) -> dict[str, Any]:
        """By its name or id."""
        with self._asked("inspect image", name):
            by_id = {image["Id"]: image for image in self.images.values()}
            found = self.images.get(name) or by_id.get(name)
            if not found:
                raise ContainerNotFoundError(f"No such image: {name}")
            return dict(found)

    def pull_image(self, name: str, *, platform: str = "") -> None:
        """From the registry."""
        with self._asked("pull image", name, writes=True, detail=platform):
            if name not in self.registry:
                raise NotReadyError(f"the image {name} cannot be pulled: manifest unknown")
            self.add_image(name, self.registry[name])

    def ask_registry(self, name: str) -> str:
        """Take an image's id for its digest there."""
        with self._asked("ask registry", name):
            if name not in self.registry:
                raise NotReadyError(f"the image {name} cannot be pulled: no route to the registry")
            return self.registry[name]

    def create_container(self, name: str, body: Mapping[str, Any], *, platform: str = "") -> str:
        """Create one, with volumes of its own for the mounts that have no name."""
        with self._asked("create", name, writes=True, detail=(body, platform)):
            if any(one.name == name for one in self.containers):
                raise ConflictError(f'The container name "/{name}" is already in use')
            if body["Image"] not in self.images:
                raise ContainerNotFoundError(f"No such image: {body['Image']}")
            host = body.get("HostConfig", {})
            self._made += 1
            made = FakeContainer(
                name,
                id=digits(f"{name} {self._made}"),
                state="created",
                image=body["Image"],
                image_id=self.images[body["Image"]]["Id"],
                labels=dict(body.get("Labels", {})),
                env=tuple(body.get("Env", ())),
                command=tuple(body.get("Cmd", ("sleep",))),
                body=body,
                **self.scripts.get(name, {}),
            )
            for mount in host.get("Mounts", ()):
                if mount["Type"] == "volume":
                    volume = mount.get("Source") or digits(f"{made.id} {mount['Target']}")
                    self.volumes.setdefault(volume, {"Name": volume, "Labels": {}})
                    made.volumes[mount["Target"]] = volume
            for network, endpoint in body.get("NetworkingConfig", {}).get("EndpointsConfig", {}).items():
                self._network(network)
                made.networks[network] = endpoint
            self.containers.append(made)
            return made.id

    def claim_ports(self, container: FakeContainer) -> None:
        """Raise when a port of the host is taken."""
        alive = [one for one in self.containers if one.alive and one.id != container.id]
        taken = {str(port["PublicPort"]) for one in alive for port in one.published} | self.taken_ports
        for port in container.published:
            if str(port["PublicPort"]) in taken:
                number = port["PublicPort"]
                raise ConflictError(f"driver failed: Bind for 0.0.0.0:{number} failed: port is already allocated")

    def rename_container(self, identifier: str, name: str) -> None:
        """Nobody else may have the name."""
        with self._asked("rename", self.name_of(identifier), writes=True, detail=name):
            container = self.container(identifier)
            if any(one.name == name for one in self.containers):
                raise ConflictError(f'The container name "/{name}" is already in use')
            container.name = name

    def remove_container(self, identifier: str, *, volumes: bool) -> None:
        """With ``volumes``, those that nobody named go too."""
        with self._asked("remove", self.name_of(identifier), writes=True, detail=volumes):
            gone = [one for one in self.containers if identifier in (one.id, one.name)]
            self.containers = [one for one in self.containers if one not in gone]
            for one in gone:
                for target, volume in one.volumes.items() if volumes else ():
                    if volume == digits(f"{one.id} {target}"):
                        del self.volumes[volume]

    def has_path(self, identifier: str, path: str) -> bool:
        """Know /etc, /run and what was put there."""
        with self._asked("has path", self.name_of(identifier), detail=path):
            files = self.container(identifier).files
            return path in ("/etc", "/run") or any(each == path or each.startswith(f"{path}/") for each in files)

    def put_archive(self, identifier: str, path: str, archive: bytes) -> None:
        """Keep the files."""
        asked = self._asked("put", self.name_of(identifier), writes=True, detail=path)
        with asked, tarfile.open(fileobj=io.BytesIO(archive)) as found:
            for member in found:
                content = found.extractfile(member)
                if content:
                    self.container(identifier).files[posixpath.join(path, member.name)] = content.read()

    def list_networks(self) -> list[dict[str, Any]]:
        """All of them."""
        with self._asked("list networks"):
            return [dict(one) for one in self.networks.values()]

    def inspect_network(self, name: str) -> dict[str, Any]:
        """By its name or id."""
        with self._asked("inspect network", name):
            return dict(self._network(name))

    def create_network(self, body: Mapping[str, Any]) -> str:
        """Give a name once."""
        with self._asked("create network", body["Name"], writes=True, detail=body):
            if any(one["Name"] == body["Name"] for one in self.networks.values()):
                raise ConflictError(f"network with name {body['Name']} already exists")
            self._made += 1
            identifier = digits(f"{body['Name']} {self._made}")
            self.networks[identifier] = {**body, "Id": identifier}
            return identifier

    def remove_network(self, identifier: str) -> None:
        """Nobody that runs may be on it."""
        with self._asked("remove network", identifier, writes=True):
            network = next((one for one in self.networks.values() if identifier in (one["Id"], one["Name"])), None)
            if network is None:
                return
            users = [one.name for one in self.containers if one.alive and network["Name"] in one.networks]
            if users:
                raise ConflictError(f"network {network['Name']} has active endpoints")
            del self.networks[network["Id"]]

    def connect_network(self, identifier: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Once."""
        with self._asked("connect", self.name_of(container), writes=True, detail=(identifier, endpoint)):
            self.container(container).networks[self._network(identifier)["Name"]] = endpoint

    def disconnect_network(self, identifier: str, container: str) -> None:
        """Take it off."""
        with self._asked("disconnect", self.name_of(container), writes=True, detail=identifier):
            del self.container(container).networks[self._network(identifier)["Name"]]

    def list_volumes(self) -> list[dict[str, Any]]:
        """All of them."""
        with self._asked("list volumes"):
            return [dict(one) for one in self.volumes.values()]

    def inspect_volume(self, name: str) -> dict[str, Any]:
        """By its name."""
        with self._asked("inspect volume", name):
            if name not in self.volumes:
                raise ContainerNotFoundError(f"get {name}: no such volume")
            return dict(self.volumes[name])

    def create_volume(self, body: Mapping[str, Any]) -> None:
        """One that is there stays as it is."""
        with self._asked("create volume", body["Name"], writes=True, detail=body):
            self.volumes.setdefault(body["Name"], dict(body))

    def remove_volume(self, name: str) -> None:
        """No container may have it."""
        with self._asked("remove volume", name, writes=True):
            users = [one.name for one in self.containers if name in one.volumes.values()]
            if users:
                raise ConflictError(f"remove {name}: volume is in use - [{users[0]}]")
            self.volumes.pop(name, None)

    def _asked(
        self, verb: str, name: str = "", *, writes: bool = False, detail: Any = None
    ) -> AbstractContextManager[None]:
        return self.answering(Call(verb, name=name, writes=writes, detail=detail))

    def _network(self, name: str) -> dict[str, Any]:
        found = next((one for one in self.networks.values() if name in (one["Id"], one["Name"])), None)
        if found is None:
            raise ContainerNotFoundError(f"network {name} not found")
        return found
