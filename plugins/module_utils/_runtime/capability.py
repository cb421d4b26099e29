# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a runtime can do or not, in words that are the same for every runtime. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .types import Word

if TYPE_CHECKING:
    from collections.abc import Collection


class Capability(Word):
    """What some runtimes can do and others cannot: the states of a container first, then what goes beyond them."""

    STARTED = "started"
    STOPPED = "stopped"
    RESTARTED = "restarted"
    PAUSED = "paused"
    REPLICAS = "replicas"
    ROLLOUT = "rollout"
    SUSPEND_JOBS = "suspend_jobs"
    SUSPEND_CRON_JOBS = "suspend_cron_jobs"
    OWNERS = "owners"
    NAMESPACES = "namespaces"
    PERMISSIONS = "permissions"


def tell_capabilities(held: Collection[Capability]) -> dict[str, bool]:
    """Return for every capability whether it is among these."""
    return {each.value: each in held for each in Capability}
