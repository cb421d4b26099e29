# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on one look; waiting itself is among the contract tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.wait import Goal, Verdict, Waiter, judge
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NotReadyError, WaitTimeoutError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNNING, STOPPED, PAUSED = State.RUNNING, State.STOPPED, State.PAUSED


def state(word: str, **facts: Any) -> dict[str, Any]:
    return {"State": {"Status": word, **facts}}


def health(word: str, *outputs: str) -> dict[str, Any]:
    return {"Health": {"Status": word, "Log": [{"Output": output} for output in outputs]}}


@pytest.mark.parametrize(
    ("document", "wanted", "verdict"),
    [
        pytest.param(state("running"), RUNNING, Verdict(settling=True), id="runs, but for how long"),
        pytest.param(state("running", **health("")), RUNNING, Verdict(settling=True), id="Podman's empty health"),
        pytest.param(state("running", **health("none")), RUNNING, Verdict(settling=True), id="health switched off"),
        pytest.param(state("running", **health("healthy")), RUNNING, Verdict(done=True), id="healthy"),
        pytest.param(state("running", **health("starting")), RUNNING, Verdict(), id="health starting"),
        pytest.param(state("restarting"), RUNNING, Verdict(), id="restarting"),
        pytest.param(state("paused"), RUNNING, Verdict(), id="paused by someone"),
        pytest.param(state("exited"), STOPPED, Verdict(done=True), id="stopped"),
        pytest.param(state("dead"), STOPPED, Verdict(done=True), id="dead is stopped too"),
        pytest.param(state("running"), STOPPED, Verdict(), id="not stopped yet"),
        pytest.param(state("paused"), PAUSED, Verdict(done=True), id="paused"),
        pytest.param(state("exited"), PAUSED, Verdict(), id="exited before it was paused"),
        pytest.param({}, RUNNING, Verdict(), id="nothing known"),
    ],
)
def test_a_look_says_there_or_not_yet(document: Mapping[str, Any], wanted: State, verdict: Verdict) -> None:
    assert judge(document, Goal(wanted), restarts=0) == verdict


@pytest.mark.parametrize(
    ("document", "restarts", "words"),
    [
        pytest.param(state("exited", ExitCode=3), 0, "exit code 3", id="exited"),
        pytest.param(state("exited", ExitCode=137, OOMKilled=True), 0, "exit code 137, out of memory", id="memory"),
        pytest.param(state("exited", ExitCode=127, Error="no\nsh"), 0, "exit code 127, no sh", id="Docker's reason"),
        pytest.param(state("dead", ExitCode=1), 0, "exit code 1", id="dead"),
        pytest.param(state("created"), 0, "ended right after its start", id="never started"),
        pytest.param(state("running"), 3, "keeps restarting", id="restart loop"),
        pytest.param(state("running", **health("unhealthy")), 0, "it is unhealthy", id="unhealthy"),
        pytest.param(state("running", **health("unhealthy", "a", " b\nc ")), 0, "unhealthy: b c", id="last probe"),
    ],
)
def test_a_look_says_never(document: Mapping[str, Any], restarts: int, words: str) -> None:
    verdict = judge(document, Goal(RUNNING), restarts=restarts)
    assert words in verdict.failure
    assert verdict.hint
    assert not verdict.done


@pytest.mark.parametrize("restarts", [1, 2])
def test_two_restarts_are_tolerated(restarts: int) -> None:
    assert judge(state("restarting"), Goal(RUNNING), restarts=restarts) == Verdict()


@pytest.mark.parametrize(
    ("engine", "name", "failed"),
    [("docker", "unhealthy", True), ("docker", "done", True), ("podman", "done", True), ("podman", "web", False)],
)
def test_recorded_containers_are_judged(
    recorded: Callable[[str], Any], engine: str, name: str, *, failed: bool
) -> None:
    assert bool(judge(recorded(f"{engine}_inspect")[name], Goal(RUNNING), restarts=0).failure) is failed


def ended(code: int, policy: str = "no") -> Mapping[str, Any]:
    return {**state("exited", ExitCode=code), "HostConfig": {"RestartPolicy": {"Name": policy}}}


@pytest.mark.parametrize("policy", ["no", "on-failure", ""])
@pytest.mark.parametrize("goal", [Goal(RUNNING, may_end=True), Goal(RUNNING, has_to_end=True)])
def test_what_may_end_is_done_when_it_came_to_a_good_end(goal: Goal, policy: str) -> None:
    assert judge(ended(0, policy), goal, restarts=0) == Verdict(done=True)
    assert "exit code 1" in judge(ended(1, policy), goal, restarts=0).failure


def test_what_is_started_again_has_not_come_to_an_end() -> None:
    assert judge(ended(0, "always"), Goal(RUNNING, may_end=True), restarts=0).failure


def test_what_has_to_end_is_not_done_while_it_runs() -> None:
    goal = Goal(RUNNING, has_to_end=True)
    assert judge(state("running"), goal, restarts=0) == Verdict()
    assert judge(state("running", **health("healthy")), goal, restarts=0) == Verdict()


@pytest.mark.parametrize(("restarts", "seconds"), [(3, 0.0), (2, 5.0)])
def test_what_is_found_in_a_restart_loop_fails_at_once(restarts: int, seconds: float) -> None:
    clock = FakeClock()
    docker = FakeDocker(clock)
    found = docker.add("web", state="restarting", restart_count=restarts)
    with pytest.raises(NotReadyError if restarts > 2 else WaitTimeoutError) as failure:
        Waiter(docker, clock=clock).reach(found.id, Goal(RUNNING), seconds=5)
    assert failure.value.details["status"] == "restarting"
    assert clock.slept == pytest.approx(seconds, abs=0.5)
