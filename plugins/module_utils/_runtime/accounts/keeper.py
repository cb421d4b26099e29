# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Bringing an account into the state that a task asks for, and its kubeconfig to where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NekzusError
from ..roles.accounts import ACCOUNTS
from .kubeconfig_file import KubeconfigFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..interfaces import RuntimeSelector
    from ..roles.accounts import AccountManager
    from .order import AccountOrder
    from .plan import AccountPlan, Credentials


@dataclass(frozen=True)
class Tended:
    """What became of an account, or would: the plan, its credentials if they are known, and whether a file changes."""

    plan: AccountPlan
    file: KubeconfigFile | None
    credentials: Credentials | None = None
    file_changes: bool = False


class AccountKeeper:
    """Makes and removes accounts on the runtimes of a task."""

    def __init__(self, runtimes: RuntimeSelector) -> None:
        """Take the runtimes."""
        self._runtimes = runtimes

    def predict(self, order: AccountOrder) -> Tended:
        """Return what carrying out would do, reading only."""
        return self._tend(order, write=False)

    def carry_out(self, order: AccountOrder) -> Tended:
        """Do it, and return what was done."""
        return self._tend(order, write=True)

    def _tend(self, order: AccountOrder, *, write: bool) -> Tended:
        runtime = self._runtimes.select(order.runtime)
        try:
            return _tend(order, runtime.role(ACCOUNTS), write=write)
        except NekzusError as error:
            op = "make" if order.present else "remove"
            error.within(runtime=str(runtime.type), op=op, target=f"the account {order.path}")
            raise


def _tend(order: AccountOrder, accounts: AccountManager, *, write: bool) -> Tended:
    """Look at everything first, so that what cannot be is known before anything is changed."""
    plan = accounts.plan(order)
    file = KubeconfigFile(order.dest) if order.dest else None
    kept = file.read(plan.order.user) if file else None
    if write:
        accounts.execute(plan)
    if not order.present:
        return Tended(plan, file, file_changes=file.remove(kept, write=write) if file else False)
    if not file and not order.returned:
        return Tended(plan, file)
    credentials = accounts.credentials(plan.order, kept, issue=write)
    return Tended(plan, file, credentials, _put(file, credentials, kept, write=write))


def _put(
    file: KubeconfigFile | None, credentials: Credentials | None, kept: Mapping[str, Any] | None, *, write: bool
) -> bool:
    """Tell whether the file changes; credentials that are yet to be issued are others than those that are kept."""
    if not file:
        return False
    return credentials is None or file.put(credentials.kubeconfig, kept, write=write)
