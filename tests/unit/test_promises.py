# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SECURITY.md promises holds, and the rules that say so find what breaks it."""

from __future__ import annotations

import re
import shutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._argspec import SECTIONS
from ansible_collections.nekzus.runtime.tests.unit.documented import PACKAGE
from ansible_collections.nekzus.runtime.tests.unit.promises import WRITER, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
MODULES = sorted(file.stem for file in (PLUGINS / "modules").glob("nekzus_*.py"))
TELLING = re.compile(r"secret|token|passw|key|credential|auth", re.IGNORECASE)
# What is called so and is no secret.
NO_SECRETS = {
    "client_key": "the path of a file",
    "token": "what kind of token is wanted",
    "token_lifetime": "how long",
    "include_secret_values": "whether",
}


def test_nothing_runs_a_command_makes_code_of_data_or_writes_anywhere_but_privately() -> None:
    assert uses(PLUGINS) == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the plugins, for a fault to be planted in."""
    return Path(shutil.copytree(PLUGINS, tmp_path / "plugins"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("import subprocess", "imports subprocess"),
        ("from subprocess import run", "imports subprocess"),
        ("import pickle as data", "imports pickle"),
        ("from os import system", "imports os.system"),
        ("os.system('x')", "calls os.system"),
        ("eval('1')", "calls eval"),
        ("exec('1')", "calls exec"),
        ("module.run_command('x', use_unsafe_shell=True)", "uses a shell"),
        ("call('x', shell=1 > 0)", "uses a shell"),
        ("yaml.load('x')", "calls yaml.load"),
        ("class Mine(yaml.FullLoader): pass", "is a yaml.FullLoader"),
        ("tempfile.mktemp()", "calls tempfile.mktemp"),
        ("open('/tmp/known', 'w')", "writes with open"),
        ("Path('x').open(mode='ab')", "writes with Path('x').open"),
        ("Path('x').write_text('y')", "writes with Path('x').write_text"),
        ("tempfile.NamedTemporaryFile()", "writes with tempfile.NamedTemporaryFile"),
    ],
)
def test_a_planted_fault_is_found(copy: Path, line: str, told: str) -> None:
    file = copy / "module_utils" / "_runtime" / "duration.py"
    count = len(file.read_text(encoding="utf-8").splitlines())
    with file.open("a", encoding="utf-8") as source:
        source.write(f"{line}\n")
    found = uses(copy)
    assert found[0] == f"module_utils/_runtime/duration.py:{count + 1}: {told}"


def test_the_one_that_writes_asks_for_a_name_that_nobody_can_foresee_and_lets_nobody_else_read() -> None:
    source = (PLUGINS / WRITER).read_text(encoding="utf-8")
    assert "mkstemp(" in source
    assert "PRIVATE = 0o600" in source
    assert "fchmod(descriptor, PRIVATE)" in source


def options_of(spec: dict[str, Any], path: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the path, the name and the specification of every option, those inside of others too."""
    for name, option in spec.items():
        yield f"{path}{name}", name, option
        yield from options_of(option.get("options") or {}, f"{path}{name}.")


@pytest.mark.parametrize("module", MODULES)
def test_an_option_whose_name_tells_of_a_secret_is_hidden_or_known_to_be_none(module: str) -> None:
    found = import_module(f"{PACKAGE}.modules.{module}")
    spec = {name: option for part in found.SECTIONS for name, option in SECTIONS[part].items()}
    told = {
        path: (name, option) for path, name, option in options_of({**spec, **found.ARGUMENTS}) if TELLING.search(name)
    }
    assert "runtimes.kubernetes.api_key" in told
    assert {
        path for path, (name, option) in told.items() if not option.get("no_log") and name not in NO_SECRETS
    } == set()


def test_what_is_known_to_be_no_secret_is_there() -> None:
    specs = [import_module(f"{PACKAGE}.modules.{module}").ARGUMENTS for module in MODULES]
    names = {name for spec in [*SECTIONS.values(), *specs] for _path, name, _option in options_of(spec)}
    assert names >= set(NO_SECRETS)


def test_verifying_is_what_is_done_unless_a_task_says_otherwise() -> None:
    runtimes = SECTIONS["runtime"]["runtimes"]["options"]
    for option in (runtimes["kubernetes"], runtimes["docker"]["options"]["tls"]):
        verify = option["options"]["validate_certs"]
        assert verify["type"] == "bool"
        assert verify.get("default") in (None, True)


def test_every_test_that_the_policy_names_is_there() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`", policy)
    assert len(named) >= 8
    assert [name for name in named if not (ROOT / name).is_file()] == []
