# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows of the role maintenance, and what tests of it have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .controller import Controller, Run
    from .engine import Engine
    from .space import Space
    from .yard import Yard

ROLE = "nekzus.runtime.maintenance"
SEE = "nekzus.runtime.nekzus_container_info"
RAN = ("one", "two", "three")


class Window:
    """Maintenance of some containers, by plays of a controller."""

    def __init__(self, controller: Controller, folder: Path, options: Mapping[str, Any]) -> None:
        """Take where the playbook and the state are, and the options of tasks by the modules' names."""
        self._controller = controller
        self._folder = folder
        self._variables = {f"maintenance_{key}": value for key, value in options.items()}
        self.state = folder / "state"

    def run(self, *arguments: str, tasks: list[dict[str, Any]] | None = None, **variables: Any) -> Run:
        """Run the role, with the tasks of the caller."""
        (self._folder / "tasks.json").write_text(json.dumps(tasks or []))
        told = {"maintenance_state_dir": str(self.state), "maintenance_tasks": "tasks.json" if tasks else ""}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "roles": [{"role": ROLE, **self._variables, **told, **variables}],
        }
        (self._folder / "play.json").write_text(json.dumps([play]))
        return self._controller.command("ansible-playbook", str(self._folder / "play.json"), *arguments)

    def noted(self) -> list[dict[str, Any]]:
        """Return what the only file says is stopped."""
        (file,) = self.state.iterdir()
        assert (file.stat().st_mode & 0o777, self.state.stat().st_mode & 0o777) == (0o600, 0o700)
        found: list[dict[str, Any]] = json.loads(file.read_text())["stopped"]
        return found


def selected(engine: Engine, yard: Yard) -> dict[str, Any]:
    """Return the options that select all of a yard."""
    return {**engine.options, "label_selectors": [f"nekzus-test-of={yard.prefix}"]}


def prepared(yard: Yard) -> dict[str, str]:
    """Have some that run and one that does not, and return their states."""
    yard.run(*RAN)
    yard.create("off")
    states = {**dict.fromkeys(RAN, "running"), "off": "stopped"}
    assert yard.states() == states
    return states


def looks(engine: Engine, yard: Yard) -> dict[str, Any]:
    """Return the caller's task that looks at what runs meanwhile."""
    return {"name": "look", SEE: {**selected(engine, yard), "all": False}}


def place_of(space: Space) -> dict[str, Any]:
    """Return the options that say where a namespace is, but not which one is meant."""
    return {key: value for key, value in space.options.items() if key != "namespace"}
