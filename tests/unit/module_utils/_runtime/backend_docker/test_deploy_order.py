# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order a deployment on Docker stops and goes, told and done: whoever depends on others before them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.names import ASIDE
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import Dependency

from .shop import DB, GREEN, JOB, WEB, Shop, told

# By their names they stand the other way round.
CELLAR = replace(DB, name="cellar")
BAR = replace(JOB, name="bar", depends_on=(Dependency("cellar"),))
ATRIUM = replace(WEB, name="atrium", depends_on=(Dependency("bar"),))
UPWARDS = ["shop-cellar-1", "shop-bar-1", "shop-atrium-1"]
DOWNWARDS = UPWARDS[::-1]


@pytest.fixture
def shop() -> Shop:
    """Return a daemon on which a chain of three runs."""
    found = Shop()
    found.deploy(CELLAR, BAR, ATRIUM)
    found.docker.calls.clear()
    return found


def done(shop: Shop, verb: str) -> list[str]:
    """Return what was done to which containers, by the names that they had."""
    return [call.name.removesuffix(ASIDE) for call in shop.docker.writes if call.verb == verb]


def test_who_depends_on_others_stops_before_them(shop: Shop) -> None:
    expected = [f"Container {name} stopped" for name in DOWNWARDS]
    assert told(shop.plan(state="stopped", content=None)) == expected
    assert told(shop.plan(CELLAR, BAR, ATRIUM, state="stopped")) == expected
    shop.bare("stopped")
    assert done(shop, "stop") == DOWNWARDS


def test_starting_goes_the_other_way_round(shop: Shop) -> None:
    shop.bare("stopped")
    assert told(shop.plan(state="started", content=None)) == [f"Container {name} started" for name in UPWARDS]
    shop.docker.calls.clear()
    shop.bare("started")
    assert done(shop, "start") == UPWARDS


def test_containers_go_before_their_networks_and_volumes(shop: Shop) -> None:
    plan = shop.plan(state="absent", content=None, remove_volumes=True)
    assert told(plan) == [
        *(f"Container {name} removed" for name in DOWNWARDS),
        "Network shop_default removed",
        "Volume shop_data removed",
    ]
    shop.deployer.execute(plan)
    assert done(shop, "stop") == done(shop, "remove") == DOWNWARDS
    verbs = [call.verb for call in shop.docker.writes if call.verb.startswith("remove")]
    assert verbs == ["remove", "remove", "remove", "remove network", "remove volume"]


def test_what_stops_is_told_first_and_what_goes_last(shop: Shop) -> None:
    plan = shop.plan(CELLAR, replace(GREEN, name="atrium", depends_on=()), replace(JOB, name="other"), state="stopped")
    assert told(plan) == [
        "Container shop-cellar-1 stopped",
        "Container shop-atrium-1 recreated",
        "Container shop-other-1 created",
        "Container shop-bar-1 removed",
    ]


def test_who_is_made_anew_stops_before_what_it_has_depended_on_goes(shop: Shop) -> None:
    shop.deploy(replace(ATRIUM, depends_on=()))
    assert done(shop, "stop") == DOWNWARDS
    assert shop.states() == {"shop-atrium-1": "running"}
