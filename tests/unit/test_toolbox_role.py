# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role toolbox says what the module says: its variables, their defaults, and where they go."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils import _argspec
from ansible_collections.nekzus.runtime.plugins.modules import nekzus_toolbox_deploy

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles" / "toolbox"
PREFIX = "toolbox_"
MODULE = "nekzus.runtime.nekzus_toolbox_deploy"
# Of a service, the module has it under another name.
RENAMED = {"name": "service_name"}
THEIRS = {**_argspec.RUNTIME, **nekzus_toolbox_deploy.ARGUMENTS}
WHERE = {"docker_host", "kubeconfig", "context", "runtimes"}
OWN = {"services", "stop_at_failure"}


def read(path: str) -> Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def options() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    assert all(name.startswith(PREFIX) for name in found)
    return {name[len(PREFIX) :]: option for name, option in found.items()}


def of_service() -> dict[str, dict[str, Any]]:
    """Return the options of a service by the names that the module has for them."""
    found: dict[str, dict[str, Any]] = options()["services"]["options"]
    return {RENAMED.get(name, name): option for name, option in found.items()}


def given() -> dict[str, str]:
    (options_of_task,) = (task[MODULE] for task in read("tasks/service.yml") if MODULE in task)
    found: dict[str, str] = options_of_task
    return found


@pytest.mark.parametrize("name", sorted({*options(), *of_service()} - OWN))
def test_an_option_of_the_role_is_that_of_the_module(name: str) -> None:
    for option in (options().get(name), of_service().get(name)):
        if option:
            assert {key: option.get(key) for key in ("type", "elements", "choices")} == {
                key: THEIRS[name].get(key) for key in ("type", "elements", "choices")
            }


def test_a_service_can_be_told_all_that_the_module_takes() -> None:
    public = {name for name in nekzus_toolbox_deploy.ARGUMENTS if not name.startswith("_")}
    assert {*of_service(), "catalog_dir"} == {*public, "runtime", "namespace"}


def test_all_of_it_goes_to_the_module() -> None:
    assert set(given()) == {*of_service(), "catalog_dir"}
    for name, text in given().items():
        key = {theirs: ours for ours, theirs in RENAMED.items()}.get(name, name)
        assert name == "catalog_dir" or f"toolbox_item.{key} " in text
        assert name not in options() or re.search(rf"\b{PREFIX}{name}\b", text)


def test_where_to_work_is_told_to_every_task() -> None:
    (defaults,) = (task["module_defaults"] for task in read("tasks/main.yml") if "module_defaults" in task)
    told = defaults["group/nekzus.runtime.nekzus"]
    assert set(told) == WHERE
    assert {name for name in WHERE if f"{PREFIX}{name} " in told[name]} == WHERE


def test_the_defaults_are_those_that_are_documented() -> None:
    documented = {f"{PREFIX}{name}": one["default"] for name, one in options().items() if "default" in one}
    assert read("defaults/main.yml") == documented


def test_the_readme_has_every_variable_and_its_default() -> None:
    rows = re.findall(r"^\| (`toolbox_.*?) \| (.*?) \|", (ROLE / "README.md").read_text("utf-8"), re.MULTILINE)
    told = {name: default for names, default in rows for name in re.findall(r"`(toolbox_\w+)`", names)}
    assert set(told) == {f"{PREFIX}{name}" for name in options()}
    for name, default in read("defaults/main.yml").items():
        assert yaml.safe_load(told[name].strip("`")) == default


def test_the_playbooks_name_what_a_service_can_be_told() -> None:
    text = (ROOT / "playbooks" / "deploy.yml").read_text(encoding="utf-8")
    (play,) = yaml.safe_load(text)
    assert set(play["vars"]["toolbox_given"]) <= set(options()["services"]["options"])
