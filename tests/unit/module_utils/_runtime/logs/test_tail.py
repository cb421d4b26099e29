# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a log, and several logs as one."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogLine, LogSource
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.tail import Entry, LogTail, interleave
from hypothesis import given
from hypothesis import strategies as st

PLENTY = 1000


def entry(message: str, time: str = "", source: str = "app", *, cut: bool = False) -> Entry:
    return Entry(time, LogSource(source), LogLine(time, "", message.encode(), cut))


def messages(tail: LogTail) -> list[str]:
    return [each.line.message.decode() for each in tail.entries]


def of(*written: str, lines: int | None = None, size: int = PLENTY) -> LogTail:
    tail = LogTail(lines=lines, size=size)
    for message in written:
        tail.add(entry(message))
    return tail


@pytest.mark.parametrize(
    ("lines", "size", "kept", "truncated"),
    [
        (None, PLENTY, ["a", "bb", "ccc"], False),
        (3, PLENTY, ["a", "bb", "ccc"], False),
        (2, PLENTY, ["bb", "ccc"], False),
        (0, PLENTY, [], False),
        # Each has a newline besides.
        (None, 9, ["a", "bb", "ccc"], False),
        (None, 8, ["bb", "ccc"], True),
        (None, 6, ["ccc"], True),
        (2, 8, ["bb", "ccc"], False),
        (2, 6, ["ccc"], True),
        # A single line is cut by who reads it, not here.
        (None, 1, ["ccc"], True),
    ],
)
def test_the_newest_lines_are_kept_and_what_does_not_fit_is_told(
    *, lines: int | None, size: int, kept: list[str], truncated: bool
) -> None:
    tail = of("a", "bb", "ccc", lines=lines, size=size)
    assert (messages(tail), tail.truncated) == (kept, truncated)


def test_what_was_too_big_but_is_not_among_the_last_lines_is_no_loss() -> None:
    assert of("x" * 90, "y" * 90, lines=2, size=100).truncated
    assert not of("x" * 90, "y" * 90, "a", "b", lines=2, size=100).truncated
    assert of("x" * 90, "y" * 90, "a", lines=3, size=100).truncated


@given(st.lists(st.text("ab", max_size=5)), st.none() | st.integers(0, 8), st.integers(1, 30))
def test_what_is_kept_is_the_end_of_what_was_written(written: list[str], lines: int | None, size: int) -> None:
    tail = of(*written, lines=lines, size=size)
    kept = messages(tail)
    assert kept == written[len(written) - len(kept) :]
    assert sum(len(message) + 1 for message in kept) <= size or len(kept) == 1
    wanted = len(written) if lines is None else min(lines, len(written))
    assert tail.truncated == (len(kept) < wanted)


def test_logs_are_put_together_by_time() -> None:
    first = [entry("1", "t1"), entry("4", "t4")]
    second = [entry("2", "t2", "db"), entry("3", "t3", "db"), entry("5", "t5", "db")]
    assert messages(interleave([first, second, []], size=PLENTY)) == ["1", "2", "3", "4", "5"]


def test_what_came_at_the_same_time_is_in_the_order_of_the_logs() -> None:
    parts = [[entry(f"{name}{number}", "t", name) for number in range(2)] for name in "ab"]
    assert messages(interleave(parts, size=PLENTY)) == ["a0", "a1", "b0", "b1"]


def test_of_logs_put_together_the_newest_lines_fit() -> None:
    parts = [[entry("old", "t1"), entry("new", "t3")], [entry("mid", "t2", "db")]]
    together = interleave(parts, size=8)
    assert (messages(together), together.truncated) == (["mid", "new"], True)


def test_a_line_that_was_cut_is_a_loss_if_it_is_kept() -> None:
    cut = [entry("long", "t1", cut=True)]
    assert interleave([cut], size=PLENTY).truncated
    assert not interleave([[entry("short", "t1")]], size=PLENTY).truncated
