# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing many containers in one task."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError, PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, path, predict, selected

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

BROKEN = ApiError("it is broken (HTTP 500)")


def fill(backend: Backend, *names: str) -> None:
    for name in names:
        backend.create(name)


@pytest.mark.parametrize("max_concurrent", [1, 2, 5])
def test_no_more_are_changed_at_once_than_allowed_and_no_fewer(backend: Backend, max_concurrent: int) -> None:
    names = [f"web-{number}" for number in range(12)]
    fill(backend, *names)
    backend.gather_changes(max_concurrent + 1)
    results = carry_out(backend, Desired.STOPPED, named(*names), max_concurrent=max_concurrent)
    assert all(result.success for result in results)
    assert backend.most_changing == max_concurrent


def test_the_bound_is_five_unless_said_otherwise(backend: Backend) -> None:
    fill(backend, *(f"web-{number}" for number in range(12)))
    backend.gather_changes(6)
    carry_out(backend, Desired.STOPPED, selected(filters={"name": ["web-*"]}))
    assert backend.most_changing == 5


def test_twenty_of_twenty_five_are_stopped_and_five_are_left_alone(backend: Backend) -> None:
    for number in range(25):
        backend.create(f"c{number:02}", labels={"tier": "front" if number < 20 else "back"})
    front = [backend.shown(f"c{number:02}") for number in range(20)]
    results = carry_out(backend, Desired.STOPPED, selected(label_selectors=["tier=front"]))
    assert [result.address for result in results] == front
    assert all(result.changed and result.success for result in results)
    assert sorted(backend.changed_names) == [f"c{number:02}" for number in range(20)]


def test_results_come_in_the_order_of_the_names(backend: Backend) -> None:
    fill(backend, "a", "b", "c")
    results = carry_out(backend, Desired.STOPPED, named("c", "nothing", "a", "b"))
    assert [result.name for result in results] == ["c", "nothing", "a", "b"]
    assert [result.success for result in results] == [True, False, True, True]


def test_a_container_named_twice_is_changed_once_and_has_two_results(backend: Backend) -> None:
    fill(backend, "web", "db")
    results = carry_out(backend, Desired.RESTARTED, named("web", "db", backend.look("web").id, backend.address("web")))
    assert sorted(backend.changed_names) == ["db", "web"]
    assert [result.name for result in results] == ["web", "db", "web", "web"]
    assert results[0] == results[2] == results[3]
    assert predict(backend, Desired.RESTARTED, named("web", "web"))[1].changed


def test_one_that_fails_does_not_touch_the_others(backend: Backend) -> None:
    fill(backend, "a", "b", "c")
    backend.fail_changes(BROKEN, name="b")
    results = carry_out(backend, Desired.STOPPED, named("a", "b", "c"))
    assert [result.success for result in results] == [True, False, True]
    assert [result.changed for result in results] == [True, False, True]
    assert [backend.look(name).state for name in "abc"] == [State.STOPPED, State.RUNNING, State.STOPPED]
    assert results[1].failure == {
        "code": "api_error",
        "message": f"{backend.runtime.type}: cannot stop {path(backend, 'b')}: it is broken (HTTP 500)",
        "runtime": str(backend.runtime.type),
        "op": "stop",
        "target": path(backend, "b"),
        "hint": None,
    }
    assert results[1].state_after is State.RUNNING


def test_an_unexpected_exception_is_one_targets_failure(backend: Backend) -> None:
    def surprise() -> None:
        raise ZeroDivisionError("by zero")

    fill(backend, "a", "b")
    backend.before_change(surprise, name="a")
    results = carry_out(backend, Desired.STOPPED, named("a", "b"))
    assert [result.success for result in results] == [False, True]
    assert results[0].failure is not None
    assert results[0].failure["code"] == "api_error"
    assert "ZeroDivisionError" in results[0].failure["message"]


def test_nothing_more_is_begun_after_a_failure_when_the_task_does_not_go_on(backend: Backend) -> None:
    fill(backend, "a", "b", "c", "d")
    backend.fail_changes(BROKEN, name="b")
    results = carry_out(backend, Desired.STOPPED, named("a", "b", "c", "d"), continue_on_error=False, max_concurrent=1)
    assert [result.success for result in results] == [True, False, None, None]
    assert [result.changed for result in results] == [True, False, False, False]
    assert [result.state_after for result in results[2:]] == [State.RUNNING] * 2
    assert [result.failure for result in results[2:]] == [None, None]
    assert backend.changed_names == ["a", "b"]


