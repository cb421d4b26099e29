# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is read of logs: lines, where they come from, and which of them are wanted. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class LogLine(NamedTuple):
    """One line: its moment (see moment.py), ``stdout`` or ``stderr`` or nothing when the runtime does not tell.

    ``message`` is without the line's end; ``cut`` tells that it was longer than could be kept.
    """

    time: str
    stream: str
    message: bytes
    cut: bool = False


@dataclass(frozen=True)
class LogChoice:
    """Which logs of a pod: that of one container, of all, or (neither) of the main one; or of the run before."""

    container: str = ""
    all_containers: bool = False
    previous: bool = False


@dataclass(frozen=True)
class LogSpan:
    """Which part of a log: its last ``tail`` lines (None: all), not before ``since``, not after ``until``."""

    tail: int | None = None
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class LogSource:
    """The log of one container. ``pod`` is empty on Docker.

    ``started`` is when its present run began, where its log holds earlier runs as well; ``until`` where the part ends
    that a choice means; ``secrets`` are what no message of ours may quote of it. ``handle`` is the backend's own.
    """

    container: str
    pod: str = ""
    started: str = ""
    until: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    handle: object = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others of a target."""
        return self.pod, self.container


@dataclass(frozen=True)
class LogSources:
    """The logs of a target that can be read now, and what a user should know of those that cannot.

    ``alive`` tells whether more may be written to any, ``growing`` whether other sources may come besides.
    """

    sources: tuple[LogSource, ...]
    warnings: tuple[str, ...] = ()
    alive: bool = False
    growing: bool = False


class ByteStream(Protocol):
    """An answer whose body comes bit by bit."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield what has come. Raises NekzusError when the connection breaks."""

    def close(self) -> None:
        """End it, from any thread: who waits for more gets no more."""


class LogStream:
    """Lines that come in time, to be closed in the end."""

    def __init__(self, lines: Iterator[LogLine], close: Callable[[], None]) -> None:
        """Take the lines, and how to end what they come from."""
        self._lines = lines
        self.close = close

    def __iter__(self) -> Iterator[LogLine]:
        """Yield the lines."""
        return self._lines
