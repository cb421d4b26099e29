# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines that the tests run against. One more engine is one more entry in ENGINES."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable, Protocol

import docker
import docker.errors

from .yard import DockerYard, PodmanYard, Yard

if TYPE_CHECKING:
    from collections.abc import Mapping

IMAGE = os.environ.get("NEKZUS_TEST_IMAGE", "busybox:stable")


class MissingError(Exception):
    """An engine is not there; says why."""


class Engine(Protocol):
    """An engine as the tests see it: how a task reaches it, and how containers are made on it."""

    name: str
    url: str

    @property
    def options(self) -> Mapping[str, Any]:
        """The options with which a task reaches it."""

    def yard(self, key: str) -> Yard:
        """Return an empty place for the containers of one test."""


class DockerEngine:
    """An engine that speaks Docker's API."""

    def __init__(self, name: str, url: str) -> None:
        """Take what the test run calls it and where it listens. Raises MissingError when it does not answer."""
        self.name = name
        self.url = url
        try:
            # Many threads make containers at once, none of which should wait for a connection.
            self._client = docker.DockerClient(base_url=url, version="1.41", timeout=60, max_pool_size=32)
            self._client.images.get(IMAGE)
        except docker.errors.ImageNotFound as error:
            message = f"{name} has no image {IMAGE} (DOCKER_HOST={url} scripts/image {IMAGE})"
            raise MissingError(message) from error
        except (docker.errors.DockerException, OSError) as error:
            message = f"no {name} engine answers at {url}: {error}"
            raise MissingError(message) from error

    @property
    def options(self) -> Mapping[str, Any]:
        """Podman is reached as Docker is."""
        return {"runtime": "docker", "docker_host": self.url}

    def yard(self, key: str) -> Yard:
        """Return an empty place on it."""
        kind = PodmanYard if self.name == "podman" else DockerYard
        return kind(self._client, f"{key} on {self.name}", image=IMAGE)


def _docker() -> Engine:
    return DockerEngine("docker", os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")


def _podman() -> Engine:
    url = os.environ.get("NEKZUS_TEST_PODMAN")
    if not url:
        message = "NEKZUS_TEST_PODMAN does not say where Podman's service listens"
        raise MissingError(message)
    return DockerEngine("podman", url)


ENGINES: Mapping[str, Callable[[], Engine]] = {"docker": _docker, "podman": _podman}
