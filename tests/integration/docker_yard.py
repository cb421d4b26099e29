# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containers of one test on an engine that speaks Docker's API."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from copy import copy
from typing import TYPE_CHECKING, Any

import docker
import docker.errors

from .yard import LABEL, LIVES, RUN, each, poll, prefix_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docker.models.containers import Container


class DockerYard:
    """A Yard on an engine that speaks Docker's API."""

    def __init__(self, client: docker.DockerClient, key: str, *, image: str) -> None:
        """Take the engine and what tells the test apart from all others."""
        self._client = client
        self._image = image
        self._probed: set[str] = set()
        self.prefix = prefix_of(key)

    def of_image(self, image: str) -> DockerYard:
        """Return the same place, in which containers are made from another image."""
        other = copy(self)
        other._image = image
        return other

    def run(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers and start them, side by side."""
        each(lambda name: self._create(name, script, spec).start(), names)

    def create(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers, side by side."""
        each(lambda name: self._create(name, script, spec), names)

    def name(self, name: str) -> str:
        """Return the name on the engine."""
        return f"{self.prefix}-{name}"

    def id(self, name: str) -> str:
        """Return the 64 digits."""
        return str(self._get(name).id)

    def state(self, name: str) -> str:
        """Ask the engine."""
        try:
            return _state(self._get(name))
        except docker.errors.NotFound:
            return "gone"

    def states(self) -> dict[str, str]:
        """Ask the engine for all."""
        return {self._short(one): _state(one) for one in self._all()}

    def runs(self) -> dict[str, str]:
        """Ask the engine for all."""
        return {self._short(one): str(one.attrs["State"]["StartedAt"]) for one in self._all()}

    def pause(self, name: str) -> None:
        """Ask the engine."""
        self._get(name).pause()

    def restart(self, name: str) -> None:
        """Ask the engine."""
        self._get(name).restart(timeout=5)

    def inspect(self, name: str) -> Mapping[str, Any]:
        """Ask the engine."""
        found: Mapping[str, Any] = self._get(name).attrs
        return found

    def several(self) -> str:
        """Make containers until the ids of two begin with the same digit, and return that."""
        digits: Counter[str] = Counter()
        for number in range(17):  # there are 16 digits
            self.create(f"spare-{number}")
            digits[self.id(f"spare-{number}")[0]] += 1
            if max(digits.values()) > 1:
                break
        return digits.most_common(1)[0][0]

    def remove(self, *names: str) -> None:
        """Kill and remove."""
        each(lambda name: self._get(name).remove(force=True), names)

    def clear(self) -> None:
        """Remove whatever has the label of the test, until there is nothing left.

        A container may vanish by itself meanwhile, and Podman fails to remove one in the moment of its restart.
        """

        def remove(one: Container) -> None:
            with contextlib.suppress(docker.errors.APIError):
                one.remove(force=True, v=True)

        def cleared() -> bool:
            each(remove, self._all())
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


def _state(container: Container) -> str:
    word = str(container.attrs["State"]["Status"])
    return "stopped" if word in ("created", "exited") else word