def test_those_under_way_are_finished_when_the_task_does_not_go_on(backend: Backend) -> None:
    names = ["bad", "slow", "c", "d", "e"]
    fill(backend, *names)
    slow_began, bad_failed = Event(), Event()

    def fail() -> None:
        assert slow_began.wait(5)
        bad_failed.set()
        raise ApiError("it is broken (HTTP 500)")

    def take_long() -> None:
        slow_began.set()
        assert bad_failed.wait(5)
        Event().wait(0.5)  # until the failure has got around

    backend.before_change(fail, name="bad")
    backend.before_change(take_long, name="slow")
    results = carry_out(backend, Desired.STOPPED, named(*names), continue_on_error=False, max_concurrent=2)
    assert [result.success for result in results] == [False, True, None, None, None]
    assert [result.changed for result in results] == [False, True, False, False, False]


def test_a_missing_target_keeps_the_others_from_being_begun_when_the_task_does_not_go_on(backend: Backend) -> None:
    fill(backend, "a", "b")
    predicted = predict(backend, Desired.STOPPED, named("a", "nothing", "b"), continue_on_error=False)
    results = carry_out(backend, Desired.STOPPED, named("a", "nothing", "b"), continue_on_error=False)
    assert predicted == results
    assert [result.success for result in results] == [None, False, None]
    assert [result.state_after for result in results] == [State.RUNNING, None, State.RUNNING]
    assert backend.changed_names == []


def test_a_missing_target_does_not_keep_the_others_when_the_task_goes_on(backend: Backend) -> None:
    fill(backend, "web-1")
    results = carry_out(backend, Desired.STOPPED, named("web-2", "web-1"))
    missing = results[0]
    assert (missing.id, missing.success, missing.changed) == (None, False, False)
    assert (missing.state_before, missing.state_after) == (None, None)
    assert missing.failure == {
        "code": "container_not_found",
        "message": f"{backend.runtime.type}: cannot stop web-2: {backend.words.missing}",
        "runtime": str(backend.runtime.type),
        "op": "stop",
        "target": "web-2",
        "hint": "did you mean web-1?",
    }
    assert results[1].changed


def test_an_empty_selection_has_no_results_and_writes_nothing(backend: Backend) -> None:
    fill(backend, "web")
    assert carry_out(backend, Desired.STOPPED, selected(filters={"name": ["nothing"]})) == []
    assert backend.changed_names == []


def test_an_error_of_the_user_is_the_failure_of_each(backend: Backend) -> None:
    fill(backend, "a", "b")
    backend.fail_changes(PermissionDeniedError("not allowed", hint="ask"))
    results = carry_out(backend, Desired.RESTARTED, named("a", "b"))
    assert [result.failure and result.failure["code"] for result in results] == ["permission_denied"] * 2
    assert [result.failure and result.failure["target"] for result in results] == [
        path(backend, name) for name in ("a", "b")
    ]


def test_an_unchanged_run_over_twenty_is_no_more_than_finding_them(backend: Backend) -> None:
    names = [f"web-{number}" for number in range(20)]
    fill(backend, *names)
    results = carry_out(backend, Desired.STARTED, named(*names))
    assert [result.changed for result in results] == [False] * 20
    assert len(backend.requests) == backend.costs.find(20)


def test_a_change_without_waiting_is_finding_it_a_write_and_a_look(backend: Backend) -> None:
    fill(backend, "web")
    carry_out(backend, Desired.STOPPED, named("web"), wait=False)
    costs = backend.costs
    assert len(backend.requests) == costs.find(1) + 1 + costs.again + costs.cautions


def test_waiting_for_a_stop_looks_once(backend: Backend) -> None:
    fill(backend, "web")
    carry_out(backend, Desired.STOPPED, named("web"))
    costs = backend.costs
    assert len(backend.requests) == costs.find(1) + 1 + costs.wait + costs.cautions
    assert backend.clock.slept == 0
