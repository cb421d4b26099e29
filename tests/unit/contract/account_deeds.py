# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an account on the fake cluster: it never has more than was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    ROLE,
    ROLE_BINDING,
    SERVICE_ACCOUNT,
)
from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Deed, Ended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Stage
    from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_cluster import Cluster


class Account:
    """An account for one namespace."""

    def __init__(self, stage: Stage, cluster: Cluster) -> None:
        """Take where."""
        self.stage = stage
        self._cluster = cluster

    def deeds(self) -> list[Deed]:
        """Return its life, from the first to the last."""
        return [
            self._granted("make account", (), ("lifecycle", "read")),
            self._granted("narrow account", ("lifecycle", "read"), ("read",)),
            self._granted("remove account", ("read",), ()),
        ]

    def _granted(self, title: str, before: tuple[str, ...], after: tuple[str, ...]) -> Deed:
        def prepare() -> None:
            if self._grants() != _grants(before):
                self.stage.task("nekzus_account", **_account(before))
            assert self._grants() == _grants(before)

        def verdict(ended: Ended) -> str:
            found = self._grants()
            more = found - _grants(before) - _grants(after)
            if more:
                return f"it has what nobody has asked for: {sorted(more)}"
            wrong = ended.done and found != _grants(after)
            return f"said to have {after}, there is {sorted(found)}" if wrong else ""

        return Deed(title, "nekzus_account", lambda: _account(after), prepare, verdict, changes=True)

    def _grants(self) -> set[str]:
        store = self._cluster.store
        return {
            f"{resource.kind} {one['metadata']['name'].rpartition(':')[2]}"
            for resource in (ROLE, ROLE_BINDING, SERVICE_ACCOUNT)
            for one in store.all(resource)
        }


def _grants(features: Sequence[str]) -> set[str]:
    roles = {f"{kind} {one}" for kind in ("Role", "RoleBinding") for one in features}
    return {"ServiceAccount bot", *roles} if features else set()


def _account(features: Sequence[str]) -> dict[str, Any]:
    own: dict[str, Any] = {"features": list(features)} if features else {"state": "absent"}
    return {"name": "bot", "namespaces": ["default"], **own}
