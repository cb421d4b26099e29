# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python a task takes in: a library that the task does not use costs all the same."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from ..integration.controller import INFO
from ..integration.kubernetes_engine import open_cluster
from .run import measure
from .section import Section, Table
from .verdict import Goal, Judgement, judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .playing import Playing
    from .setting import Setting
    from .verdict import Verdict

LIBRARIES = ("docker", "kubernetes")
OURS = "ansible_collections.nekzus.runtime."
_LINE = re.compile(r"^import time: +(\d+) \| +\d+ \| +(\S+)$", re.MULTILINE)


def imported(text: str) -> Mapping[str, int]:
    """Return the names that ``python -X importtime`` has told, and the microseconds that each took by itself."""
    return {name: int(microseconds) for microseconds, name in _LINE.findall(text)}


def imports_of(playing: Playing, task: Mapping[str, Any]) -> Mapping[str, int]:
    """Run a play of one task, and return what its module has imported."""
    told = playing.file("imports", "")
    python = playing.file("python", f'#!/bin/sh\nexec {sys.executable} -X importtime "$@" 2>>{told}\n')
    python.chmod(0o700)
    measure(playing.tasks({**task, "vars": {"ansible_python_interpreter": str(python)}}))
    return imported(told.read_text(encoding="utf-8"))


def listing(library: str) -> Mapping[str, Any]:
    """Return the task that lists the containers of a runtime, of a library's name."""
    if library == "docker":
        return {INFO: {"runtime": "docker", "docker_host": os.environ["DOCKER_HOST"]}}
    open_cluster()
    return {INFO: {"runtime": "kubernetes", "kubeconfig": os.environ["NEKZUS_TEST_KUBECONFIG"]}}


def within_library(names: Sequence[str], library: str) -> int:
    """Return how many are of a library."""
    return sum(name.partition(".")[0] == library for name in names)


@dataclass(frozen=True)
class Imports:
    """A task on each runtime, whose Python writes down what it imports."""

    title: str = "Import what is used"
    work: str = "How many modules of Python a task imports to list containers, on the side of the target."

    def section(self, setting: Setting) -> Section:
        """Run one task on each."""
        found = {library: list(imports_of(setting.playing, listing(library))) for library in LIBRARIES}
        headings = ("", "all", "ours", *(f"of {library}" for library in LIBRARIES))
        return Section(self.title, self.work, Table(headings, [_line(*one) for one in found.items()]), _verdicts(found))


def _line(library: str, names: Sequence[str]) -> tuple[str, ...]:
    ours = sum(name.startswith(OURS) for name in names)
    counts = (len(names), ours, *(within_library(names, one) for one in LIBRARIES))
    return (f"nekzus_container_info on {library}", *map(str, counts))


def _verdicts(found: Mapping[str, Sequence[str]]) -> Sequence[Verdict]:
    goals = [
        Goal(f"a task on {one} imports nothing of the library of {other}", _without(one, other))
        for one, other in zip(LIBRARIES, reversed(LIBRARIES), strict=True)
    ]
    return [judged(goal, found) for goal in goals]


def _without(used: str, other: str) -> Callable[[Mapping[str, Sequence[str]]], Judgement]:
    def judge(found: Mapping[str, Sequence[str]]) -> Judgement:
        own, foreign = within_library(found[used], used), within_library(found[used], other)
        return Judgement(f"{own} modules of {used}, {foreign} of {other}", met=own > 0 and not foreign)

    return judge
