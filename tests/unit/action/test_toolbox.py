# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of the toolbox: they put the template into the options of the module, and do nothing else."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import connection_loader
from ansible_collections.nekzus.runtime.plugins.action import nekzus_toolbox_deploy, nekzus_toolbox_info
from ansible_collections.nekzus.runtime.plugins.plugin_utils._templates import CATALOG

if TYPE_CHECKING:
    from pathlib import Path

WEB = "services: {web: {image: nginx, volumes: ['./web.conf:/etc/web.conf']}}\n"
DEPLOY, INFO = "nekzus.runtime.nekzus_toolbox_deploy", "nekzus.runtime.nekzus_toolbox_info"
ACTIONS = {DEPLOY: nekzus_toolbox_deploy, INFO: nekzus_toolbox_info}


class Desk:
    """A controller with a project, and what is asked of modules by the actions that run on it."""

    def __init__(self, project: Path) -> None:
        """Take the folder of the playbook."""
        self.project = project
        self.asked: list[dict[str, Any]] = []
        self.variables: dict[str, Any] = {"playbook_dir": str(project)}

    def run(self, action: str, *, asynchronous: int = 0, check: bool = False, **arguments: Any) -> dict[str, Any]:
        """Run an action with the arguments of a task, and return its result."""
        desk = self

        class Action(ACTIONS[action].ActionModule):  # type: ignore[misc] # of one of two modules
            def _execute_module(self, **asked: Any) -> dict[str, Any]:
                desk.asked.append(asked)
                return {"changed": True, "told": "by the module"}

        task = Task()
        task.action, task.args = action, arguments
        task.async_val, task.check_mode = asynchronous, check
        loader = DataLoader()
        loader.set_basedir(str(self.project))
        context = PlayContext()
        connection = connection_loader.get("ansible.builtin.local", context)
        made = Action(task, connection, context, loader, None, None)
        found: dict[str, Any] = made.run(task_vars=self.variables)
        return found

    @property
    def options(self) -> dict[str, Any]:
        """The options of the one module that was asked for."""
        (asked,) = self.asked
        options: dict[str, Any] = asked["module_args"]
        return options

    def write(self, name: str, text: str = WEB) -> None:
        """Write a file of the project."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a controller with an empty project."""
    return Desk(tmp_path)


def test_the_result_is_that_of_the_module(desk: Desk) -> None:
    result = desk.run(DEPLOY, definition=WEB, service_name="shop")
    assert result == {"changed": True, "told": "by the module"}
    (asked,) = desk.asked
    assert (asked["module_name"], asked["task_vars"]) == (DEPLOY, desk.variables)
    assert desk.options == {"definition": WEB, "service_name": "shop"}


@pytest.mark.parametrize("place", ["", "files/", "templates/"])
def test_a_template_is_read_with_what_is_beside_it_and_all_other_options_stay(desk: Desk, place: str) -> None:
    desk.write(f"{place}shop/compose.yaml")
    desk.write(f"{place}shop/web.conf", "a = 1")
    given: dict[str, Any] = {"src": "shop", "env": {"A": 1}, "state": "started", "port": 80}
    desk.run(DEPLOY, **given)
    assert desk.options == {
        **given,
        "definition": WEB,
        "files": {"web.conf": "base64:" + base64.b64encode(b"a = 1").decode()},
    }


def test_files_that_the_task_gives_come_before_those_beside_the_template(desk: Desk) -> None:
    desk.write("shop/compose.yaml")
    desk.write("shop/web.conf", "a = 1")
    desk.run(DEPLOY, src="shop", files={"web.conf": "a = 2", "x": "y"})
    assert desk.options["files"] == {"web.conf": "a = 2", "x": "y"}


def test_a_role_has_templates_of_its_own_which_come_first(desk: Desk, tmp_path: Path) -> None:
    desk.write("shop.yaml", "of the playbook")
    desk.write("roles/shop/templates/shop.yaml", "of the role")
    desk.variables["role_path"] = str(tmp_path / "roles" / "shop")
    desk.run(DEPLOY, src="shop.yaml")
    assert desk.options["definition"] == "of the role"


