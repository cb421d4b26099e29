# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role maintenance: whatever happens in between, exactly what was running before runs again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .maintenance_window import RAN, SEE, Window, looks, place_of, prepared, selected
from .manifests import deployment, pod, stateful_set
from .yard import poll

if TYPE_CHECKING:
    from pathlib import Path

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .space import Space
    from .yard import Yard


@pytest.mark.parametrize("broken", [False, True], ids=["that succeed", "that fail"])
def test_what_ran_is_stopped_for_tasks_and_runs_again(
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path, *, broken: bool
) -> None:
    states = prepared(yard)
    window = Window(controller, tmp_path, selected(engine, yard))
    before = yard.runs()
    fails = [{"name": "break", "ansible.builtin.fail": {"msg": "the disk is full"}}] if broken else []
    ended = window.run(tasks=[looks(engine, yard), *fails])
    assert ended.code == (2 if broken else 0), ended.output
    assert ended.task("look").result["containers"] == []
    assert ("the disk is full" in ended.output) == broken
    assert yard.states() == states
    after = yard.runs()
    assert [name for name in RAN if before[name] == after[name]] == []
    assert list(window.state.iterdir()) == []


def test_check_mode_changes_nothing(controller: Controller, engine: Engine, yard: Yard, tmp_path: Path) -> None:
    states, before = prepared(yard), yard.runs()
    window = Window(controller, tmp_path, selected(engine, yard))
    ended = window.run("--check")
    assert ended.code == 0, ended.output
    assert "changed=0" not in ended.output  # it foretells the stop
    assert (yard.states(), yard.runs()) == (states, before)
    assert not window.state.exists()


def test_nothing_to_stop_is_no_reason_to_leave_the_tasks_out(
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path
) -> None:
    yard.create("off")
    ended = Window(controller, tmp_path, selected(engine, yard)).run(tasks=[looks(engine, yard)])
    assert (ended.code, ended.recap["changed"]) == (0, 0), ended.output
    assert ended.task("look").status == "ok"
    assert yard.states() == {"off": "stopped"}


def test_replicas_are_as_many_as_before(controller: Controller, space: Space, tmp_path: Path) -> None:
    space.make(deployment("web", 3), deployment("off", 0), stateful_set("db", 2))
    space.await_ready("web", 3)
    space.await_ready("db", 2)
    told = {**place_of(space), "namespaces": [space.namespace]}
    ended = Window(controller, tmp_path, told).run(tasks=[{"name": "look", SEE: {**told, "all": False}}])
    assert ended.code == 0, ended.output
    assert ended.task("look").result["containers"] == []
    kinds = {"web": "Deployment", "off": "Deployment", "db": "StatefulSet"}
    assert {app: space.get(kind, app)["spec"]["replicas"] for app, kind in kinds.items()} == {
        "web": 3,
        "off": 0,
        "db": 2,
    }
    assert (space.ready("web"), space.ready("db")) == (3, 2)


def test_what_could_not_be_started_again_is_not_stopped(controller: Controller, space: Space, tmp_path: Path) -> None:
    space.make(pod("alone"))
    space.await_ready("alone")
    ended = Window(controller, tmp_path, {**place_of(space), "names": [f"{space.namespace}/alone"]}).run()
    assert ended.code == 2
    assert "alone cannot be started again once stopped, as a pod without a controller" in ended.output
    assert space.ready("alone") == 1
    assert not (tmp_path / "state").exists()


def test_what_was_paused_is_paused_again(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard, tmp_path: Path
) -> None:
    docker_yard.run("web", "frozen")
    docker_yard.pause("frozen")
    ended = Window(controller, tmp_path, selected(docker_engine, docker_yard)).run()
    assert ended.code == 0, ended.output
    assert docker_yard.states() == {"web": "running", "frozen": "paused"}


def test_what_is_removed_when_it_stops_is_not_stopped(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard, tmp_path: Path
) -> None:
    docker_yard.run("web")
    docker_yard.run("brief", auto_remove=True)
    ended = Window(controller, tmp_path, selected(docker_engine, docker_yard)).run()
    assert ended.code == 2
    assert f"docker/{docker_yard.name('brief')} cannot be started again once stopped" in ended.output
    assert docker_yard.states() == {"web": "running", "brief": "running"}
    assert not (tmp_path / "state").exists()


def test_what_was_not_well_before_is_started_and_not_waited_for(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web")
    one_yard.run("ill", script="exit 3", restart_policy={"Name": "always"})
    # Docker waits twice as long before each restart: from here on for 12.8 s, in which the play looks at it.
    poll(lambda: one_yard.inspect("ill")["RestartCount"] >= 7, "it keeps restarting")
    poll(lambda: one_yard.state("ill") == "restarting", "it waits for its next start")
    ended = Window(controller, tmp_path, selected(one_engine, one_yard)).run()
    assert ended.code == 0, ended.output
    assert one_yard.state("web") == "running"
    poll(lambda: one_yard.state("ill") == "restarting", "it keeps restarting again")


@pytest.mark.parametrize("text", [None, "- name: [", "- no.such.module:\n    option: 1"])
def test_tasks_that_cannot_be_loaded_stop_nothing(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path, text: str | None
) -> None:
    states, file = prepared(one_yard), tmp_path / "broken.yml"
    before = one_yard.runs()
    if text:
        file.write_text(text)
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    ended = window.run(maintenance_tasks=str(file))
    assert ended.code > 0, ended.output
    assert (one_yard.states(), one_yard.runs()) == (states, before)
    assert not window.state.exists()


def test_a_selection_in_a_text_with_blanks_is_what_is_stopped(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web", "db")
    names = f"{one_yard.name('web')} , {one_yard.name('db')}"
    window = Window(controller, tmp_path, {**one_engine.options, "names": names})
    ended = window.run(tasks=[looks(one_engine, one_yard)])
    assert ended.code == 0, ended.output
    assert ended.task("look").result["containers"] == []


def test_what_a_survey_leaves_empty_is_not_said(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web")
    before = one_yard.runs()
    empty = ("names", "namespaces", "exclude", "timeout", "wait_timeout", "max_concurrent", "all", "tasks")
    told = {**selected(one_engine, one_yard), "state_dir": tmp_path / "state", **dict.fromkeys(empty, "")}
    told["label_selectors"] = f"'nekzus-test-of={one_yard.prefix}'"
    ended = controller.playbook("maintenance", {"fleet_hosts": "", **{f"maintenance_{key}": told[key] for key in told}})
    assert ended.code == 0, ended.output
    assert one_yard.states() == {"web": "running"}
    assert one_yard.runs() != before


@pytest.mark.parametrize("option", ["timeout", "wait_timeout", "max_concurrent", "all"])
def test_a_value_that_cannot_be_used_stops_nothing(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path, option: str
) -> None:
    states, before = prepared(one_yard), one_yard.runs()
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    told: dict[str, Any] = {f"maintenance_{option}": "long"}
    ended = window.run(**told)
    assert ended.code == 2
    assert option in ended.output
    assert (one_yard.states(), one_yard.runs()) == (states, before)
    assert not window.state.exists()
