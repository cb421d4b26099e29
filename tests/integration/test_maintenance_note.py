# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role maintenance notes of a window: it is found, holds, and goes when everything runs."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

import pytest

from .controller import ROOT
from .maintenance_window import RAN, Window, looks, place_of, prepared, selected
from .manifests import deployment
from .process import kill_command
from .rule import Rule
from .yard import poll

if TYPE_CHECKING:
    from pathlib import Path

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .space import Space
    from .yard import Yard


@pytest.mark.parametrize(
    ("moment", "action"),
    [("stopping", "run"), ("working", "restore"), ("working", "run"), ("starting", "run")],
    ids=str,
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


def killed(window: Window, yard: Yard, keeper: Path) -> None:
    """Leave all stopped, and noted: as a run does that is killed while the tasks run."""
    kept = keeper / "kept"
    keeps = {"name": "keep", "ansible.builtin.command": f"cp -r {window.state} {kept}"}
    ended = window.run(tasks=[keeps])
    assert ended.code == 0, ended.output
    names = list(yard.states())
    yard.remove(*names)
    yard.create(*names)
    window.state.rmdir()
    kept.rename(window.state)


FORMS: dict[str, list[dict[str, Any]]] = {
    "names": [
        {"names": ["docker/a", "docker/b"]},
        {"names": ["docker/b", "docker/a", " docker/a", ""]},
        {"names": "docker/a,docker/b"},
        {"names": " docker/b, docker/a,", "exclude": "", "all": "", "runtime": "auto", "filters": "", "runtimes": {}},
    ],
    "labels": [
        {"label_selectors": ["tier in (a,b)", "team=shop"], "namespaces": "x,y"},
        {"label_selectors": ["team=shop", "tier in (a,b)"], "namespaces": ["y", "x"], "all": False},
    ],
    "labels whose commas are elsewhere": [{"label_selectors": ["tier in (a", "b)", "team=shop"], "namespaces": "x,y"}],
    "filters": [
        {"runtime": "docker", "filters": {"name": ["web-*", "db-*"]}},
        {"runtime": "docker", "filters": {"name": "db-*, web-*", "image": []}},
        {"runtime": "docker", "filters": '{"name": ["db-*", "web-*"]}'},
        {"runtime": "docker", "filters": '{"name": "db-*,web-*"}', "all": "no"},
    ],
    "one filter": [{"filters": {"compose_project": ["shop"]}}, {"filters": "compose_project=shop"}],
    "all": [{"all": True, "exclude": "x"}, {"all": "true", "exclude": ["x"]}, {"all": "yes", "exclude": "x,"}],
    "elsewhere": [{"all": True, "exclude": "x", "context": "other"}],
    "timeouts": [{"runtimes": {"docker": {"timeout": "60s"}}}, {"runtimes": '{"docker": {"timeout": "60s"}}'}],
}


def test_a_selection_is_the_same_one_however_it_is_written(controller: Controller, tmp_path: Path) -> None:
    variables = [(key, form) for key, forms in FORMS.items() for form in forms]
    plays = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars_files": [str(ROOT / "roles" / "maintenance" / "vars" / "main.yml")],
            "vars": {f"maintenance_{name}": value for name, value in form.items()},
            "tasks": [{"name": "name", "ansible.builtin.debug": {"msg": "{{ maintenance_state_name }}"}}],
        }
        for _key, form in variables
    ]
    (tmp_path / "plays.json").write_text(json.dumps(plays))
    ended = controller.command("ansible-playbook", str(tmp_path / "plays.json"))
    assert ended.code == 0, ended.output
    assert "WARNING" not in ended.output
    names: dict[str, set[str]] = {}
    for (key, _form), task in zip(variables, ended.tasks, strict=True):
        names.setdefault(key, set()).add(task.result["msg"])
    assert {key: len(found) for key, found in names.items()} == dict.fromkeys(FORMS, 1)
    assert len(set.union(*names.values())) == len(FORMS)


