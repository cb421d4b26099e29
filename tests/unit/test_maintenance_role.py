# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role maintenance says what the module says: its variables, their defaults, and where they go."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils import _argspec
from ansible_collections.nekzus.runtime.plugins.modules import nekzus_container

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles" / "maintenance"
PREFIX = "maintenance_"
MODULE = "nekzus.runtime.nekzus_container"
OWN = {"action", "tasks", "state_dir"}
THEIRS = {**_argspec.RUNTIME, **_argspec.TARGET, **_argspec.WAIT, **nekzus_container.ARGUMENTS}
WHERE = {"docker_host", "kubeconfig", "context", "runtimes"}
HOW = {"timeout", "wait_timeout", "max_concurrent"}
# A survey gives an empty text for what is not answered: no type but raw takes that, and the module sees to the rest.
MAY_BE_EMPTY = HOW | {"all"}


def read(path: str) -> Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def options() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    assert all(name.startswith(PREFIX) for name in found)
    return {name[len(PREFIX) :]: option for name, option in found.items()}


def tasks(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in found:
        yield task
        for part in ("block", "rescue", "always"):
            yield from tasks(task.get(part, []))


def given(file: str) -> list[dict[str, Any]]:
    """Return the options with which a file of tasks uses the module."""
    return [task[MODULE] for task in tasks(read(f"tasks/{file}.yml")) if MODULE in task]


@pytest.mark.parametrize("name", sorted(set(options()) - OWN - MAY_BE_EMPTY))
def test_an_option_of_the_role_is_that_of_the_module(name: str) -> None:
    assert {key: options()[name].get(key) for key in ("type", "elements")} == {
        key: THEIRS[name].get(key) for key in ("type", "elements")
    }


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_an_option_that_a_survey_leaves_empty_is_taken(name: str) -> None:
    assert options()[name]["type"] == "raw"


def test_what_selects_goes_to_the_question_what_would_be_stopped_and_nowhere_else() -> None:
    (asked,) = given("note")
    selects = set(options()) - OWN - WHERE - HOW
    assert set(asked) == {"state", *selects, *HOW}
    ways = {
        name: f"{PREFIX}{name} " if name in MAY_BE_EMPTY else f"{PREFIX}selection.{name} " for name in selects | HOW
    }
    assert {name for name, way in ways.items() if way in asked[name]} == set(ways)
    for stop_or_start in (*given("present"), *given("window"), *given("restore")):
        assert not selects - {"names"} & set(stop_or_start)


def test_where_to_work_is_told_to_every_task() -> None:
    (block,) = read("tasks/main.yml")
    defaults = block["module_defaults"]["group/nekzus.runtime.nekzus"]
    assert set(defaults) == WHERE
    assert {name for name in WHERE if f"{PREFIX}{name} " in defaults[name]} == WHERE


def test_all_that_selects_tells_one_window_from_another() -> None:
    assert set(read("vars/main.yml")["maintenance_selection"]) == (set(options()) - OWN - HOW)


def test_the_defaults_are_those_that_are_documented() -> None:
    documented = {f"{PREFIX}{name}": one["default"] for name, one in options().items() if "default" in one}
    assert read("defaults/main.yml") == documented
    # What stands for an empty answer.
    assert f"'{documented['maintenance_state_dir']}', true" in read("vars/main.yml")["maintenance_notes_dir"]


def test_the_readme_has_every_variable_and_its_default() -> None:
    rows = re.findall(r"^\| (`maintenance_.*?) \| (.*?) \|", (ROLE / "README.md").read_text("utf-8"), re.MULTILINE)
    told = {name: default for names, default in rows for name in re.findall(r"`(maintenance_\w+)`", names)}
    assert set(told) == {f"{PREFIX}{name}" for name in options()}
    for name, default in read("defaults/main.yml").items():
        assert told[name].strip("`") == default


def test_the_playbook_names_variables_that_there_are() -> None:
    text = (ROOT / "playbooks" / "maintenance.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"maintenance_(\w+)", text)) <= set(options())
