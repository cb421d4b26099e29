# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a runtime is, and what it allows. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class RuntimeDescription:
    """What a runtime is. ``capabilities`` are the states, and further abilities, that it has."""

    name: str
    version: str
    api_version: str
    capabilities: Mapping[str, bool]


@dataclass(frozen=True)
class Grant:
    """One rule of access: a verb on a resource of an API group, ``resource`` as in ``pods/log``."""

    verb: str
    group: str
    resource: str


@dataclass(frozen=True)
class Operation:
    """What the collection can do for a user, and the rules that are missing for it."""

    name: str
    allowed: bool
    missing: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class Permissions:
    """What is allowed, operation by operation, and a ``role`` that would grant the rest (None: nothing is missing)."""

    namespaces: tuple[str, ...]
    operations: tuple[Operation, ...]
    role: Mapping[str, Any] | None
