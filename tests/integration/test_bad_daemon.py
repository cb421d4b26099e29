# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad days of a daemon."""

from __future__ import annotations

import itertools
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from .conftest import cleared
from .controller import MODULE
from .proxy import Proxy
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Task
    from .engine import DockerEngine
    from .yard import Yard

STOP = r"^POST /containers/\w+/stop"


def rules() -> dict[str, Rule]:
    """Return what goes wrong at the proxy, each time while a container of its own is being stopped."""
    return {
        "500": Rule(STOP, status=500, message="driver failed"),
        "409": Rule(STOP, status=409, message="it is being changed."),
        "409 once": Rule(STOP, times=1, status=409, message="it is being changed"),
        "503 once": Rule(STOP, times=1, status=503, message="too busy", headers={"Retry-After": "1"}),
        "429": Rule(STOP, status=429, message="too many requests"),
        "reset once": Rule(STOP, times=1, close=True),
        "dies": Rule(STOP, close=True),
        "list 500": Rule("^GET /containers/json", status=500, message="no space left"),
        "html": Rule("^GET /containers/json", status=200, message=b"<html>Please log in</html>"),
        "slow": Rule("^GET /containers/json", delay=3),
    }


@dataclass(frozen=True)
class Day:
    """What became of the task, what it asked, and the engine's word for its containers afterwards."""

    task: Task
    proxy: Proxy
    states: Mapping[str, str]


@pytest.fixture(scope="module")
def place(one_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give all of them one place."""
    yield from cleared(one_engine.yard(request.node.nodeid))


@pytest.fixture(scope="module")
def days(controller: Controller, one_engine: DockerEngine, place: Yard) -> Iterator[Mapping[str, Day]]:
    """Live through all of them in one play."""
    names = {day: [day.replace(" ", "-")] for day in rules()}
    names["dies"].append("dies-too")
    place.run(*itertools.chain(*names.values()))
    with ExitStack() as stack:
        proxies = {}
        for day, rule in rules().items():
            proxies[day] = stack.enter_context(Proxy(one_engine.url, rule))
            rule.callback = proxies[day].die if day == "dies" else None
        tasks = []
        for day, proxy in proxies.items():
            docker = {"socket_path": proxy.url, "timeout": "700ms" if day == "slow" else "30s"}
            targets = [place.name(name) for name in names[day]]
            tasks.append({"name": day, MODULE: {"names": targets, "state": "stopped", "runtimes": {"docker": docker}}})
        run = controller.play(tasks)
        states = place.states()
        yield {
            day: Day(run.task(day), proxy, {name: states[name] for name in names[day]})
            for day, proxy in proxies.items()
        }


def test_an_error_500_is_told_in_the_daemons_words(days: Mapping[str, Day]) -> None:
    day = days["500"]
    assert day.task.failure["code"] == "api_error"
    assert re.fullmatch(r"docker: cannot stop nkz-\w+-500: driver failed \(HTTP 500\)", day.task.failure["message"])
    assert day.task.result["results"][0]["success"] is False
    assert not day.task.result["changed"]
    assert day.states == {"500": "running"}


def test_a_conflict_that_stays_is_told(days: Mapping[str, Day]) -> None:
    day = days["409"]
    assert day.task.failure["code"] == "conflict"
    assert day.task.failure["message"].endswith(": it is being changed")
    assert day.proxy.count(STOP) == 2
    assert day.states == {"409": "running"}


def test_after_a_conflict_it_looks_again_and_stops(days: Mapping[str, Day]) -> None:
    day = days["409 once"]
    assert day.task.status == "ok"
    assert day.task.result["changed"]
    assert day.proxy.count(STOP) == 2
    assert day.states == {"409-once": "stopped"}


def test_a_busy_daemon_is_asked_again_when_it_said(days: Mapping[str, Day]) -> None:
    day = days["503 once"]
    assert day.task.status == "ok"
    assert day.proxy.count(STOP) == 2
    stops = [at for request, at in zip(day.proxy.requests, day.proxy.times, strict=True) if re.search(STOP, request)]
    assert stops[1] - stops[0] >= 1.0
    assert day.states == {"503-once": "stopped"}


def test_a_daemon_that_stays_busy_is_given_up(days: Mapping[str, Day]) -> None:
    day = days["429"]
    assert day.task.failure["code"] == "runtime_unavailable"
    assert "too many requests" in day.task.failure["message"]
    assert "max_concurrent" in day.task.failure["hint"]
    assert day.proxy.count(STOP) == 4
    stops = [at for request, at in zip(day.proxy.requests, day.proxy.times, strict=True) if re.search(STOP, request)]
    pauses = [later - earlier for earlier, later in itertools.pairwise(stops)]
    assert pauses == sorted(pauses)


def test_a_stop_whose_connection_breaks_is_repeated(days: Mapping[str, Day]) -> None:
    day = days["reset once"]
    assert day.task.status == "ok"
    assert day.proxy.count(STOP) == 2
    assert day.states == {"reset-once": "stopped"}


def test_a_daemon_that_dies_between_list_and_stop_loses_no_result(days: Mapping[str, Day]) -> None:
    day = days["dies"]
    assert day.task.failure["code"] == "runtime_unavailable"
    assert day.task.result["msg"].startswith("2 of 2 targets failed: ")
    assert [result["failure"]["code"] for result in day.task.result["results"]] == ["runtime_unavailable"] * 2
    assert [result["state_before"] for result in day.task.result["results"]] == ["running"] * 2
    assert [result["state_after"] for result in day.task.result["results"]] == [None] * 2
    assert day.states == {"dies": "running", "dies-too": "running"}


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [("list 500", "api_error", "no space left"), ("html", "runtime_unavailable", "proxy.sock")],
)
def test_a_list_that_cannot_be_had_is_told_for_each_target(
    name: str, code: str, words: str, days: Mapping[str, Day]
) -> None:
    day = days[name]
    assert day.task.failure["code"] == code
    assert words in day.task.failure["message"]
    assert [result["success"] for result in day.task.result["results"]] == [False]
    assert day.proxy.count("^POST") == 0


def test_a_daemon_that_does_not_answer_in_time_is_unavailable(days: Mapping[str, Day]) -> None:
    day = days["slow"]
    assert day.task.failure["code"] == "runtime_unavailable"
    assert "in time" in day.task.failure["message"]
    assert "runtimes.docker.timeout" in day.task.failure["hint"]
