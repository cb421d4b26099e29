# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded concurrency with one outcome for every item."""

from __future__ import annotations

from threading import Barrier, Event, Lock

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.bulk import Leave, run_bulk, run_in_turns
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError, ConflictError


class Doubling:
    """Doubles numbers, and fails on some."""

    def __init__(self, *bad: int, error: BaseException | None = None) -> None:
        """Take the numbers to fail on."""
        self._bad = bad
        self._error = error or ConflictError("no")
        self._lock = Lock()
        self.seen: list[int] = []

    def __call__(self, number: int) -> int:
        """Double it."""
        with self._lock:
            self.seen.append(number)
        if number in self._bad:
            raise self._error
        return number * 2


@pytest.mark.parametrize("max_concurrent", [1, 2, 50])
def test_outcomes_come_in_the_order_of_the_items(max_concurrent: int) -> None:
    outcomes = run_bulk(range(20), Doubling(), max_concurrent=max_concurrent)
    assert [outcome.value for outcome in outcomes] == [number * 2 for number in range(20)]


def test_nothing_to_do_is_no_outcome() -> None:
    assert run_bulk([], Doubling(), max_concurrent=5) == []


def test_as_many_run_at_once_as_allowed() -> None:
    barrier = Barrier(4, timeout=5)
    outcomes = run_bulk(range(8), lambda _item: barrier.wait() >= 0, max_concurrent=4)
    assert [outcome.value for outcome in outcomes] == [True] * 8


def test_one_at_a_time_is_one_after_the_other() -> None:
    doubling = Doubling()
    run_bulk(range(5), doubling, max_concurrent=1)
    assert doubling.seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("max_concurrent", [1, 3])
def test_one_that_fails_does_not_touch_the_others(max_concurrent: int) -> None:
    outcomes = run_bulk(range(4), Doubling(1), max_concurrent=max_concurrent)
    assert [outcome.value for outcome in outcomes] == [0, None, 4, 6]
    assert isinstance(outcomes[1].error, ConflictError)
    assert all(outcome.attempted for outcome in outcomes)


@pytest.mark.parametrize("max_concurrent", [1, 3])
def test_a_surprise_becomes_an_error_of_its_item(max_concurrent: int) -> None:
    surprise = ZeroDivisionError("by zero")
    outcomes = run_bulk(range(3), Doubling(1, error=surprise), max_concurrent=max_concurrent)
    error = outcomes[1].error
    assert isinstance(error, ApiError)
    assert error.__cause__ is surprise
    assert "ZeroDivisionError: by zero" in str(error)
    assert [outcome.value for outcome in outcomes] == [0, None, 4]


def test_nothing_more_is_begun_after_a_failure_when_asked_so() -> None:
    doubling = Doubling(1)
    outcomes = run_bulk(range(5), doubling, max_concurrent=1, continue_on_error=False)
    assert doubling.seen == [0, 1]
    assert [outcome.attempted for outcome in outcomes] == [True, True, False, False, False]


def test_the_end_of_the_program_is_not_an_items_failure() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_bulk(range(2), Doubling(1, error=KeyboardInterrupt()), max_concurrent=1)


def test_who_has_left_keeps_nobody_from_beginning() -> None:
    everyone = Barrier(6, timeout=5)

    def leaves(_item: int, leave: Leave | None) -> int:
        assert leave
        leave()
        leave()  # which gives no second place away
        return everyone.wait()

    outcomes = run_in_turns(range(6), leaves, max_concurrent=2)
    assert sorted(outcome.value for outcome in outcomes if outcome.value is not None) == list(range(6))


def test_who_does_not_leave_has_its_turn_to_the_end() -> None:
    running, most, lock = 0, 0, Lock()

    def stays(item: int, _leave: Leave | None) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        Event().wait(0.01)
        with lock:
            running -= 1
        if item == 3:
            raise ConflictError("no")
        return item

    outcomes = run_in_turns(range(12), stays, max_concurrent=3)
    assert most == 3
    assert [outcome.value for outcome in outcomes] == [0, 1, 2, None, *range(4, 12)]
    assert isinstance(outcomes[3].error, ConflictError)


@pytest.mark.parametrize("count", [0, 1])
def test_few_need_no_turns(count: int) -> None:
    outcomes = run_in_turns(range(count), lambda item, leave: (item, leave), max_concurrent=3)
    assert [outcome.value for outcome in outcomes] == [(0, None)] * count
