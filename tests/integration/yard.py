# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containers of one test: made under its prefix, seen by it alone, removed after it and before it."""

from __future__ import annotations

import hashlib
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

    def remove(self, *names: str) -> None:
        """Kill and remove."""
        _each(lambda name: self._get(name).remove(force=True), names)

    def clear(self) -> None:
        """Remove whatever has the label of the test; what vanishes meanwhile is content."""

        def remove(one: Container) -> None:
            try:
                one.remove(force=True, v=True)
            except docker.errors.NotFound:
                pass
            except docker.errors.APIError as error:
                if error.status_code != 409:  # a removal is in progress
                    raise

        while found := self._all():
            _each(remove, found)

    def _create(self, name: str, script: str, spec: Mapping[str, Any]) -> Container:
        labels = {LABEL: RUN, f"{LABEL}-of": self.prefix, **spec.get("labels", {})}
        command = ["sh", "-c", script, *spec.get("arguments", ())]
        rest = {key: value for key, value in spec.items() if key not in ("arguments", "labels")}
        return self._client.containers.create(self._image, command, name=self.name(name), labels=labels, **rest)

    def _get(self, name: str) -> Container:
        return self._client.containers.get(self.name(name))

    def _all(self) -> list[Container]:
        filters: dict[str, str | list[str] | bool] = {"label": [f"{LABEL}={RUN}", f"{LABEL}-of={self.prefix}"]}
        return self._client.containers.list(all=True, filters=filters, ignore_removed=True)

    def _short(self, container: Container) -> str:
        return str(container.name).removeprefix(f"{self.prefix}-")


def _each(act: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do it for all at once, and raise what the first of them raised."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(act, items))
