# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task carries the roles that it uses and no others: see docs/decisions/0030-what-a-task-carries.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nekzus.runtime.tests.unit.layout import RUNTIME, carried

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
READS = frozenset(("containers", "inspection"))
CARRIED = {
    "account": frozenset(("accounts",)),
    "container": READS | {"lifecycle"},
    "container_info": READS,
    "export": READS | {"export"},
    "logs": READS | {"logs"},
    "runtime_info": frozenset(("survey",)),
    "stats": READS | {"stats"},
    "toolbox_deploy": frozenset(("deployment",)),
    "toolbox_info": frozenset(("deployment",)),
}


def roles_of(name: str) -> set[str]:
    files = carried(PLUGINS, f"modules/nekzus_{name}.py")
    return {Path(file).stem for file in files if file.startswith(f"{RUNTIME}/roles/")} - {"role"}


def test_every_module_is_here() -> None:
    assert set(CARRIED) == {file.stem[len("nekzus_") :] for file in (PLUGINS / "modules").glob("nekzus_*.py")}


@pytest.mark.parametrize("name", CARRIED)
def test_a_module_carries_the_roles_that_it_uses(name: str) -> None:
    assert roles_of(name) == CARRIED[name]


def test_reading_a_container_carries_nothing_of_what_others_do() -> None:
    files = {Path(file).name for file in carried(PLUGINS, "modules/nekzus_container_info.py")}
    assert "containers.py" in files
    assert not files & {
        "deploy.py",
        "export.py",
        "stats.py",
        "logs.py",
        "lifecycle.py",
        "wait.py",
        "accounts.py",
        "spec.py",
    }
