# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role toolbox, and the playbook: a list of services, one of which fails, and what a survey gives."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .engine import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .controller import Controller, Run
    from .engine import Engine

ROLE = "nekzus.runtime.toolbox"
NAMES = ("nkz-role-one", "nkz-role-two", "nkz-role-three")
IDLE = "trap 'exit 0' TERM; while :; do sleep 0.2; done"


class Services:
    """Some services on an engine, by plays of a controller."""

    def __init__(self, controller: Controller, engine: Engine, folder: Path) -> None:
        """Take where, and an empty folder for playbooks and templates."""
        self._controller = controller
        self._folder = folder
        options = dict(engine.options)
        if engine.name == "kubernetes":
            options["namespace"] = options["runtimes"]["kubernetes"]["namespaces"][0]
            self.image = os.environ.get("NEKZUS_TEST_KUBE_IMAGE", "busybox:stable")
        else:
            self.image = IMAGE
        self.variables = {f"toolbox_{key}": value for key, value in options.items()}

    def definition(self, name: str = "web", **service: Any) -> dict[str, Any]:
        """Return a template of one service that runs. A namespace has each name once, by which others reach it."""
        return {"services": {name: {"image": self.image, "command": ["sh", "-c", IDLE], **service}}}

    def file(self) -> str:
        """Write the template that asks for a value beside the playbook, and return its path from there."""
        (self._folder / "shop").mkdir()
        template = self.definition("shop", environment={"GREETING": "${GREETING:?what to say}"})
        (self._folder / "shop" / "compose.yaml").write_text(json.dumps(template))
        return "shop"

    def run(self, services: list[dict[str, Any]], *arguments: str, **variables: Any) -> Run:
        """Run the role, and show the results whatever becomes of it."""
        told = {"toolbox_services": services, **self.variables, **variables}
        show = {"name": "results", "ansible.builtin.debug": {"msg": "{{ toolbox_results }}"}}
        block = [{"name": "role", "ansible.builtin.include_role": {"name": ROLE}, "vars": told}]
        tasks = [{"name": "all", "block": block, "always": [show]}]
        play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
        playbook = self._folder / "play.json"
        playbook.write_text(json.dumps([play]))
        return self._controller.command("ansible-playbook", str(playbook), *arguments)

    def remove(self) -> None:
        """Remove what the tests make."""
        ended = self.run([{"name": name, "remove_volumes": True} for name in NAMES], toolbox_state="absent")
        assert ended.code == 0, ended.output[-3000:]

    def deploy(self, **survey: str) -> Run:
        """Run the playbook with what a survey says."""
        told = {**self.variables, **{f"toolbox_{name}": value for name, value in survey.items()}}
        return self._controller.command("ansible-playbook", "nekzus.runtime.deploy", "-e", json.dumps(told))


@pytest.fixture
def folder(controller: Controller) -> Path:
    """Have an empty folder in the project of the user, who starts Ansible there."""
    return Path(tempfile.mkdtemp(prefix="role-", dir=controller.home))


@pytest.fixture
def services(controller: Controller, engine: Engine, folder: Path) -> Iterator[Services]:
    found = Services(controller, engine, folder)
    found.remove()
    yield found
    found.remove()


def results(run: Run) -> list[tuple[str, bool, bool]]:
    return [(one["name"], one["changed"], one["failed"]) for one in run.task("results").result["msg"]]


def test_services_are_deployed_kept_and_removed(services: Services) -> None:
    wanted = [
        {"name": NAMES[0], "definition": services.definition()},
        {"name": NAMES[1], "src": services.file(), "env": {"GREETING": "hello"}},
    ]
    predicted = services.run(wanted, "--check")
    assert results(predicted) == [(NAMES[0], True, False), (NAMES[1], True, False)], predicted.output[-3000:]
    made = services.run(wanted)
    assert results(made) == [(NAMES[0], True, False), (NAMES[1], True, False)], made.output[-3000:]
    assert [one["service"]["status"] for one in made.task("results").result["msg"]] == ["running", "running"]
    again = services.run(wanted)
    assert (results(again), again.recap["changed"]) == ([(NAMES[0], False, False), (NAMES[1], False, False)], 0)
    stopped = services.run([{"name": NAMES[0]}, {"name": NAMES[1]}], toolbox_state="stopped")
    assert [one["service"]["status"] for one in stopped.task("results").result["msg"]] == ["stopped", "stopped"]
    gone = services.run([{"name": NAMES[0], "state": "absent"}, {"name": NAMES[2], "state": "absent"}])
    assert results(gone) == [(NAMES[0], True, False), (NAMES[2], False, False)]


def test_one_that_fails_keeps_none_of_the_others_from_it(services: Services) -> None:
    wanted = [
        {"name": NAMES[0], "definition": {"services": {"web": {"image": services.image, "build": "."}}}},
        {"name": NAMES[1], "definition": services.definition()},
    ]
    ended = services.run(wanted)
    assert ended.code != 0
    assert results(ended) == [(NAMES[0], False, True), (NAMES[1], True, False)], ended.output[-3000:]
    assert ended.task("results").result["msg"][0]["failure"]["code"] == "invalid_template"
    told = ended.task("Say what has failed").result["msg"]
    assert told.startswith(f"1 of 2 services has failed: {NAMES[0]}: ")


def test_what_comes_after_a_failure_can_be_left_alone(services: Services) -> None:
    wanted = [
        {"name": NAMES[0], "definition": {"services": {"web": {"image": services.image, "build": "."}}}},
        {"name": NAMES[1], "definition": services.definition()},
    ]
    ended = services.run(wanted, toolbox_stop_at_failure=True)
    assert results(ended) == [(NAMES[0], False, True)], ended.output[-3000:]
    told = ended.task("Say what has failed").result["msg"]
    assert f"Not attempted: {NAMES[1]}." in told


def test_two_of_one_name_are_refused_before_anything_is_done(services: Services) -> None:
    ended = services.run([{"name": NAMES[0], "definition": services.definition()}] * 2)
    assert ended.code != 0
    assert f"toolbox_services has {NAMES[0]} more than once" in ended.output


def test_a_survey_deploys_and_removes_and_shows_no_secret(services: Services, folder: Path) -> None:
    services.file()
    source = str(folder / "shop" / "compose.yaml")
    said = {"service": "", "src": source, "name": NAMES[2], "image": "", "port": "", "wait": "true"}
    values = "GREETING=hello SHOP_PASSWORD=planted-secret"
    ended = services.deploy(**said, secret_env=values)
    assert ended.code == 0, ended.output[-3000:]
    assert ended.task("Show what became of each service").result["msg"] == [f"{NAMES[2]}: changed, running"]
    assert "planted-secret" not in ended.output
    gone = services.deploy(name=NAMES[2], state="absent", remove_volumes="true")
    assert gone.task("Show what became of each service").result["msg"] == [f"{NAMES[2]}: changed, gone"]
