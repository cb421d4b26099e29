# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The words every part of the collection shares: identities, states, containers, results. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .errors import NekzusError

    # A container, or the reason why there is none.
    Found = Union["Container", NekzusError]


# Fields that are no part of a result.
INTERNAL: Mapping[str, Any] = {"internal": True}


class Word(str, Enum):
    """An enumeration whose members print as their value on every Python."""

    def __str__(self) -> str:
        """Return the value itself: format() of a mixed-in Enum changed in Python 3.12."""
        return str(self.value)


class RuntimeType(Word):
    """The container runtimes."""

    DOCKER = "docker"
    KUBERNETES = "kubernetes"


class State(Word):
    """The states of a container on any runtime; the runtime's own words stand in ``status``."""

    RUNNING = "running"
    STOPPED = "stopped"
    PAUSED = "paused"
    RESTARTING = "restarting"
    PENDING = "pending"
    FAILED = "failed"


class Desired(Word):
    """What a lifecycle task asks for."""

    STARTED = "started"
    STOPPED = "stopped"
    RESTARTED = "restarted"
    PAUSED = "paused"

    @property
    def verb(self) -> str:
        """The verb for messages: ``cannot stop web``."""
        return {"started": "start", "stopped": "stop", "restarted": "restart", "paused": "pause"}[self.value]


class RestartMethod(Word):
    """How a workload is restarted: pod by pod under its controller's rules, or by deleting pods."""

    AUTO = "auto"
    ROLLOUT = "rollout"
    RECREATE = "recreate"


class Control(Word):
    """By what means the runtime lets a thing be started and stopped."""

    CONTAINER = "container"
    SCALE = "scale"
    DAEMON = "daemon"
    SUSPEND = "suspend"
    POD = "pod"
    STATIC_POD = "static_pod"
    FOREIGN = "foreign"


class Action(Word):
    """One change a backend can carry out. A plan is a sequence of these."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    PAUSE = "pause"
    UNPAUSE = "unpause"
    SCALE = "scale"
    SUSPEND = "suspend"
    RESUME = "resume"
    ROLLOUT = "rollout"
    DELETE = "delete"
    RECREATE = "recreate"


@dataclass(frozen=True)
class ContainerID:
    """Which container: ``id`` is a name or id on Docker, a pod's or with ``kind`` a workload's name on Kubernetes."""

    runtime: RuntimeType
    id: str
    namespace: str = ""
    kind: str = ""

    def __str__(self) -> str:
        """Print as ``docker/web``, ``kubernetes/prod/web`` or ``kubernetes/prod/deployment/web``."""
        return f"{self.runtime}/{self.path}"

    @property
    def path(self) -> str:
        """The identity without its runtime: ``web``, ``prod/web``."""
        return "/".join(part for part in (self.namespace, self.kind, self.id) if part)


@dataclass(frozen=True)
class Port:
    """One port of a container. ``public_port`` is None when it is not published."""

    ip: str | None
    private_port: int
    public_port: int | None
    protocol: str


@dataclass(frozen=True)
class Owner:
    """The controller of a pod. Docker containers have none."""

    kind: str
    name: str
    api_version: str


@dataclass(frozen=True)
class Container:
    """A container or pod as a list shows it. None is unknown.

    ``address`` names it for any module of the collection; ``id`` is the runtime's own identifier
    (Docker: 64 hexadecimal digits, Kubernetes: the pod's name); ``created`` is aware UTC;
    ``restarts`` counts restarts by the runtime; ``ready`` is the health check's word, else whether it runs.
    ``process`` is the name of the main container of a pod. It and ``handle``, what the backend keeps of it to find it
    again, are no part of a result.
    """

    address: str
    id: str
    short_id: str
    runtime: RuntimeType
    namespace: str
    name: str
    image: str
    state: State
    status: str
    created: datetime | None
    ports: tuple[Port, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    owner: Owner | None = None
    compose_project: str | None = None
    node: str | None = None
    restarts: int | None = None
    ready: bool | None = None
    process: str = field(default="", metadata=INTERNAL)
    handle: object = field(default=None, repr=False, compare=False, metadata=INTERNAL)


@dataclass(frozen=True)
class Listing:
    """The containers that a selection found, and what a user should know of what it could not see."""

    containers: tuple[Container, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What a lifecycle operation would change, with all that planning needs to know of it.

    ``container`` is what the user named, ``id`` what would be changed: the container itself, or the
    workload that owns the pod. ``replicas`` is the wanted count, ``remembered`` the count before a stop,
    ``ready`` whether all of it is up, ``finished`` whether it has done its work for good. ``no_rollout`` says
    why its pods cannot be replaced one after the other. ``manifest`` is what it could be created from again, but
    for the secrets named in ``hidden``, which no result shows.
    ``version`` changes with the thing; ``handle`` is the backend's own.
    """

    container: Container
    id: ContainerID
    control: Control
    state: State
    status: str
    replicas: int | None = None
    remembered: int | None = None
    owner_chain: tuple[Owner, ...] = ()
    by_pod: bool = False
    ready: bool | None = None
    finished: bool = False
    no_rollout: str = ""
    version: str = ""
    manifest: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    hidden: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    handle: object = field(default=None, repr=False, compare=False)

    @property
    def owner(self) -> Owner | None:
        """The topmost controller, or None."""
        return self.owner_chain[-1] if self.owner_chain else None


@dataclass(frozen=True)
class Reached:
    """What a subject is after a change."""

    state: State
    replicas: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class LifecycleResult:
    """What became of one target. ``success`` is None for one not attempted after an earlier failure.

    ``subject`` is the address of what was to be changed for it: the container's own, or that of the workload behind
    a pod. Results with the same one are one change.
    """

    address: str
    id: str | None
    runtime: RuntimeType | None
    namespace: str
    name: str
    subject: str | None = None
    owner: Owner | None = None
    owner_chain: tuple[Owner, ...] = ()
    changed: bool = False
    success: bool | None = None
    state_before: State | None = None
    state_after: State | None = None
    replicas_before: int | None = None
    replicas_after: int | None = None
    failure: dict[str, Any] | None = None
    manifest: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What became of each target of a task, and what concerns the task as a whole."""

    results: tuple[LifecycleResult, ...]
    warnings: tuple[str, ...] = ()
