# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role maintenance: whatever happens in between, exactly what was running before runs again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

import pytest

from .manifests import deployment, pod, stateful_set
from .process import kill_command
from .rule import Rule
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .controller import Controller, Run
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .space import Space
    from .yard import Yard

ROLE = "nekzus.runtime.maintenance"
SEE = "nekzus.runtime.nekzus_container_info"
RAN = ("one", "two", "three")


class Window:
    """Maintenance of some containers, by plays of a controller."""

    def __init__(self, controller: Controller, folder: Path, options: Mapping[str, Any]) -> None:
        """Take where the playbook and the state are, and the options of tasks by the modules' names."""
        self._controller = controller
        self._folder = folder
        self._variables = {f"maintenance_{key}": value for key, value in options.items()}
        self.state = folder / "state"

    def run(self, *arguments: str, tasks: list[dict[str, Any]] | None = None, **variables: Any) -> Run:
        """Run the role, with the tasks of the caller."""
        (self._folder / "tasks.json").write_text(json.dumps(tasks or []))
        told = {"maintenance_state_dir": str(self.state), "maintenance_tasks": "tasks.json" if tasks else ""}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "roles": [{"role": ROLE, **self._variables, **told, **variables}],
        }
        (self._folder / "play.json").write_text(json.dumps([play]))
        return self._controller.command("ansible-playbook", str(self._folder / "play.json"), *arguments)

    def noted(self) -> list[dict[str, Any]]:
        """Return what the only file says is stopped."""
        (file,) = self.state.iterdir()
        assert (file.stat().st_mode & 0o777, self.state.stat().st_mode & 0o777) == (0o600, 0o700)
        found: list[dict[str, Any]] = json.loads(file.read_text())["stopped"]
        return found


def selected(engine: Engine, yard: Yard) -> dict[str, Any]:
    """Return the options that select all of a yard."""
    return {**engine.options, "label_selectors": [f"nekzus-test-of={yard.prefix}"]}


def prepared(yard: Yard) -> dict[str, str]:
    """Have some that run and one that does not, and return their states."""
    yard.run(*RAN)
    yard.create("off")
    states = {**dict.fromkeys(RAN, "running"), "off": "stopped"}
    assert yard.states() == states
    return states


def looks(engine: Engine, yard: Yard) -> dict[str, Any]:
    """Return the caller's task that looks at what runs meanwhile."""
    return {"name": "look", SEE: {**selected(engine, yard), "all": False}}


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


@pytest.mark.parametrize(
    ("moment", "action"), [("stopping", "run"), ("working", "restore"), ("starting", "run")], ids=str
)
def test_the_run_after_one_that_was_killed_restores_exactly_what_was(  # noqa: PLR0913, PLR0917 - two of them are the case
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path, moment: str, action: str
) -> None:
    states, begun = prepared(yard), tmp_path / "begun"
    with engine.proxy(*killers(engine, moment)) as proxy, ThreadPoolExecutor(max_workers=1) as pool:
        options = {**engine.through(proxy), "label_selectors": selected(engine, yard)["label_selectors"]}
        window = Window(controller, tmp_path, options)
        work = f"touch {begun}"
        if moment == "working":
            pool.submit(kill_when_there, begun)
            work += "; sleep 250"
        killed = window.run(tasks=[{"name": "work", "ansible.builtin.shell": work}])
        assert killed.code == -SIGKILL, killed.output
        assert [one["state"] for one in window.noted()] == ["running"] * len(RAN)
        ended = window.run(maintenance_action=action)
    assert ended.code == 0, ended.output
    assert yard.states() == states
    assert list(window.state.iterdir()) == []


def killers(engine: Engine, moment: str) -> list[Rule]:
    """Return what kills the play at the second of its requests to stop something, or to start it again."""
    if moment == "working":
        return []
    words = engine.ways.stop if moment == "stopping" else engine.ways.start
    # Where a start is asked for in the same words as a stop, all the stops go before it.
    before = len(RAN) if moment == "starting" and engine.ways.start == engine.ways.stop else 0
    kill = Rule(engine.ways.changing(words), skip=before + 1, times=1, close=True)
    kill.callback = lambda: kill_command("ansible-playbook")
    return [kill]


def kill_when_there(file: Path) -> None:
    poll(file.exists, "the tasks have begun", seconds=120)
    kill_command("ansible-playbook")


def test_nothing_to_stop_is_no_reason_to_leave_the_tasks_out(
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path
) -> None:
    yard.create("off")
    ended = Window(controller, tmp_path, selected(engine, yard)).run(tasks=[looks(engine, yard)])
    assert (ended.code, ended.recap["changed"]) == (0, 0), ended.output
    assert ended.task("look").status == "ok"
    assert yard.states() == {"off": "stopped"}


def test_a_note_that_is_damaged_is_told_and_nothing_is_touched(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path
) -> None:
    states = prepared(one_yard)
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    kept = tmp_path / "kept"
    keeps = {"name": "keep", "ansible.builtin.command": f"cp -r {window.state} {kept}"}
    assert window.run(tasks=[keeps]).code == 0
    (noted,) = (window.state / file.name for file in kept.iterdir())
    noted.write_text('{"stopped": [{"address": "docker/x"')
    ended = window.run()
    assert ended.code == 2
    assert "cannot be read or is damaged. Hint: start by hand what was running, and remove the file." in ended.output
    assert one_yard.states() == states
    assert noted.exists()


def place_of(space: Space) -> dict[str, Any]:
    """Return the options that say where a namespace is, but not which one is meant."""
    return {key: value for key, value in space.options.items() if key != "namespace"}


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


def test_what_is_gone_keeps_nothing_else_from_being_started_and_stays_noted(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web", "gone", "frozen")
    one_yard.pause("frozen")
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    removal = {"name": "remove", "ansible.builtin.command": f"docker -H {one_engine.url} rm {one_yard.name('gone')}"}
    ended = window.run(tasks=[removal])
    assert ended.code == 2
    assert "Not all is as it was before." in ended.output
    assert "see to it and run this with maintenance_action=restore, or remove the file" in ended.output
    assert one_yard.states() == {"web": "running", "frozen": "paused"}
    assert len(window.noted()) == 3
    one_yard.create("gone")
    assert window.run(maintenance_action="restore").code == 0
    assert one_yard.states() == {"web": "running", "gone": "running", "frozen": "paused"}
    assert list(window.state.iterdir()) == []


def test_windows_elsewhere_have_notes_of_their_own(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web")
    names: set[str] = set()
    for timeout in ("60s", "61s"):
        keeps = {"name": "keep", "ansible.builtin.command": f"ls {tmp_path / 'state'}"}
        options = {**selected(one_engine, one_yard), "runtimes": {"docker": {"timeout": timeout}}}
        ended = Window(controller, tmp_path, options).run(tasks=[keeps])
        assert ended.code == 0, ended.output
        names.add(ended.task("keep").result["stdout"])
    assert len(names) == 2
