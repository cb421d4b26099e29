# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Docker daemon in memory, behind the same seam as the real one. Needs no SDK."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from threading import Event, RLock
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    ContainerNotFoundError,
    NekzusError,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import FakeContainer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WRITES = frozenset(("start", "stop", "restart", "pause", "unpause"))
VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "Components": [{"Name": "Engine", "Version": "20.10.24"}]}


@dataclass(frozen=True)
class Call:
    """One request: ``container`` is a name, empty for a request about all; ``detail`` is a grace or the labels."""

    verb: str
    container: str = ""
    detail: Any = None

    def __str__(self) -> str:
        """Print as ``stop web``."""
        return f"{self.verb} {self.container}".strip()


@dataclass
class _Script:
    """Something to happen before the nth call (from 1; 0: every call) of a verb is answered."""

    verb: str
    container: str
    nth: int
    happen: Callable[[], None]
    met: int = 0


@dataclass
class _Crowd:
    """Holds each write back until so many are under way at once, or for a moment."""

    size: int
    moment: float
    complete: Event = field(default_factory=Event)


class FakeDocker:
    """A DockerClient. ``calls`` are all requests in order, ``most_writing`` the most writes at the same time."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        """Begin without containers."""
        self.clock = clock or FakeClock()
        self.containers: list[FakeContainer] = []
        self.calls: list[Call] = []
        self.most_writing = 0
        self.closed = False
        self.version_document: Mapping[str, Any] = VERSION
        self._writing = 0
        self._scripts: list[_Script] = []
        self._crowd: _Crowd | None = None
        self._lock = RLock()

    @property
    def writes(self) -> list[Call]:
        """The requests that change something."""
        return [call for call in self.calls if call.verb in WRITES]

    def add(self, name: str, **properties: Any) -> FakeContainer:
        """Create a container, running unless said otherwise."""
        container = FakeContainer(name, **properties)
        with self._lock:
            self.containers.append(container)
        return container

    def remove(self, name: str) -> None:
        """Remove a container, as someone else would."""
        with self._lock:
            self.containers = [one for one in self.containers if one.name != name]

    def state_of(self, name: str) -> str:
        """Return Docker's word for the state of a container."""
        return self._get(name).state

    def before(self, verb: str, happen: Callable[[], None], *, container: str = "", nth: int = 1) -> None:
        """Let something happen before the nth call of a verb is answered; 0 is every call."""
        self._scripts.append(_Script(verb, container, nth, happen))

    def fail(self, verb: str, error: NekzusError, *, container: str = "", nth: int = 1) -> None:
        """Answer the nth call of a verb with an error; 0 is every call."""

        def answer() -> None:
            raise copy(error)

        self.before(verb, answer, container=container, nth=nth)

    def gather_writes(self, size: int, *, moment: float = 0.1) -> None:
        """Hold writes back until ``size`` are under way at once or a moment has passed: shows what bounds them."""
        self._crowd = _Crowd(size, moment)

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
                container.start(self._now)

    def stop(self, identifier: str, *, grace: int) -> None:
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

    def tail_logs(self, identifier: str, *, lines: int) -> str:
        """Return the last lines."""
        with self._answering("logs", identifier, detail=lines):
            container = self._get(identifier)
            if container.unreadable_logs:
                raise ApiError("configured logging driver does not support reading (HTTP 501)")
            return "".join(container.logs.splitlines(keepends=True)[-lines:])

    def version(self) -> dict[str, Any]:
        """Return what a daemon says of itself."""
        with self._answering("version"):
            return dict(self.version_document)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    # What every request goes through.

    @property
    def _now(self) -> float:
        return self.clock.monotonic()

    def _answering(self, verb: str, identifier: str = "", *, detail: Any = None) -> _Answering:
        return _Answering(self, Call(verb, self._name_of(identifier), detail))

    def _name_of(self, identifier: str) -> str:
        return next((one.name for one in self.containers if identifier in (one.id, one.name)), identifier)

    def _get(self, identifier: str) -> FakeContainer:
        found = next((one for one in self.containers if identifier in (one.id, one.name)), None)
        if found is None:
            raise ContainerNotFoundError(f"No such container: {identifier}")
        found.pass_time(self._now)
        return found

    @staticmethod
    def _refuse_paused(container: FakeContainer) -> None:
        if container.state == "paused":
            raise ConflictError(f"container {container.id} is running or paused, refusing to clean up")

    def _scripted(self, call: Call) -> Iterator[Callable[[], None]]:
        for script in self._scripts:
            if script.verb == call.verb and script.container in ("", call.container):
                script.met += 1
                if script.nth in (0, script.met):
                    yield script.happen


class _Answering:
    """One request while it is under way: recorded, counted, scripted, then answered under the lock."""

    def __init__(self, docker: FakeDocker, call: Call) -> None:
        self._docker = docker
        self._call = call

    def __enter__(self) -> None:
        docker, call = self._docker, self._call
        with docker._lock:
            docker.calls.append(call)
            happenings = list(docker._scripted(call))
            if call.verb in WRITES:
                docker._writing += 1
                docker.most_writing = max(docker.most_writing, docker._writing)
        try:
            self._wait_for_others()
            for happen in happenings:
                happen()
        except BaseException:  # whatever happens, it writes no longer
            self._leave()
            raise
        docker._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._docker._lock.release()
        self._leave()

    def _leave(self) -> None:
        with self._docker._lock:
            self._docker._writing -= self._call.verb in WRITES

    def _wait_for_others(self) -> None:
        crowd = self._docker._crowd
        if crowd and self._call.verb in WRITES:
            if self._docker.most_writing >= crowd.size:
                crowd.complete.set()
            crowd.complete.wait(crowd.moment)


def _labelled(container: FakeContainer, labels: Sequence[str]) -> bool:
    for label in labels:
        key, equals, value = label.partition("=")
        if key not in container.labels or (equals and container.labels[key] != value):
            return False
    return True
