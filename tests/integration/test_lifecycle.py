# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One container's life, in each of the ways that Ansible is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .controller import MODULE

if TYPE_CHECKING:
    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .yard import Yard


def _story(engine: Engine, yard: Yard) -> dict[str, Any]:
    return {"engine_options": engine.options, "place": engine.ways.place, "container": yard.name("web")}


def test_a_playbook_stops_starts_and_restarts_a_container(controller: Controller, engine: Engine, yard: Yard) -> None:
    yard.run("web", "bystander")
    before = yard.runs()
    run = controller.story("lifecycle", _story(engine, yard))
    assert (run.recap["ok"], run.recap["changed"]) == (12, 5)
    assert yard.states() == {"web": "running", "bystander": "running"}
    after = yard.runs()
    assert after["web"] != before["web"]
    assert after["bystander"] == before["bystander"]


def test_ansible_runner_tells_the_same_story(controller: Controller, one_engine: Engine, one_yard: Yard) -> None:
    one_yard.run("web")
    run = controller.runner("lifecycle", _story(one_engine, one_yard))
    assert (run.recap["ok"], run.recap["changed"], run.recap["failed"]) == (12, 5, 0)
    assert one_yard.state("web") == "running"


def test_ad_hoc_a_stop_changes_then_does_not_and_check_predicts_without_writing(
    controller: Controller, engine: Engine, yard: Yard
) -> None:
    yard.run("web")
    stop = f"name={engine.ways.path}{yard.name('web')} state=stopped"
    # As on a host whose engine is the default one: nothing is said but the container and its state.
    predicted = controller.adhoc(MODULE, stop, "--check", **engine.environment)
    assert "CHANGED" in predicted.output
    assert yard.state("web") == "running"
    first = controller.adhoc(MODULE, stop, **engine.environment)
    assert "CHANGED" in first.output
    assert yard.state("web") == "stopped"
    second = controller.adhoc(MODULE, stop, **engine.environment)
    assert "SUCCESS" in second.output
    assert [run.code for run in (predicted, first, second)] == [0, 0, 0]
    results = [run.tasks[0].result["results"] for run in (predicted, first)]
    assert results[0] == results[1]


def test_a_playbook_pauses_and_unpauses_a_container(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    docker_yard.run("web")
    docker_yard.create("job")
    names = {"running": docker_yard.name("web"), "stopped": docker_yard.name("job")}
    run = controller.story("paused", {"engine_options": docker_engine.options, **names})
    assert (run.recap["ok"], run.recap["changed"]) == (8, 5)
    assert docker_yard.states() == {"web": "running", "job": "stopped"}


def test_what_cannot_be_paused_says_so_and_is_left_alone(controller: Controller, engine: Engine, yard: Yard) -> None:
    yard.run("web")
    pause = {MODULE: {**engine.options, "name": yard.name("web"), "state": "paused"}}
    run = controller.play([{"name": "predict", "check_mode": True, **pause}, {"name": "pause", **pause}])
    for task in run.tasks:
        told = task.failure["code"] if task.status == "failed" else "paused"
        assert told == ("paused" if engine.ways.pauses else "unsupported")
    assert yard.states() == {"web": "paused" if engine.ways.pauses else "running"}
