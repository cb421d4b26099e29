# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers use, the same on every engine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from .measuring import HUNGRY, need_metrics

if TYPE_CHECKING:
    from .controller import Controller
    from .engine import Engine
    from .yard import Yard


def test_a_playbook_measures_containers(controller: Controller, engine: Engine, yard: Yard) -> None:
    need_metrics(engine)
    yard.run("hungry", script=HUNGRY)
    yard.run("idle")
    yard.create("old")
    before = yard.runs()
    variables = {"engine_options": engine.options, "prefix": yard.prefix, **asdict(engine.ways)}
    run = controller.story("stats", variables)
    assert (run.recap["ok"], run.recap["changed"]) == (12, 0)
    assert yard.runs() == before
