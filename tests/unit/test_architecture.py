# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the house hold, and the rules that say so find what breaks them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ansible_collections.nekzus.runtime.tests.unit.layout import (
    ONE_SIDED,
    RUNTIME,
    circles,
    file_set_violations,
    import_violations,
    init_violations,
    module_violations,
)

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
FILE_LINES = 300


def test_no_import_breaks_a_layer() -> None:
    assert import_violations(PLUGINS) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(PLUGINS) == []


def test_a_planted_circle_is_found(copy: Path) -> None:
    with (copy / RUNTIME / "duration.py").open("a", encoding="utf-8") as source:
        source.write("\nfrom .config import load_config\n")
    assert circles(copy) == [f"{RUNTIME}/{name}.py" for name in ("config", "duration", "settings")]


def test_backends_have_the_same_files() -> None:
    assert file_set_violations(PLUGINS) == []


def test_modules_are_short_and_branch_on_neither_runtime_nor_twice_on_check_mode() -> None:
    assert module_violations(PLUGINS) == []


def test_packages_hold_a_docstring_and_nothing_else() -> None:
    assert init_violations(PLUGINS) == []


def test_files_are_at_most_300_lines() -> None:
    code = [
        file
        for folder in ("plugins", "tests/unit", "tests/integration")
        for file in (PLUGINS.parent / folder).rglob("*.py")
    ]
    lengths = {
        file.relative_to(PLUGINS.parent).as_posix(): len(file.read_text(encoding="utf-8").splitlines()) for file in code
    }
    # A module is mostly documentation; its code is measured above.
    too_long = {name: lines for name, lines in lengths.items() if lines > FILE_LINES and "/modules/nekzus_" not in name}
    assert too_long == {}


PLANTED = [
    ("module_utils/_runtime/mask.py", "from ansible.module_utils.basic import AnsibleModule", "imports Ansible"),
    ("module_utils/_runtime/mask.py", "import docker", "only a backend's client.py"),
    ("module_utils/_runtime/mask.py", "def late():\n    import yaml", "only a backend's client.py"),
    ("module_utils/_runtime/mask.py", "from .docker import convert", "only registry.py and roles name a backend"),
    ("module_utils/_runtime/mask.py", "from .registry import Registry", "the core imports the core only"),
    ("module_utils/_runtime/mask.py", "from .._argspec import RUNTIME", "the core imports the core only"),
    ("module_utils/_runtime/docker/containers.py", "import requests", "only a backend's client.py"),
    ("module_utils/_runtime/docker/client.py", "import requests", "inside try/except ImportError"),
    (
        "module_utils/_runtime/docker/containers.py",
        "from .runtime import DockerRuntime",
        "who plays a role does not",
    ),
    ("module_utils/_runtime/docker/containers.py", "from ..registry import Registry", "does not import the registry"),
    ("module_utils/_runtime/docker/containers.py", "from ..kubernetes import planted", "do not import each other"),
    ("module_utils/_runtime/docker/containers.py", "from ..._module import NekzusModule", "what stands above it"),
    ("module_utils/_results/stats.py", "from ...plugin_utils._plugin import opened_runtimes", "module_utils only"),
    (
        "modules/nekzus_container.py",
        "from ..module_utils._runtime.docker import convert",
        "only registry.py and roles",
    ),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the plugins to plant violations in, with a second backend."""
    root = tmp_path / "plugins"
    shutil.copytree(PLUGINS, root, ignore=shutil.ignore_patterns("__pycache__"))
    other = root / RUNTIME / "kubernetes"
    other.mkdir(exist_ok=True)
    for file in (root / RUNTIME / "docker").glob("*.py"):
        if file.name not in ONE_SIDED["docker"]:
            (other / file.name).touch()
    (other / "planted.py").touch()
    (root / RUNTIME / "docker" / "planted.py").touch()
    assert (
        import_violations(root) == file_set_violations(root) == module_violations(root) == init_violations(root) == []
    )
    return root


@pytest.mark.parametrize(("file", "line", "rule"), PLANTED)
def test_a_planted_import_is_found(copy: Path, file: str, line: str, rule: str) -> None:
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    (violation,) = import_violations(copy)
    assert violation.startswith(f"{file}:")
    assert rule in violation


def test_a_file_of_one_backend_alone_is_found_unless_it_is_an_exception(copy: Path) -> None:
    (copy / RUNTIME / "docker" / "extra.py").touch()
    (copy / RUNTIME / "kubernetes" / "owners.py").touch()
    assert file_set_violations(copy) == ["kubernetes lacks extra.py"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (
            "\n".join(f"from ..module_utils._runtime.types import Planted{number}" for number in range(6)),
            "relative imports",
        ),
        ("\n".join(f"planted_{number} = [{number}]" for number in range(111)), "lines of code"),
        ("if check_mode:\n    pass\nif not check_mode:\n    pass", "branches on check_mode"),
        ("if params['runtime'] == 'kubernetes':\n    pass", "branches on a runtime"),
    ],
)
def test_a_planted_module_is_found(copy: Path, line: str, rule: str) -> None:
    (copy / "modules" / "nekzus_planted.py").write_text(f"{line}\n", encoding="utf-8")
    (violation,) = module_violations(copy)
    assert violation.startswith("nekzus_planted.py: ")
    assert rule in violation


def test_a_package_that_imports_is_found(copy: Path) -> None:
    (copy / RUNTIME / "__init__.py").write_text('"""Planted."""\nfrom .types import State\n', encoding="utf-8")
    assert init_violations(copy) == [f"{RUNTIME}/__init__.py"]
