# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is to be of a deployment, what that changes, and what there is of it. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..types import INTERNAL, RuntimeType, State, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..object_change import ObjectChange
    from .spec import Project

# What is on everything that a deployment is made of. A value is a name of 63 characters at most.
NAME_LABEL = "nekzus.io/service"
TEMPLATE_LABEL = "nekzus.io/template"
# The namespace that a deployment is of, on what it has elsewhere.
HOME_LABEL = "nekzus.io/service-namespace"
_NOT_UP = (State.PENDING, State.RESTARTING, State.FAILED)


class ToolboxState(Word):
    """What a task asks of a deployment. PRESENT leaves one that is there running or stopped, as it is."""

    PRESENT = "present"
    STARTED = "started"
    STOPPED = "stopped"
    ABSENT = "absent"


@dataclass(frozen=True)
class Wish:
    """What a task wants of the deployment ``name``.

    ``content`` is a Compose project, or Kubernetes manifests with their variables filled in; None: as it is deployed,
    which is enough to start, stop and remove it. ``namespace`` is empty until the runtime says it. ``secrets`` are
    values that nothing may print. ``allowed_paths`` are folders of the host that may be mounted without
    ``allow_privileged``. ``replicas`` is what the task says of the main service, None: what the template says.
    """

    name: str
    state: ToolboxState
    namespace: str = ""
    template: str = ""
    content: Project | tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    auto_start: bool = True
    replicas: int | None = None
    remove_volumes: bool = False
    allow_privileged: bool = False
    allowed_paths: tuple[str, ...] = ()
    take_over: bool = False
    wait: bool = True
    wait_timeout: float = 120

    @property
    def awaits_all(self) -> bool:
        """Tell whether all that runs is waited for; who stops or removes it does not want it to be well."""
        return self.wait and self.state in (ToolboxState.PRESENT, ToolboxState.STARTED)


@dataclass(frozen=True)
class DeployPlan:
    """The changes that a wish takes, in their order, and what the deployment then is.

    ``before`` and ``after`` of a change have secrets masked. ``first`` is whether there was
    nothing of it before. ``handle`` is the backend's own.
    """

    wish: Wish
    changes: tuple[ObjectChange, ...]
    first: bool
    record: Deployed | None
    warnings: tuple[str, ...] = ()
    handle: object = field(default=None, repr=False, compare=False)

    @property
    def is_settled(self) -> bool:
        """Tell whether there is nothing to do, and nothing that would have to be waited for."""
        containers = self.record.containers if self.record and self.wish.awaits_all else ()
        return not self.changes and not any(map(is_lagging, containers))


@dataclass(frozen=True)
class Endpoint:
    """Where a port of a service is reached. ``url`` is None for what is not the web."""

    service: str
    host: str
    port: int
    protocol: str
    url: str | None = None


class _Running(Protocol):
    """What has a state, and may be ready."""

    @property
    def state(self) -> State:
        """Its state."""

    @property
    def ready(self) -> bool | None:
        """Whether it is of use, None where nobody knows."""


def is_lagging(one: _Running) -> bool:
    """Tell whether something is to be up and is not, as far as that shows: else it has to be looked at."""
    return one.state in _NOT_UP or (one.state is State.RUNNING and one.ready is not True)


@dataclass(frozen=True)
class DeployedContainer:
    """One container, or one workload with its pods, of a deployment. ``service`` is its name in the template."""

    service: str
    address: str
    name: str
    image: str
    state: State
    status: str
    ready: bool | None
    replicas: int | None = None


@dataclass(frozen=True)
class Deployed:
    """A deployment as it is, or in check mode would be. ``status`` is the worst of its containers'.

    ``env`` is that of the main service, secrets masked.
    """

    name: str
    runtime: RuntimeType
    namespace: str
    template: str
    status: State
    image: str
    containers: tuple[DeployedContainer, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    volumes: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    handle: object = field(default=None, repr=False, compare=False, metadata=INTERNAL)
