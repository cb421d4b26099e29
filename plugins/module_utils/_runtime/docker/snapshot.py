# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What there is on a daemon: containers, networks and volumes, each list in one request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..shape import objects, text, text_mapping, whole
from ..toolbox.deployment import NAME_LABEL
from ..types import State
from . import convert
from .labels import ENDS_LABEL, HASH, IDLE_LABEL, IMAGE, NUMBER, SERVICE, read_dependencies
from .names import ASIDE, is_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..types import Container
    from .seam import DockerClient

_EXIT_CODE = re.compile(r"\((-?\d+)\)")
# How a process ends that is asked to stop: by itself, killed, or by the signal.
_ENDS_OF_STOP = (0, 137, 143)
ANONYMOUS = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PresentContainer:
    """One container that is there."""

    container: Container
    labels: Mapping[str, str]
    volumes: tuple[str, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """Its id."""
        return self.container.id

    @property
    def name(self) -> str:
        """Its name."""
        return self.container.name

    @property
    def service(self) -> str:
        """The service of a template that it is of."""
        return self.labels.get(SERVICE, "")

    @property
    def number(self) -> int:
        """Which of the containers of its service it is, from 1."""
        found = whole(self.labels.get(NUMBER, ""))
        return 1 if found is None else found

    @property
    def digest(self) -> str:
        """What it was made like."""
        return self.labels.get(HASH, "")

    @property
    def image_id(self) -> str:
        """The image that it was made of."""
        return self.labels.get(IMAGE, "")

    @property
    def runs(self) -> bool:
        """Whether it has a process, or will soon again."""
        return self.container.state in (State.RUNNING, State.RESTARTING, State.PAUSED)

    @property
    def is_aside(self) -> bool:
        """Whether it was put aside for a successor, by a task that was killed or is under way."""
        return self.name.endswith(ASIDE)

    @property
    def exit_code(self) -> int | None:
        """How its process ended; None when it runs, or never ran."""
        found = _EXIT_CODE.search(self.container.status)
        return int(found.group(1)) if found and self.container.state is State.STOPPED else None

    @property
    def is_half_made(self) -> bool:
        """Whether a task that did not come to its end has made it, and not started it."""
        never_ran = self.container.state is State.STOPPED and self.container.status.lower().startswith("created")
        return never_ran and NAME_LABEL in self.labels and IDLE_LABEL not in self.labels

    @property
    def has_failed(self) -> bool:
        """Whether its process ended as none does that was asked to."""
        return self.exit_code is not None and self.exit_code not in _ENDS_OF_STOP

    @property
    def has_finished(self) -> bool:
        """Whether its process came to a good end, after which nothing starts it again."""
        return self.exit_code == 0 and ENDS_LABEL in self.labels

    @property
    def anonymous_volumes(self) -> tuple[str, ...]:
        """The volumes that were made for it alone."""
        return tuple(name for name in self.volumes if ANONYMOUS.fullmatch(name))

    def is_of(self, name: str) -> bool:
        """Tell whether it is of a deployment."""
        return is_of(self.labels, name)


@dataclass(frozen=True)
class PresentObject:
    """A network or volume that is there; ``id`` is what it is asked for by."""

    id: str
    name: str
    labels: Mapping[str, str]
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def digest(self) -> str:
        """What it was made like."""
        return self.labels.get(HASH, "")

    def is_of(self, name: str) -> bool:
        """Tell whether it is of a deployment."""
        return is_of(self.labels, name)


@dataclass(frozen=True)
class Snapshot:
    """Everything that is there."""

    containers: tuple[PresentContainer, ...]
    networks: tuple[PresentObject, ...] = ()
    volumes: tuple[PresentObject, ...] = ()

    def of(self, name: str) -> tuple[PresentContainer, ...]:
        """Return the containers of a deployment, each after those that it depends on."""
        return in_order(one for one in self.containers if one.is_of(name))


def take_snapshot(client: DockerClient, *, whole: bool = True) -> Snapshot:
    """Return what is there: three requests, or one for the containers alone."""
    containers = tuple(map(present_container, client.list_containers()))
    if not whole:
        return Snapshot(containers)
    networks = (PresentObject(text(one, "Id"), text(one, "Name"), _labels(one), one) for one in client.list_networks())
    volumes = (PresentObject(text(one, "Name"), text(one, "Name"), _labels(one), one) for one in client.list_volumes())
    return Snapshot(containers, tuple(networks), tuple(volumes))


def present_container(record: Mapping[str, Any]) -> PresentContainer:
    """Return the container of an entry of a container list."""
    mounts = (text(mount, "Name") for mount in objects(record, "Mounts") if text(mount, "Type") == "volume")
    return PresentContainer(convert.container(record), _labels(record), tuple(filter(None, mounts)), record)


def _labels(record: Mapping[str, Any]) -> Mapping[str, str]:
    return text_mapping(record, "Labels")


def in_order(containers: Any) -> tuple[PresentContainer, ...]:
    """Return containers by name, but each after those whose services its labels say that it depends on."""
    waiting = sorted(containers, key=lambda one: (one.service, one.number, one.name))
    found: list[PresentContainer] = []
    while waiting:
        blocked = {one.service for one in waiting}
        free = [one for one in waiting if not blocked & (set(read_dependencies(one.labels)) - {one.service})]
        found.extend(free or waiting)  # those in a circle as they come
        waiting = [one for one in waiting if one not in found]
    return tuple(found)
