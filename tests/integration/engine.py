# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines that the tests run against. One more engine is one more entry in ENGINES."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable, Protocol

import docker
import docker.errors

from .docker_yard import DockerYard, PodmanYard
from .kubernetes_engine import open_kubernetes
from .proxy import Proxy
from .ways import MissingError, Ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .rule import Chooser
    from .yard import Yard

IMAGE = os.environ.get("NEKZUS_TEST_IMAGE", "busybox:stable")
_WAYS = Ways(
    place="docker",
    path="",
    extra="^docker/",
    ids="[0-9a-f]{64}$",
    several="several ids begin with NAME.*[(]NAME[0-9a-f]{11}[)].*[(]NAME[0-9a-f]{11}[)]",
    bind="bind",
    pauses=True,
    labels_hold_anything=True,
    ready_when_listed=True,
    cpu_of="core",
    memory_of="limit",
    metrics_are_kept=False,
    streams=("stderr", "stdout"),
    start="^POST /containers/ID/start",
    stop="^POST /containers/ID/stop",
)


class Engine(Protocol):
    """An engine as the tests see it: how a task reaches it, and how containers are made on it.

    ``options`` reach it from a task, ``environment`` from an ad-hoc command, ``survey`` from a playbook of ours.
    """

    name: str
    ways: Ways
    options: Mapping[str, Any]
    environment: Mapping[str, str]
    survey: Mapping[str, str]

    def yard(self, key: str) -> Yard:
        """Return an empty place for the containers of one test."""

    def proxy(self, *rules: Chooser) -> Proxy:
        """Return a proxy in front of it, on which things go wrong as the rules say."""

    def through(self, proxy: Proxy) -> Mapping[str, Any]:
        """Return the options with which a task reaches it through a proxy."""

    def close(self) -> None:
        """Remove what was made on it for all tests."""


class DockerEngine:
    """An engine that speaks Docker's API."""

    def __init__(self, name: str, url: str) -> None:
        """Take what the test run calls it and where it listens. Raises MissingError when it does not answer."""
        self.name = name
        self.url = url
        # Podman is reached as Docker is.
        self.options: Mapping[str, Any] = {"runtime": "docker", "docker_host": url}
        self.environment: Mapping[str, str] = {"DOCKER_HOST": url}
        self.survey: Mapping[str, str] = {"fleet_docker_host": url}
        # Podman's list tells nothing of health.
        self.ways = replace(_WAYS, ready_when_listed=None) if name == "podman" else _WAYS
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

    def yard(self, key: str) -> DockerYard:
        """Return an empty place on it."""
        kind = PodmanYard if self.name == "podman" else DockerYard
        return kind(self._client, f"{key} on {self.name}", image=IMAGE)

    def proxy(self, *rules: Chooser) -> Proxy:
        """Return one on a socket of its own."""
        return Proxy(self.url, *rules)

    def through(self, proxy: Proxy) -> Mapping[str, Any]:
        """Return the options for the proxy's socket."""
        return {**self.options, "docker_host": proxy.url}

    def close(self) -> None:
        """Do nothing: every yard clears itself."""


def _docker() -> DockerEngine:
    return DockerEngine("docker", os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")


def _podman() -> DockerEngine:
    url = os.environ.get("NEKZUS_TEST_PODMAN")
    if not url:
        message = "NEKZUS_TEST_PODMAN does not say where Podman's service listens"
        raise MissingError(message)
    return DockerEngine("podman", url)


DOCKER_ENGINES: Mapping[str, Callable[[], DockerEngine]] = {"docker": _docker, "podman": _podman}
ENGINES: Mapping[str, Callable[[], Engine]] = {**DOCKER_ENGINES, "kubernetes": open_kubernetes}
