# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What there is of an account, and what has to change so that it is what a task asks for. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..feature import Feature
    from ..object_change import ObjectChange
    from .order import AccountOrder


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
