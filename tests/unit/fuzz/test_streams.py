# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs that are cut and torn anywhere: what comes of them are lines, or an error of ours."""

from __future__ import annotations

import json

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.frames import read_frames
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.lines import framed_lines, plain_lines
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.text import decode
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import read_moment
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import frame
from ansible_collections.nekzus.runtime.tests.unit.fuzz.effort import effort
from ansible_collections.nekzus.runtime.tests.unit.fuzz.strategies import chunks, torn
from hypothesis import given
from hypothesis import strategies as st

LIMIT = 64
STAMP = b"2026-01-31T12:00:00.123456789Z "
ZONED = b"2026-01-31T12:00:00.1+02:00 "
WRITTEN = STAMP + b"one\n" + ZONED + b"caf\xc3\xa9 \x00\n" + STAMP + b"\n" + STAMP + b"x" * 90 + b"\r\n" + STAMP
SENT = b"".join(
    frame(stream, content)
    for stream, content in ((1, STAMP + b"one\n"), (2, STAMP + b"two"), (0, b""), (2, STAMP + b"\xff\n"), (1, STAMP))
)


def sound(lines: list[object]) -> None:
    """See that lines have a moment or none, are no longer than they may be, and print."""
    for line in lines:
        time, message = getattr(line, "time", None), getattr(line, "message", None)
        assert isinstance(message, bytes)
        assert len(message) <= LIMIT
        assert time == "" or read_moment(str(time)) == time
        json.dumps(decode(message))


@effort(150)
@given(st.data())
def test_lines_of_any_bytes_are_lines_and_the_same_in_any_pieces(data: st.DataObject) -> None:
    written = data.draw(torn(WRITTEN) | st.binary(max_size=200))
    terminal = data.draw(st.booleans())
    lines = list(plain_lines([written], limit=LIMIT, terminal=terminal))
    sound([*lines])
    assert list(plain_lines(data.draw(chunks(written)), limit=LIMIT, terminal=terminal)) == lines


@effort(150)
@given(st.data())
def test_frames_of_any_bytes_are_read_the_same_in_any_pieces_or_refused(data: st.DataObject) -> None:
    sent = data.draw(torn(SENT) | st.binary(max_size=60))
    whole, in_pieces = outcome([sent]), outcome(data.draw(chunks(sent)))
    assert in_pieces == whole
    assert "None" not in whole[1]
    sound([*whole[0]])


def outcome(pieces: list[bytes]) -> tuple[list[object], str]:
    """Return the lines up to the end or to the error, and its words."""
    found: list[object] = []
    try:
        found.extend(framed_lines(read_frames(pieces), limit=LIMIT))
    except ApiError as error:
        return [], f"{error} {error.hint}"
    return found, ""
