# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task that measures returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .failures import failure_of, failure_report
from .values import as_json, identity

if TYPE_CHECKING:
    from .._runtime.stats.monitor import Readings


def stats_report(told: Readings, *, require: bool) -> dict[str, Any]:
    """Return what a measuring task returns: ``stats``, whether all that runs has numbers, and the failure if any.

    With ``require`` it is a failure that something that runs has none, unless there is another one.
    """
    failures = [failure_of(one.error, one.runtime_type, op="measure", target=one.path) for one in told.readings]
    failed, missing = failure_report(failures, total=told.total), list(told.unavailable)
    if require and missing and not failed:
        failed = failure_report([missing.pop(0).within(op="measure").failure()])
    return {
        "changed": False,
        "stats": [
            {**identity(one.container), **as_json(one.usage)}
            for one in told.readings
            if one.container and one.usage and not one.error
        ],
        "metrics_available": not told.unavailable,
        "cached": told.cached,
        "warnings": [*told.warnings, *map(str, missing)],
        **failed,
    }
