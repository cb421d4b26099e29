# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many containers in one task: how many of them at once, and what it answers."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import pytest

from .controller import INFO, MODULE
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Task
    from .engine import Engine
    from .proxy import Proxy
    from .yard import Yard

FRONT = [f"front-{number:02}" for number in range(20)]
BACK = [f"back-{number}" for number in range(5)]


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
    removed = engine.ways.changing(engine.ways.stop, identifier=yard.id("back-2"), name=yard.name("back-2"))
    gone = Rule(removed, callback=lambda: yard.remove("back-2"), times=1)
    slow = Rule(f"{engine.ways.changing(engine.ways.start)}|{engine.ways.changing(engine.ways.stop)}", delay=0.3)
    chapters: list[tuple[str, dict[str, Any], Proxy]] = [
        ("predict", {**front, "state": "stopped"}, engine.proxy()),
        ("stop", {**front, "state": "stopped"}, engine.proxy(slow)),
        ("stop again", {**names, "state": "stopped"}, engine.proxy()),
        ("start", {**names, "state": "started", "max_concurrent": 8}, engine.proxy(slow)),
        ("stop one", {"name": yard.name("front-00"), "state": "stopped"}, engine.proxy()),
        ("stop the rest", {**back, "state": "stopped"}, engine.proxy(gone)),
    ]
    with ExitStack() as stack:
        tasks: list[dict[str, Any]] = []
        for name, arguments, proxy in chapters:
            stack.enter_context(proxy)
            options = engine.through(proxy)
            task = {"name": name, MODULE: {**options, **arguments}, "check_mode": name == "predict"}
            states = {"name": f"after {name}", INFO: {**options}}
            tasks += [task, states] if name == "stop" else [task]
        run = controller.play(tasks)
        yield {name: Chapter(run.task(name), proxy) for name, _arguments, proxy in chapters} | {
            "after stop": Chapter(run.task("after stop"), chapters[1][2])
        }


@pytest.fixture
def short(engine: Engine, module_yard: Yard) -> Callable[[str], str]:
    """Return a function that makes the name a test gave of that of a container or a pod."""
    return lambda name: re.sub(engine.ways.extra, "", name).removeprefix(f"{module_yard.prefix}-")


def test_check_mode_predicts_every_stop(story: Mapping[str, Chapter]) -> None:
    predicted, stopped = story["predict"].task, story["stop"].task
    assert predicted.result["changed"]
    assert predicted.result["results"] == stopped.result["results"]
    # On Kubernetes what would be changed is asked for, to be checked and not to be done.
    assert story["predict"].proxy.count("^(?!GET)(?!.*[?]dryRun=All)") == 0


def test_twenty_of_twenty_five_are_stopped_by_label_five_at_a_time(
    story: Mapping[str, Chapter], engine: Engine, short: Callable[[str], str]
) -> None:
    task, proxy = story["stop"].task, story["stop"].proxy
    assert list(map(short, task.results)) == FRONT
    for result in task.results.values():
        assert (result["success"], result["changed"], result["failure"]) == (True, True, None)
        assert (result["state_before"], result["state_after"]) == ("running", "stopped")
    assert proxy.count(engine.ways.changing(engine.ways.stop)) == 20
    assert proxy.most_at_once(engine.ways.changing(engine.ways.stop)) == 5
    after = {short(one["name"]): one["state"] for one in story["after stop"].task.result["containers"]}
    assert {after[name] for name in FRONT} == {"stopped"}
    assert {after[name] for name in BACK} == {"running"}


def test_stopping_twenty_that_are_stopped_changes_nothing(story: Mapping[str, Chapter]) -> None:
    task, proxy = story["stop again"].task, story["stop again"].proxy
    assert not task.result["changed"]
    assert [result["success"] for result in task.result["results"]] == [True] * 20
    assert proxy.count("^(?!GET)") == 0


def test_a_task_can_ask_for_more_at_once(story: Mapping[str, Chapter], engine: Engine) -> None:
    task, proxy = story["start"].task, story["start"].proxy
    assert [result["state_after"] for result in task.result["results"]] == ["running"] * 20
    assert proxy.most_at_once(engine.ways.changing(engine.ways.start)) == 8


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
        name: "gone" if name == "back-2" else "stopped" for name in BACK
    }
