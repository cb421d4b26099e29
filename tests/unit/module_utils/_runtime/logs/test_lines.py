# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines put together of bytes that come in pieces of any size."""

from __future__ import annotations

import tracemalloc
from itertools import repeat
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.lines import PART, framed_lines, plain_lines
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogLine
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 4 * 1024 * 1024
MIB = 1024 * 1024
NOON = "2026-01-31T12:00:00.123456789Z"
STAMP = NOON.encode() + b" "

WRITTEN = (
    STAMP + b"one\n" + STAMP + b"\n" + STAMP + b"bad \xff\xfe\n" + STAMP + b"\x1b[31m{{ 7*7 }}\r\n" + STAMP + b"end"
)
READ = [b"one", b"", b"bad \xff\xfe", b"\x1b[31m{{ 7*7 }}\r", b"end"]


def plain(*chunks: bytes, limit: int = LIMIT, terminal: bool = False) -> list[LogLine]:
    return list(plain_lines(chunks, limit=limit, terminal=terminal))


def framed(*frames: tuple[str, bytes], limit: int = LIMIT) -> list[LogLine]:
    return list(framed_lines(frames, limit=limit))


def in_parts(message: bytes, *, stamp: bytes = STAMP) -> bytes:
    """Return a line as a node with Docker sends a long one: with a moment before each part."""
    parts = [message[begin : begin + PART] for begin in range(0, len(message), PART)] or [b""]
    return b"".join(stamp + part for part in parts)


@pytest.mark.parametrize("place", range(len(WRITTEN) + 1))
def test_lines_are_the_same_wherever_they_are_split(place: int) -> None:
    assert plain(WRITTEN[:place], WRITTEN[place:]) == [LogLine(NOON, "", message) for message in READ]


def test_lines_that_come_byte_by_byte_are_the_same() -> None:
    assert plain(*(bytes([byte]) for byte in WRITTEN)) == plain(WRITTEN)


MESSAGES = st.lists(st.binary(max_size=12).map(lambda written: written.replace(b"\n", b"")), max_size=6)


@given(MESSAGES, st.lists(st.integers(0, 300), max_size=6), st.sampled_from((b"\n", b"")))
def test_whatever_is_written_comes_back_in_pieces_of_any_size(
    messages: list[bytes], places: list[int], end: bytes
) -> None:
    written = b"\n".join(STAMP + message for message in messages) + (end if messages else b"")
    bounds = [0, *sorted(places), len(written)]
    chunks = [written[begin:end] for begin, end in zip(bounds, bounds[1:])]
    assert [line.message for line in plain(*chunks)] == messages
    assert all(line.time == NOON and not line.cut for line in plain(*chunks))


@pytest.mark.parametrize("written", [(), (b"",), (b"", b"")])
def test_of_nothing_comes_no_line(written: tuple[bytes, ...]) -> None:
    assert plain(*written) == []


@pytest.mark.parametrize(
    ("written", "time", "message"),
    [
        (b"2026-01-31T13:00:00.5+01:00 hello\n", "2026-01-31T12:00:00.500000000Z", b"hello"),
        (b"2026-01-31T12:00:00Z hello\n", "2026-01-31T12:00:00.000000000Z", b"hello"),
        (STAMP + b" indented\n", NOON, b" indented"),
        (STAMP + STAMP + b"said itself\n", NOON, STAMP + b"said itself"),
        # An empty line may have lost the blank.
        (NOON.encode() + b"\n", NOON, b""),
        (NOON.encode(), NOON, b""),
        # What a node says of a log that is gone has no moment.
        (
            b"unable to retrieve container logs for docker://1\n",
            "",
            b"unable to retrieve container logs for docker://1",
        ),
        (b"2026-99-31T12:00:00Z hello\n", "", b"2026-99-31T12:00:00Z hello"),
        (b"\n", "", b""),
        (b"\xff\xff \xff\n", "", b"\xff\xff \xff"),
    ],
)
def test_a_line_begins_with_its_moment_if_it_has_one(written: bytes, time: str, message: bytes) -> None:
    assert plain(written) == [LogLine(time, "", message)]


def test_a_terminal_ends_its_lines_with_one_carriage_return() -> None:
    lines = plain(STAMP + b"one\r\n" + STAMP + b"two\r\r\n" + STAMP + b"three\rfour\n", terminal=True)
    assert [line.message for line in lines] == [b"one", b"two\r", b"three\rfour"]


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, 3 * PART - 1, MIB, MIB + 7])
@pytest.mark.parametrize("stamp", [STAMP, b"2026-01-31T13:00:00.123456789+01:00 "])
@pytest.mark.parametrize("chunk", [1000, 64 * 1024])
def test_a_long_line_that_came_in_parts_is_one(size: int, stamp: bytes, chunk: int) -> None:
    message = bytes(33 + number % 94 for number in range(size % 8192)) + b"x" * (size - size % 8192)
    written = in_parts(message, stamp=stamp) + b"\n" + STAMP + b"next\n"
    chunks = [written[begin : begin + chunk] for begin in range(0, len(written), chunk)]
    assert plain(*chunks) == [LogLine(NOON, "", message), LogLine(NOON, "", b"next")]


