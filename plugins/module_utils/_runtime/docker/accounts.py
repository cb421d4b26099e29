# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Accounts on Docker, of which there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..accounts.order import AccountOrder
    from ..accounts.plan import AccountPlan, Credentials


class DockerAccounts:
    """The AccountManager of Docker: who may use its socket may do all."""

    def plan(self, _order: AccountOrder) -> AccountPlan:
        """Raise UnsupportedError."""
        raise _unsupported()

    def execute(self, _plan: AccountPlan) -> None:
        """Raise UnsupportedError."""
        raise _unsupported()

    def credentials(self, _order: AccountOrder, _kept: Mapping[str, Any] | None, *, issue: bool) -> Credentials | None:
        """Raise UnsupportedError."""
        del issue
        raise _unsupported()


def _unsupported() -> UnsupportedError:
    hint = "say runtime=kubernetes, or the namespace of the account"
    return UnsupportedError("Docker has no accounts, who may use its socket may do all", hint=hint)
