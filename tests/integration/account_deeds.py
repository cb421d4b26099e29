# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an account of a cluster: it never has more than was asked for when a task says that it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .cluster import path_of
from .deeds import Deed, done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome

    from .deeds import Do, Verdict
    from .space import Space

MODULE = "nekzus_account"
NAME = "clerk"
RBAC = "rbac.authorization.k8s.io/v1"
_MUCH, _LITTLE = ("lifecycle", "read"), ("read",)


def _granted(*features: str) -> set[str]:
    """Return what an account of these features has."""
    if not features:
        return set()
    return {"ServiceAccount", *(f"{kind} {one}" for kind in ("Role", "RoleBinding") for one in features)}


class Clerk:
    """An account in a namespace, for that namespace."""

    def __init__(self, space: Space, do: Do) -> None:
        """Take where, and how to do a task in fine weather."""
        self._space = space
        self._do = do

    def deeds(self) -> list[Deed]:
        """Return its life."""
        return [
            self._deed("make account", (), _MUCH),
            self._deed("narrow account", _MUCH, _LITTLE),
            self._deed("remove account", _LITTLE, ()),
        ]

    def _deed(self, name: str, before: tuple[str, ...], after: tuple[str, ...]) -> Deed:
        return Deed(name, MODULE, self._prepared(before, after), self._has(before, after), changes=True)

    def _prepared(self, before: tuple[str, ...], after: tuple[str, ...]) -> Callable[[], Mapping[str, Any]]:
        def prepare() -> Mapping[str, Any]:
            if self._found() != _granted(*before):
                self._do(MODULE, self._wanted(before))
            found = self._found()
            assert found == _granted(*before), f"there is {found}"
            return self._wanted(after)

        return prepare

    def _wanted(self, features: tuple[str, ...]) -> dict[str, Any]:
        place = {"name": NAME, "namespace": self._space.namespace, "namespaces": [self._space.namespace]}
        return {**place, "features": list(features)} if features else {**place, "state": "absent"}

    def _has(self, before: tuple[str, ...], after: tuple[str, ...]) -> Verdict:
        def verdict(outcome: Outcome) -> str:
            found = self._found()
            more = found - _granted(*before) - _granted(*after)
            if more:
                return f"it has what nobody has asked for: {sorted(more)}"
            wrong = done(outcome) and found != _granted(*after)
            return f"said to have {after}, there is {sorted(found)}" if wrong else ""

        return verdict

    def _found(self) -> set[str]:
        space = self._space
        labels = {"nekzus.io/account": NAME, "nekzus.io/account-namespace": space.namespace}
        found = {
            f"{kind} {one['metadata']['name'].rpartition(':')[2]}"
            for kind in ("Role", "RoleBinding")
            for one in space.cluster.items(path_of(RBAC, kind, space.namespace), labels)
        }
        account = space.cluster.find(path_of("v1", "ServiceAccount", space.namespace, NAME))
        return found | ({"ServiceAccount"} if account else set())
