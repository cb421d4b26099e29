# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Making accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..accounts.order import AccountOrder
    from ..accounts.plan import AccountPlan, Credentials
    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime


class AccountManager(Protocol):
    """Makes accounts that may do what some features take, and no more."""

    def plan(self, order: AccountOrder) -> AccountPlan:
        """Return what has to change so that an account is as it is asked for, and nothing of it is left of earlier.

        Reads only. Raises ConflictError where something is in the way that is not ours, and UnsupportedError where
        there are no accounts.
        """

    def execute(self, plan: AccountPlan) -> None:
        """Make the changes of a plan. Raises ConflictError when what is there is not any more what it was made for."""

    def credentials(self, order: AccountOrder, kept: Mapping[str, Any] | None, *, issue: bool) -> Credentials | None:
        """Return how to be an account: with the kubeconfig that is kept as long as that will do.

        Without ``issue``, None where a token would have to be issued.
        """


def _on_docker(_runtime: DockerRuntime) -> AccountManager:
    from ..docker.accounts import DockerAccounts  # noqa: PLC0415

    return DockerAccounts()


def _on_kubernetes(runtime: KubernetesRuntime) -> AccountManager:
    from ..kubernetes.accounts import KubernetesAccounts  # noqa: PLC0415

    return KubernetesAccounts(runtime.client, namespaces=runtime.namespaces, clock=runtime.clock)


ACCOUNTS = Role(_on_docker, _on_kubernetes)
