# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What has to be done to bring a thing into a state. Pure: facts in, a plan out.

The tables below are the whole behaviour; a backend only carries out the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ..errors import ConflictError, UnsupportedError
from ..types import Action, Control, Desired, RestartMethod, State, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .options import LifecycleOptions


@dataclass(frozen=True)
class Plan:
    """The actions that bring a subject where it should be, and what it will then be."""

    actions: tuple[Action, ...]
    state_after: State
    replicas_after: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.actions)


def lifecycle(subject: Subject, desired: Desired, *, options: LifecycleOptions) -> Plan:
    """Return the plan that brings a subject into the desired state.

    Raises UnsupportedError where the runtime has no such operation for it, and ConflictError where the
    state it is in does not allow it.
    """
    if desired is Desired.PAUSED and subject.control is not Control.CONTAINER:
        raise UnsupportedError("Kubernetes cannot pause", hint="stop it instead: its replica count is remembered")
    return _PLANNERS[subject.control](subject, desired, options)


# Docker: state now -> actions. A frozen process cannot answer SIGTERM, so a paused container is unpaused first.
_CONTAINER: Mapping[Desired, Mapping[State, tuple[Action, ...]]] = {
    Desired.STARTED: {
        State.RUNNING: (),
        State.RESTARTING: (),
        State.PAUSED: (Action.UNPAUSE,),
        State.STOPPED: (Action.START,),
    },
    Desired.STOPPED: {
        State.RUNNING: (Action.STOP,),
        State.RESTARTING: (Action.STOP,),
        State.PAUSED: (Action.UNPAUSE, Action.STOP),
        State.STOPPED: (),
        State.FAILED: (),
    },
    Desired.RESTARTED: {
        State.RUNNING: (Action.RESTART,),
        State.RESTARTING: (Action.RESTART,),
        State.PAUSED: (Action.UNPAUSE, Action.RESTART),
        State.STOPPED: (Action.START,),
    },
    Desired.PAUSED: {
        State.RUNNING: (Action.PAUSE,),
        State.PAUSED: (),
    },
}
_REACHED: Mapping[Desired, State] = {
    Desired.STARTED: State.RUNNING,
    Desired.STOPPED: State.STOPPED,
    Desired.RESTARTED: State.RUNNING,
    Desired.PAUSED: State.PAUSED,
}


def _container(subject: Subject, desired: Desired, _options: LifecycleOptions) -> Plan:
    actions = _CONTAINER[desired].get(subject.state)
    if actions is None:
        if subject.state is State.FAILED:
            hint = "Docker could not remove it completely: remove it and create it again"
            raise ConflictError(f"it is {subject.status}", hint=hint)
        hint = "start it first" if subject.state is State.STOPPED else "try again when it is running"
        raise ConflictError(f"it is {subject.state}, not running", hint=hint)
    unchanged = not actions and subject.state is not State.RESTARTING
    return Plan(actions, subject.state if unchanged else _REACHED[desired])


def _scale(subject: Subject, desired: Desired, options: LifecycleOptions) -> Plan:
    wanted = subject.replicas or 0
    if desired is Desired.STOPPED:
        return Plan((Action.SCALE,) if wanted else (), State.STOPPED, 0)
    # A start never shrinks what runs, and brings a stopped workload back as it was.
    count = max(wanted, options.replicas or (wanted or subject.remembered or 1))
    if desired is Desired.STARTED:
        return Plan((Action.SCALE,) if count != wanted else (), State.RUNNING, count)
    if not wanted:
        return Plan((Action.SCALE,), State.RUNNING, count)
    return _restarted(subject, options)


def _restarted(subject: Subject, options: LifecycleOptions) -> Plan:
    method = options.restart_method
    if method is RestartMethod.ROLLOUT and subject.no_rollout:
        raise UnsupportedError(f"{subject.no_rollout}, so it has no rollout", hint="set restart_method to recreate")
    if method is RestartMethod.ROLLOUT or (
        method is RestartMethod.AUTO and not subject.by_pod and not subject.no_rollout
    ):
        return Plan((Action.ROLLOUT,), State.RUNNING, subject.replicas)
    warnings: tuple[str, ...] = ()
    if method is RestartMethod.AUTO and not subject.by_pod:
        warnings = (f"{subject.id}: {subject.no_rollout}, so all its pods are deleted at once",)
    return Plan((Action.DELETE,), State.RUNNING, subject.replicas, warnings)


