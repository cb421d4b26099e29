# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task that starts and stops returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .failures import failure_report
from .values import as_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._runtime.types import LifecycleResult, Report


def lifecycle_report(told: Report) -> dict[str, Any]:
    """Return what a lifecycle task returns: ``results``, the diff of what changed, and the failure if there is one."""
    results = told.results
    report: dict[str, Any] = {
        "changed": any(result.changed for result in results),
        "results": as_json(results),
        "diff": {"before": _places(results, "before"), "after": _places(results, "after")},
        # Results that are one operation say the same.
        "warnings": list(dict.fromkeys([*told.warnings, *(each for result in results for each in result.warnings)])),
    }
    if not results:
        report["warnings"].append("no container matches the selection, nothing was done")
    return {**report, **failure_report([result.failure for result in results])}


def _places(results: Sequence[LifecycleResult], when: str) -> dict[str, Any]:
    """Return the state and, where there are any, the replicas of each changed target before or after."""
    places = {}
    for result in results:
        if result.changed:
            place = {"state": getattr(result, f"state_{when}"), "replicas": getattr(result, f"replicas_{when}")}
            places[result.address] = {key: as_json(value) for key, value in place.items() if value is not None}
    return places
