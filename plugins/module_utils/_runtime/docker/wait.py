# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for one Docker container, and seeing early that waiting is in vain."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ContainerNotFoundError, NekzusError, NotReadyError, WaitTimeoutError
from ..logs.log import LogSpan
from ..mask import mask_line, mask_text
from ..shape import flag, number, objects, text
from ..types import Reached, State
from . import convert
from .logs import open_log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..bulk import Leave
    from ..interfaces import Clock
    from ..lifecycle.options import LifecycleOptions
    from ..lifecycle.plan import Plan
    from ..types import Container, Subject
    from .seam import DockerClient

LOG_LINES = 10
LONGEST_LINE = 4096
# What `docker stop` gives.
DEFAULT_GRACE = 10
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
# A process that cannot live dies within milliseconds of its start: one that has run this long was started.
SETTLE_SECONDS = 0.3
# Those that leave a process alone that has come to a good end.
_POLICIES_THAT_END = ("", "no", "on-failure")
# A container with a restart policy may need a second try, while what it depends on comes up.
TOLERATED_RESTARTS = 2


def grace_of(options: LifecycleOptions) -> int:
    """Return the seconds a process gets to end by itself."""
    return DEFAULT_GRACE if options.grace is None else options.grace


@dataclass(frozen=True)
class Verdict:
    """What one look says: there, never to be, or neither yet; ``settling``: running, but for how long."""

    done: bool = False
    settling: bool = False
    failure: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Goal:
    """What is waited for: a state, and whether a process that is to run may, or has to, come to a good end instead."""

    state: State
    may_end: bool = False
    has_to_end: bool = False
    settle_seconds: float = SETTLE_SECONDS


def judge(document: Mapping[str, Any], goal: Goal, *, restarts: int) -> Verdict:
    """Return the verdict on an inspection, after so many restarts since waiting began. Pure."""
    state = convert.state_of(text(document, "State", "Status"))
    if goal.state is not State.RUNNING:
        return Verdict(done=state is goal.state or (goal.state is State.STOPPED and state is State.FAILED))
    if (goal.may_end or goal.has_to_end) and state is State.STOPPED and _ended_well(document):
        return Verdict(done=True)
    if restarts > TOLERATED_RESTARTS:
        return Verdict(failure=f"it keeps restarting, {_exit(document)}", hint="see the log lines in the failure")
    if state in (State.STOPPED, State.FAILED):
        return _ended(document, goal)
    health = convert.health_of(document)
    if health == "unhealthy":
        return Verdict(failure=f"it is unhealthy{_last_probe(document)}", hint="see its health check and log lines")
    is_up = state is State.RUNNING and health != "starting" and not goal.has_to_end
    return Verdict(done=is_up and health == "healthy", settling=is_up and health != "healthy")


def _ended(document: Mapping[str, Any], goal: Goal) -> Verdict:
    """Return what is said of one that has ended, and not well."""
    hint = "see the log lines in the failure"
    if goal.has_to_end:
        return Verdict(failure=f"it has failed, {_exit(document)}", hint=hint)
    failure = f"it ended right after its start, {_exit(document)}"
    return Verdict(failure=failure, hint=f"{hint}; if it is meant to end, set wait to false")


def _ended_well(document: Mapping[str, Any]) -> bool:
    """Tell whether a process has done its work, and nothing will start it again."""
    policy = text(document, "HostConfig", "RestartPolicy", "Name")
    return number(document, "State", "ExitCode") == 0 and policy in _POLICIES_THAT_END


def _exit(document: Mapping[str, Any]) -> str:
    code = number(document, "State", "ExitCode")
    words = f"exit code {code}"
    if flag(document, "State", "OOMKilled"):
        words += ", out of memory"
    error = " ".join(text(document, "State", "Error").split())
    return f"{words}, {error}" if error else words


def _last_probe(document: Mapping[str, Any]) -> str:
    probes = objects(document, "State", "Health", "Log")
    output = " ".join(text(probes[-1], "Output").split()) if probes else ""
    return f": {output}" if output else ""


def _health(document: Mapping[str, Any]) -> str:
    health = convert.health_of(document)
    return f", its health check says {health}" if health else ""


def _late(document: Mapping[str, Any], goal: Goal, seconds: float) -> Verdict:
    """Return what is said of one that is not as it should be when the time is up."""
    wanted = "at its end" if goal.has_to_end else str(goal.state)
    message = f"it is not {wanted} after {seconds:g} s{_health(document)}"
    return Verdict(failure=message, hint="raise wait_timeout, or see the log lines in the failure")


