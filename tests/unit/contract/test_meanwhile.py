# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else does while a task is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import each, having
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, selected

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend, Contest


@each("contest", lambda backend: backend.contests)
def test_a_conflict_is_looked_at_again_and_planned_again(backend: Backend, contest: Contest) -> None:
    backend.create("web", contest.before)
    backend.before_change(lambda: backend.force_state("web", contest.meanwhile), name="web")
    (result,) = carry_out(backend, contest.desired, named("web"))
    assert (result.success, result.changed) == (True, True)
    assert (result.state_before, result.state_after) == (contest.before, contest.after)
    assert backend.look("web").state is contest.after


@each("contest", lambda backend: backend.forestalled)
def test_what_someone_else_has_done_already_is_no_change(backend: Backend, contest: Contest) -> None:
    backend.create("web", contest.before)
    backend.before_change(lambda: backend.force_state("web", contest.meanwhile), name="web")
    (result,) = carry_out(backend, contest.desired, named("web"))
    assert (result.success, result.changed, result.state_after) == (True, False, contest.after)


@having(Trait.PAUSE)
def test_a_state_that_allows_nothing_meanwhile_is_a_conflict(backend: Backend) -> None:
    backend.create("web")
    backend.before_change(lambda: backend.force_state("web", State.STOPPED), name="web")
    (result,) = carry_out(backend, Desired.PAUSED, named("web"))
    assert result.failure is not None
    assert result.failure["code"] == "conflict"
    assert result.state_after is State.STOPPED


@having(Trait.RESTART_POLICY)
def test_one_that_its_restart_policy_starts_during_the_stop_is_stopped_again(backend: Backend) -> None:
    backend.create("web", State.RESTARTING)
    backend.before_look(lambda: backend.force_state("web", State.RUNNING), name="web")
    (result,) = carry_out(backend, Desired.STOPPED, named("web"))
    assert (result.success, result.changed, result.state_after) == (True, True, State.STOPPED)
    assert backend.look("web").state is State.STOPPED
    assert backend.changed_names == ["web", "web"]


def test_one_removed_in_the_middle_fails_and_the_others_are_done(backend: Backend) -> None:
    names = ["a", "b", "c", "d"]
    for name in names:
        backend.create(name)
    backend.before_change(lambda: backend.remove("b"), name="b")
    results = carry_out(backend, Desired.STOPPED, named(*names))
    assert [result.success for result in results] == [True, False, True, True]
    assert [result.name for result in results] == names
    assert results[1].failure is not None
    assert results[1].failure["code"] == "container_not_found"
    assert (results[1].changed, results[1].state_before, results[1].state_after) == (False, State.RUNNING, None)


def test_one_removed_while_its_start_is_waited_for_fails_as_changed(backend: Backend) -> None:
    backend.create("web", State.STOPPED)
    backend.before_look(lambda: backend.remove("web"), name="web")
    (result,) = carry_out(backend, Desired.STARTED, named("web"))
    assert result.failure is not None
    assert result.failure["code"] == "container_not_found"
    assert (result.changed, result.state_after) == (True, None)


def test_one_removed_after_its_start_fails_though_nobody_waits(backend: Backend) -> None:
    backend.create("web", State.STOPPED)
    backend.after_change(lambda: backend.remove("web"), name="web")
    (result,) = carry_out(backend, Desired.STARTED, named("web"), wait=False)
    assert result.failure is not None
    assert result.failure["code"] == "container_not_found"
    assert (result.changed, result.state_after) == (True, None)


def test_a_runtime_that_dies_between_the_list_and_the_change_fails_each_target(backend: Backend) -> None:
    backend.create("a")
    backend.create("b")

    def die() -> None:
        backend.fail_reads(RuntimeUnavailableError("nothing answers"))
        raise RuntimeUnavailableError("nothing answers")

    for name in ("a", "b"):
        backend.before_change(die, name=name)
    results = carry_out(backend, Desired.STOPPED, selected())
    assert [result.failure and result.failure["code"] for result in results] == ["runtime_unavailable"] * 2
    assert [(result.changed, result.state_after) for result in results] == [(False, None)] * 2


@having(Trait.IDENTITY)
def test_one_that_was_replaced_under_its_name_is_not_taken_for_the_new_one(backend: Backend) -> None:
    backend.create("web", id="a" * 64)

    def replace() -> None:
        backend.remove("web")
        backend.create("web", id="b" * 64)

    backend.before_change(replace, name="web")
    (result,) = carry_out(backend, Desired.STOPPED, named("web"))
    assert result.failure is not None
    assert result.failure["code"] == "container_not_found"
    assert result.state_after is None
    assert backend.look("web").state is State.RUNNING
