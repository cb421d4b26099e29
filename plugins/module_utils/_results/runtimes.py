# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task that asks about runtimes returns."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from .._runtime.permissions import RuntimeDescription
from .values import as_json

if TYPE_CHECKING:
    from .._runtime.census import Census, Finding


def runtime_report(census: Census) -> dict[str, Any]:
    """Return what a task that asks about runtimes returns: ``runtimes``, and which of them is the ``primary``."""
    return {
        "changed": False,
        "primary": census.primary.value,
        "runtimes": [_runtime(finding) for finding in census.findings],
    }


def _runtime(finding: Finding) -> dict[str, Any]:
    told = as_json(finding.description) or dict.fromkeys(field.name for field in fields(RuntimeDescription))
    return {
        "type": finding.type.value,
        "available": finding.description is not None,
        "enabled": finding.enabled,
        "error": str(finding.error) if finding.error else None,
        "failure": finding.error.failure() if finding.error else None,
        **told,
        "permissions": as_json(finding.permissions),
    }
