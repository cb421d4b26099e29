# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that lead nowhere, and containers in uncommon states."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .controller import Controller
    from .engine import Engine
    from .yard import Yard


def shared_digit(yard: Yard) -> str:
    """Make containers until the ids of two begin with the same digit, and return that."""
    digits: Counter[str] = Counter()
    for number in range(17):  # there are 16 digits
        yard.create(f"spare-{number}")
        digits[yard.id(f"spare-{number}")[0]] += 1
        if max(digits.values()) > 1:
            break
    return digits.most_common(1)[0][0]


def test_a_playbook_branches_on_what_went_wrong(controller: Controller, engine: Engine, yard: Yard) -> None:
    yard.run("web-1", "web-2")
    variables = {"engine_options": engine.options, "prefix": yard.prefix, "digit": shared_digit(yard)}
    run = controller.story("errors", variables)
    assert (run.recap["ok"], run.recap["changed"]) == (7, 2)
    assert (yard.state("web-1"), yard.state("web-2")) == ("exited", "exited")
