# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Changing whether Docker containers run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..shape import flag
from ..types import Action, ContainerID, Control, RuntimeType, Subject
from .wait import Waiter, grace_of, removal_warning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..bulk import Leave
    from ..interfaces import Clock
    from ..lifecycle.options import LifecycleOptions
    from ..lifecycle.plan import Plan
    from ..memo import Memo
    from ..types import Container, Reached
    from .seam import DockerClient

    Execute = Callable[[DockerClient, str, int], None]

_EXECUTE: Mapping[Action, Execute] = {
    Action.START: lambda client, identifier, _grace: client.start(identifier),
    Action.STOP: lambda client, identifier, grace: client.stop(identifier, grace=grace),
    Action.RESTART: lambda client, identifier, grace: client.restart(identifier, grace=grace),
    Action.PAUSE: lambda client, identifier, _grace: client.pause(identifier),
    Action.UNPAUSE: lambda client, identifier, _grace: client.unpause(identifier),
}


class DockerOperator:
    """The Operator of Docker."""

    def __init__(self, client: DockerClient, *, clock: Clock) -> None:
        """Take the client to ask, and the clock to wait by."""
        self._client = client
        self._waiter = Waiter(client, clock=clock)

    def subject(self, container: Container, _known: Memo[Any]) -> Subject:
        """Return the container itself: on Docker nothing owns it."""
        identity = ContainerID(RuntimeType.DOCKER, container.id)
        return Subject(container, identity, Control.CONTAINER, container.state, container.status, ready=container.ready)

    def rehearse(
        self,
        subject: Subject,
        plan: Plan,
        *,
        options: LifecycleOptions,  # noqa: ARG002 - of the protocol
    ) -> tuple[str, ...]:
        """Look whether a stop would remove the container: the daemon has no dry run, and lists do not tell."""
        if Action.STOP not in plan.actions:
            return ()
        is_removed = flag(self._client.inspect_container(subject.id.id), "HostConfig", "AutoRemove")
        return (removal_warning(subject.container),) if is_removed else ()

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out the actions by id, one request each: a name could have been given to another one since."""
        for action in plan.actions:
            _EXECUTE[action](self._client, subject.id.id, grace_of(options))

    def wait(self, subject: Subject, plan: Plan, up: Leave | None = None, /, *, options: LifecycleOptions) -> Reached:
        """Wait until the container is in the plan's state and, with a health check, healthy."""
        return self._waiter.wait(subject, plan, options=options, up=up)

    def cautions(self, _subject: Subject) -> tuple[str, ...]:
        """Return nothing: what else may start or stop a container does not tell the daemon so."""
        return ()
