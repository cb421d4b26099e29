# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One change of one subject while it is carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import ConflictError, ContainerNotFoundError, NekzusError
from ..memo import Memo
from ..roles.containers import CONTAINERS
from ..roles.lifecycle import OPERATOR
from ..target import parse_target
from ..types import Action, Control, Desired, Reached, State, Subject
from .plan import Plan, lifecycle

if TYPE_CHECKING:
    from ..bulk import Leave
    from ..fleet import Located
    from .options import LifecycleOptions


# How often a change is planned anew because someone else keeps changing the same thing. Each time is a few requests: on
# a slow connection, beside ten writes a second, one in twenty comes through.
LONGEST_CONTEST = 60


@dataclass(frozen=True)
class Change:
    """What is wanted of a located container, what that would change, and the plan for it."""

    located: Located
    desired: Desired
    subject: Subject
    plan: Plan

    @property
    def key(self) -> str:
        """What it works on: changes with the same key are one. Pods that were named are deleted one by one."""
        alone = self.subject.by_pod and Action.DELETE in self.plan.actions
        return self.located.container.address if alone else str(self.subject.id)

    @property
    def address(self) -> str:
        """The address of what it works on: of the workload, which may be there when a pod of it is gone."""
        return address_of(self.subject)


@dataclass(frozen=True)
class Ending:
    """How a change ended. ``reached`` is None when it cannot be told; all is empty when it was not attempted."""

    attempted: bool = False
    changed: bool = False
    reached: Reached | None = None
    error: NekzusError | None = None
    warnings: tuple[str, ...] = ()


def address_of(subject: Subject) -> str:
    """Return the address of what would be changed."""
    return str(subject.id) if subject.id.kind else subject.container.address


def plan_change(located: Located, known: Memo[Any], *, desired: Desired, options: LifecycleOptions) -> Change:
    """Return the change that brings a container into the desired state. Raises as the plan does.

    ``known`` is shared by those that are planned together.
    """
    subject = located.runtime.role(OPERATOR).subject(located.container, known)
    # Whoever selects means workloads, though what is seen of them are pods; one without a workload stands for itself.
    if not located.named and subject.control is not Control.POD:
        subject = replace(subject, by_pod=False)
    return Change(located, desired, subject, lifecycle(subject, desired, options=options))


class Operation:
    """Carries out one change, and knows how far it came when it fails."""

    def __init__(self, change: Change, *, options: LifecycleOptions) -> None:
        """Take the change; nothing happens yet."""
        self._first = change.subject
        self._change = change
        self._options = options
        self._finder = change.located.runtime.role(CONTAINERS)
        self._operator = change.located.runtime.role(OPERATOR)
        self._tried = False
        self._executed = False

    def run(self, up: Leave | None = None) -> Ending:
        """Execute the plan, wait for what it promises, and return how it ended. Raises what went wrong.

        ``up`` is called when others need not wait for it any more; it may be that it never is.
        """
        for attempt in range(LONGEST_CONTEST):
            try:
                self._execute()
                break
            except ConflictError as error:
                if error.halfway:
                    raise
                # Someone else was quicker. Look again: it may be done already, or want another plan.
                before = self._change.subject
                self._change = self._planned_again()
                if error.uncertain and not self._change.plan.changed:
                    self._executed = True
                if attempt and self._change.subject == before:
                    raise
        else:
            self._execute()
        reached = self._reached(up)
        return Ending(attempted=True, changed=self._executed, reached=reached, warnings=self._cautions())

    def failed(self, error: NekzusError) -> Ending:
        """Return how it ended with an error: what the subject is now, and whether anything has changed."""
        changed = self._executed or error.halfway
        try:
            subject = self._look_again()
        except NekzusError:
            return Ending(attempted=True, changed=changed, error=error)
        # Of a change that was not answered this tells more; what was left alone has moved by itself.
        moved = self._tried and subject.state is not self._first.state
        reached = Reached(subject.state, subject.replicas)
        return Ending(attempted=True, changed=changed or moved, reached=reached, error=error)

    def _execute(self) -> None:
        if self._change.plan.changed:
            self._tried = True
            self._operator.execute(self._change.subject, self._change.plan, options=self._options)
            self._executed = True

    def _planned_again(self) -> Change:
        subject = self._look_again()
        plan = lifecycle(subject, self._change.desired, options=self._options)
        return Change(self._change.located, self._change.desired, subject, plan)

    def _reached(self, up: Leave | None) -> Reached:
        change = self._change
        # A started thing that was left alone has still to be ready; anything else left alone is where it should be.
        left_alone = not change.plan.changed
        settled = left_alone and (change.desired is not Desired.STARTED or change.subject.ready is True)
        if self._options.wait and not settled:
            return self._operator.wait(change.subject, change.plan, up, options=self._options)
        try:
            subject = change.subject if left_alone else self._look_again()
        except ContainerNotFoundError:
            if change.desired is not Desired.STOPPED:
                raise
            return Reached(State.STOPPED, warnings=(f"{change.located.container.address} is gone since it stopped",))
        return Reached(subject.state, subject.replicas)

    def _cautions(self) -> tuple[str, ...]:
        return self._operator.cautions(self._change.subject) if self._change.plan.changed else ()

    def _look_again(self) -> Subject:
        """Return what the subject is now; another one that has its name meanwhile is not it."""
        first = self._first
        # A pod may be gone while its workload, which is what was changed, is still there.
        found = self._finder.find([parse_target(address_of(first))])[0]
        if isinstance(found, NekzusError):
            raise found
        subject = self._operator.subject(found, Memo())
        if subject.id != first.id:
            raise ContainerNotFoundError("it is gone, and another one has its name", hint="run the task again")
        return replace(subject, container=first.container, by_pod=first.by_pod) if first.id.kind else subject