def test_a_long_line_that_came_as_one_is_left_as_it_is() -> None:
    message = b"y" * (PART + 5) + STAMP + b"z" * 3 * PART
    assert plain(STAMP + message + b"\n") == [LogLine(NOON, "", message)]


@pytest.mark.parametrize("limit", [2, 100, PART, PART + 1, 2 * PART])
@pytest.mark.parametrize("over", [-1, 0, 1, 40, 100_000])
def test_a_line_is_cut_at_the_limit_and_not_before(limit: int, over: int) -> None:
    message = b"m" * (limit + over)
    for written in (STAMP + message, in_parts(message), message):
        for end in (b"\n", b""):
            (line,) = plain(written + end, limit=limit)
            assert (line.message, line.cut) == (message[:limit], over > 0)


def test_after_a_line_that_was_cut_the_next_is_whole() -> None:
    lines = plain(STAMP + b"x" * 100_000, b"y" * 100_000 + b"\n" + STAMP, b"next\n", limit=10)
    assert [(line.message, line.cut) for line in lines] == [(b"x" * 10, True), (b"next", False)]


def peak_of(lines: Iterator[LogLine]) -> tuple[LogLine, int]:
    """Return the only line, and the most memory that was in use while it came."""
    tracemalloc.start()
    try:
        (line,) = lines
        return line, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_of_an_endless_line_no_more_is_kept_than_wanted() -> None:
    chunk = b"x" * 64 * 1024
    line, most = peak_of(plain_lines(repeat(chunk, 1024), limit=1000))
    assert (line.message, line.cut) == (chunk[:1000], True)
    assert most < MIB


def test_of_an_endless_line_of_frames_no_more_is_kept_than_wanted() -> None:
    frame = STAMP + b"x" * PART
    line, most = peak_of(framed_lines(repeat(("stdout", frame), 4096), limit=1000))
    assert (line.message, line.cut) == (b"x" * 1000, True)
    assert most < MIB


def test_frames_are_lines_of_their_streams() -> None:
    frames = [("stdout", STAMP + b"one\n"), ("stderr", STAMP + b"two\n"), ("stdout", STAMP + b"\n")]
    assert framed(*frames) == [
        LogLine(NOON, "stdout", b"one"),
        LogLine(NOON, "stderr", b"two"),
        LogLine(NOON, "stdout", b""),
    ]


def test_parts_go_on_in_their_own_stream() -> None:
    later = b"2026-01-31T12:00:01.000000000Z "
    frames = [("stdout", STAMP + b"o" * PART), ("stderr", STAMP + b"error\n"), ("stdout", later + b"ut\n")]
    assert framed(*frames) == [
        LogLine(NOON, "stderr", b"error"),
        LogLine(NOON, "stdout", b"o" * PART + b"ut"),
    ]


@pytest.mark.parametrize("size", [PART, 2 * PART, 2 * PART + 1, MIB])
def test_a_long_line_of_frames_is_one(size: int) -> None:
    message = b"z" * size
    frames = [("stdout", STAMP + message[begin : begin + PART]) for begin in range(0, size, PART)]
    assert framed(*frames, ("stdout", STAMP + b"\n")) == [LogLine(NOON, "stdout", message)]
    assert framed(*frames) == [LogLine(NOON, "stdout", message)]


def test_a_frame_may_hold_several_lines_and_the_beginning_of_another() -> None:
    frames = [("stdout", STAMP + b"one\ntwo\nthr"), ("stdout", STAMP + b"ee\n")]
    assert [line.message for line in framed(*frames)] == [b"one", b"two", b"three"]


def test_what_has_no_end_when_the_log_ends_is_a_line() -> None:
    frames = [("stdout", STAMP + b"out"), ("stderr", STAMP + b"err")]
    assert framed(*frames) == [LogLine(NOON, "stdout", b"out"), LogLine(NOON, "stderr", b"err")]


@given(
    st.lists(st.tuples(st.sampled_from(("stdout", "stderr")), st.binary(min_size=1, max_size=8)), max_size=8),
    st.integers(1, 9),
)
@settings(max_examples=200)
def test_of_frames_each_stream_comes_back_as_it_was_written(frames: list[tuple[str, bytes]], limit: int) -> None:
    lines = framed(*((stream, STAMP + content) for stream, content in frames), limit=limit)
    for stream in ("stdout", "stderr"):
        written = b"".join(content for name, content in frames if name == stream)
        *wanted, rest = written.split(b"\n")
        wanted += [rest] if rest else []
        found = [line for line in lines if line.stream == stream]
        assert [line.message for line in found] == [message[:limit] for message in wanted]
        assert [line.cut for line in found] == [len(message) > limit for message in wanted]
