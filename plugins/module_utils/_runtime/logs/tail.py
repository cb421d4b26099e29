# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The end of a log, however long it is: the last lines, in no more than so many bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import merge
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .log import LogLine, LogSource


@dataclass(frozen=True)
class Entry:
    """A line and the log that it is of. ``time`` is that of its line, or of the line before if it has none."""

    time: str
    source: LogSource
    line: LogLine


class LogTail:
    """Keeps the newest entries; ``truncated`` tells whether any were lost, or cut, because of their size."""

    def __init__(self, *, lines: int | None, size: int) -> None:
        """Take how many lines (None: any number) and how many bytes of messages to keep, newlines included."""
        self._lines = lines
        self._room = size
        self._entries: deque[Entry] = deque()
        self._added = 0
        # How many entries there were up to the newest that was lost because of its size.
        self._lost = 0
        self.truncated = False

    def add(self, entry: Entry) -> None:
        """Add an entry that is newer than all before."""
        self._entries.append(entry)
        self._added += 1
        self._room -= len(entry.line.message) + 1
        if self._lines is not None and len(self._entries) > self._lines:
            self._drop()
        # A single line may be as long as the room: the newline that it needs besides is not held against it.
        while self._room < 0 and len(self._entries) > 1:
            self._drop()
            self._lost = self._added - len(self._entries)
        # What would not be among the last lines anyway is no loss.
        self.truncated = self._lost > (0 if self._lines is None else max(self._added - self._lines, 0))

    def _drop(self) -> None:
        self._room += len(self._entries.popleft().line.message) + 1

    @property
    def entries(self) -> list[Entry]:
        """The entries, oldest first."""
        return list(self._entries)


def interleave(parts: Iterable[Sequence[Entry]], *, size: int) -> LogTail:
    """Return the entries of several logs by time, as many of the newest as go into ``size`` bytes."""
    tail = LogTail(lines=None, size=size)
    for entry in merge(*parts, key=lambda entry: entry.time):
        tail.add(entry)
    tail.truncated = tail.truncated or any(entry.line.cut for entry in tail.entries)
    return tail
