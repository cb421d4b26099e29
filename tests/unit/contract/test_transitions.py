# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing one container from every state into every other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import each, having
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend, Transition

RUNNING, STOPPED, RESTARTING = State.RUNNING, State.STOPPED, State.RESTARTING


def repeatable_of(backend: type[Backend]) -> Sequence[Transition]:
    return [one for one in backend.transitions if not one.failure and one.desired is not Desired.RESTARTED]


every_transition = each("transition", lambda backend: backend.transitions)
repeatable = each("transition", repeatable_of)
waits = pytest.mark.parametrize("wait", [pytest.param(True, id="waiting"), pytest.param(False, id="not waiting")])


@waits
@every_transition
def test_a_container_is_brought_where_it_should_be(backend: Backend, transition: Transition, *, wait: bool) -> None:
    after = transition.after if wait else transition.unwaited or transition.after
    backend.create("web", transition.before)
    (result,) = carry_out(backend, transition.desired, named("web"), wait=wait)
    assert (result.state_before, result.state_after) == (transition.before, after)
    assert result.changed is transition.changed
    assert result.success is (transition.failure is None)
    assert (result.failure["code"] if result.failure else None) == transition.failure
    assert backend.look("web").state is after
    assert bool(backend.changed_names) is transition.changed


@waits
@every_transition
def test_predicting_says_what_carrying_out_then_does(backend: Backend, transition: Transition, *, wait: bool) -> None:
    after = transition.after if wait else transition.unwaited or transition.after
    backend.create("web", transition.before)
    predicted = predict(backend, transition.desired, named("web"), wait=wait)
    assert (predicted[0].changed, predicted[0].state_after) == (transition.changed, after)
    assert predicted == carry_out(backend, transition.desired, named("web"), wait=wait)


@every_transition
def test_predicting_writes_nothing_and_reads_no_more_than_it_must(backend: Backend, transition: Transition) -> None:
    backend.create("web", transition.before)
    predict(backend, transition.desired, named("web"))
    assert backend.changed_names == []
    rehearsal = transition.desired in backend.costs.rehearsed
    assert len(backend.requests) == backend.costs.find(1) + (backend.costs.cautions + rehearsal) * transition.changed
    assert backend.look("web").state is transition.before


@repeatable
def test_the_second_time_nothing_changes_and_finding_it_is_all(backend: Backend, transition: Transition) -> None:
    backend.create("web", transition.before)
    carry_out(backend, transition.desired, named("web"))
    requests, writes = len(backend.requests), len(backend.changed_names)
    (result,) = carry_out(backend, transition.desired, named("web"))
    assert (result.changed, result.success) == (False, True)
    assert len(backend.requests) == requests + backend.costs.find(1)
    assert len(backend.changed_names) == writes


def test_a_restart_is_a_change_each_time(backend: Backend) -> None:
    backend.create("web")
    for _time in range(2):
        (result,) = carry_out(backend, Desired.RESTARTED, named("web"))
        assert (result.changed, result.state_after) == (True, RUNNING)
    assert len(backend.changed_names) == 2


@having(Trait.RESTART_POLICY)
def test_a_restarting_container_that_comes_up_is_started_without_a_change(backend: Backend) -> None:
    backend.create("web", RESTARTING)
    backend.before_look(lambda: backend.force_state("web", RUNNING), name="web")
    assert predict(backend, Desired.STARTED, named("web")) == carry_out(backend, Desired.STARTED, named("web"))
    assert backend.changed_names == []


@having(Trait.RESTART_POLICY)
def test_what_was_left_alone_and_ends_by_itself_is_a_failure_without_a_change(backend: Backend) -> None:
    backend.create("web", RESTARTING)
    backend.before_look(lambda: backend.force_state("web", STOPPED), name="web")
    (result,) = carry_out(backend, Desired.STARTED, named("web"))
    assert (result.success, result.changed, result.state_after) == (False, False, STOPPED)
    assert backend.changed_names == []


@having(Trait.RESTART_POLICY)
def test_a_restarting_container_is_not_said_to_run_when_nobody_waits(backend: Backend) -> None:
    backend.create("web", RESTARTING)
    predicted = predict(backend, Desired.STARTED, named("web"), wait=False)
    done = carry_out(backend, Desired.STARTED, named("web"), wait=False)
    assert [one.changed for one in done] == [False]
    assert [one.state_after for one in done] == [RESTARTING]
    assert predicted == done


@having(Trait.PAUSE)
def test_a_conflict_says_what_to_do(backend: Backend) -> None:
    backend.create("web", STOPPED)
    (result,) = carry_out(backend, Desired.PAUSED, named("web"))
    assert result.failure == {
        "code": "conflict",
        "message": f"{backend.runtime.type}: cannot pause web: it is stopped, not running",
        "runtime": str(backend.runtime.type),
        "op": "pause",
        "target": "web",
        "hint": "start it first",
    }


def test_a_result_says_which_container_it_is_about(backend: Backend) -> None:
    backend.create("web")
    (result,) = carry_out(backend, Desired.STOPPED, named(backend.look("web").short_id))
    assert result.address == backend.address("web")
    assert result.id == backend.look("web").id
    assert (result.runtime, result.name) == (backend.runtime.type, "web")
    assert (result.warnings, result.failure) == ((), None)
