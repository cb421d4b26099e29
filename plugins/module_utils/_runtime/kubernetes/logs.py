# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The logs of pods, and of all the pods of a workload.

What a container wrote in its present run is one log, in the run before another: of older ones nodes keep nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ..errors import ApiError, ContainerNotFoundError, UnsupportedError
from ..logs.log import LogSource, LogSources, LogStream
from ..shape import text
from ..target import nearest_names
from . import convert
from .kinds import CRON_JOB, JOB, POD
from .log_lines import log_lines
from .owners import controller_of
from .pod import Pod, read_pod
from .reader import Reader
from .run import Run, read_runs
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..logs.log import LogChoice, LogLine, LogSpan
    from ..types import Container
    from .seam import KubernetesClient

# What a node says of a container that has not run, or not before: it was so when it was looked at, or is by now.
_NOT_YET = re.compile(
    r'container "[^"]*" in pod "[^"]*" is (waiting to start|not available|terminated)|previous terminated container'
)
_SECOND = len("2026-01-31T12:00:00")


@dataclass(frozen=True)
class _Handle:
    namespace: str
    previous: bool
    terminal: bool


@dataclass(frozen=True)
class _Sight:
    """A pod as it was looked at, with the runs of its containers."""

    pod: Pod
    runs: Sequence[Run]
    secrets: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.pod.namespace}/{self.pod.name}"


class KubernetesLogs:
    """The LogStreamer of Kubernetes."""

    def __init__(self, client: KubernetesClient) -> None:
        """Take the client to ask."""
        self._client = client
        self._reader = Reader(client)

    def sources(self, container: Container, choice: LogChoice) -> LogSources:
        """Look at the pod again, or at the pods of the workload: one request, whatever has been seen before.

        One more for a CronJob, whose Jobs have the pods, and for a workload none of whose pods goes on: it may be that
        it will have others.
        """
        workload = container.handle
        if not isinstance(workload, Workload):
            return _of_pod(_sight(self._client.get(POD, container.namespace, container.name)), choice)
        sights = self._pods_of(workload)
        names = [run.container for sight in sights for run in sight.runs]
        if choice.container and sights and choice.container not in names:
            raise _no_container(choice.container, f"{_id(workload)} has no container in its pods", names)
        told = [_of_pod(sight, choice) for sight in sights if not choice.container or _has(sight, choice.container)]
        goes_on = any(each.alive for each in told) or self._brings_pods(workload)
        return LogSources(
            tuple(source for each in told for source in each.sources),
            tuple(warning for each in told for warning in each.warnings) or _emptiness(workload, sights),
            alive=goes_on,
            growing=goes_on,
        )

    def _pods_of(self, workload: Workload) -> list[_Sight]:
        """Return the pods of a workload, by name."""
        labels, owns = workload.selector, workload.owns
        if workload.resource.plural == CRON_JOB.plural:
            jobs = self._client.list(JOB, workload.namespace, convert=_owned_by(workload)).items
            labels = f"job-name in ({','.join(sorted(filter(None, jobs)))})"
            owns = _is_of_job
            if not any(jobs):
                return []
        if not labels:
            # Nothing finds the pods of such a kind but that they say whose they are.
            message = f"nothing tells which pods {_id(workload)} has"
            raise UnsupportedError(message, hint="name its pods, or select them by their labels")
        found = self._client.list(POD, workload.namespace, convert=_sight, labels=labels).items
        return sorted((sight for sight in found if owns(sight.pod)), key=lambda sight: sight.pod.name)

    def _brings_pods(self, workload: Workload) -> bool:
        """Tell whether a workload none of whose pods goes on may have others."""
        now = self._reader.workload(workload.resource, workload.namespace, workload.name)
        return not (now.is_stopped or now.finished)

    def open(self, source: LogSource, span: LogSpan, *, limit: int, follow: float | None = None) -> LogStream:
        """One request. What is after ``span.until`` ends it: the API knows no such bound."""
        handle = cast("_Handle", source.handle)
        try:
            stream = self._client.open_logs(
                handle.namespace, source.pod, source.container, span=span, previous=handle.previous, follow=follow
            )
        except ApiError as error:
            if not _NOT_YET.search(error.message):
                raise
            return LogStream(iter(()), _nothing)
        lines = log_lines(stream, limit=limit, terminal=handle.terminal)
        return LogStream(_until(lines, span.until) if span.until else lines, stream.close)


def _sight(document: Mapping[str, Any]) -> _Sight:
    pod = read_pod(document)
    return _Sight(pod, read_runs(document, pod), convert.environment_secrets(document))


def _of_pod(sight: _Sight, choice: LogChoice) -> LogSources:
    """Return what can be read of one pod."""
    runs = _chosen(sight, choice)
    readable = [run for run in runs if (run.has_ended if choice.previous else run.has_begun)]
    handles = ((run.container, _Handle(sight.pod.namespace, choice.previous, run.terminal)) for run in readable)
    return LogSources(
        tuple(
            LogSource(container, sight.pod.name, secrets=sight.secrets, handle=handle) for container, handle in handles
        ),
        tuple(_unreadable(sight, run, choice) for run in runs if run not in readable),
        alive=any(run.goes_on for run in runs),
        growing=any(run.goes_on and not run.has_begun for run in runs),
    )


def _chosen(sight: _Sight, choice: LogChoice) -> Sequence[Run]:
    if choice.container:
        found = [run for run in sight.runs if run.container == choice.container]
        if not found:
            names = [run.container for run in sight.runs]
            raise _no_container(choice.container, f"pod {sight.id} has no container", names)
        return found
    return sight.runs if choice.all_containers else sight.runs[:1]


def _has(sight: _Sight, container: str) -> bool:
    return any(run.container == container for run in sight.runs)


def _no_container(name: str, told: str, names: Sequence[str]) -> ContainerNotFoundError:
    present = list(dict.fromkeys(names))
    near = nearest_names(name, present)
    hint = near if near.startswith("did you mean") else "name one of them, or leave container away"
    return ContainerNotFoundError(f"{told} {name}, only {', '.join(present)}", hint=hint)


def _unreadable(sight: _Sight, run: Run, choice: LogChoice) -> str:
    told = f"container {run.container} of {sight.id}"
    if choice.previous:
        return f"{told} has not run before" + ("" if run.has_begun else f": {run.waiting}")
    return f"{told} has not started: {run.waiting}"


def _emptiness(workload: Workload, sights: Sequence[_Sight]) -> tuple[str, ...]:
    return () if sights else (f"{_id(workload)} has no pods",)


def _id(workload: Workload) -> str:
    return f"{workload.namespace}/{workload.resource.word}/{workload.name}"


def _owned_by(workload: Workload) -> Callable[[Mapping[str, Any]], str]:
    """Return what gives the name of an object that a workload controls, and nothing for any other."""

    def name(document: Mapping[str, Any]) -> str:
        controller = controller_of(document)
        return text(document, "metadata", "name") if controller and controller.uid == workload.uid else ""

    return name


def _is_of_job(pod: Pod) -> bool:
    return pod.controller is not None and pod.controller.kind == JOB.kind


def _until(lines: Iterator[LogLine], until: str) -> Iterator[LogLine]:
    """Yield lines up to the end of a second: of what is written at the same time, moments need not be in order."""
    for line in lines:
        if line.time[:_SECOND] > until[:_SECOND]:
            return
        yield line


def _nothing() -> None:
    """There is nothing to close."""
