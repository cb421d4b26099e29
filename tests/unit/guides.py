# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides as text: their examples, their tables, and what their commands run."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from ansible.parsing.splitter import parse_kv

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
LISTS_OF_TASKS = ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")
ROLE_ACTIONS = ("ansible.builtin.include_role", "ansible.builtin.import_role")
# Words of a task or a play that are neither a module nor lead to one; with_ and the like we do not write.
KEYWORDS = {*LISTS_OF_TASKS, "name", "hosts", "gather_facts", "roles", "vars", "module_defaults", "register", "loop"}
KEYWORDS |= {
    "loop_control",
    "when",
    "until",
    "retries",
    "delay",
    "failed_when",
    "changed_when",
    "ignore_errors",
    "no_log",
}
KEYWORDS |= {
    "delegate_to",
    "run_once",
    "check_mode",
    "diff",
    "environment",
    "become",
    "serial",
    "strategy",
    "connection",
}
_DIRECTIVE = re.compile(r"^(?P<indent>.*?)\.\. code-block:: (?P<language>\S+)\n(?:\s+:.*\n)*", re.MULTILINE)
_AD_HOC = re.compile(r"(?:nekzus\.runtime\.)?(?P<module>nekzus_\w+) -a '(?P<options>[^']*)'")
_PLAYBOOK = re.compile(r"ansible-playbook nekzus\.runtime\.(?P<name>\w+)(?P<variables>(?: -e \S+)*)")


@dataclass(frozen=True)
class Example:
    """A block of code of a guide: its language, its text, and the line where it stands."""

    guide: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        """Return where it stands."""
        return f"{self.guide}:{self.line}"


@dataclass(frozen=True)
class Call:
    """What an example runs: a module, role, plugin or playbook, and the options that it gives it."""

    place: str
    name: str
    options: dict[str, Any]


def examples(guide: Path) -> list[Example]:
    """Return every block of code of a guide."""
    text = guide.read_text(encoding="utf-8")
    return [
        Example(guide.stem, text.count("\n", 0, found.start()) + 1, found["language"], _body(text, found))
        for found in _DIRECTIVE.finditer(text)
    ]


def _body(text: str, found: re.Match[str]) -> str:
    """Return the indented lines behind a directive."""
    margin, lines = len(found["indent"]), []
    for line in text[found.end() :].splitlines():
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            break
        lines.append(line)
    return textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def documents(example: Example) -> list[Any]:
    """Return what is in an example of YAML."""
    return list(yaml.safe_load_all(example.text))


def steps(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every play, task and block of a list, at any depth."""
    for step in node if isinstance(node, list) else ():
        yield step
        for key in LISTS_OF_TASKS:
            yield from steps(step.get(key))


def action_of(step: dict[str, Any]) -> str:
    """Return the module of a task, and nothing for a play or a block."""
    found = sorted(set(step) - KEYWORDS)
    if len(found) > 1:
        raise ValueError(f"{found} are several actions of one task")
    return found[0] if found else ""


def module_calls(example: Example) -> list[Call]:
    """Return what the tasks of an example run, and what defaults of a play it sets for all modules of ours."""
    found: list[Call] = []
    for document in documents(example):
        for step in steps(document if isinstance(document, list) else [document]):
            action = action_of(step) if "plugin" not in step else ""
            if action:
                found.append(Call(str(example), action, step[action] or {}))
            for group, options in (step.get("module_defaults") or {}).items():
                found.append(Call(str(example), group, options))
    return found


def role_calls(example: Example) -> list[Call]:
    """Return the roles that an example runs, with the variables that it gives them."""
    found: list[Call] = []
    for document in documents(example):
        for step in steps(document):
            included = [step[action]["name"] for action in ROLE_ACTIONS if action in step]
            found += [Call(str(example), name, step.get("vars") or {}) for name in included]
            found += [Call(str(example), role["role"], _variables(role)) for role in step.get("roles") or ()]
    return found


def _variables(role: dict[str, Any]) -> dict[str, Any]:
    """Return what a play gives a role: in ``vars``, or beside its name."""
    return {**{name: role[name] for name in set(role) - KEYWORDS - {"role"}}, **(role.get("vars") or {})}


def ad_hoc_calls(text: str, place: str) -> list[Call]:
    """Return what the commands in a text run: ``-m nekzus.runtime.nekzus_container -a 'name=web'``."""
    return [Call(place, found["module"], parse_kv(found["options"])) for found in _AD_HOC.finditer(text)]


def playbook_calls(text: str, place: str) -> list[Call]:
    """Return the playbooks that the commands in a text run, with the extra variables that they set."""
    return [
        Call(place, found["name"], parse_kv(found["variables"].replace(" -e ", " ").replace("'", "")))
        for found in _PLAYBOOK.finditer(text)
    ]


def tables(guide: Path) -> list[list[list[str]]]:
    """Return the list-tables of a guide: rows of cells of text, the head among them."""
    text = guide.read_text(encoding="utf-8")
    found = []
    for block in text.split(".. list-table::\n")[1:]:
        body = textwrap.dedent("\n".join(_indented(block)))
        rows = re.split(r"^\* - ", body, flags=re.MULTILINE)[1:]
        found.append(
            [[" ".join(cell.split()) for cell in re.split(r"^  -(?: |$)", row, flags=re.MULTILINE)] for row in rows]
        )
    return found


def _indented(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if line.strip() and not line.startswith(" "):
            return
        yield line


def headings(guide: Path, underline: str) -> list[str]:
    """Return the headings of a guide that are underlined so."""
    found = re.findall(
        rf"^(\S.*)\n{re.escape(underline)}{{3,}}$", guide.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return [str(each) for each in found]


def words(cell: str) -> list[str]:
    """Return what stands in ``literals`` of a text."""
    return re.findall(r"``([^`]+)``", cell)
