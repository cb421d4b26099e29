# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Finding Docker containers, and changing whether they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ..errors import AmbiguousError, ContainerNotFoundError
from ..target import nearest_names
from ..types import Action, ContainerID, Control, Listing, RuntimeType, Subject
from . import convert
from .wait import Waiter, grace_of

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping, Sequence

    from ..interfaces import Clock
    from ..labels import Requirement
    from ..options import LifecycleOptions
    from ..plan import Plan
    from ..selection import Selection
    from ..target import Target
    from ..types import Container, Found, Reached
    from .seam import DockerClient

    Execute = Callable[[DockerClient, str, int], None]

_EXECUTE: Mapping[Action, Execute] = {
    Action.START: lambda client, identifier, _grace: client.start(identifier),
    Action.STOP: lambda client, identifier, grace: client.stop(identifier, grace=grace),
    Action.RESTART: lambda client, identifier, grace: client.restart(identifier, grace=grace),
    Action.PAUSE: lambda client, identifier, _grace: client.pause(identifier),
    Action.UNPAUSE: lambda client, identifier, _grace: client.unpause(identifier),
}


class DockerContainers:
    """The ContainerManager of Docker."""

    def __init__(self, client: DockerClient, *, clock: Clock) -> None:
        """Take the client to ask, and the clock to wait by."""
        self._client = client
        self._waiter = Waiter(client, clock=clock)

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return a container or the reason why there is none for each target: one request for all of them.

        The daemon would resolve names itself, one request each, but says nothing of the matches of an
        ambiguous prefix or of names nearby.
        """
        everything = [convert.container(record) for record in self._client.list_containers()]
        return [_resolve(target.name, everything) for target in targets]

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by name: one request, filtered by label on the daemon."""
        labels = [text for text in map(_label_filter, selection.labels) if text]
        found = (convert.container(record) for record in self._client.list_containers(labels=labels))
        return Listing(tuple(sorted((one for one in found if selection.matches(one)), key=lambda one: one.name)))

    def subject(self, container: Container) -> Subject:
        """Return the container itself: on Docker nothing owns it."""
        identity = ContainerID(RuntimeType.DOCKER, container.id)
        return Subject(container, identity, Control.CONTAINER, container.state, container.status, ready=container.ready)

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out the actions by id, one request each: a name could have been given to another one since."""
        for action in plan.actions:
            _EXECUTE[action](self._client, subject.id.id, grace_of(options))

    def wait(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> Reached:
        """Wait until the container is in the plan's state and, with a health check, healthy."""
        return self._waiter.wait(subject, plan, options=options)

    def cautions(self, _subject: Subject) -> tuple[str, ...]:
        """Return nothing: what else may start or stop a container does not tell the daemon so."""
        return ()


def _label_filter(requirement: Requirement) -> str:
    """Return what the daemon can filter by, or nothing: equality and existence."""
    if requirement.operator == "exists":
        return requirement.key
    if requirement.operator == "in" and len(requirement.values) == 1:
        return f"{requirement.key}={requirement.values[0]}"
    return ""


def _resolve(name: str, containers: Sequence[Container]) -> Found:
    """Return the container of that id, else of that name, else whose id alone begins so, as the daemon would."""
    exact = [one for one in containers if one.id == name] or [one for one in containers if one.name == name]
    if exact:
        return exact[0]
    matches = [one for one in containers if one.id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        listed = ", ".join(f"{one.name} ({one.short_id})" for one in matches)
        return AmbiguousError(
            f"several ids begin with {name}: {listed}", hint="give more digits of the id, or the name"
        )
    hint = nearest_names(name, (one.name for one in containers))
    return ContainerNotFoundError("there is no such container", hint=hint)
