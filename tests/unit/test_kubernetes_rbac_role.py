# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role kubernetes_rbac says what the module says: its variables, their defaults, and where they go."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.modules import nekzus_account, nekzus_runtime_info

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles" / "kubernetes_rbac"
PREFIX = "kubernetes_rbac_"
SHAPE = ("type", "elements", "choices")
# Ansible would refuse a blank before one of the role's choices; the module takes it.
CHOSEN_BY_MODULE = {"features"}
# What the role alone has: what it verifies, and who makes the account.
OWN = {"verify", "allow_more", "kubeconfig", "context", "runtimes"}
# In the module it is a choice of the shared options.
SHARED = {"namespace"}
# A kubeconfig is given to who asks for it; the role has it written.
NOT_IN_ROLE = {"return_kubeconfig"}


def read(path: str) -> Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def options() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    assert all(name.startswith(PREFIX) for name in found)
    return {name[len(PREFIX) :]: option for name, option in found.items()}


def tasks(path: str) -> list[dict[str, Any]]:
    """Return the tasks of a file, those in blocks too."""
    return list(_flat(read(path)))


def _flat(found: list[dict[str, Any]]) -> Any:
    for task in found:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _flat(task.get(part, []))


def used(module: str) -> dict[str, Any]:
    """Return the options that the role gives a module."""
    every = [*tasks("tasks/main.yml"), *tasks("tasks/verify.yml")]
    (found,) = [task[f"nekzus.runtime.{module}"] for task in every if f"nekzus.runtime.{module}" in task]
    assert isinstance(found, dict)
    return found


def test_the_role_has_the_options_of_the_module() -> None:
    assert set(options()) - OWN - SHARED == set(nekzus_account.ARGUMENTS) - NOT_IN_ROLE


@pytest.mark.parametrize("name", sorted(set(nekzus_account.ARGUMENTS) - NOT_IN_ROLE))
def test_an_option_of_the_role_is_that_of_the_module(name: str) -> None:
    own, theirs = options()[name], nekzus_account.ARGUMENTS[name]
    shape = [key for key in SHAPE if key != "choices" or name not in CHOSEN_BY_MODULE]
    assert {key: own.get(key) for key in shape} == {key: theirs.get(key) for key in shape}
    assert theirs.get("default", own.get("default")) == own.get("default")


def test_each_option_goes_to_the_option_of_its_name() -> None:
    given = used("nekzus_account")
    assert given.pop("runtime") == "kubernetes"
    assert {name for name in given if f"{PREFIX}{name}" in given[name]} == set(given)
    assert set(given) == set(options()) - {"verify", "allow_more"}


def test_the_defaults_are_those_that_are_documented() -> None:
    documented = {f"{PREFIX}{name}": one["default"] for name, one in options().items() if "default" in one}
    assert read("defaults/main.yml") == documented


def test_the_cluster_is_asked_about_every_feature_so_that_too_many_rights_are_seen() -> None:
    given = used("nekzus_runtime_info")
    assert given["features"] == nekzus_runtime_info.ARGUMENTS["features"]["choices"]
    assert given["permissions"] is True
    # Nobody else's credentials are used by mistake: these would be laid over the kubeconfig.
    assert given["runtimes"] == {"primary": "kubernetes"}


def test_the_readme_has_every_variable_and_its_default() -> None:
    rows = re.findall(r"^\| (`kubernetes_rbac_.*?) \| (.*?) \|", (ROLE / "README.md").read_text("utf-8"), re.MULTILINE)
    told = {name: default for names, default in rows for name in re.findall(r"`(kubernetes_rbac_\w+)`", names)}
    assert set(told) == {f"{PREFIX}{name}" for name in options()}
    for name, default in read("defaults/main.yml").items():
        assert yaml.safe_load(told[name].strip("`")) == default


def test_the_playbook_names_variables_that_there_are() -> None:
    text = (ROOT / "playbooks" / "kubernetes_rbac.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"kubernetes_rbac_(\w+)", text))
    assert named <= set(options())
