# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The assets, imported by the command that administrators use, into an API that keeps what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .awx import ASSETS
from .awx_api import AwxApi
from .controller import BIN, ROOT
from .process import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = ("credential_types", "projects", "inventory", "inventory_sources", "job_templates")
TOKEN = "t0k3n"  # noqa: S105 - a test's


@pytest.fixture
def api() -> Iterator[AwxApi]:
    """Have an AWX in which the execution environment was made, as the walk-through says."""
    with AwxApi() as started:
        started.create("execution_environments", {"name": "nekzus.runtime", "image": "registry.example/ee:latest"})
        yield started


def import_assets(api: AwxApi, file: Path = ROOT / "docs" / "awx" / "assets.yml") -> tuple[int, str]:
    """Run the command."""
    command = '"$0" --conf.host "$1" --conf.token "$2" -f yaml import <"$3"'
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
    arguments = (str(BIN / "awx"), api.url, TOKEN, str(file))
    return run("/bin/sh", "-c", command, *arguments, environment=environment, check=False)


def test_all_is_imported_as_it_is_written(api: AwxApi) -> None:
    code, output = import_assets(api)
    assert code == 0, output
    for kind in KINDS:
        assert api.names(kind) == [asset["name"] for asset in ASSETS[kind]], output
    for made, asset in zip(api.kept["job_templates"], ASSETS["job_templates"]):
        assert made["survey_spec"] == asset["related"]["survey_spec"]
        assert (made["playbook"], made["execution_environment"]) == (asset["playbook"], 1)
    for made, asset in zip(api.kept["credential_types"], ASSETS["credential_types"]):
        assert (made["inputs"], made["injectors"]) == (asset["inputs"], asset["injectors"])
    assert [(host["name"], host["inventory"]) for host in api.kept["hosts"]] == [("localhost", 1)]


def test_importing_again_changes_in_place(api: AwxApi) -> None:
    assert import_assets(api)[0] == 0
    first = {kind: api.names(kind) for kind in api.kept}
    api.kept["job_templates"][0]["description"] = "changed by somebody"
    api.requests.clear()
    code, output = import_assets(api)
    assert code == 0, output
    assert {kind: api.names(kind) for kind in api.kept} == first
    assert api.kept["job_templates"][0]["description"] == ASSETS["job_templates"][0]["description"]
    assert {each for each in api.requests if each.startswith("POST") and "survey_spec" not in each} == set()


def test_without_the_execution_environment_job_templates_have_none() -> None:
    with AwxApi() as api:
        code, output = import_assets(api)
        assert code == 0, output
        assert {made["execution_environment"] for made in api.kept["job_templates"]} == {None}


def test_what_awx_refuses_is_an_error_of_the_command(api: AwxApi, tmp_path: Path) -> None:
    broken = tmp_path / "assets.yml"
    broken.write_text((ROOT / "docs" / "awx" / "assets.yml").read_text().replace("scm_type: git", "scm_type:"))
    code, output = import_assets(api, broken)
    assert code != 0
    assert "scm_type" in output
