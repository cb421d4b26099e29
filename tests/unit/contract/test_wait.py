# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until a container is where it should be, and seeing early that it will not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, LifecycleResult, State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import having
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend


def start(backend: Backend, **options: Any) -> LifecycleResult:
    (result,) = carry_out(backend, Desired.STARTED, named("web"), **options)
    return result


def failure_of(result: LifecycleResult) -> dict[str, Any]:
    assert result.failure is not None
    return result.failure


@having(Trait.SETTLING)
def test_a_start_is_watched_for_a_moment_before_it_counts(backend: Backend) -> None:
    backend.create("web", State.STOPPED)
    assert start(backend).success
    assert 0.3 <= backend.clock.slept < 1


def test_a_container_that_exits_at_once_fails_with_its_exit_code_and_last_lines(backend: Backend) -> None:
    backend.create("web", State.STOPPED, exits_after=0, exit_code=3, logs="one\nno such file\n")
    result = start(backend)
    failure = failure_of(result)
    assert failure["code"] == "not_ready"
    assert "exit code 3" in failure["message"]
    assert 'its last line is "no such file"' in failure["message"]
    assert failure["details"]["exit_code"] == 3
    assert failure["details"]["logs"] == ["one", "no such file"]
    assert (result.changed, result.success, result.state_after) == (True, False, backend.words.dead)
    assert backend.clock.slept < 2


@having(Trait.SETTLING)
def test_a_container_that_exits_within_the_moment_fails_too(backend: Backend) -> None:
    backend.create("web", State.STOPPED, exits_after=0.2, exit_code=1)
    assert failure_of(start(backend))["code"] == "not_ready"


def test_a_container_that_exits_at_once_succeeds_when_nobody_waits(backend: Backend) -> None:
    backend.create("web", State.STOPPED, exits_after=0)
    result = start(backend, wait=False)
    assert (result.success, result.changed, result.state_after) == (True, True, backend.words.dead)
    assert backend.clock.slept == 0


def test_only_the_last_ten_lines_are_told(backend: Backend) -> None:
    logs = "".join(f"line {number}\n" for number in range(30))
    backend.create("web", State.STOPPED, exits_after=0, logs=logs)
    assert failure_of(start(backend))["details"]["logs"] == [f"line {number}" for number in range(20, 30)]


def test_running_out_of_memory_is_told(backend: Backend) -> None:
    backend.create("web", State.STOPPED, exits_after=0, exit_code=137, out_of_memory=True)
    assert "exit code 137, out of memory" in failure_of(start(backend))["message"]


@having(Trait.RESTART_POLICY)
@pytest.mark.parametrize("crashes", [1, 2])
def test_a_second_and_a_third_try_of_a_restart_policy_are_tolerated(backend: Backend, crashes: int) -> None:
    backend.create("web", State.STOPPED)
    backend.create("late", State.STOPPED, crashes=crashes + 1)
    (result,) = carry_out(backend, Desired.STARTED, named("late"))
    assert (result.success, result.state_after) == (True, State.RUNNING)


def test_a_restart_loop_fails_early(backend: Backend) -> None:
    backend.create("web", State.STOPPED, crashes=100, exit_code=7, logs="cannot connect\n")
    failure = failure_of(start(backend))
    assert failure["code"] == "not_ready"
    assert backend.words.restart_loop in failure["message"]
    assert failure["details"]["logs"] == ["cannot connect"]
    assert backend.clock.slept < 3


@having(Trait.RESTART_POLICY)
def test_restarts_before_the_task_do_not_count(backend: Backend) -> None:
    backend.create("web", State.STOPPED, restart_count=50)
    assert start(backend).success


def test_a_health_check_is_waited_for(backend: Backend) -> None:
    backend.create("web", State.STOPPED, health=((0, "starting"), (20, "healthy")))
    result = start(backend)
    assert (result.success, result.state_after) == (True, State.RUNNING)
    assert 20 <= backend.clock.slept < 21


@having(Trait.HEALTH)
def test_an_unhealthy_container_fails_early_with_its_probe(backend: Backend) -> None:
    backend.create(
        "web", State.STOPPED, health=((0, "starting"), (5, "unhealthy")), probe_output="refused\n", logs="up\n"
    )
    result = start(backend)
    failure = failure_of(result)
    assert failure["code"] == "not_ready"
    assert "unhealthy: refused" in failure["message"]
    assert failure["details"]["logs"] == ["up"]
    assert (result.changed, result.state_after) == (True, State.RUNNING)
    assert backend.clock.slept < 6


def test_a_running_container_whose_health_is_not_known_yet_is_waited_for(backend: Backend) -> None:
    backend.create("web", health=((0, "starting"),), started_at=backend.clock.monotonic())
    backend.before_look(lambda: backend.clock.sleep(0), name="web")
    failure = failure_of(start(backend, wait_timeout=3))
    assert failure["code"] == "timeout"


@having(Trait.HEALTH)
def test_a_running_unhealthy_container_is_not_started(backend: Backend) -> None:
    backend.create("web", health=((0, "unhealthy"),))
    result = start(backend)
    assert failure_of(result)["code"] == "not_ready"
    assert result.changed is False
    assert backend.changed_names == []


def test_waiting_ends_after_its_time_with_the_last_lines(backend: Backend) -> None:
    backend.create("web", State.STOPPED, health=((0, "starting"),), logs="still loading\n")
    result = start(backend, wait_timeout=30)
    failure = failure_of(result)
    assert failure["code"] == "timeout"
    assert backend.words.late in failure["message"]
    assert failure["details"]["logs"] == ["still loading"]
    assert failure["hint"].startswith("raise wait_timeout")
    assert 30 <= backend.clock.slept <= 30.5
    assert result.changed is True


@having(Trait.POLLING)
def test_looks_are_never_more_than_half_a_second_apart(backend: Backend) -> None:
    backend.create("web", State.STOPPED, health=((0, "starting"), (10, "healthy")))
    start(backend)
    assert max(backend.clock.sleeps) == 0.5


@having(Trait.AUTO_REMOVE)
def test_a_container_that_removes_itself_when_it_stops_is_stopped_with_a_warning(backend: Backend) -> None:
    backend.create("web", auto_remove=True)
    predicted = predict(backend, Desired.STOPPED, named("web"))
    (result,) = carry_out(backend, Desired.STOPPED, named("web"))
    assert predicted == [result]
    assert (result.success, result.changed, result.state_after) == (True, True, State.STOPPED)
    assert len(result.warnings) == 1
    assert backend.address("web") in result.warnings[0]


@having(Trait.AUTO_REMOVE)
def test_a_container_that_removes_itself_is_stopped_when_nobody_waits_too(backend: Backend) -> None:
    backend.create("web", auto_remove=True)
    (result,) = carry_out(backend, Desired.STOPPED, named("web"), wait=False)
    assert (result.success, result.changed, result.state_after) == (True, True, State.STOPPED)


def test_a_failed_start_is_told_even_when_the_log_cannot_be_read(backend: Backend) -> None:
    backend.create("web", State.STOPPED, exits_after=0, exit_code=1, unreadable_logs=True)
    failure = failure_of(start(backend))
    assert failure["code"] == "not_ready"
    assert failure["details"]["logs"] == []
