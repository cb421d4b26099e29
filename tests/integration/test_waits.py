# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers that become ready, late or never, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .controller import MODULE
from .proxy import Proxy
from .rule import Rule
from .yard import LIVES, poll

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Run
    from .docker_yard import DockerYard
    from .engine import DockerEngine

SECRET = "hunter2-and-more"  # noqa: S105 - of a test
# What nothing but its name in a line tells to be one.
TOKEN = "a1b2c3d4e5f6"  # noqa: S105 - of a test
# Long enough for a slow machine; what ends early ends in half of it.
PATIENT, EARLY = 60, 30
BRIEF = 3
# After more runs than these an engine waits for seconds before the next one, and three more would take much longer.
HOPELESS = 5


def check(script: str, retries: int) -> dict[str, Any]:
    """Return a health check that runs several times a second."""
    second = 10**9
    return {"test": ["CMD-SHELL", script], "interval": second // 4, "timeout": second, "retries": retries}


@dataclass(frozen=True)
class Start:
    """The tasks that start them, and what they asked."""

    run: Run
    yard: DockerYard
    proxy: Proxy

    def result(self, name: str) -> Mapping[str, Any]:
        """Return what became of one of them."""
        results = {**self.run.task("start").results, **self.run.task("start briefly").results}
        return results[self.yard.name(name)]

    def failure(self, name: str) -> Mapping[str, Any]:
        """Return why one of them failed."""
        result = self.result(name)
        assert result["success"] is False
        failure: Mapping[str, Any] = result["failure"]
        return failure

    def seconds(self, name: str) -> float:
        """Return how long the task looked at one of them."""
        looks = [
            at
            for request, at in zip(self.proxy.requests, self.proxy.times, strict=True)
            if self.result(name)["id"] in request
        ]
        return looks[-1] - looks[0]


@pytest.fixture(scope="module")
def start(controller: Controller, docker_engine: DockerEngine, module_docker_yard: DockerYard) -> Iterator[Start]:
    """Start all of them but one in one task, and print as much as Ansible can."""
    yard = module_docker_yard
    secret = {"DB_PASSWORD": SECRET}
    words = f'echo "GET /?token={TOKEN}"; echo "no login with $DB_PASSWORD"'
    yard.create("exits", script=f"{words}; exit 3", environment=secret)
    yard.create("sick", healthcheck=check('echo "$DB_PASSWORD is wrong"; exit 1', 2), environment=secret)
    yard.create("loops", script="echo again; exit 4", restart_policy={"Name": "always"})
    yard.create(
        "second",
        script=f"[ -f /tmp/first ] || {{ touch /tmp/first; exit 5; }}; {LIVES}",
        restart_policy={"Name": "on-failure", "MaximumRetryCount": 5},
    )
    yard.create("slow", script=f"sleep 1.5; touch /tmp/up; {LIVES}", healthcheck=check("test -f /tmp/up", 100))
    yard.create("never", healthcheck=check("exit 1", 1000))
    names = [yard.name(name) for name in ("exits", "sick", "loops", "second", "slow")]
    arguments = {"names": names, "state": "started", "wait_timeout": PATIENT, "max_concurrent": len(names)}
    with Proxy(docker_engine.url) as proxy:
        briefly = {"name": yard.name("never"), "state": "started", "wait_timeout": BRIEF, "docker_host": proxy.url}
        again = {"name": yard.name("sick"), "state": "started", "docker_host": docker_engine.url}
        tasks = [
            {"name": "start", MODULE: {**arguments, "docker_host": proxy.url}},
            {"name": "start briefly", MODULE: briefly},
            {"name": "start again", MODULE: again},
        ]
        run = controller.play(tasks, "-vvv")
        yield Start(run, yard, proxy)


def test_one_that_exits_at_once_is_told_with_its_exit_code_and_last_line(start: Start) -> None:
    failure = start.failure("exits")
    assert failure["code"] == "not_ready", failure
    assert "exit code 3" in failure["message"]
    assert failure["message"].endswith('its last line is "no login with ********"')
    assert failure["details"]["exit_code"] == 3
    assert failure["details"]["logs"] == ["GET /?token=********", "no login with ********"]
    assert start.result("exits")["state_after"] == "stopped"
    assert start.result("exits")["changed"] is True
    assert start.seconds("exits") < EARLY


def test_one_that_becomes_unhealthy_is_told_long_before_the_time_is_up(start: Start) -> None:
    failure = start.failure("sick")
    assert failure["code"] == "not_ready", failure
    assert failure["message"].endswith("it is unhealthy: ******** is wrong")
    assert start.result("sick")["state_after"] == "running"
    assert start.seconds("sick") < EARLY


def test_one_that_runs_already_and_is_unhealthy_is_told_too(start: Start) -> None:
    again = start.run.task("start again")
    assert again.failure["code"] == "not_ready", again
    assert again.result["changed"] is False


def test_one_that_crashes_again_and_again_is_told(start: Start) -> None:
    failure = start.failure("loops")
    assert failure["code"] == "not_ready", failure
    assert "it keeps restarting, exit code" in failure["message"]
    assert set(failure["details"]["logs"]) == {"again"}
    assert start.seconds("loops") < EARLY


# Podman does not wait between two runs: what it has may be found in either state.
@pytest.mark.parametrize("docker_engine", ["docker"], indirect=True)
def test_one_that_is_found_crashing_again_and_again_is_not_watched_for_long(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    def has_crashed(runs: int) -> bool:
        found = docker_yard.inspect("lost")
        return bool(found["RestartCount"] > runs and found["State"]["Status"] == "restarting")

    def crash_anew() -> None:
        runs = docker_yard.inspect("lost")["RestartCount"]
        poll(lambda: has_crashed(runs), "it waits for seconds for its next run")

    docker_yard.run("lost", script="exit 6", restart_policy={"Name": "always"})
    poll(lambda: has_crashed(HOPELESS), "it has crashed again and again")
    with Proxy(docker_engine.url, Rule("^GET /containers/json", callback=crash_anew, times=1)) as proxy:
        options = {"state": "started", "wait_timeout": PATIENT, "docker_host": proxy.url}
        (lost,) = controller.play([{"name": "lost", MODULE: {"name": docker_yard.name("lost"), **options}}]).tasks
    assert lost.failure["code"] == "not_ready", lost
    assert "it keeps restarting, exit code 6" in lost.failure["message"]
    found = lost.result["results"][0]
    assert (lost.result["changed"], found["state_before"]) == (False, "restarting")
    assert len([request for request in proxy.requests if f"{found['id']}/json" in request]) == 1


def test_one_that_its_restart_policy_brings_up_is_started(start: Start) -> None:
    result = start.result("second")
    assert result["success"], result["failure"]
    assert (result["state_before"], result["state_after"]) == ("stopped", "running")


def test_one_that_is_slow_is_waited_for_until_it_is_healthy(start: Start) -> None:
    result = start.result("slow")
    assert result["success"], result["failure"]
    assert start.seconds("slow") > 1


def test_one_that_is_not_ready_in_time_is_told(start: Start) -> None:
    failure = start.failure("never")
    assert failure["code"] == "timeout", failure
    assert f"after {BRIEF} s" in failure["message"]
    assert "its health check says starting" in failure["message"]
    assert "wait_timeout" in failure["hint"]
    assert start.result("never")["state_after"] == "running"
    assert start.seconds("never") >= BRIEF


def test_nothing_printed_holds_a_secret(start: Start) -> None:
    assert "no login with ********" in start.run.output
    assert SECRET not in start.run.output
    assert TOKEN not in start.run.output
