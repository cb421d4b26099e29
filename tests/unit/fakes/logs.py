# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A LogStreamer whose logs are lists, and which changes from one look to the next as a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import (
    LogLine,
    LogSource,
    LogSources,
    LogSpan,
    LogStream,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from threading import Event

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container


def moment(second: int) -> str:
    """Return the moment so many seconds after a noon."""
    return f"2026-01-31T12:{second // 60:02d}:{second % 60:02d}.000000000Z"


def line(second: int, message: str, *, stream: str = "stdout") -> LogLine:
    """Return a line of that second."""
    return LogLine(moment(second), stream, message.encode())


def source(container: str = "app", *, pod: str = "", started: str = "", secrets: tuple[str, ...] = ()) -> LogSource:
    """Return the log of a container."""
    return LogSource(container, pod, started=started, secrets=secrets)


class FakeLogs:
    """``looks`` is what each look finds, the last one again and again (an error is raised); ``logs`` what is written.

    Logs are by the key of their source; each opening gives the next list, the last one again and again. An error in a
    list breaks the stream there, an Event is waited for. ``opened`` are the spans asked for, and whether to follow.
    """

    def __init__(
        self,
        looks: Sequence[LogSources | NekzusError],
        logs: Mapping[tuple[str, str], Sequence[Sequence[LogLine | NekzusError | Event]]],
    ) -> None:
        """Take the script."""
        self._looks = list(looks)
        self._logs = {key: list(lists) for key, lists in logs.items()}
        self.opened: list[tuple[LogSource, LogSpan, float | None]] = []
        self.choices: list[LogChoice] = []
        self.closed = 0
        # Whether it leaves it to others to pass over lines before the span.
        self.tells_all = False

    def sources(self, _container: Container, choice: LogChoice) -> LogSources:
        """See LogStreamer."""
        self.choices.append(choice)
        found = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        if isinstance(found, LogSources):
            return found
        raise found

    def open(self, source: LogSource, span: LogSpan, *, limit: int, follow: float | None = None) -> LogStream:
        """See LogStreamer: lines before the span are left out, as a server would."""
        del limit
        self.opened.append((source, span, follow))
        lists = self._logs[source.key]
        written = lists.pop(0) if len(lists) > 1 else lists[0]
        return LogStream(_play(written, LogSpan() if self.tells_all else span), self._close)

    def _close(self) -> None:
        self.closed += 1


def _play(written: Sequence[LogLine | NekzusError | Event], span: LogSpan) -> Iterator[LogLine]:
    for one in written:
        if isinstance(one, LogLine):
            if one.time >= span.since:
                yield one
        elif isinstance(one, Exception):
            raise one
        else:
            one.wait(10)
