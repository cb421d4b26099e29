# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The assets for AWX: of the shape that AWX takes, and their surveys ask for what playbooks read."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from .awx import ASSETS, AWX, template_names
from .awx_check import complaints
from .awx_variables import wanted_variables
from .controller import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from .awx_check import Assets

# What a survey does not ask for: the credential says where, and the inventory says on which host.
NEVER_ASKED = {"fleet_docker_host", "fleet_kubeconfig", "fleet_context", "fleet_hosts"}
# And what would have no meaning there.
NOT_ASKED = {
    "nekzus.runtime.stop_fleet": {"fleet_state", "fleet_replicas", "fleet_restart_method"},
    "nekzus.runtime.start_fleet": {"fleet_state", "fleet_restart_method"},
    "nekzus.runtime.restart": {"fleet_state", "fleet_replicas"},
    # What those say of themselves.
    "nekzus.runtime.change_fleet": {"fleet_playbook", "fleet_only_state"},
    "nekzus.runtime.kubernetes_rbac": {
        *(f"kubernetes_rbac_{name}" for name in ("kubeconfig", "context", "runtimes")),
        "kubernetes_rbac_verify",
    },
    # A survey has no question whose answer is a dictionary.
    "nekzus.runtime.maintenance": {
        f"maintenance_{name}" for name in ("docker_host", "kubeconfig", "context", "runtimes", "filters")
    },
}
# A survey has no lists of dictionaries either.
NOT_ASKED["nekzus.runtime.deploy"] = {
    f"toolbox_{name}" for name in ("services", "docker_host", "kubeconfig", "context", "runtimes", "stop_at_failure")
}
NOT_ASKED["nekzus.runtime.list_services"] = {f"toolbox_{name}" for name in ("docker_host", "kubeconfig", "context")}
# Nobody but who launches can know it.
NO_DEFAULT = {"fleet_state", "logs_dest", "export_dest", "maintenance_state_dir"}


def test_awx_takes_the_assets() -> None:
    assert complaints(ASSETS) == []


def planted(kind: str, change: Callable[[dict[str, Any]], object]) -> Assets:
    """Return the assets with a fault in the first one of a kind."""
    assets = copy.deepcopy(ASSETS)
    change(assets[kind][0])
    return assets


def question(change: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return lambda asset: asset["related"]["survey_spec"]["spec"][0].update(change)


def credential_field(change: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return lambda asset: asset["inputs"]["fields"][0].update(change)


@pytest.mark.parametrize(
    ("kind", "fault", "words"),
    [
        ("projects", lambda asset: asset.pop("scm_url"), "scm_url is missing"),
        ("projects", lambda asset: asset.update(colour="red"), "colour is not a field"),
        ("projects", lambda asset: asset["organization"].update(name="Other"), "organization is none that there is"),
        ("inventory", lambda asset: asset["natural_key"].pop("organization"), "natural_key: has name, type"),
        ("inventory", lambda asset: asset["natural_key"].update(name="other"), "natural_key has another name"),
        ("inventory", lambda asset: asset["related"]["hosts"][0].update(enabled="yes"), "hosts: enabled is not a bool"),
        ("inventory", lambda asset: asset["related"].update(walls=[]), "walls: is not related"),
        ("job_templates", lambda asset: asset["project"].update(type="host"), "project: is of host, not of project"),
        ("job_templates", lambda asset: asset["related"]["survey_spec"].update(spec=[]), "survey_spec: asks nothing"),
        ("job_templates", question({"type": "colour"}), "fleet_names: type is colour"),
        ("job_templates", question({"required": "yes"}), "required is not a bool"),
        ("job_templates", question({"variable": "fleet_labels"}), "fleet_labels is asked for twice"),
        ("job_templates", question({"type": "multiplechoice"}), "has no choices"),
        ("job_templates", question({"type": "multiplechoice", "choices": ["a"], "default": "b"}), "b is not one of"),
        ("job_templates", question({"type": "integer", "default": "1"}), "'1' is not of the type integer"),
        ("job_templates", question({"type": "integer", "default": 2, "max": 1}), "2 is too small or too large"),
        ("job_templates", question({"max": "1024"}), "max is not an int"),
        ("credential_types", lambda asset: asset.update(kind="kubernetes"), "kind is kubernetes"),
        ("credential_types", credential_field({"id": "tower"}), "its name cannot be one"),
        ("credential_types", credential_field({"id": "ca_cert"}), "field ca_cert is there twice"),
        ("credential_types", credential_field({"type": "boolean", "secret": True}), "secret is of texts only"),
        ("credential_types", credential_field({"ask_at_runtime": True}), "ask_at_runtime is not a field"),
        ("credential_types", credential_field({"id": "other"}), "docker_host is required, and no field"),
        ("credential_types", lambda asset: asset["injectors"]["file"].update(template=""), "neither the only one"),
        ("credential_types", lambda asset: asset["injectors"]["env"].update(X="{{ nobody }}"), "'nobody' is undefined"),
        (
            "credential_types",
            lambda asset: asset["injectors"]["env"].update(X="{{ tower.filename.x }}"),
            "attribute 'x'",
        ),
        ("credential_types", lambda asset: asset["injectors"]["env"].update(ANSIBLE_X=""), "ANSIBLE_X may not be set"),
    ],
)
def test_a_fault_in_assets_is_told(kind: str, fault: Callable[[dict[str, Any]], object], words: str) -> None:
    found = complaints(planted(kind, fault))
    assert any(words in each for each in found), found


def test_every_playbook_has_a_job_template() -> None:
    playbooks = {f"playbooks/{file.name}" for file in (ROOT / "playbooks").glob("*.yml")}
    assert {asset["playbook"] for asset in ASSETS["job_templates"]} == playbooks


@pytest.mark.parametrize("name", template_names())
def test_a_survey_asks_for_what_its_playbook_reads(name: str) -> None:
    template = AWX.template(name)
    asked = {each["variable"] for each in template["related"]["survey_spec"]["spec"]}
    wanted = wanted_variables(ROOT / template["playbook"])
    assert asked - wanted == set()
    assert wanted - asked == (NEVER_ASKED & wanted) | NOT_ASKED.get(name, set())


@pytest.mark.parametrize("name", template_names())
def test_a_question_says_what_it_is_about(name: str) -> None:
    for each in AWX.template(name)["related"]["survey_spec"]["spec"]:
        assert each["question_name"]
        assert each["question_description"]
        assert not each["required"] or "default" in each or each["variable"] in NO_DEFAULT


def test_the_walk_through_names_all_that_is_imported() -> None:
    told = (ROOT / "docs" / "awx" / "README.md").read_text(encoding="utf-8")
    for kind in ("credential_types", "projects", "inventory", "inventory_sources", "job_templates"):
        for asset in ASSETS[kind]:
            assert f"`{asset['name']}`" in told


@pytest.mark.parametrize("source", ASSETS["inventory_sources"], ids=lambda asset: str(asset["name"]))
def test_an_inventory_source_is_a_file_of_the_project(source: dict[str, Any]) -> None:
    file = ROOT / source["source_path"]
    assert file.name.endswith(".containers.yml")
    assert "plugin: nekzus.runtime.containers" in file.read_text(encoding="utf-8")
