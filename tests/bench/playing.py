# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible and the other commands as contestants run them: nobody has settings, a home or a cache of the user's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..integration.controller import BIN, environment
from .run import Command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The name that a play's only result goes by, in conditions on it.
RESULT = "result"


class Playing:
    """Makes commands that run in a home of their own."""

    def __init__(self, home: Path, *, collections: Path) -> None:
        """Take an empty folder and where collections are installed."""
        self.home = home
        self.environment: Mapping[str, str] = environment(home, collections=collections)
        self._numbers = iter(range(1_000_000))

    def task(self, module: str, options: Mapping[str, Any], *, unless: str = "", **task: Any) -> Command:
        """Return a play of one task; it fails when the condition ``unless`` does not hold of its ``result``.

        What else the task has, such as a loop, is given by keyword.
        """
        checked = {"failed_when": [f"{RESULT} is failed or not ({unless})"]} if unless else {}
        return self.tasks({module: dict(options), "register": RESULT, **checked, **task})

    def tasks(self, *tasks: Mapping[str, Any], **variables: str) -> Command:
        """Return a play of several tasks; the variables are the environment's."""
        play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
        file = self.file("json", json.dumps([play]))
        return self.command("ansible-playbook", str(file), **variables)

    def command(self, *words: str, **variables: str) -> Command:
        """Return a command in the environment that all have, and some variables."""
        own = BIN / words[0]
        return Command((str(own) if own.exists() else words[0], *words[1:]), {**self.environment, **variables})

    def file(self, ending: str, text: str) -> Path:
        """Write a file of a new name."""
        path = self.home / f"{next(self._numbers)}.{ending}"
        path.write_text(text, encoding="utf-8")
        return path
