# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the collection, run by their names as a survey would: flat variables, lists as text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .controller import Controller, Run
    from .engine import DockerEngine, Engine
    from .yard import Yard

# What is left empty in a survey.
EMPTY = dict.fromkeys(("fleet_names", "fleet_labels", "fleet_globs", "fleet_project", "fleet_all", "fleet_timeout"), "")
SHOWN = "Show what became of each container"


def play(controller: Controller, engine: Engine, name: str, **variables: str) -> Run:
    """Run a playbook of the collection on an engine."""
    return controller.playbook(name, {**engine.survey, **variables})


def test_a_fleet_is_listed_stopped_started_and_restarted(controller: Controller, engine: Engine, yard: Yard) -> None:
    yard.run("web", "db")
    yard.run("bystander")
    path, place = engine.ways.path, engine.ways.place
    both = f"{path}{yard.name('web')},{path}{yard.name('db')}"

    listed = play(controller, engine, "list", **{**EMPTY, "fleet_globs": path + yard.name("*"), "fleet_stopped": ""})
    assert listed.code == 0
    rows = listed.task("Show them").result["msg"]
    assert rows[0].split()[:2] == ["CONTAINER", "STATE"]
    assert [(re.sub(engine.ways.extra, "", row.split()[0]), row.split()[1]) for row in rows[1:]] == [
        (yard.name(name), "running") for name in ("bystander", "db", "web")
    ]

    stopped = play(controller, engine, "stop_fleet", fleet_names=both, fleet_exclude="*db*")
    assert (stopped.code, stopped.recap["changed"]) == (0, 1)
    assert stopped.task(SHOWN).result["msg"] == [f"{place}/{yard.name('web')}: running -> stopped"]
    assert yard.states() == {"web": "stopped", "db": "running", "bystander": "running"}

    started = play(controller, engine, "start_fleet", fleet_names=both)
    assert (started.code, started.recap["changed"]) == (0, 1)
    assert started.task(SHOWN).result["msg"] == [
        f"{place}/{yard.name('web')}: stopped -> running",
        f"{place}/{yard.name('db')}: left as it is, running",
    ]

    before = yard.runs()
    restarted = play(controller, engine, "restart", fleet_names=both, fleet_max_concurrent="1")
    assert (restarted.code, restarted.recap["changed"]) == (0, 1)
    assert {name for name, run in yard.runs().items() if run != before[name]} == {"web", "db"}


def test_what_fails_is_shown_beside_what_was_done(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard
) -> None:
    one_yard.run("web")
    names = f"{one_yard.name('wep')},{one_yard.name('web')}"
    ended = play(controller, one_engine, "change_fleet", fleet_state="paused", fleet_names=names)
    assert (ended.code, ended.recap["failed"]) == (2, 1)
    missing, paused = ended.task(SHOWN).result["msg"]
    assert "there is no such container" in missing
    assert paused == f"docker/{one_yard.name('web')}: running -> paused"


def test_a_fleet_is_never_all_by_mistake(controller: Controller, one_engine: DockerEngine, one_yard: Yard) -> None:
    one_yard.run("web")
    ended = play(controller, one_engine, "stop_fleet", **EMPTY)
    assert ended.task("Bring the fleet into its state").failure["code"] == "invalid_target"
    assert one_yard.state("web") == "running"


def test_a_blank_after_a_comma_excludes_what_it_names(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard
) -> None:
    one_yard.run("web", "db")
    fleet = {"fleet_globs": one_yard.name("*"), "fleet_exclude": f"nothing, {one_yard.name('db')}"}
    given = json.dumps({**one_engine.survey, **fleet})
    stopped = controller.command("ansible-playbook", "nekzus.runtime.stop_fleet", "-e", given)
    assert stopped.code == 0, stopped.output
    assert one_yard.states() == {"web": "stopped", "db": "running"}
