# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Lines of logs, made of the bytes in which they come. Bounded: of a long line its beginning is kept. Pure.

Each line begins with its moment and a blank. Docker keeps a line of more than 16 KiB as several, each with a moment of
its own (https://github.com/moby/moby/blob/master/daemon/logger/copier.go): here they are one again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..moment import read_moment
from .log import LogLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PART = 16 * 1024
# More than the longest moment and the blank after it.
_STAMP = 40


def framed_lines(frames: Iterable[tuple[str, bytes]], *, limit: int) -> Iterator[LogLine]:
    """Yield the lines of frames (stream, content), each of which begins with a moment.

    What does not end with a newline goes on in the next frame of that stream. ``limit`` is in bytes a line.
    """
    begun: dict[str, _Line] = {}
    for stream, frame in frames:
        time, content = _stamped(frame)
        line = begun.pop(stream, None) or _Line(time, stream)
        *ended, rest = content.split(b"\n")
        for piece in ended:
            line.add(piece, limit)
            yield line.finish()
            line = _Line(time, stream)
        if rest or not ended:
            line.add(rest, limit)
            begun[stream] = line
    yield from (line.finish() for line in begun.values())


class _Line:
    """A line that is being put together."""

    def __init__(self, time: str, stream: str) -> None:
        self._time = time
        self._stream = stream
        self._parts: list[bytes] = []
        self._size = 0
        self._cut = False

    def add(self, piece: bytes, limit: int) -> None:
        room = limit - self._size
        self._cut = self._cut or len(piece) > room
        self._parts.append(piece[:room])
        self._size += min(len(piece), room)

    def finish(self) -> LogLine:
        return LogLine(self._time, self._stream, b"".join(self._parts), self._cut)


def plain_lines(chunks: Iterable[bytes], *, limit: int, terminal: bool = False) -> Iterator[LogLine]:
    """Yield the lines of a stream without frames, which comes in chunks of any size.

    A ``terminal`` ends its lines with a carriage return as well. ``limit`` is in bytes a line.
    """
    # What has to be kept of a line to have so many bytes of its message.
    most = limit + _STAMP * (limit // PART + 2)
    for raw, is_cut in _split(chunks, most):
        time, message = _stamped(raw[:-1] if terminal and raw.endswith(b"\r") else raw)
        if time and len(message) > PART:
            message = b"".join(_parts(message))
        yield LogLine(time, "", message[:limit], is_cut or len(message) > limit)


def _split(chunks: Iterable[bytes], most: int) -> Iterator[tuple[bytes, bool]]:
    """Yield lines, and whether one was longer than ``most``."""
    rest = bytearray()
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        for following in others:
            line = bytes(rest) + first if rest else first
            yield line[:most], len(line) > most
            rest, first = bytearray(), following
        rest += first[: max(most + 1 - len(rest), 0)]
    if rest:
        yield bytes(rest[:most]), len(rest) > most


def _parts(message: bytes) -> Iterator[bytes]:
    """Yield the parts of a long line without the moments between them."""
    begin = 0
    while len(message) - begin > PART:
        end = begin + PART
        after = end + _STAMP
        following = message[end:after]
        time, content = _stamped(following)
        if not time:
            break
        yield message[begin:end]
        begin = end + len(following) - len(content)
    yield message[begin:]


def _stamped(raw: bytes) -> tuple[str, bytes]:
    """Return the moment with which a line begins, and the rest; no moment when it has none."""
    stamp, blank, content = raw.partition(b" ")
    time = read_moment(stamp.decode("ascii", "replace")) if blank and len(stamp) < _STAMP else ""
    # An empty line may have lost the blank.
    if not time and not blank and len(stamp) < _STAMP:
        time = read_moment(stamp.rstrip(b"\n").decode("ascii", "replace"))
        return (time, b"\n" if time and stamp.endswith(b"\n") else (b"" if time else raw))
    return (time, content) if time else ("", raw)
