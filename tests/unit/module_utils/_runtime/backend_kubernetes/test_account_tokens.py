# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokens of an account: kept while they are fresh, and renewed or waited for when they are not there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import WaitTimeoutError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import SECRET, SERVICE_ACCOUNT
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kubeconfig import token_of
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_accounts import (
    GONE,
    HOUR,
    LASTING,
    ORDER,
    accounts,
    furnished,
    issued,
    made,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes


@pytest.fixture
def kubernetes() -> FakeKubernetes:
    """Return a cluster with some namespaces."""
    return furnished()


def test_a_token_that_is_fresh_is_kept(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    first = issued(kubernetes)
    assert first.expires
    assert first.expires.timestamp() == kubernetes.clock.time() + 24 * HOUR
    kubernetes.clock.sleep(11 * HOUR)
    assert issued(kubernetes, kept=first.kubeconfig) == first
    assert len(kubernetes.cluster.tokens.issued) == 1


def test_a_token_in_the_second_half_of_its_time_or_after_it_is_renewed(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    kept = issued(kubernetes).kubeconfig
    for passed in (13 * HOUR, 300 * HOUR):
        kubernetes.clock.sleep(passed)
        assert accounts(kubernetes).credentials(ORDER, kept, issue=False) is None
        renewed = issued(kubernetes, kept=kept).kubeconfig
        assert token_of(renewed) != token_of(kept)
        kept = renewed


def test_a_token_is_renewed_when_something_else_is_asked_for(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    kept = issued(kubernetes).kubeconfig
    for other in (replace(ORDER, lifetime=HOUR), replace(ORDER, namespaces=("dev",))):
        assert issued(kubernetes, other, kept).kubeconfig != kept
    kubernetes.endpoint = {"server": "https://moved:6443"}
    assert issued(kubernetes, kept=kept).kubeconfig["clusters"][0]["cluster"] == kubernetes.endpoint


def test_the_token_of_an_account_that_was_made_anew_is_not_good_any_more(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    kept = issued(kubernetes).kubeconfig
    kubernetes.cluster.remove(SERVICE_ACCOUNT, "bot", "ops")
    assert accounts(kubernetes).credentials(ORDER, kept, issue=False) is None
    made(kubernetes)
    assert token_of(issued(kubernetes, kept=kept).kubeconfig) != token_of(kept)


def test_a_cluster_that_gives_less_time_is_told_and_is_not_asked_again_for_that(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    kubernetes.cluster.tokens.longest = HOUR
    first = issued(kubernetes)
    assert first.warnings == ("the cluster gives no token for longer than 3600 s, token_lifetime is 86400 s",)
    assert issued(kubernetes, kept=first.kubeconfig).kubeconfig == first.kubeconfig


def test_a_lasting_token_is_the_clusters_own(kubernetes: FakeKubernetes) -> None:
    made(kubernetes, LASTING)
    first = issued(kubernetes, LASTING)
    assert first.expires is None
    assert issued(kubernetes, LASTING, first.kubeconfig) == first
    assert token_of(first.kubeconfig) == kubernetes.cluster.tokens.issued[0]
    assert made(kubernetes, LASTING).changes == ()
    assert [one.title for one in made(kubernetes, ORDER).changes] == [
        "Secret ops/bot-nekzus-token",
        "ServiceAccount ops/bot",
    ]
    assert made(kubernetes, ORDER).changes == ()


def test_a_lasting_token_that_does_not_come_is_waited_for_and_told(kubernetes: FakeKubernetes) -> None:
    kubernetes.cluster.tokens.fills = False
    made(kubernetes, LASTING)
    assert accounts(kubernetes).credentials(LASTING, None, issue=False) is None
    with pytest.raises(WaitTimeoutError, match="has put no token") as caught:
        issued(kubernetes, LASTING)
    assert "token=expiring" in str(caught.value.hint)


def test_no_secret_is_looked_at_where_there_is_none_of_ours(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    issued(kubernetes)
    made(kubernetes, GONE)
    assert not [call for call in kubernetes.calls if call.kind == SECRET.plural]
