# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Execution environments: ansible-builder takes our definition, and finds our needs when others build one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from .controller import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from .controller import Controller

DEFINITION = ROOT / "docs" / "awx" / "execution-environment.yml"


@pytest.fixture(scope="module")
def installed(controller: Controller, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the collection and install what was built."""
    folder = tmp_path_factory.mktemp("installed")
    built = controller.command("ansible-galaxy", "collection", "build", "--output-path", str(folder), str(ROOT))
    assert built.code == 0, built.output
    (tarball,) = folder.glob("nekzus-runtime-*.tar.gz")
    command = ("ansible-galaxy", "collection", "install", "--offline", "-p", str(folder), str(tarball))
    made = controller.command(*command, ANSIBLE_COLLECTIONS_PATH=str(folder))
    assert made.code == 0, made.output
    return folder


def test_our_definition_makes_the_context_of_an_image(controller: Controller, tmp_path: Path) -> None:
    context = tmp_path / "context"
    made = controller.command("ansible-builder", "create", "-f", str(DEFINITION), "-c", str(context))
    assert made.code == 0, made.output
    assert "Complete!" in made.output
    galaxy = yaml.safe_load((context / "_build" / "requirements.yml").read_text())
    assert galaxy == {"collections": [{"name": "nekzus.runtime"}]}
    assert (context / "_build" / "bindep.txt").read_text().split() == ["openssh-clients", "[platform:rpm]"]
    lines = (context / "Containerfile").read_text().splitlines()
    arguments = dict(
        line.removeprefix("ARG ").split("=", 1) for line in lines if line.startswith("ARG ") and "=" in line
    )
    assert arguments["ANSIBLE_INSTALL_REFS"] == '"ansible-core~=2.19.0 ansible-runner~=2.4"'
    base = yaml.safe_load(DEFINITION.read_text())["images"]["base_image"]["name"]
    assert arguments["EE_BASE_IMAGE"] == f'"{base}"'
    # The libraries are not named here: introspection finds them in the collection.
    assert any("introspect.py introspect" in line and "--write-pip" in line for line in lines)
    assert not any("kubernetes" in line for line in lines)


def test_a_definition_that_is_wrong_is_refused(controller: Controller, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(DEFINITION.read_text().replace("galaxy:", "galaxies:"))
    made = controller.command("ansible-builder", "create", "-f", str(wrong), "-c", str(tmp_path / "context"))
    assert made.code != 0
    assert "galaxies" in made.output


def test_who_builds_an_environment_with_the_collection_gets_its_libraries(
    controller: Controller, installed: Path, tmp_path: Path
) -> None:
    pip = tmp_path / "requirements.txt"
    found = controller.command("ansible-builder", "introspect", str(installed), "--write-pip", str(pip))
    assert found.code == 0, found.output
    wanted = dict(line.split("  # from collection ") for line in pip.read_text().splitlines() if "#" in line)
    assert set(wanted.values()) == {"nekzus.runtime"}
    # ansible-builder leaves PyYAML out, which every environment has.
    assert libraries("\n".join(wanted)) | {"pyyaml"} == libraries((ROOT / "requirements" / "run.txt").read_text())


def test_the_collection_asks_for_the_libraries_that_it_is_tested_with() -> None:
    asked, tested = (
        libraries((ROOT / path).read_text()) for path in ("meta/ee-requirements.txt", "requirements/run.txt")
    )
    assert asked == tested
    assert "docker" in asked


def libraries(requirements: str) -> set[str]:
    """Return the names of what is required, but for Ansible itself."""
    lines = (line for line in requirements.splitlines() if line and not line.startswith("#"))
    return {re.split(r"[\[=><~]", line.lower())[0] for line in lines} - {"ansible-core"}


def test_what_is_imported_into_awx_is_in_the_built_collection(installed: Path) -> None:
    collection = installed / "ansible_collections" / "nekzus" / "runtime"
    ours = {file.relative_to(ROOT) for file in (ROOT / "docs" / "awx").rglob("*") if file.is_file()}
    assert {file.name for file in ours} >= {"assets.yml", "README.md", "execution-environment.yml"}
    assert [str(file) for file in ours if not (collection / file).is_file()] == []
