# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What we ask of a Docker daemon: exactly the calls we use, in our verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..logs.log import ByteStream, LogSpan


class DockerObjects(Protocol):
    """What containers are made of, and making them. What is not there is a ContainerNotFoundError."""

    def inspect_image(self, name: str) -> dict[str, Any]:
        """Return an image that the daemon has, by its name or id."""

    def pull_image(self, name: str, *, platform: str = "") -> None:
        """Get an image from its registry. Raises NotReadyError when it cannot be had."""

    def ask_registry(self, name: str) -> str:
        """Return the digest that an image has in its registry. Raises NotReadyError when that cannot be known."""

    def create_container(self, name: str, body: Mapping[str, Any], *, platform: str = "") -> str:
        """Create a container and return its id. Raises ConflictError when the name is taken."""

    def rename_container(self, identifier: str, name: str) -> None:
        """Give a container another name. Raises ConflictError when it is taken, or is its own already."""

    def remove_container(self, identifier: str, *, volumes: bool) -> None:
        """Kill and remove a container, with ``volumes`` those that were made for it alone too."""

    def has_path(self, identifier: str, path: str) -> bool:
        """Tell whether there is something at a path in a container."""

    def put_archive(self, identifier: str, path: str, archive: bytes) -> None:
        """Unpack a tar archive into a folder that is there in a container."""

    def list_networks(self) -> list[dict[str, Any]]:
        """Return all networks."""

    def inspect_network(self, name: str) -> dict[str, Any]:
        """Return a network, by its name or id."""

    def create_network(self, body: Mapping[str, Any]) -> str:
        """Create a network and return its id. Raises ConflictError when the name is taken."""

    def remove_network(self, identifier: str) -> None:
        """Remove a network. Raises ConflictError when containers that run are on it."""

    def connect_network(self, identifier: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Put a container on a network."""

    def disconnect_network(self, identifier: str, container: str) -> None:
        """Take a container off a network, even when it runs."""

    def list_volumes(self) -> list[dict[str, Any]]:
        """Return all volumes."""

    def inspect_volume(self, name: str) -> dict[str, Any]:
        """Return a volume."""

    def create_volume(self, body: Mapping[str, Any]) -> None:
        """Create a volume; nothing happens to one that is there."""

    def remove_volume(self, name: str) -> None:
        """Remove a volume. Raises ConflictError when a container has it."""


class DockerClient(DockerObjects, Protocol):
    """What we ask of a Docker daemon. Every call raises NekzusError and nothing else."""

    def list_containers(self, *, labels: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the entries of the container list, stopped ones included, that have all these labels."""

    def inspect_container(self, identifier: str) -> dict[str, Any]:
        """Return a container's inspection."""

    def start(self, identifier: str) -> None:
        """Start a container; nothing happens to one that runs."""

    def stop(self, identifier: str, *, grace: int | None) -> None:
        """Stop a container, killing it after ``grace`` seconds; nothing happens to one that is stopped.

        None is the container's own grace, and that of the daemon when it has none.
        """

    def restart(self, identifier: str, *, grace: int) -> None:
        """Restart a container, killing it after ``grace`` seconds."""

    def pause(self, identifier: str) -> None:
        """Freeze a container's processes."""

    def unpause(self, identifier: str) -> None:
        """Thaw a container's processes."""

    def stats(self, identifier: str) -> dict[str, Any]:
        """Return a sample of what a container uses; it says little of one that does not run."""

    def open_logs(self, identifier: str, *, span: LogSpan, follow: float | None = None) -> ByteStream:
        """Return what a container wrote, each line with its moment: in frames, unless it has a terminal.

        With ``follow`` it goes on with what is written, and ends when nothing comes for so many seconds and a few.
        """

    def version(self) -> dict[str, Any]:
        """Return what the daemon says of itself: its version, that of its API, and its components."""

    def info(self) -> dict[str, Any]:
        """Return how the daemon is set up: what it takes where a container says nothing."""

    def close(self) -> None:
        """Close the connections."""
