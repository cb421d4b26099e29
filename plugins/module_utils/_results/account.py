# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task about an account returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .values import as_json

if TYPE_CHECKING:
    from .._runtime.accounts.keeper import Tended


def account_report(told: Tended, *, show: bool) -> dict[str, Any]:
    """Return what a task about an account returns; the kubeconfig, which is a secret, only if it shall ``show``."""
    plan, credentials = told.plan, told.credentials
    account = as_json(plan.record)
    if account:
        account["token_expires"] = as_json(credentials.expires) if credentials else None
    report: dict[str, Any] = {
        "changed": bool(plan.changes) or told.file_changes,
        "account": account,
        "changes": as_json(plan.changes),
        "kubeconfig_dest": str(told.file.path) if told.file else None,
        "kubeconfig_changed": told.file_changes,
        "diff": {
            "before": {one.title: one.before for one in plan.changes if one.before},
            "after": {one.title: one.after for one in plan.changes if one.after},
        },
        "warnings": [*plan.warnings, *(credentials.warnings if credentials else ())],
    }
    return {**report, "kubeconfig": dict(credentials.kubeconfig)} if show and credentials else report
