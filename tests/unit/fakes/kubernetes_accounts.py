# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account as tests ask for it on a cluster in memory, one step after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import AccountOrder, TokenKind
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.accounts import KubernetesAccounts
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import NAMESPACE
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.plan import AccountPlan, Credentials

NAME = "nekzus:ops:bot:read"
ORDER = AccountOrder("bot", namespace="ops", features=(Feature.READ,), namespaces=("prod",))
LASTING = replace(ORDER, token=TokenKind.LASTING)
GONE = replace(ORDER, present=False)
HOUR = 3600


def furnished() -> FakeKubernetes:
    """Return a cluster with some namespaces."""
    found = FakeKubernetes()
    for name in ("ops", "prod", "dev"):
        found.cluster.add(NAMESPACE, {"metadata": {"name": name}})
    return found


def accounts(kubernetes: FakeKubernetes, *namespaces: str) -> KubernetesAccounts:
    """Return the accounts of a cluster, keeping to some namespaces."""
    return KubernetesAccounts(kubernetes, namespaces=namespaces, clock=kubernetes.clock)


def made(kubernetes: FakeKubernetes, order: AccountOrder = ORDER) -> AccountPlan:
    """Make an account, and return what that took."""
    plan = accounts(kubernetes).plan(order)
    accounts(kubernetes).execute(plan)
    return plan


def issued(
    kubernetes: FakeKubernetes, order: AccountOrder = ORDER, kept: Mapping[str, Any] | None = None
) -> Credentials:
    """Return how to be an account, with a new token if it takes one."""
    found = accounts(kubernetes).credentials(order, kept, issue=True)
    assert found
    return found
