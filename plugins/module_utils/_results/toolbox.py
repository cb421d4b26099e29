# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What tasks about templates return, as plain JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .values import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._runtime.toolbox.deployment import Deployed
    from .._runtime.toolbox.keeper import Tended
    from .._runtime.toolbox.template import Template


def deploy_report(told: Tended) -> dict[str, Any]:
    """Return what a task that deploys returns: the ``service``, and what was changed of it."""
    changes = told.plan.changes
    return {
        "changed": bool(changes),
        "service": as_json(told.record),
        "changes": as_json(changes),
        "diff": {
            "before": {one.title: as_json(one.before) for one in changes if one.before is not None},
            "after": {one.title: as_json(one.after) for one in changes if one.after is not None},
        },
        "warnings": list(told.warnings),
    }


def toolbox_report(catalogue: Mapping[str, Template], services: Sequence[Deployed]) -> dict[str, Any]:
    """Return what a task that asks about templates returns: the ``catalog``, and what is deployed as ``services``."""
    return {
        "changed": False,
        "catalog": [_entry(name, template) for name, template in catalogue.items()],
        "services": as_json(tuple(services)),
    }


def _entry(name: str, template: Template) -> dict[str, Any]:
    labels = as_json(template.labels)
    return {"id": name, "kind": template.kind.value, **labels, "variables": as_json(template.variables)}
