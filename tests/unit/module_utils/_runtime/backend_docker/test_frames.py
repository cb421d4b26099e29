# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames, from chunks that end anywhere."""

from __future__ import annotations

import random

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.frames import read_frames
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.lines import PART, framed_lines
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import frame

STAMP = b"2026-01-31T12:00:00.000000001Z "
FRAMES = (
    (1, STAMP + b"one\n"),
    (2, STAMP + b"\n"),
    (1, STAMP + b"caf\xc3\xa9 \x00\x01\n"),
    (1, b""),
    (2, STAMP + b"\xff\xfe no text\n"),
    (1, STAMP + b"begun, "),
    (2, STAMP + b"between\n"),
    (1, STAMP + b"ended\n"),
    (0, STAMP + b"echo\n"),
    (2, STAMP + b"no newline"),
)
SENT = b"".join(frame(stream, content) for stream, content in FRAMES)
READ = [("stderr" if stream == 2 else "stdout", content) for stream, content in FRAMES]


def test_each_frame_is_of_its_stream() -> None:
    assert list(read_frames([SENT])) == READ


@pytest.mark.parametrize("place", range(len(SENT) + 1))
def test_two_chunks_are_read_alike_wherever_the_first_one_ends(place: int) -> None:
    assert list(read_frames([SENT[:place], SENT[place:]])) == READ


def test_single_bytes_are_read_alike() -> None:
    assert list(read_frames(SENT[place : place + 1] for place in range(len(SENT)))) == READ


def test_lines_are_the_same_however_frames_are_split() -> None:
    chance = random.Random(4)  # noqa: S311 - no secret
    long = b"".join(frame(1, STAMP + b"x" * PART) for _number in range(5)) + frame(1, STAMP + b"end\n")
    sent = SENT + long + SENT
    whole = list(framed_lines(read_frames([sent]), limit=10**6))
    assert [len(line.message) for line in whole].count(5 * PART + 3) == 1
    for _attempt in range(200):
        places = sorted(chance.randrange(len(sent)) for _number in range(chance.randrange(1, 40)))
        chunks = [sent[begin:end] for begin, end in zip([0, *places], [*places, len(sent)])]
        assert list(framed_lines(read_frames(chunks), limit=10**6)) == whole


@pytest.mark.parametrize("missing", range(1, 10))
def test_of_an_incomplete_last_frame_what_came_is_kept(missing: int) -> None:
    sent = frame(1, b"one\n") + frame(2, b"two words\n")
    assert list(read_frames([sent[:-missing]])) == [("stdout", b"one\n"), ("stderr", b"two words\n"[:-missing])]


@pytest.mark.parametrize("size", range(1, 9))
def test_of_an_incomplete_last_header_nothing_is_made(size: int) -> None:
    assert list(read_frames([frame(1, b"one\n") + frame(2, b"two\n")[:size]])) == [("stdout", b"one\n")]


def test_nothing_is_no_frame() -> None:
    assert list(read_frames([])) == list(read_frames([b"", b""])) == []


@pytest.mark.parametrize("sent", [frame(3, b"log rotated\naway\n"), frame(3, b"log rotated\naway\n")[:-1]])
def test_an_error_of_the_daemon_comes_after_what_was_read(sent: bytes) -> None:
    frames = read_frames([frame(1, b"one\n") + sent])
    assert next(frames) == ("stdout", b"one\n")
    with pytest.raises(ApiError, match=r"the daemon ended the log: log rotated away\. Hint"):
        next(frames)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"a line of a terminal\r\n", id="text"),
        pytest.param(b"<!", id="little text"),
        pytest.param(b"\x01\x00\x01\x00\x00\x00\x00\x01x", id="no zeros"),
        pytest.param(b"\x04\x00\x00\x00\x00\x00\x00\x01x", id="no stream"),
        pytest.param(frame(1, b"one\n") + b"{}", id="after a frame"),
    ],
)
def test_what_is_no_frame_is_an_error(sent: bytes) -> None:
    with pytest.raises(ApiError, match="no multiplexed stream"):
        list(read_frames([sent]))
