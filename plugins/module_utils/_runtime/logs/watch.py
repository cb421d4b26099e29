# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for a line: all logs of a target are followed at once, and the first line that fits ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Union

from ..errors import ContainerNotFoundError, NekzusError, NotReadyError, WaitTimeoutError
from ..mask import mask_line
from ..moment import is_before
from .log import LogSource, LogSpan
from .tail import Entry, LogTail

if TYPE_CHECKING:
    from ..interfaces import Clock
    from ..roles.logs import LogStreamer
    from ..types import Container
    from .log import LogLine, LogSources, LogStream
    from .query import LogQuery

# How long nothing may come before the logs are looked for anew: new pods of a workload, a container that began.
LOOK_AGAIN = 1.0
# Between the end of a log and a look whether it goes on, as after a restart.
PAUSE = 0.5
LAST_LINES = 10
# How much of a line goes into a sentence; the whole is in the failure's details.
LINE_IN_MESSAGE = 300

# A line of a log; without one, that the log has ended, and with which error if any.
_Event = tuple[LogSource, Union["LogLine", NekzusError, None]]


@dataclass(frozen=True)
class Seen:
    """What was seen until the line came (``matched``), or until it was given up (``error``)."""

    tail: LogTail
    matched: Entry | None = None
    error: NekzusError | None = None
    warnings: tuple[str, ...] = ()


class LogWatch:
    """Waits for a line in any of the logs of one target."""

    def __init__(self, streamer: LogStreamer, container: Container, query: LogQuery, *, clock: Clock) -> None:
        """Take what to read, and the clock to wait by."""
        self._streamer = streamer
        self._container = container
        self._query = query
        self._clock = clock
        self._deadline = clock.monotonic() + query.wait_timeout
        self._tail = LogTail(lines=query.tail, size=query.max_bytes)
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._streams: dict[LogSource, LogStream] = {}
        # Until when each log has been read.
        self._read_until: dict[tuple[str, str], str] = {}
        # From when on lines of it are new.
        self._taken_up: dict[tuple[str, str], str] = {}
        self._found: LogSources | None = None

    def wait(self) -> Seen:
        """Return as soon as a line fits, at the latest after ``wait_timeout`` seconds.

        Lines count that were written since the present start of the container, or since ``since``.
        """
        try:
            return self._wait()
        finally:
            for stream in self._streams.values():
                stream.close()

    def _wait(self) -> Seen:
        found = self._look()
        while True:
            matched = self._next_match(LOOK_AGAIN if found.growing else None)
            if matched:
                return Seen(self._tail, matched)
            if self._clock.monotonic() >= self._deadline:
                return self._in_vain(WaitTimeoutError, f"within {self._query.wait_timeout:g} s", found)
            if not self._streams:
                if not found.alive and not found.growing:
                    return self._in_vain(NotReadyError, "before it ended", found)
                self._clock.sleep(PAUSE)
            found = self._look()

    def _look(self) -> LogSources:
        """Follow the logs that there are now and that are not followed yet; return all."""
        try:
            found = self._streamer.sources(self._container, self._query.choice)
        except ContainerNotFoundError:
            if self._found is None:
                raise
            return replace(self._found, sources=(), alive=False, growing=False)
        followed = {source.key for source in self._streams}
        new = [source for source in found.sources if source.key not in followed]
        # What had ended the last time, and was read to its end, brings nothing new.
        before = self._found or found
        if found.alive or found.growing or before.alive or self._found is None:
            for source in new:
                self._follow(source, alive=found.alive)
        self._found = found
        return found

    def _follow(self, source: LogSource, *, alive: bool) -> None:
        self._taken_up[source.key] = self._read_until.get(source.key, "")
        since = self._taken_up[source.key] or self._query.since or source.started
        left = max(self._deadline - self._clock.monotonic(), 0.0)
        span = LogSpan(since=since)
        stream = self._streamer.open(source, span, limit=self._query.max_bytes, follow=left if alive else None)
        self._streams[source] = stream
        # A thread that nobody waits for in the end: it hangs in a read until its stream is closed.
        Thread(target=self._pump, args=(source, stream), daemon=True).start()

    def _pump(self, source: LogSource, stream: LogStream) -> None:
        failure: NekzusError | None = None
        try:
            for line in stream:
                self._events.put((source, line))
        except NekzusError as error:
            failure = error
        finally:
            self._events.put((source, failure))

    def _next_match(self, patience: float | None) -> Entry | None:
        """Return the line as soon as it comes; None when it is time to look anew."""
        look_again = self._clock.monotonic() + patience if patience else self._deadline
        while self._streams:
            left = min(self._deadline, look_again) - self._clock.monotonic()
            try:
                source, event = self._events.get(timeout=max(left, 0.0))
            except Empty:
                return None
            if event is None or isinstance(event, NekzusError):
                self._ended(source, event)
                continue
            entry = self._take(source, event)
            if entry:
                return entry
        return None

    def _ended(self, source: LogSource, error: NekzusError | None) -> None:
        stream = self._streams.pop(source, None)
        if stream:
            stream.close()
        # A broken connection is taken up again where it broke, a container that is gone is looked for.
        if error and not error.transient and not isinstance(error, ContainerNotFoundError):
            raise error

    def _take(self, source: LogSource, line: LogLine) -> Entry | None:
        """Keep a line that was not read before, and return it if it is the one."""
        time = line.time or self._read_until.get(source.key, "")
        since = self._query.since or source.started
        if line.time and (line.time <= self._taken_up[source.key] or is_before(line.time, since)):
            return None
        self._read_until[source.key] = time
        entry = Entry(time, source, line)
        matched = self._query.awaits(line)
        if matched or self._query.takes(line):
            self._tail.add(entry)
        return entry if matched else None

    def _in_vain(self, kind: type[NekzusError], when: str, found: LogSources) -> Seen:
        pattern = self._query.wait_for.pattern if self._query.wait_for else ""
        lines = [_shown(entry) for entry in self._tail.entries[-LAST_LINES:]]
        if lines:
            last, see = f'its last line is "{lines[-1][:LINE_IN_MESSAGE]}"', "see the log lines in the failure"
        else:
            why = f" ({'; '.join(found.warnings)})" if found.warnings else ""
            last, see = f"it has written nothing{why}", "see why it writes nothing"
        hint = f"{see}, and start it" if kind is NotReadyError else f"raise wait_timeout, or {see}"
        error = kind(f"no line fits {pattern!r} {when}, {last}", hint=hint, details={"logs": lines})
        return Seen(self._tail, error=error, warnings=found.warnings)


def _shown(entry: Entry) -> str:
    """Return a line for a message, without what its container keeps secret."""
    return mask_line(entry.line.message.decode("utf-8", "replace"), entry.source.secrets)
