# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks of the collection are answered: what cannot be meant is refused, what can be is done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .controller import Controller
    from .engine import DockerEngine
    from .yard import Yard

NOWHERE = {"DOCKER_HOST": "tcp://127.0.0.1:1", "KUBECONFIG": "/nonexistent"}
DESTS = {"collect_logs": "logs_dest", "export": "export_dest"}
READING = ("stats", *DESTS)
STATES = "fleet_state must be started, stopped, restarted or paused, not"


@pytest.mark.parametrize(
    ("name", "survey", "message"),
    [
        ("stats", {"fleet_top": "abc"}, "fleet_top must be a number of at least 1, not abc"),
        ("stats", {"fleet_top": "-2"}, "fleet_top must be a number of at least 1, not -2"),
        ("stats", {"fleet_top": "0"}, "fleet_top must be a number of at least 1, not 0"),
        ("collect_logs", {"logs_max_bytes": "10X"}, "logs_max_bytes must be a number of bytes or such as 10M, not 10X"),
        ("change_fleet", {"fleet_names": "web"}, f"{STATES} empty"),
        ("change_fleet", {"fleet_names": "web", "fleet_state": "gone"}, f"{STATES} gone"),
        ("stop_fleet", {"fleet_state": "started"}, "stop_fleet does not take fleet_state=started: leave it away"),
        ("start_fleet", {"fleet_state": "stopped"}, "start_fleet does not take fleet_state=stopped: leave it away"),
        ("restart", {"fleet_state": "paused"}, "restart does not take fleet_state=paused: leave it away"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(
    controller: Controller, name: str, survey: Mapping[str, str], message: str
) -> None:
    run = controller.playbook(name, survey, **NOWHERE)
    assert run.code == 2
    (refused,) = [task for task in run.tasks if task.status == "failed"]
    assert refused.result["msg"].startswith(message)
    assert all(task.name.startswith("Look whether") for task in run.tasks)


@pytest.mark.parametrize("name", READING)
def test_a_playbook_fails_with_the_reasons_when_no_runtime_answers(
    controller: Controller, tmp_path: Path, name: str
) -> None:
    run = controller.playbook(name, {}, **NOWHERE, PWD=str(tmp_path))
    assert run.code == 2
    told = run.task("Look whether one answers").result["msg"]
    assert told.startswith("No runtime answers: docker: cannot connect to tcp://127.0.0.1:1")
    assert "kubernetes: there is no kubeconfig /nonexistent" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", READING)
def test_a_runtime_that_does_not_answer_is_told_of(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path, name: str
) -> None:
    one_yard.run("web")
    survey = {**one_engine.survey, "fleet_globs": one_yard.name("web")}
    run = controller.playbook(name, survey, KUBECONFIG="/nonexistent", PWD=str(tmp_path))
    assert run.code == 0, run.output
    (told,) = run.task("Say which is left out").result["msg"]
    assert told.startswith("kubernetes: there is no kubeconfig /nonexistent")


@pytest.mark.parametrize("name", list(DESTS))
def test_a_folder_is_below_the_one_that_ansible_is_started_in(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path, name: str
) -> None:
    one_yard.run("web")
    survey = {**one_engine.survey, "fleet_names": one_yard.name("web"), DESTS[name]: "kept/here"}
    run = controller.playbook(name, survey, PWD=str(tmp_path))
    assert run.code == 0, run.output
    (found,) = (tmp_path / "kept" / "here").iterdir()
    assert run.task("Say where they are").result["msg"].endswith(f" in {found}/localhost")
    assert [one for one in found.rglob("*") if one.is_file()]


@pytest.mark.parametrize("name", list(DESTS))
def test_no_folder_is_made_for_nothing(
    controller: Controller, one_engine: DockerEngine, tmp_path: Path, name: str
) -> None:
    survey = {**one_engine.survey, "fleet_runtime": "docker"}
    refused = controller.playbook(name, {**survey, "fleet_names": "a:b"}, PWD=str(tmp_path))
    assert refused.code == 2
    assert not re.search(r"\d (logs|files) (are|would be) in", refused.output)
    none = controller.playbook(name, {**survey, "fleet_globs": "nobody-is-called-so"}, PWD=str(tmp_path))
    assert none.code == 0, none.output
    assert none.task("Say that there are none").result["msg"].startswith("There are no containers")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["kubernetes_rbac", "maintenance"])
def test_hosts_that_are_left_empty_are_localhost(controller: Controller, name: str) -> None:
    run = controller.playbook(name, {"fleet_hosts": ""}, **NOWHERE)
    assert run.recap["failed"] == 1