def test_what_is_noted_is_restored_for_names_that_are_written_in_another_form(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web", "db")
    names = [f"docker/{one_yard.name(name)}" for name in ("web", "db")]
    window = Window(controller, tmp_path, {**one_engine.options, "names": names})
    killed(window, one_yard, tmp_path)
    ended = window.run(maintenance_action="restore", maintenance_names=", ".join(reversed(names)))
    assert ended.code == 0, ended.output
    assert one_yard.states() == {"web": "running", "db": "running"}
    assert list(window.state.iterdir()) == []


def test_to_restore_without_a_note_says_so(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    states = prepared(one_yard)
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    ended = window.run(maintenance_action="restore")
    assert (ended.code, ended.recap["changed"]) == (0, 0), ended.output
    assert f"Nothing is noted for this selection in {window.state}, so nothing is started." in ended.output
    assert "WARNING" not in ended.output
    assert one_yard.states() == states


def test_to_restore_another_selection_than_the_one_that_is_noted_fails_and_names_the_note(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web", "db")
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    killed(window, one_yard, tmp_path)
    (noted,) = window.state.iterdir()
    (window.state / f"localhost-2{noted.name}").write_text("of another host")
    ended = window.run(maintenance_action="restore", maintenance_exclude="*-db")
    assert ended.code == 2
    said = f"Nothing is noted for this selection in {window.state}, but something is for others, in {noted}. Hint: "
    assert said in ended.output
    assert one_yard.states() == {"web": "stopped", "db": "stopped"}
    assert noted.exists()


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
    assert [one["address"] for one in window.noted()] == [f"docker/{one_yard.name('gone')}"]
    before = one_yard.runs()
    again = window.run()
    assert again.code == 2
    assert "so nothing is touched. " in again.output
    assert (
        "run this with maintenance_action=restore, which starts what is still there, then remove the file"
        in again.output
    )
    assert one_yard.runs() == before
    one_yard.create("gone")
    assert window.run(maintenance_action="restore").code == 0
    assert one_yard.states() == {"web": "running", "gone": "running", "frozen": "paused"}
    assert list(window.state.iterdir()) == []


def test_of_a_cluster_only_what_is_gone_stays_noted(controller: Controller, space: Space, tmp_path: Path) -> None:
    space.make(deployment("web", 2), deployment("gone", 1))
    space.await_ready("web", 2)
    space.await_ready("gone", 1)
    window = Window(controller, tmp_path, {**place_of(space), "namespaces": [space.namespace]})
    keeps = {"name": "keep", "ansible.builtin.command": f"cp -r {window.state} {tmp_path / 'kept'}"}
    assert window.run(tasks=[keeps]).code == 0
    space.cluster.delete(space.path("Deployment", "gone"))
    window.state.rmdir()
    (tmp_path / "kept").rename(window.state)
    refused = window.run()
    assert refused.code == 2
    assert "so nothing is touched. " in refused.output
    assert space.ready("web") == 2
    assert window.run(maintenance_action="restore").code == 2
    assert [one["address"].rpartition("/")[2] for one in window.noted()] == ["gone"]
    assert space.ready("web") == 2


def test_a_run_after_one_that_has_started_a_part_stops_all_of_the_selection(
    controller: Controller, one_engine: DockerEngine, one_yard: DockerYard, tmp_path: Path
) -> None:
    one_yard.run("web", "db")
    window = Window(controller, tmp_path, selected(one_engine, one_yard))
    removal = {"name": "remove", "ansible.builtin.command": f"docker -H {one_engine.url} rm {one_yard.name('db')}"}
    assert window.run(tasks=[removal]).code == 2
    one_yard.create("db")
    ended = window.run(tasks=[looks(one_engine, one_yard)])
    assert ended.code == 0, ended.output
    assert ended.task("look").result["containers"] == []
    assert one_yard.states() == {"web": "running", "db": "running"}
    assert list(window.state.iterdir()) == []
