# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The core's values as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .._runtime.types import Container


# What says which container a result is about.
IDENTITY = ("address", "id", "short_id", "runtime", "namespace", "name", "state")


def as_json(value: Any) -> Any:
    """Return dataclasses and mappings as dicts, sequences as lists, enumerations as their value, times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = (field for field in fields(value) if not field.metadata.get("internal"))
        return {field.name: as_json(getattr(value, field.name)) for field in shown}
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


def identity(container: Container) -> dict[str, Any]:
    """Return what says which container a result is about."""
    return {key: as_json(getattr(container, key)) for key in IDENTITY}
