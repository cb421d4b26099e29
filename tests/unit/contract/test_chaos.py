# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In any weather nothing is lost, nothing hangs, nothing is said to be done that is not, and no secret shows.

Every operation of every backend over its fake, with as many seeds each as NEKZUS_CHAOS_FAKE_RUNS says, 300 by default;
``make chaos`` gives them a thousand. NEKZUS_CHAOS_SEED is the first of them. On real engines it is
tests/integration/test_chaos.py.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Ended
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_deeds import DockerDeeds
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_deeds import KubernetesDeeds
from ansible_collections.nekzus.runtime.tests.unit.tally import Sheet

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Deed

RUNS = int(os.environ.get("NEKZUS_CHAOS_FAKE_RUNS", "300"))
FIRST = int(os.environ.get("NEKZUS_CHAOS_SEED", "1"))
# Where it is done, and what.
LIVES: dict[str, tuple[Callable[[], Any], Callable[[Any], list[Deed]]]] = {
    "docker containers": (DockerDeeds, DockerDeeds.deeds),
    "docker deployments": (DockerDeeds, DockerDeeds.project),
    "kubernetes Deployments": (KubernetesDeeds, KubernetesDeeds.deployment),
    "kubernetes StatefulSets": (KubernetesDeeds, KubernetesDeeds.stateful_set),
    "kubernetes several": (KubernetesDeeds, KubernetesDeeds.several),
    "kubernetes others": (KubernetesDeeds, KubernetesDeeds.others),
    "kubernetes deployments": (KubernetesDeeds, KubernetesDeeds.project),
    "kubernetes accounts": (KubernetesDeeds, KubernetesDeeds.account),
}


@pytest.mark.parametrize("life", LIVES)
def test_whatever_happens_to_requests_nothing_is_lost(
    life: str, record_property: Callable[[str, object], None]
) -> None:
    make, deeds = LIVES[life]
    sheet = Sheet(f"fakes: {life.partition(' ')[0]}", [deed.name for deed in deeds(make())])
    for seed in range(FIRST, FIRST + RUNS):
        place = make()
        for deed in deeds(place):
            place.stage.do(deed, sheet.tallies[deed.name], seed=seed)
    record_property("chaos", sheet.text())
    whole = sheet.whole
    assert whole.violations == []
    assert all(one.runs == RUNS for one in sheet.tallies.values())
    assert whole.faults.total() > whole.runs // 4  # or it was no weather


@pytest.mark.parametrize("life", LIVES)
def test_what_is_said_to_be_done_and_is_not_is_found(life: str) -> None:
    """Nothing is done, and told as if it was: every verdict has to object."""
    make, deeds = LIVES[life]
    believed = []
    for deed in deeds(make()):
        deed.prepare()
        if not deed.verdict(Ended({"told": {"version": "", "operations": [{"allowed": False}]}}, None)):
            believed.append(deed.name)
    assert [name for name in believed if name != "deploy again"] == []
