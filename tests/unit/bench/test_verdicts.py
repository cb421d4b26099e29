# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Goals are met by the figures alone."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.tests.bench.curve import same_requests, straight
from ansible_collections.nekzus.runtime.tests.bench.verdict import (
    Goal,
    Judgement,
    Verdict,
    faster,
    judged,
    peak_within,
    requests_within,
    within,
)
from ansible_collections.nekzus.runtime.tests.unit.bench.results import result

RESULTS = {
    "ours": result("ours", 1.0, 1.2, 5.0, requests=2, mebibytes=60),
    "theirs": result("theirs", 3.0, requests=40),
    "empty": result("empty", 1.0),
}


def test_seconds_are_the_median_and_may_be_less_those_of_another() -> None:
    assert within("ours", 1.2)(RESULTS) == Judgement("1.20 s", met=True)
    assert not within("ours", 1.1)(RESULTS).met
    assert within("ours", 0.3, over="empty")(RESULTS) == Judgement("0.20 s (1.20 s, less 1.00 s)", met=True)
    assert not within("ours", 0.1, over="empty")(RESULTS).met


def test_memory_and_requests_have_bounds() -> None:
    assert peak_within("ours", 60)(RESULTS) == Judgement("60 MiB", met=True)
    assert not peak_within("ours", 59)(RESULTS).met
    assert requests_within("ours", 2)(RESULTS) == Judgement("2", met=True)
    assert not requests_within("ours", 1)(RESULTS).met


def test_requests_that_were_not_counted_are_no_requests_at_all() -> None:
    with pytest.raises(AssertionError, match="of empty are not counted"):
        requests_within("empty", 1)(RESULTS)


def test_to_be_faster_takes_being_faster_than_all() -> None:
    assert faster("ours", "theirs")(RESULTS) == Judgement("theirs takes 2.5 times as long", met=True)
    assert not faster("ours", "theirs", "empty")(RESULTS).met


def test_a_verdict_has_the_words_of_the_goal() -> None:
    goal = Goal("at most 1 s", within("ours", 1.0), "It waits.")
    assert judged(goal, RESULTS) == Verdict("at most 1 s", Judgement("1.20 s", met=False), "It waits.")


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        ({10: 1.0, 100: 1.0, 1000: 1.0}, "met"),
        ({10: 1.01, 100: 1.1, 1000: 2.0}, "met"),
        ({10: 1.0, 100: 1.1, 1000: 12.0}, "missed"),
        ({1: 1.2, 10: 1.0, 100: 1.1}, "met"),
        ({1: 1.1, 10: 1.0, 100: 3.0}, "missed"),
    ],
)
def test_the_largest_size_must_not_take_more_than_the_smaller_ones_say(seconds: dict[int, float], verdict: str) -> None:
    results = {size: {"ours": result("ours", took)} for size, took in seconds.items()}
    assert straight("ours")(results).met is (verdict == "met")


def test_requests_may_grow_as_they_are_said_to() -> None:
    results = {size: {"ours": result("ours", 1.0, requests=count)} for size, count in ((100, 1), (900, 2))}
    assert same_requests("ours", lambda size: -(-size // 500))(results) == Judgement("1 for 100, 2 for 900", met=True)
    assert not same_requests("ours", lambda _size: 1)(results).met
