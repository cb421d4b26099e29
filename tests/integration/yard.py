# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containers of one test: made under its prefix, seen by it alone, removed after it and before it."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Protocol

import docker
import docker.errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docker.models.containers import Container

# Process 1 of a container ignores the signals that it does not handle: a plain sleep would be killed after the grace.
LIVES = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
# The tests of one checkout share a label, so that what a killed run left behind can be found.
RUN = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
LABEL = "nekzus-test"
PATIENCE = 30.0


def poll(condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    """Return as soon as the condition holds; raise when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            message = f"not in {seconds:g} s: {what}"
            raise AssertionError(message)
        time.sleep(0.02)


class Yard(Protocol):
    """What a test can do behind the collection's back. Names are without the prefix."""

    prefix: str

    def run(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers and start them."""

    def create(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers that are not started."""

    def name(self, name: str) -> str:
        """Return a container's whole name."""

    def id(self, name: str) -> str:
        """Return a container's id."""

    def state(self, name: str) -> str:
        """Return the engine's word for the state of a container, ``gone`` when there is none."""

    def states(self) -> dict[str, str]:
        """Return the states of all containers by name."""

    def runs(self) -> dict[str, str]:
        """Return by name when each container was last started: the same as before means that it was left alone."""

    def pause(self, name: str) -> None:
        """Freeze a container."""

    def remove(self, *names: str) -> None:
        """Remove containers, running or not."""

    def clear(self) -> None:
        """Remove all containers of the test."""


class DockerYard:
    """A Yard on an engine that speaks Docker's API."""

    def __init__(self, client: docker.DockerClient, key: str, *, image: str) -> None:
        """Take the engine and what tells the test apart from all others."""
        self._client = client
        self._image = image
        self._probed: set[str] = set()
        self.prefix = "nkz-" + hashlib.sha256(f"{RUN} {key}".encode()).hexdigest()[:6]

    def run(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers and start them, side by side."""
        _each(lambda name: self._create(name, script, spec).start(), names)

    def create(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers, side by side."""
        _each(lambda name: self._create(name, script, spec), names)

    def name(self, name: str) -> str:
        """Return the name on the engine."""
        return f"{self.prefix}-{name}"

    def id(self, name: str) -> str:
        """Return the 64 digits."""
        return str(self._get(name).id)

    def state(self, name: str) -> str:
        """Ask the engine."""
        try:
            return str(self._get(name).attrs["State"]["Status"])
        except docker.errors.NotFound:
            return "gone"

    def states(self) -> dict[str, str]:
        """Ask the engine for all."""
        return {self._short(one): str(one.attrs["State"]["Status"]) for one in self._all()}

    def runs(self) -> dict[str, str]:
        """Ask the engine for all."""
        return {self._short(one): str(one.attrs["State"]["StartedAt"]) for one in self._all()}

    def pause(self, name: str) -> None:
        """Ask the engine."""
        self._get(name).pause()

    def remove(self, *names: str) -> None:
        """Kill and remove."""
        _each(lambda name: self._get(name).remove(force=True), names)

    def clear(self) -> None:
        """Remove whatever has the label of the test, until there is nothing left.

        A container may vanish by itself meanwhile, and Podman fails to remove one in the moment of its restart.
        """

        def remove(one: Container) -> None:
            with contextlib.suppress(docker.errors.APIError):
                one.remove(force=True, v=True)

        def cleared() -> bool:
            _each(remove, self._all())
            return not self._all()

        self._probed.clear()
        poll(cleared, f"the containers of {self.prefix} are removed")

    def _create(self, name: str, script: str, spec: Mapping[str, Any]) -> Container:
        labels = {LABEL: RUN, f"{LABEL}-of": self.prefix, **spec.get("labels", {})}
        command = ["sh", "-c", script, *spec.get("arguments", ())]
        rest = {key: value for key, value in spec.items() if key not in ("arguments", "labels")}
        made = self._client.containers.create(self._image, command, name=self.name(name), labels=labels, **rest)
        if "healthcheck" in spec:
            self._probe(made)
        return made

    def _probe(self, container: Container) -> None:
        """Do what the engine does not do by itself for a health check."""

    def _get(self, name: str) -> Container:
        return self._client.containers.get(self.name(name))

    def _all(self) -> list[Container]:
        filters: dict[str, str | list[str] | bool] = {"label": [f"{LABEL}={RUN}", f"{LABEL}-of={self.prefix}"]}
        return self._client.containers.list(all=True, filters=filters, ignore_removed=True)

    def _short(self, container: Container) -> str:
        return str(container.name).removeprefix(f"{self.prefix}-")


class PodmanYard(DockerYard):
    """A Yard on Podman, which leaves it to timers of systemd to run health checks: here a thread does it."""

    def _probe(self, container: Container) -> None:
        api = self._client.api
        identifier = str(container.id)
        self._probed.add(identifier)

        def probe() -> None:
            while identifier in self._probed:
                api.get(f"{api.base_url}/v4.0.0/libpod/containers/{identifier}/healthcheck")
                time.sleep(0.2)

        threading.Thread(target=probe, daemon=True).start()


def _each(act: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do it for all at once, and raise what the first of them raised."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(act, items))