def _daemon(subject: Subject, desired: Desired, options: LifecycleOptions) -> Plan:
    if desired is Desired.STOPPED:
        hint = "restart it, or keep it off nodes with a nodeSelector that no node has"
        raise UnsupportedError("a DaemonSet has no replica count to set to 0", hint=hint)
    if desired is Desired.STARTED:
        return Plan((), State.RUNNING, subject.replicas)
    return _restarted(subject, options)


def _suspend(subject: Subject, desired: Desired, _options: LifecycleOptions) -> Plan:
    kind = "CronJob" if subject.id.kind == "cronjob" else "Job"
    if desired is Desired.RESTARTED:
        raise UnsupportedError(f"a {kind} cannot be restarted", hint="stop and start it, or create it again")
    if subject.finished:
        if desired is Desired.STARTED:
            raise UnsupportedError(f"this {kind} has finished, and runs once", hint="create it again")
        return Plan((), subject.state)
    suspended = subject.state is State.STOPPED
    if desired is Desired.STOPPED:
        return Plan(() if suspended else (Action.SUSPEND,), State.STOPPED)
    return Plan((Action.RESUME,) if suspended else (), State.RUNNING)


def _pod(subject: Subject, desired: Desired, options: LifecycleOptions) -> Plan:
    if desired is Desired.STARTED:
        return _already_started(subject, "a pod without a controller cannot be started again", "apply its manifest")
    if desired is Desired.STOPPED and subject.state in (State.STOPPED, State.FAILED):
        return Plan((), subject.state)
    if desired is Desired.RESTARTED:
        warning = f"{subject.id} has no controller: it is deleted and created again from its own manifest"
        return Plan((Action.RECREATE,), State.RUNNING, warnings=(warning,))
    if subject.hidden and not options.force:
        message = "it has no controller, and the manifest to create it from again would have to hide its secrets"
        hint = f"keep {', '.join(subject.hidden)} in a Secret, or set force to true to delete it all the same"
        raise UnsupportedError(message, hint=hint)
    warning = f"{subject.id} has no controller: stopping deletes it, its manifest is in the result"
    return Plan((Action.DELETE,), State.STOPPED, warnings=(warning,))


def _static_pod(subject: Subject, desired: Desired, _options: LifecycleOptions) -> Plan:
    message, hint = "the kubelet of its node runs this static pod from a file", "change the file on the node"
    if desired is Desired.STARTED:
        return _already_started(subject, message, hint)
    raise UnsupportedError(message, hint=hint)


def _already_started(subject: Subject, message: str, hint: str) -> Plan:
    if subject.state in (State.STOPPED, State.FAILED):
        raise UnsupportedError(message, hint=hint)
    return Plan((), State.RUNNING)


def _foreign(subject: Subject, desired: Desired, _options: LifecycleOptions) -> Plan:
    owner = subject.owner
    message = f"its controller, the {owner.kind} {owner.name}, cannot be scaled" if owner else "it cannot be scaled"
    if desired is Desired.STARTED:
        return _already_started(subject, message, "start it through its controller")
    if desired is Desired.RESTARTED and subject.by_pod:
        return Plan((Action.DELETE,), State.RUNNING)
    raise UnsupportedError(message, hint=f"{desired.verb} it through its controller")


_PLANNERS: Mapping[Control, Callable[[Subject, Desired, LifecycleOptions], Plan]] = {
    Control.CONTAINER: _container,
    Control.SCALE: _scale,
    Control.DAEMON: _daemon,
    Control.SUSPEND: _suspend,
    Control.POD: _pod,
    Control.STATIC_POD: _static_pod,
    Control.FOREIGN: _foreign,
}
