# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for one Docker container, and seeing early that waiting is in vain."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ContainerNotFoundError, NekzusError, NotReadyError, WaitTimeoutError
from ..log import LogSpan
from ..mask import mask_text, secret_values
from ..shape import flag, number, objects, text
from ..types import Reached, State
from . import convert
from .logs import open_log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..interfaces import Clock
    from ..options import LifecycleOptions
    from ..plan import Plan
    from ..types import Subject
    from .seam import DockerClient

LOG_LINES = 10
LONGEST_LINE = 4096
# What `docker stop` gives.
DEFAULT_GRACE = 10
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
# A process that cannot live dies within milliseconds of its start: one that has run this long was started.
SETTLE_SECONDS = 0.3
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


def judge(document: Mapping[str, Any], wanted: State, *, restarts: int) -> Verdict:
    """Return the verdict on an inspection, after so many restarts since waiting began. Pure."""
    state = convert.state_of(text(document, "State", "Status"))
    if wanted is not State.RUNNING:
        return Verdict(done=state is wanted or (wanted is State.STOPPED and state is State.FAILED))
    if restarts > TOLERATED_RESTARTS:
        return Verdict(failure=f"it keeps restarting, {_exit(document)}", hint="see the log lines in the failure")
    if state in (State.STOPPED, State.FAILED):
        hint = "see the log lines in the failure; if it is meant to end, set wait to false"
        return Verdict(failure=f"it ended right after its start, {_exit(document)}", hint=hint)
    health = convert.health_of(document)
    if health == "unhealthy":
        return Verdict(failure=f"it is unhealthy{_last_probe(document)}", hint="see its health check and log lines")
    if state is not State.RUNNING or health == "starting":
        return Verdict()
    return Verdict(done=health == "healthy", settling=health != "healthy")


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


class _Watch:
    """One container over several looks: how often it restarted meanwhile, and how long it has been running."""

    def __init__(self, wanted: State, *, settle_seconds: float) -> None:
        self._wanted = wanted
        self._settle_seconds = settle_seconds
        self._restarts_before: int | None = None
        self._run = ""
        self._since = 0.0

    def look(self, document: Mapping[str, Any], *, now: float) -> Verdict:
        """Return the verdict now; what has been running long enough is done."""
        restarts = number(document, "RestartCount") or 0
        if self._restarts_before is None:
            self._restarts_before = restarts
        verdict = judge(document, self._wanted, restarts=restarts - self._restarts_before)
        run = text(document, "State", "StartedAt") if verdict.settling else ""
        if run != self._run:
            self._run, self._since = run, now
        settled = verdict.settling and now - self._since >= self._settle_seconds
        return Verdict(done=True) if settled else verdict


def _reached(subject: Subject, wanted: State, document: Mapping[str, Any]) -> Reached:
    """Return what a container has become; one with ``--rm`` goes when it has stopped, or is about to."""
    if wanted is State.STOPPED and (not document or flag(document, "HostConfig", "AutoRemove")):
        warning = f"{subject.container.address} was created to be removed when it stops, and is gone"
        return Reached(State.STOPPED, warnings=(warning,))
    return Reached(convert.state_of(text(document, "State", "Status")))


class Waiter:
    """Looks at containers until they are where they should be."""

    def __init__(self, client: DockerClient, *, clock: Clock) -> None:
        """Take the client to ask, and the clock to wait by."""
        self._client = client
        self._clock = clock

    def wait(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> Reached:
        """Return the state once it is reached; see ``ContainerManager.wait`` for what it raises."""
        wanted, timeout = plan.state_after, options.wait_timeout
        deadline = self._clock.monotonic() + timeout
        # What was found running and left alone has shown already that it can live.
        found_running = not plan.changed and subject.state is State.RUNNING
        watch, pause = _Watch(wanted, settle_seconds=0 if found_running else SETTLE_SECONDS), FIRST_PAUSE
        while True:
            document = self._inspect(subject, wanted)
            now = self._clock.monotonic()
            verdict = watch.look(document, now=now) if document else Verdict(done=True)
            if verdict.done:
                return _reached(subject, wanted, document)
            if verdict.failure:
                raise self._error(NotReadyError, document, verdict)
            if now >= deadline:
                message = f"it is not {wanted} after {timeout:g} s{_health(document)}"
                hint = "raise wait_timeout, or see the log lines in the failure"
                raise self._error(WaitTimeoutError, document, Verdict(failure=message, hint=hint))
            if wanted is State.STOPPED and convert.state_of(text(document, "State", "Status")) is State.RUNNING:
                # Podman lets a stop pass that comes between two runs of a restart policy, and says that it is stopped.
                self._client.stop(subject.id.id, grace=grace_of(options))
            self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _inspect(self, subject: Subject, wanted: State) -> Mapping[str, Any]:
        """Return a container's inspection, an empty one when it is gone because it had to stop."""
        try:
            return self._client.inspect_container(subject.id.id)
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
        secrets = secret_values(convert.environment(document))
        return kind(mask_text(verdict.failure, secrets) + last, hint=verdict.hint, details=details)

    def _last_lines(self, document: Mapping[str, Any]) -> list[str]:
        """Return the last log lines with the container's own secrets hidden; none if its logs cannot be read."""
        try:
            stream = open_log(self._client, document, LogSpan(tail=LOG_LINES), limit=LONGEST_LINE)
            with closing(stream):
                lines = [line.message.decode("utf-8", "replace") for line in stream]
        except NekzusError:
            return []
        secrets = secret_values(convert.environment(document))
        return [mask_text(line, secrets) for line in lines]