def test_a_playbook_of_a_collection_has_the_templates_from_where_ansible_was_started(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk.write("shop.yaml")
    desk.variables["playbook_dir"] = str(tmp_path / "collections" / "playbooks")
    for source in ("shop.yaml", str(tmp_path / "shop.yaml")):
        desk.run(DEPLOY, src=source)
        assert desk.asked.pop()["module_args"]["definition"] == WEB


def test_the_root_of_everything_is_no_project(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    for source in ("/etc/passwd", "etc/passwd"):
        assert desk.run(DEPLOY, src=source)["failure"]["code"] == "invalid_target"
    assert desk.asked == []


def test_a_service_is_read_from_the_catalogue_of_the_collection_or_another(desk: Desk) -> None:
    desk.run(DEPLOY, service="vaultwarden")
    assert desk.options["definition"] == (CATALOG / "vaultwarden" / "compose.yaml").read_text(encoding="utf-8")
    desk.asked.clear()
    desk.write("catalog/shop/compose.yaml")
    desk.run(DEPLOY, service="shop", catalog_dir="catalog")
    assert (desk.options["definition"], desk.options["service"]) == (WEB, "shop")


@pytest.mark.parametrize("state", ["started", "stopped", "absent"])
def test_what_takes_no_template_reads_none(desk: Desk, state: str) -> None:
    desk.run(DEPLOY, service_name="shop", state=state, service="", src=None)
    assert desk.options == {"service_name": "shop", "state": state, "service": "", "src": None}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param({"service": "grafna"}, "invalid_target", "did you mean grafana?", id="service"),
        pytest.param({"service": "a", "src": "b"}, "invalid_config", "service and src", id="service and src"),
        pytest.param({"service": "a", "definition": "b"}, "invalid_config", "service and definition", id="definition"),
        pytest.param({"src": "../x"}, "invalid_target", "no template ../x", id="climbs"),
        pytest.param({"src": "/etc/passwd"}, "invalid_target", "outside of the project", id="outside"),
        pytest.param({"src": "shop.yaml", "files": "x"}, "invalid_config", "files is no mapping", id="files"),
        pytest.param({"src": "folder"}, "invalid_template", "folder has none of", id="folder"),
        pytest.param({"service": "a", "catalog_dir": "nowhere"}, "invalid_template", "nowhere", id="catalogue"),
    ],
)
def test_what_cannot_be_read_is_a_failure_as_modules_have_it(
    desk: Desk, arguments: dict[str, Any], code: str, words: str
) -> None:
    desk.write("shop.yaml")
    desk.write("folder/readme.md")
    result = desk.run(DEPLOY, **arguments)
    assert desk.asked == []
    assert result["failed"] is True
    assert words in result["msg"]
    failure = result["failure"]
    assert set(failure) == {"code", "message", "runtime", "op", "target", "hint"}
    assert (failure["code"], failure["op"], failure["target"]) == (code, "read", "the template")
    assert failure["hint"]


@pytest.mark.parametrize("action", [DEPLOY, INFO])
def test_it_may_run_asynchronously_and_be_a_prediction(desk: Desk, action: str) -> None:
    desk.run(action, asynchronous=30, definition=WEB)
    desk.run(action, check=True, definition=WEB)
    assert [one["wrap_async"] for one in desk.asked] == [True, False]


def test_the_catalogue_is_read_whole(desk: Desk) -> None:
    assert desk.run(INFO, services=False) == {"changed": True, "told": "by the module"}
    definitions = desk.options.pop("definitions")
    assert desk.options == {"services": False}
    assert set(definitions) == {folder.name for folder in CATALOG.iterdir()}
    assert json.loads(json.dumps(definitions)) == definitions


def test_another_catalogue_is_read_instead(desk: Desk) -> None:
    desk.write("catalog/shop/compose.yaml")
    desk.run(INFO, catalog_dir="catalog")
    assert desk.options["definitions"] == {"shop": WEB}


@pytest.mark.parametrize("catalog", [False, "no", 0])
def test_who_does_not_ask_for_the_catalogue_reads_none(desk: Desk, catalog: Any) -> None:
    desk.run(INFO, catalog=catalog, catalog_dir="nowhere")
    assert "definitions" not in desk.options


def test_texts_that_the_task_gives_are_taken_instead_of_the_catalogue(desk: Desk) -> None:
    desk.run(INFO, definitions={"a": WEB}, catalog_dir="nowhere")
    assert desk.options["definitions"] == {"a": WEB}


def test_a_catalogue_that_is_not_there_is_a_failure_as_modules_have_it(desk: Desk) -> None:
    result = desk.run(INFO, catalog_dir="nowhere")
    assert desk.asked == []
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_template")
    assert result["failure"]["target"] == "the catalogue"
