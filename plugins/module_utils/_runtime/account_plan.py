# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What there is of an account, and what has to change so that it is what a task asks for. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .types import INTERNAL, Word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .account_order import AccountOrder
    from .feature import Feature


class ObjectAction(Word):
    """What becomes of an object."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class ObjectChange:
    """One object, and what becomes of it; ``namespace`` is None for an object of the whole cluster.

    ``before`` and ``after`` are what we say of it, None where there is none of it; ``uid`` is that of the one that
    is there.
    """

    kind: str
    namespace: str | None
    name: str
    action: ObjectAction
    before: Mapping[str, Any] | None = field(default=None, metadata=INTERNAL)
    after: Mapping[str, Any] | None = field(default=None, metadata=INTERNAL)
    uid: str = field(default="", metadata=INTERNAL)

    @property
    def title(self) -> str:
        """The object as a diff names it: ``Role prod/nekzus:ops:bot:read``."""
        return f"{self.kind} " + "/".join(part for part in (self.namespace, self.name) if part)


@dataclass(frozen=True)
class FeatureGrant:
    """The rules that a feature takes, as a role has them."""

    feature: Feature
    rules: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class AccountRecord:
    """An account as it is in the end. ``operations`` are all that its features allow it, by their names."""

    name: str
    namespace: str
    user: str
    features: tuple[Feature, ...]
    namespaces: tuple[str, ...]
    all_namespaces: bool
    operations: tuple[str, ...]
    grants: tuple[FeatureGrant, ...]


@dataclass(frozen=True)
class AccountPlan:
    """What is asked for, the namespace settled, and the changes that it takes in their order.

    ``record`` is the account after them, None for one that is not to be.
    """

    order: AccountOrder
    changes: tuple[ObjectChange, ...]
    record: AccountRecord | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Credentials:
    """How to be the account: a kubeconfig, and when its token ends (None: never)."""

    kubeconfig: Mapping[str, Any] = field(repr=False)
    expires: datetime | None
    warnings: tuple[str, ...] = ()