class _Watch:
    """One container over several looks: how often it restarted meanwhile, and how long it has been running."""

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self._restarts_before: int | None = None
        self._run = ""
        self._since = 0.0

    def look(self, document: Mapping[str, Any], *, now: float) -> Verdict:
        """Return the verdict now; what has been running long enough is done."""
        restarts = number(document, "RestartCount") or 0
        if self._restarts_before is None:
            # One that is found between two of many runs has shown already that it cannot live. A start begins anew.
            is_found_so = convert.state_of(text(document, "State", "Status")) is State.RESTARTING
            self._restarts_before = 0 if is_found_so else restarts
        verdict = judge(document, self._goal, restarts=restarts - self._restarts_before)
        run = text(document, "State", "StartedAt") if verdict.settling else ""
        if run != self._run:
            self._run, self._since = run, now
        settled = verdict.settling and now - self._since >= self._goal.settle_seconds
        return Verdict(done=True) if settled else verdict


def removal_warning(container: Container) -> str:
    """Return what is said of a container that a stop removes, before and after."""
    return f"{container.address} was created with --rm: stopping removes it and its anonymous volumes"


def _reached(subject: Subject, wanted: State, document: Mapping[str, Any]) -> Reached:
    """Return what a container has become; one with ``--rm`` goes when it has stopped, or is about to."""
    if wanted is State.STOPPED and (not document or flag(document, "HostConfig", "AutoRemove")):
        return Reached(State.STOPPED, warnings=(removal_warning(subject.container),))
    return Reached(convert.state_of(text(document, "State", "Status")))


class Waiter:
    """Looks at containers until they are where they should be."""

    def __init__(self, client: DockerClient, *, clock: Clock) -> None:
        """Take the client to ask, and the clock to wait by."""
        self._client = client
        self._clock = clock

    def wait(self, subject: Subject, plan: Plan, *, options: LifecycleOptions, up: Leave | None) -> Reached:
        """Return the state once it is reached; see ``Operator.wait``."""
        # What was found running and left alone has shown already that it can live.
        found_running = not plan.changed and subject.state is State.RUNNING
        goal = Goal(plan.state_after, settle_seconds=0 if found_running else SETTLE_SECONDS)
        document = self.reach(subject.id.id, goal, seconds=options.wait_timeout, grace=grace_of(options), up=up)
        return _reached(subject, goal.state, document)

    def reach(  # noqa: PLR0913 - all by name
        self,
        identifier: str,
        goal: Goal,
        *,
        seconds: float,
        grace: int | None = None,
        timeout: float | None = None,
        up: Leave | None = None,
    ) -> Mapping[str, Any]:
        """Return a container's inspection once it is as it should be, an empty one when it is gone because it stopped.

        ``seconds`` are what is left of the ``timeout`` that messages name. ``up`` is called when it runs, and has only
        to show that it can live. Raises NotReadyError and WaitTimeoutError.
        """
        deadline = self._clock.monotonic() + seconds
        watch, pause = _Watch(goal), FIRST_PAUSE
        while True:
            document = self._inspect(identifier, goal.state)
            now = self._clock.monotonic()
            verdict = watch.look(document, now=now) if document else Verdict(done=True)
            if verdict.done:
                return document
            if verdict.failure:
                raise self._error(NotReadyError, document, verdict)
            if now >= deadline:
                raise self._error(WaitTimeoutError, document, _late(document, goal, timeout or seconds))
            if goal.state is State.STOPPED and convert.state_of(text(document, "State", "Status")) is State.RUNNING:
                # Podman lets a stop pass that comes between two runs of a restart policy, and says that it is stopped.
                self._client.stop(identifier, grace=grace)
            # Of one that runs there is nothing to see before it has run for long enough.
            if verdict.settling and up:
                up()
            self._clock.sleep(goal.settle_seconds if verdict.settling else pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _inspect(self, identifier: str, wanted: State) -> Mapping[str, Any]:
        """Return a container's inspection, an empty one when it is gone because it had to stop."""
        try:
            return self._client.inspect_container(identifier)
        except ContainerNotFoundError:
            if wanted is not State.STOPPED:
                raise
            return {}

    def _error(self, kind: type[NekzusError], document: Mapping[str, Any], verdict: Verdict) -> NekzusError:
        lines = self._last_lines(document)
        last = f', its last line is "{lines[-1]}"' if lines else ""
        details = {
            "status": text(document, "State", "Status"),
            "exit_code": number(document, "State", "ExitCode"),
            "logs": lines,
        }
        secrets = convert.own_secrets(document)
        return kind(mask_text(verdict.failure, secrets) + last, hint=verdict.hint, details=details)

    def _last_lines(self, document: Mapping[str, Any]) -> list[str]:
        """Return the last log lines with the container's own secrets hidden; none if its logs cannot be read."""
        try:
            stream = open_log(self._client, document, LogSpan(tail=LOG_LINES), limit=LONGEST_LINE)
            with closing(stream):
                lines = [line.message.decode("utf-8", "replace") for line in stream]
        except NekzusError:
            return []
        secrets = convert.own_secrets(document)
        return [mask_line(line, secrets) for line in lines]
