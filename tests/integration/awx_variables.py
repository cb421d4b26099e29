# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variables a playbook wants to be told, read from its templates. Pure but for reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, meta, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What Ansible itself says, in every play.
_ANSIBLES_OWN = {
    "lookup",
    "query",
    "q",
    "now",
    "omit",
    "item",
    "inventory_hostname",
    "playbook_dir",
    "groups",
    "hostvars",
}
# Where a condition stands, and not a template.
_CONDITIONS = ("when", "until", "changed_when", "failed_when", "that")
_OURS, _ROLE_TASKS = "nekzus.runtime.", ("include_role", "import_role")
_SAYING = ("vars", "ansible.builtin.set_fact")


def wanted_variables(playbook: Path) -> set[str]:
    """Return the variables that a playbook reads and does not set, those of imported playbooks included."""
    plays = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    wanted: set[str] = set()
    for play in plays:
        imported = play.get("ansible.builtin.import_playbook")
        if imported:
            wanted |= wanted_variables(playbook.parent / imported)
        wanted |= {name for text in _templates(play) for name in _read(text)}
        roles = [playbook.parents[1] / "roles" / role for role in _roles(play)]
        wanted -= {*_said(play), *(name for role in roles for name in _results(role))}
        wanted |= {name for role in roles for name in _options(role)}
    return {name for name in wanted - _ANSIBLES_OWN if not name.startswith("ansible_")}


def _roles(play: Any) -> Iterator[str]:
    """Yield the names of the roles of ours that a play has, among its roles or its tasks."""
    if isinstance(play, dict):
        named = [play.get("role"), *(play.get(f"ansible.builtin.{word}", {}).get("name") for word in _ROLE_TASKS)]
        yield from (name.removeprefix(_OURS) for name in named if name and name.startswith(_OURS))
        for each in play.values():
            yield from _roles(each)
    elif isinstance(play, list):
        for each in play:
            yield from _roles(each)


def _options(role: Path) -> Iterator[str]:
    """Yield the options of a role; all of them can be said as variables."""
    specification = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    yield from specification["argument_specs"]["main"]["options"]


def _results(role: Path) -> Iterator[str]:
    """Yield what the tasks of a role set, which what comes after it may read."""
    for file in sorted((role / "tasks").glob("*.yml")):
        yield from _said(yaml.safe_load(file.read_text(encoding="utf-8")))


def _read(text: str) -> set[str]:
    environment = Environment()  # noqa: S701 - nothing is rendered
    parsed = environment.parse(text)
    # It wants to know the filters and tests, of which Ansible has more.
    for filtered in parsed.find_all(nodes.Filter):
        environment.filters.setdefault(filtered.name, str)
    for tested in parsed.find_all(nodes.Test):
        environment.tests.setdefault(tested.name, callable)
    return meta.find_undeclared_variables(parsed)


def _templates(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _templates(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _templates(each, key)
    elif isinstance(value, str):
        yield f"{{{{ {value} }}}}" if key in _CONDITIONS else value


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name in _SAYING:
                yield from each
            if name == "register":
                yield each
            yield from _said(each)
    elif isinstance(value, list):
        for each in value:
            yield from _said(each)
