# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task that reads containers returns, and what an inventory knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .failures import failure_of, failure_report
from .values import as_json

if TYPE_CHECKING:
    from .._runtime.fleet import Overview, View


def container_report(overview: Overview, *, details: bool, raw: bool) -> dict[str, Any]:
    """Return what a reading task returns: ``containers``, and the failure if one that was named cannot be seen."""
    failures = [failure_of(view.error, view.runtime_type, op="inspect", target=view.path) for view in overview.views]
    seen = [_container(view, details=details, raw=raw) for view in overview.views if not view.error]
    told = {"changed": False, "containers": seen, "warnings": list(overview.warnings)}
    return {**told, **failure_report(failures)}


def _container(view: View, *, details: bool, raw: bool) -> dict[str, Any]:
    shown, inspected = as_json(view.container), as_json(view.details) or {}
    wanted = (("config", "network_settings", "mounts") if details else ()) + (("raw",) if raw else ())
    # What inspecting knows better. It does not know it of a workload, whose pods it does not look at.
    better = [key for key in ("restarts", "ready") if details and inspected[key] is not None]
    return {**shown, **{key: inspected[key] for key in (*wanted, *better)}}


def host_variables(view: View, *, endpoint: str, details: bool) -> dict[str, Any]:
    """Return what an inventory knows of a container: the fields of a reading task, each with a prefix."""
    told = {"endpoint": endpoint, **_container(view, details=details and view.details is not None, raw=False)}
    return {f"nekzus_{key}": value for key, value in told.items()}
