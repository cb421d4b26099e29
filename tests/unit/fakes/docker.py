# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Docker daemon in memory, behind the same seam as the real one. Needs no SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import FakeContainer
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_objects import FakeObjects
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import Body, part
from ansible_collections.nekzus.runtime.tests.unit.fakes.traffic import Call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan

WRITES = frozenset(("start", "stop", "restart", "pause", "unpause"))
INFO = {"CgroupVersion": "1", "DefaultRuntime": "runc", "LoggingDriver": "json-file"}
VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "Components": [{"Name": "Engine", "Version": "20.10.24"}]}


class FakeDocker(FakeObjects):
    """A DockerClient; the ``detail`` of a call is a grace, the labels, or the span and whether to follow."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        """Begin without containers."""
        super().__init__()
        self.clock = clock or FakeClock()
        self.closed = False
        self.version_document: Mapping[str, Any] = VERSION

    def add(self, name: str, **properties: Any) -> FakeContainer:
        """Create a container, running unless said otherwise."""
        container = FakeContainer(name, **properties)
        with self.lock:
            if container.image not in self.images:
                self.add_image(container.image)
            container.image_id = container.image_id or self.images[container.image]["Id"]
            self.containers.append(container)
        return container

    def remove(self, name: str) -> None:
        """Remove a container, as someone else would."""
        with self.lock:
            self.containers = [one for one in self.containers if one.name != name]

    def state_of(self, name: str) -> str:
        """Return Docker's word for the state of a container."""
        return self._get(name).state

    # The seam: see DockerClient.

    def list_containers(self, *, labels: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the containers, newest first as Docker does."""
        with self._answering("list", detail=tuple(labels)):
            for one in self.containers:
                one.pass_time(self._now)
            return [one.record(self._now) for one in reversed(self.containers) if _labelled(one, labels)]

    def inspect_container(self, identifier: str) -> dict[str, Any]:
        """Return an inspection; time has passed for the container, and a crashing one has crashed once more."""
        with self._answering("inspect", identifier):
            container = self._get(identifier)
            container.crash(self._now)
            return container.document(self._now)

    def start(self, identifier: str) -> None:
        """Start."""
        with self._answering("start", identifier):
            container = self._get(identifier)
            if container.state == "paused":
                raise ConflictError("cannot start a paused container, try unpause instead")
            if not container.alive:
                self.claim_ports(container)
                container.start(self._now)

    def stop(self, identifier: str, *, grace: int | None) -> None:
        """Stop; a paused one is refused, as Podman does."""
        with self._answering("stop", identifier, detail=grace):
            container = self._get(identifier)
            self._refuse_paused(container)
            if container.alive:
                container.stop()
            if container.auto_remove:
                self.remove(container.name)

    def restart(self, identifier: str, *, grace: int) -> None:
        """Restart; a paused one is refused, as Podman does."""
        with self._answering("restart", identifier, detail=grace):
            container = self._get(identifier)
            self._refuse_paused(container)
            container.start(self._now)

    def pause(self, identifier: str) -> None:
        """Freeze."""
        with self._answering("pause", identifier):
            container = self._get(identifier)
            if container.state != "running":
                raise ConflictError(f"Container {container.id} is not running")
            container.state = "paused"

    def unpause(self, identifier: str) -> None:
        """Thaw."""
        with self._answering("unpause", identifier):
            container = self._get(identifier)
            if container.state != "paused":
                raise ConflictError(f"Container {container.id} is not paused")
            container.state = "running"

    def stats(self, identifier: str) -> dict[str, Any]:
        """Return a sample, at once; a test's own come first."""
        with self._answering("stats", identifier):
            container = self._get(identifier)
            if container.samples:
                return dict(container.samples.pop(0))
            return container.sample(self._now, self.clock.time())

    def open_logs(self, identifier: str, *, span: LogSpan, follow: float | None = None) -> Body:
        """Return what a container wrote."""
        with self._answering("logs", identifier, detail=(span, follow)):
            container = self._get(identifier)
            if container.unreadable_logs:
                raise ApiError("configured logging driver does not support reading (HTTP 501)")
            later = () if follow is None else container.later
            return Body(part(container.log, span), later, self.clock, terminal=container.terminal)

    def version(self) -> dict[str, Any]:
        """Return what a daemon says of itself."""
        with self._answering("version"):
            return dict(self.version_document)

    def info(self) -> dict[str, Any]:
        """Return how it is set up."""
        with self._answering("info"):
            return dict(INFO)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    # What every request goes through.

    @property
    def _now(self) -> float:
        return self.clock.monotonic()

    def _answering(self, verb: str, identifier: str = "", *, detail: Any = None) -> AbstractContextManager[None]:
        return self.answering(Call(verb, name=self.name_of(identifier), writes=verb in WRITES, detail=detail))

    def _get(self, identifier: str) -> FakeContainer:
        found = self.container(identifier)
        found.pass_time(self._now)
        return found

    @staticmethod
    def _refuse_paused(container: FakeContainer) -> None:
        if container.state == "paused":
            raise ConflictError(f"container {container.id} is running or paused, refusing to clean up")


def _labelled(container: FakeContainer, labels: Sequence[str]) -> bool:
    for label in labels:
        key, equals, value = label.partition("=")
        if key not in container.labels or (equals and container.labels[key] != value):
            return False
    return True
