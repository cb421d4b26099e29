# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs as a node sends them: each line with its moment, from the one that is asked for on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of, read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock

# The first line of a script without moments; the others are a second apart.
BEGINNING = 1_767_225_600
_SECOND = len("2026-01-31T12:00:00")


def stamped(text: str) -> bytes:
    """Return a log; lines that say no moment get one."""
    lines = text.splitlines(keepends=True)
    moments = (f"{moment_of(BEGINNING + number)} " for number in range(len(lines)))
    told = (line if _says_when(line) else moment + line for moment, line in zip(moments, lines))
    return "".join(told).encode("utf-8", "surrogateescape")


def _says_when(line: str) -> bool:
    return bool(read_moment(line.partition(" ")[0]))


def cut(written: bytes, span: LogSpan) -> bytes:
    """Return the part of a log that is asked for."""
    since = span.since[:_SECOND].encode()
    lines = [line for line in written.splitlines(keepends=True) if line[:_SECOND] >= since]
    return b"".join(lines if span.tail is None else lines[len(lines) - min(span.tail, len(lines)) :])


class Pieces:
    """A ByteStream over a log, in pieces that end anywhere."""

    def __init__(self, written: bytes, later: Sequence[tuple[float, str]], clock: FakeClock) -> None:
        """Take what there is, and what comes later."""
        self._written = written
        self._later = later
        self._clock = clock
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield what there is at once, and the rest when its time has come."""
        middle = len(self._written) // 2
        yield self._written[:middle]
        yield self._written[middle:]
        for seconds, text in self._later:
            self._clock.sleep(seconds)
            if self.closed:
                return
            yield text.encode()

    def close(self) -> None:
        """Remember it."""
        self.closed = True
