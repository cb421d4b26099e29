# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading the logs of what a task speaks of, on whichever runtimes it is."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ..bulk import run_bulk
from ..errors import ContainerNotFoundError
from ..fleet import Fleet, Missing, read_concurrency
from ..roles.logs import LOGS
from .query import parse_log_query
from .tail import Entry, LogTail, interleave
from .watch import LogWatch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..errors import NekzusError
    from ..fleet import Located
    from ..interfaces import Clock, RuntimeSelector
    from ..request import Request
    from ..roles.logs import LogStreamer
    from ..types import Container, RuntimeType
    from .log import LogSource
    from .query import LogQuery

# So many things are waited for at once; more would be as many connections.
_WATCHED_AT_ONCE = 64


@dataclass(frozen=True)
class Excerpt:
    """What was read of one thing that a task speaks of, or an error; both when a line was waited for in vain.

    ``truncated`` tells whether older lines, or the end of a long one, did not go into ``max_bytes``, in which something
    may have been looked for in vain; ``matched`` is the line waited for.
    """

    path: str
    runtime_type: RuntimeType | None
    container: Container | None = None
    entries: tuple[Entry, ...] = ()
    truncated: bool = False
    matched: Entry | None = None
    error: NekzusError | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Excerpts:
    """What was read of everything that a task speaks of, in its order, and what a user should know."""

    excerpts: tuple[Excerpt, ...]
    warnings: tuple[str, ...] = ()


class LogReader:
    """Reads logs on all runtimes of a task."""

    def __init__(self, runtimes: RuntimeSelector, *, clock: Clock) -> None:
        """Take the runtimes to read on, and the clock to wait by."""
        self._fleet = Fleet(runtimes)
        self._clock = clock

    def query(self, params: Mapping[str, Any]) -> LogQuery:
        """Return what a task's options mean now. Raises as ``parse_log_query``."""
        return parse_log_query(params, now=self._clock.time())

    def read(self, request: Request, query: LogQuery) -> Excerpts:
        """Return the logs of each container of the request, in the request's order, all read side by side.

        What cannot be read is an error in its place; a selected container that vanishes before it is left out.
        """
        sight = self._fleet.locate(request)
        at_once = read_concurrency(sight.places)
        # What is left to each, whose logs may be many as well.
        width = max(at_once // max(len(sight.places), 1), 1)
        if query.wait_for:
            at_once = _WATCHED_AT_ONCE
        outcomes = run_bulk(sight.places, partial(self._excerpt, query=query, width=width), max_concurrent=at_once)
        found = [outcome.value or _excerpt(place, outcome.error) for place, outcome in zip(sight.places, outcomes)]
        kept = (one for one in found if request.targets or not isinstance(one.error, ContainerNotFoundError))
        return Excerpts(tuple(kept), sight.warnings)

    def _excerpt(self, place: Located | Missing, *, query: LogQuery, width: int) -> Excerpt:
        if isinstance(place, Missing):
            return _excerpt(place, place.error)
        streamer = place.runtime.role(LOGS)
        if query.wait_for:
            seen = LogWatch(streamer, place.container, query, clock=self._clock).wait()
            told, warnings, matched, error = seen.tail, seen.warnings, seen.matched, seen.error
        else:
            found = streamer.sources(place.container, query.choice)
            told, gone = _read(streamer, found.sources, query, width)
            warnings, matched, error = found.warnings + gone, None, None
        return Excerpt(
            place.path,
            place.runtime.type,
            place.container,
            tuple(told.entries),
            told.truncated,
            matched,
            error,
            warnings,
        )


def _excerpt(place: Located | Missing, error: NekzusError | None) -> Excerpt:
    if isinstance(place, Missing):
        return Excerpt(place.target.path, place.runtime_type, error=error)
    return Excerpt(place.path, place.runtime.type, place.container, error=error)


def _read(
    streamer: LogStreamer, sources: tuple[LogSource, ...], query: LogQuery, width: int
) -> tuple[LogTail, tuple[str, ...]]:
    """Return the lines of all the logs of a target by time, and which were gone when the others were read.

    Pods come and go; it is an error only when all are gone.
    """
    outcomes = run_bulk(sources, lambda source: _read_one(streamer, source, query), max_concurrent=width)
    failed = [(source, outcome.error) for source, outcome in zip(sources, outcomes) if outcome.error]
    for _source, error in failed:
        if len(failed) == len(sources) or not isinstance(error, ContainerNotFoundError):
            raise error
    tails = [outcome.value for outcome in outcomes if outcome.value]
    together = interleave([tail.entries for tail in tails], size=query.max_bytes)
    together.truncated = together.truncated or any(tail.truncated for tail in tails)
    return together, tuple(f"container {one.container} of {one.pod}: {error.message}" for one, error in failed)


def _read_one(streamer: LogStreamer, source: LogSource, query: LogQuery) -> LogTail:
    tail = LogTail(lines=query.tail, size=query.max_bytes)
    time, missed = "", False
    with closing(streamer.open(source, query.span, limit=query.max_bytes)) as stream:
        for line in stream:
            time = line.time or time
            if query.takes(line):
                tail.add(Entry(time, source, line))
            missed = missed or query.may_miss(line)
    tail.truncated = tail.truncated or missed
    return tail
