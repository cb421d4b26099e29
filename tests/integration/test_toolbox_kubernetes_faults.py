# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying while an API server has bad days: requests that fail once, answers that are lost, a server that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy
from .kubernetes_deployment import KubernetesDeployment
from .kubernetes_shop import PARTS, serves, shop
from .rule import Rule

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (  # isort: skip
    RuntimeUnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .space import Space

NOTE = r"configmaps(/[^/?]*\.nekzus)?(\?|$)"


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    found.clear()
    yield found
    found.clear()


def deploy(place: KubernetesDeployment, *rules: Rule, state: str = "present") -> None:
    """Deploy the shop, or bring it elsewhere, through a proxy with rules."""
    with ApiProxy(place.cluster, *rules) as proxy:
        deployer = place.through(proxy)
        wish = place.wish(
            *(shop(place) if state == "present" else ()), state=state, **(PARTS if state == "present" else {})
        )
        deployer.execute(deployer.plan(wish))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503, "message": "shutting down"}, id="503"),
        pytest.param({"status": 429, "message": "too many requests"}, id="429"),
        pytest.param({"close": True}, id="broken"),
        pytest.param({"pieces": 0}, id="lost"),
    ],
)
def test_requests_that_fail_once_are_made_again(place: KubernetesDeployment, fault: dict[str, Any]) -> None:
    kinds = ("configmaps", "secrets", "services", "deployments")
    rules = [Rule(f"^{verb} .*/{kind}", times=1, **fault) for verb in ("GET", "PATCH") for kind in kinds]
    deploy(place, *rules)
    assert serves(place)
    assert place.told(*shop(place), **PARTS) == []
    deploy(place, *(Rule(f"^DELETE .*/{kind}", times=1, **fault) for kind in kinds), state="absent")
    assert place.objects() == []


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_a_note_whose_answer_is_lost_is_our_own(place: KubernetesDeployment, verb: str) -> None:
    deploy(place, Rule(f"^{verb} .*/{NOTE}", times=1, pieces=0))
    assert serves(place)
    assert place.told(*shop(place), **PARTS) == []


def test_a_server_that_is_gone_in_the_middle_is_told_and_the_next_run_goes_on(place: KubernetesDeployment) -> None:
    gone = Rule(r"^PATCH .*/deployments/[^/]*-web\?fieldManager=nekzus$", close=True)
    with ApiProxy(place.cluster, gone) as proxy:
        gone.callback = proxy.die
        deployer = place.through(proxy)
        plan = deployer.plan(place.wish(*shop(place), **PARTS))
        with pytest.raises(RuntimeUnavailableError):
            deployer.execute(plan)
    plan = place.plan(*shop(place), **PARTS)
    assert plan.first
    place.deployer.execute(plan)
    assert serves(place)
    assert place.told(*shop(place), **PARTS) == []
