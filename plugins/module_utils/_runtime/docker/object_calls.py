# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The calls about what containers are made of, as requests of Docker's API: those whose answer is plain JSON.

https://docs.docker.com/reference/api/engine/
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..errors import ContainerNotFoundError
from ..shape import text

if TYPE_CHECKING:
    from collections.abc import Mapping


class ObjectCalls(ABC):
    """The part of a DockerObjects that needs no more than a request."""

    @abstractmethod
    def request(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None, again: bool = True
    ) -> Any:
        """Return the answer to a request; ``body`` is a document or the bytes of an archive.

        Without ``again`` it is not repeated when the connection breaks.
        """

    def inspect_image(self, name: str) -> dict[str, Any]:
        """One request."""
        return document(self.request("GET", f"/images/{quote(name)}/json"))

    def create_container(self, name: str, body: Mapping[str, Any], *, platform: str = "") -> str:
        """One request, never repeated: the second would find the name taken."""
        query = {"name": name, **({"platform": platform} if platform else {})}
        return text(self.request("POST", "/containers/create", query=query, body=body, again=False), "Id")

    def rename_container(self, identifier: str, name: str) -> None:
        """One request, never repeated."""
        self.request("POST", f"/containers/{identifier}/rename", query={"name": name}, again=False)

    def remove_container(self, identifier: str, *, volumes: bool) -> None:
        """One request; one that is gone is removed."""
        query = {"force": "true", "v": "true" if volumes else "false"}
        self._remove(f"/containers/{identifier}", query)

    def has_path(self, identifier: str, path: str) -> bool:
        """One request."""
        try:
            self.request("HEAD", f"/containers/{identifier}/archive", query={"path": path})
        except ContainerNotFoundError:
            return False
        return True

    def put_archive(self, identifier: str, path: str, archive: bytes) -> None:
        """One request."""
        self.request("PUT", f"/containers/{identifier}/archive", query={"path": path}, body=archive)

    def list_networks(self) -> list[dict[str, Any]]:
        """One request."""
        return entries(self.request("GET", "/networks"))

    def inspect_network(self, name: str) -> dict[str, Any]:
        """One request."""
        return document(self.request("GET", f"/networks/{quote(name, safe='')}"))

    def create_network(self, body: Mapping[str, Any]) -> str:
        """One request, never repeated: the second would find the name taken."""
        # Old daemons give a name twice unless they are told to look.
        asked = {**body, "CheckDuplicate": True}
        return text(self.request("POST", "/networks/create", body=asked, again=False), "Id")

    def remove_network(self, identifier: str) -> None:
        """One request; one that is gone is removed."""
        self._remove(f"/networks/{quote(identifier, safe='')}")

    def connect_network(self, identifier: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """One request, never repeated: the second would find it connected."""
        body = {"Container": container, "EndpointConfig": dict(endpoint)}
        self.request("POST", f"/networks/{quote(identifier, safe='')}/connect", body=body, again=False)

    def disconnect_network(self, identifier: str, container: str) -> None:
        """One request."""
        body = {"Container": container, "Force": True}
        self.request("POST", f"/networks/{quote(identifier, safe='')}/disconnect", body=body)

    def list_volumes(self) -> list[dict[str, Any]]:
        """One request."""
        return entries(document(self.request("GET", "/volumes")).get("Volumes"))

    def inspect_volume(self, name: str) -> dict[str, Any]:
        """One request."""
        return document(self.request("GET", f"/volumes/{quote(name, safe='')}"))

    def create_volume(self, body: Mapping[str, Any]) -> None:
        """One request, repeated when the connection breaks: making it twice is making it once."""
        self.request("POST", "/volumes/create", body=body)

    def remove_volume(self, name: str) -> None:
        """One request; one that is gone is removed."""
        self._remove(f"/volumes/{quote(name, safe='')}")

    def _remove(self, path: str, query: Mapping[str, str] | None = None) -> None:
        try:
            self.request("DELETE", path, query=query)
        except ContainerNotFoundError:
            return


def document(answer: Any) -> dict[str, Any]:
    """Return the object that an answer is, an empty one for what is none."""
    return dict(answer) if isinstance(answer, dict) else {}


def entries(answer: Any) -> list[dict[str, Any]]:
    """Return the objects of the list that an answer is."""
    return [dict(one) for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []
