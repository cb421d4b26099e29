# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading what Docker containers write.

A container has one log, of all its runs; the one before ends where the present run began.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, ContainerNotFoundError, UnsupportedError
from ..logs.lines import PART, framed_lines, plain_lines
from ..logs.log import LogSource, LogSources, LogSpan, LogStream
from ..moment import moment_of, next_second, read_moment, seconds_of
from ..shape import flag, text
from ..types import State
from . import convert
from .frames import read_frames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..logs.log import LogChoice
    from ..types import Container
    from .seam import DockerClient

# What a daemon says for a moment that never was.
_NEVER = "0001"
_ALIVE = (State.RUNNING, State.RESTARTING, State.PAUSED)
# Drivers that keep nothing.
_SILENT = ("none", "passthrough")
_LOCAL = "local"
_UNREADABLE = "does not support reading"
# Between a process's first line and the moment that the daemon notes for its start.
_LATE = 0.05
_SECOND = len("2026-01-31T12:00:00")


@dataclass(frozen=True)
class _Handle:
    """What has to be known to read a log; of a ``coarse`` one lines have the second alone."""

    identifier: str
    terminal: bool
    driver: str
    coarse: bool = False


class DockerLogs:
    """The LogStreamer of Docker."""

    def __init__(self, client: DockerClient) -> None:
        """Take the client to ask."""
        self._client = client

    def sources(self, container: Container, choice: LogChoice) -> LogSources:
        """Return the container's log, in one request."""
        if choice.container not in ("", container.name, container.id, container.short_id):
            hint = f"leave container out, or name {container.name}: on Docker a container has no others in it"
            raise ContainerNotFoundError(f"it has no container {choice.container}", hint=hint)
        document = self._client.inspect_container(container.id)
        handle = _handle(document)
        if handle.driver in _SILENT:
            raise _unreadable(handle.driver)
        state = convert.state_of(text(document, "State", "Status"))
        if not _moment(document, "StartedAt"):
            return LogSources((), (f"{container.address} has not been started",))
        began = _began(document, alive=state in _ALIVE)
        if choice.previous and not began:
            return LogSources((), (f"{container.address} has not run before",))
        source = LogSource(
            container=container.name,
            started=_as_stamped(began, document),
            until=began if choice.previous else "",
            secrets=convert.own_secrets(document),
            handle=handle,
        )
        return LogSources((source,), alive=state in _ALIVE and not choice.previous)

    def open(self, source: LogSource, span: LogSpan, *, limit: int, follow: float | None = None) -> LogStream:
        """Return the lines of the log, in one request."""
        if not isinstance(source.handle, _Handle):
            raise TypeError(source)
        if span.until and source.handle.coarse:
            # The daemon knows the rest of a line's moment, and would leave out what was written in that second.
            span = replace(span, until=next_second(span.until))
        if source.until and (not span.until or source.until < span.until):
            # The daemon counts lines before it looks at their moments.
            span = LogSpan(None, span.since, source.until)
        return _open(self._client, source.handle, span, limit=limit, follow=follow)


def open_log(client: DockerClient, document: Mapping[str, Any], span: LogSpan, *, limit: int) -> LogStream:
    """Return the lines of the log of an inspected container, each with at most ``limit`` bytes."""
    return _open(client, _handle(document), span, limit=limit)


def _open(
    client: DockerClient, handle: _Handle, span: LogSpan, *, limit: int, follow: float | None = None
) -> LogStream:
    try:
        chunks = client.open_logs(handle.identifier, span=span, follow=follow)
    except ApiError as error:
        if _UNREADABLE in error.message:
            raise _unreadable(handle.driver) from error
        raise
    if handle.terminal:
        return LogStream(plain_lines(chunks, limit=limit, terminal=True), chunks.close)
    frames = read_frames(chunks)
    if handle.driver == _LOCAL:
        frames = map(_ended, frames)
    return LogStream(framed_lines(frames, limit=limit), chunks.close)


def _ended(frame: tuple[str, bytes]) -> tuple[str, bytes]:
    """Return a frame with the newline that the driver local (of 20.10) loses at the end of a line kept in parts."""
    stream, content = frame
    _stamp, _blank, written = content.partition(b" ")
    return (stream, content + b"\n") if len(written) < PART and not content.endswith(b"\n") else frame


def _handle(document: Mapping[str, Any]) -> _Handle:
    driver = text(document, "HostConfig", "LogConfig", "Type")
    return _Handle(text(document, "Id"), flag(document, "Config", "Tty"), driver, convert.is_podmans(document))


def _unreadable(driver: str) -> UnsupportedError:
    hint = "give it a logging driver that can be read (json-file, local or journald) and create it anew"
    return UnsupportedError(f"its logging driver {driver or 'of now'} keeps nothing that could be read", hint=hint)


def _moment(document: Mapping[str, Any], key: str) -> str:
    moment = read_moment(text(document, "State", key))
    return "" if moment.startswith(_NEVER) else moment


def _began(document: Mapping[str, Any], *, alive: bool) -> str:
    """Return where the present or last run began in the log, or nothing when it was surely the first.

    The daemon notes the start after the fact, when a quick process has written already: so it is looked for in the
    pause between two runs. Of a run that has ended, the end of the one before is not known any more.
    """
    started, finished = _moment(document, "StartedAt"), _moment(document, "FinishedAt")
    if not finished:
        return ""
    start, end = seconds_of(started), seconds_of(finished)
    return moment_of((start + end) / 2 if alive and end < start else start - _LATE)


def _as_stamped(moment: str, document: Mapping[str, Any]) -> str:
    """Return a moment as lines have it: those of Podman have the second alone."""
    return read_moment(f"{moment[:_SECOND]}Z") if convert.is_podmans(document) and moment else moment
