# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing one container from every state into every other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

RUNNING, STOPPED, PAUSED, FAILED = State.RUNNING, State.STOPPED, State.PAUSED, State.FAILED
RESTARTING, PENDING = State.RESTARTING, State.PENDING


class Transition(NamedTuple):
    """What a task wants of a container in a state, and what becomes of it."""

    desired: Desired
    before: State
    changed: bool
    after: State
    failure: str | None = None

    def __str__(self) -> str:
        """Print as ``paused to started``."""
        return f"{self.before} to {self.desired}"


TABLE = [
    Transition(Desired.STARTED, RUNNING, changed=False, after=RUNNING),
    Transition(Desired.STARTED, STOPPED, changed=True, after=RUNNING),
    Transition(Desired.STARTED, PAUSED, changed=True, after=RUNNING),
    Transition(Desired.STARTED, PENDING, changed=False, after=PENDING, failure="conflict"),
    Transition(Desired.STARTED, FAILED, changed=False, after=FAILED, failure="conflict"),
    Transition(Desired.STOPPED, RUNNING, changed=True, after=STOPPED),
    Transition(Desired.STOPPED, STOPPED, changed=False, after=STOPPED),
    Transition(Desired.STOPPED, PAUSED, changed=True, after=STOPPED),
    Transition(Desired.STOPPED, RESTARTING, changed=True, after=STOPPED),
    Transition(Desired.STOPPED, PENDING, changed=False, after=PENDING, failure="conflict"),
    Transition(Desired.STOPPED, FAILED, changed=False, after=FAILED),
    Transition(Desired.RESTARTED, RUNNING, changed=True, after=RUNNING),
    Transition(Desired.RESTARTED, STOPPED, changed=True, after=RUNNING),
    Transition(Desired.RESTARTED, PAUSED, changed=True, after=RUNNING),
    Transition(Desired.RESTARTED, RESTARTING, changed=True, after=RUNNING),
    Transition(Desired.RESTARTED, PENDING, changed=False, after=PENDING, failure="conflict"),
    Transition(Desired.RESTARTED, FAILED, changed=False, after=FAILED, failure="conflict"),
    Transition(Desired.PAUSED, RUNNING, changed=True, after=PAUSED),
    Transition(Desired.PAUSED, PAUSED, changed=False, after=PAUSED),
    Transition(Desired.PAUSED, STOPPED, changed=False, after=STOPPED, failure="conflict"),
    Transition(Desired.PAUSED, RESTARTING, changed=False, after=RESTARTING, failure="conflict"),
    Transition(Desired.PAUSED, PENDING, changed=False, after=PENDING, failure="conflict"),
    Transition(Desired.PAUSED, FAILED, changed=False, after=FAILED, failure="conflict"),
]
every_transition = pytest.mark.parametrize("transition", TABLE, ids=str)
repeatable = pytest.mark.parametrize(
    "transition", [one for one in TABLE if not one.failure and one.desired is not Desired.RESTARTED], ids=str
)
waits = pytest.mark.parametrize("wait", [pytest.param(True, id="waiting"), pytest.param(False, id="not waiting")])


@waits
@every_transition
def test_a_container_is_brought_where_it_should_be(backend: Backend, transition: Transition, *, wait: bool) -> None:
    backend.create("web", transition.before)
    (result,) = carry_out(backend, transition.desired, named("web"), wait=wait)
    assert (result.state_before, result.state_after) == (transition.before, transition.after)
    assert result.changed is transition.changed
    assert result.success is (transition.failure is None)
    assert (result.failure["code"] if result.failure else None) == transition.failure
    assert backend.look("web").state is transition.after
    assert bool(backend.changed_names) is transition.changed


@waits
@every_transition
def test_predicting_says_what_carrying_out_then_does(backend: Backend, transition: Transition, *, wait: bool) -> None:
    backend.create("web", transition.before)
    predicted = predict(backend, transition.desired, named("web"), wait=wait)
    assert (predicted[0].changed, predicted[0].state_after) == (transition.changed, transition.after)
    assert predicted == carry_out(backend, transition.desired, named("web"), wait=wait)


@every_transition
def test_predicting_writes_nothing_and_reads_once(backend: Backend, transition: Transition) -> None:
    backend.create("web", transition.before)
    predict(backend, transition.desired, named("web"))
    assert backend.changed_names == []
    assert len(backend.requests) == 1
    assert backend.look("web").state is transition.before


@repeatable
def test_the_second_time_nothing_changes_and_one_read_is_all(backend: Backend, transition: Transition) -> None:
    backend.create("web", transition.before)
    carry_out(backend, transition.desired, named("web"))
    requests, writes = len(backend.requests), len(backend.changed_names)
    (result,) = carry_out(backend, transition.desired, named("web"))
    assert (result.changed, result.success) == (False, True)
    assert len(backend.requests) == requests + 1
    assert len(backend.changed_names) == writes


def test_a_restart_is_a_change_each_time(backend: Backend) -> None:
    backend.create("web")
    for _time in range(2):
        (result,) = carry_out(backend, Desired.RESTARTED, named("web"))
        assert (result.changed, result.state_after) == (True, RUNNING)
    assert len(backend.changed_names) == 2


def test_a_restarting_container_that_comes_up_is_started_without_a_change(backend: Backend) -> None:
    backend.create("web", RESTARTING)
    backend.before_look(lambda: backend.force_state("web", RUNNING), name="web")
    assert predict(backend, Desired.STARTED, named("web")) == carry_out(backend, Desired.STARTED, named("web"))
    assert backend.changed_names == []


def test_a_restarting_container_is_not_said_to_run_when_nobody_waits(backend: Backend) -> None:
    backend.create("web", RESTARTING)
    predicted = predict(backend, Desired.STARTED, named("web"), wait=False)
    done = carry_out(backend, Desired.STARTED, named("web"), wait=False)
    assert [one.changed for one in done] == [False]
    assert [one.state_after for one in done] == [RESTARTING]
    assert predicted == done


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
