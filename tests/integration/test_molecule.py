# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios of molecule, from nothing to nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .controller import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller

FOLDER = ROOT / "extensions" / "molecule"
SCENARIOS = sorted(file.parent.name for file in FOLDER.glob("*/molecule.yml"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_goes_through_all_its_steps(
    controller: Controller, request: pytest.FixtureRequest, scenario: str
) -> None:
    told = yaml.safe_load((FOLDER / scenario / "molecule.yml").read_text(encoding="utf-8"))
    steps = told["scenario"]["test_sequence"]
    ended = controller.molecule(scenario, FOLDER.parent, environment_of(told, request))
    assert ended.code == 0, ended.output[-4000:]
    done = re.findall(rf"{scenario} \S+ (\w+): Executed: Successful$", plain(ended.output), re.MULTILINE)
    # Once when each was done, and once in the summary.
    assert done == [*steps, *steps], ended.output[-4000:]


def environment_of(told: Any, request: pytest.FixtureRequest) -> Mapping[str, str]:
    """Return what leads a scenario to the engine that it is about: a namespace of its own on a cluster, or a daemon."""
    if told["platforms"][0].get("runtime") == "kubernetes":
        return {"KUBECONFIG": str(request.getfixturevalue("space").kubeconfig)}
    found: Mapping[str, str] = request.getfixturevalue("one_engine").environment
    return found


def plain(text: str) -> str:
    """Return a text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
