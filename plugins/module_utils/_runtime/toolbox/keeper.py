# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Bringing a deployment to where a task wants it, and telling what is deployed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NekzusError
from ..roles.deployment import DEPLOYER
from .deployment import ToolboxState
from .hiding import without_secrets

if TYPE_CHECKING:
    from ..interfaces import RuntimeSelector
    from .deployment import Deployed, DeployPlan
    from .order import ToolboxOrder
    from .query import ToolboxQuery

_VERBS = {
    ToolboxState.PRESENT: "deploy",
    ToolboxState.STARTED: "start",
    ToolboxState.STOPPED: "stop",
    ToolboxState.ABSENT: "remove",
}


@dataclass(frozen=True)
class Tended:
    """What became of a deployment, or would: the plan, and what there is of it after that."""

    plan: DeployPlan
    record: Deployed | None
    warnings: tuple[str, ...] = ()


class ToolboxKeeper:
    """Deploys on the runtimes of a task."""

    def __init__(self, runtimes: RuntimeSelector) -> None:
        """Take the runtimes."""
        self._runtimes = runtimes

    def predict(self, order: ToolboxOrder) -> Tended:
        """Return what carrying out would do, reading only."""
        return self._tend(order, write=False)

    def carry_out(self, order: ToolboxOrder) -> Tended:
        """Do it, and return what was done."""
        return self._tend(order, write=True)

    def deployed(self, query: ToolboxQuery) -> tuple[Deployed, ...]:
        """Return what is deployed on a runtime, of one name or all of it."""
        runtime = self._runtimes.select(query.runtime)
        try:
            return runtime.role(DEPLOYER).deployed(query.name, query.namespaces)
        except NekzusError as error:
            error.within(runtime=str(runtime.type), op="list", target="what is deployed")
            raise

    def _tend(self, order: ToolboxOrder, *, write: bool) -> Tended:
        secrets, told = order.secrets, list[str]()
        try:
            wish, warnings = order.wish()
            secrets = wish.secrets
            told += warnings
            runtime = self._runtimes.select(order.runtime)
            try:
                plan = runtime.role(DEPLOYER).plan(wish)
                told += plan.warnings
                record = runtime.role(DEPLOYER).execute(plan) if write and not plan.is_settled else plan.record
            except NekzusError as error:
                error.within(runtime=str(runtime.type))
                raise
        except NekzusError as error:
            error.within(op=_VERBS[order.state], target=order.name)
            error.warnings = tuple(dict.fromkeys(told))
            # What a container wrote before it ended is told, and may have a secret in it.
            raise without_secrets(error, secrets) from error.__cause__
        return Tended(plan, record, tuple(dict.fromkeys(told)))
