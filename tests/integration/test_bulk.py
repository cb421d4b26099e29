# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many containers in one task: what it asks of the engine, how much of it at once, and what it answers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .controller import MODULE
from .proxy import Proxy, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Task
    from .engine import Engine
    from .yard import Yard

FRONT = [f"front-{number:02}" for number in range(20)]
BACK = [f"back-{number}" for number in range(5)]
LIST = "GET /containers/json?limit=-1&all=1&size=0&trunc_cmd=0"


@dataclass(frozen=True)
class Chapter:
    """One task of the story: what became of it, what it asked, and how the containers were after it."""

    task: Task
    proxy: Proxy


@pytest.fixture(scope="module")
def story(controller: Controller, engine: Engine, module_yard: Yard) -> Iterator[Mapping[str, Chapter]]:
    """One play of tasks that follow each other, each through a proxy of its own."""
    yard = module_yard
    yard.run(*FRONT, labels={"tier": "front"})
    yard.run(*BACK, labels={"tier": "back"})
    mine = f"nekzus-test-of={yard.prefix}"
    front = {"label_selectors": ["tier=front", mine]}
    names = {"names": [yard.name(name) for name in FRONT]}
    back = {"names": [yard.name(name) for name in reversed(BACK)]}
    gone = Rule(f"POST /containers/{yard.id('back-2')}/stop", callback=lambda: yard.remove("back-2"), times=1)
    slow = Rule(r"POST /containers/\w+/(start|stop)", delay=0.1)
    chapters: list[tuple[str, dict[str, Any], Proxy]] = [
        ("predict", {**front, "state": "stopped"}, Proxy(engine.url)),
        ("stop", {**front, "state": "stopped"}, Proxy(engine.url, slow)),
        ("stop again", {**names, "state": "stopped"}, Proxy(engine.url)),
        ("start", {**names, "state": "started", "max_concurrent": 8}, Proxy(engine.url, slow)),
        ("stop one", {"name": yard.name("front-00"), "state": "stopped"}, Proxy(engine.url)),
        ("stop the rest", {**back, "state": "stopped"}, Proxy(engine.url, gone)),
    ]
    with ExitStack() as stack:
        tasks: list[dict[str, Any]] = []
        for name, arguments, proxy in chapters:
            stack.enter_context(proxy)
            task = {"name": name, MODULE: {**arguments, "docker_host": proxy.url}, "check_mode": name == "predict"}
            states = {"name": f"after {name}", "nekzus.runtime.nekzus_container_info": {**engine.options}}
            tasks += [task, states] if name == "stop" else [task]
        run = controller.play(tasks)
        yield {name: Chapter(run.task(name), proxy) for name, _arguments, proxy in chapters} | {
            "after stop": Chapter(run.task("after stop"), chapters[1][2])
        }


def test_check_mode_predicts_every_stop_and_writes_nothing(story: Mapping[str, Chapter]) -> None:
    predicted, stopped = story["predict"].task, story["stop"].task
    assert predicted.result["changed"]
    assert predicted.result["results"] == stopped.result["results"]
    # The label is filtered by the engine.
    requests = story["predict"].proxy.requests
    assert [request.partition("?")[0] for request in requests] == ["GET /version", "GET /containers/json"]
    assert "filters=" in requests[1]


def test_twenty_of_twenty_five_are_stopped_by_label_five_at_a_time(
    story: Mapping[str, Chapter], module_yard: Yard
) -> None:
    task, proxy = story["stop"].task, story["stop"].proxy
    assert list(task.results) == [module_yard.name(name) for name in FRONT]
    for result in task.results.values():
        assert (result["success"], result["changed"], result["failure"]) == (True, True, None)
        assert (result["state_before"], result["state_after"]) == ("running", "stopped")
    assert proxy.count(r"^POST /containers/\w+/stop") == 20
    assert proxy.most_at_once["POST /containers/stop"] == 5
    after = {one["name"]: one["state"] for one in story["after stop"].task.result["containers"]}
    assert {after[module_yard.name(name)] for name in FRONT} == {"stopped"}
    assert {after[module_yard.name(name)] for name in BACK} == {"running"}


def test_stopping_twenty_that_are_stopped_costs_one_list(story: Mapping[str, Chapter]) -> None:
    task, proxy = story["stop again"].task, story["stop again"].proxy
    assert not task.result["changed"]
    assert [result["success"] for result in task.result["results"]] == [True] * 20
    assert proxy.requests == ["GET /version", LIST]


def test_a_task_can_ask_for_more_at_once(story: Mapping[str, Chapter]) -> None:
    task, proxy = story["start"].task, story["start"].proxy
    assert [result["state_after"] for result in task.result["results"]] == ["running"] * 20
    assert proxy.most_at_once["POST /containers/start"] == 8


def test_a_single_stop_costs_four_requests(story: Mapping[str, Chapter]) -> None:
    task, proxy = story["stop one"].task, story["stop one"].proxy
    identifier = task.result["results"][0]["id"]
    assert proxy.requests == [
        "GET /version",
        LIST,
        f"POST /containers/{identifier}/stop?t=10",
        f"GET /containers/{identifier}/json",
    ]


def test_one_that_somebody_removes_meanwhile_fails_and_the_others_are_done(
    story: Mapping[str, Chapter], module_yard: Yard
) -> None:
    task = story["stop the rest"].task
    assert task.failure["code"] == "container_not_found"
    assert task.result["msg"].startswith("1 of 5 targets failed: ")
    assert task.result["changed"]
    assert list(task.results) == [module_yard.name(name) for name in reversed(BACK)]
    removed = task.results[module_yard.name("back-2")]
    assert removed["success"] is False
    assert removed["failure"]["code"] == "container_not_found"
    assert removed["state_after"] is None
    others = [result for name, result in task.results.items() if name != module_yard.name("back-2")]
    assert [(one["success"], one["state_after"]) for one in others] == [(True, "stopped")] * 4
    assert {name: module_yard.state(name) for name in BACK} == {
        name: "gone" if name == "back-2" else "exited" for name in BACK
    }
