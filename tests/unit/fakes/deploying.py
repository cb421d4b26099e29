# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop of two services and a volume as a template, and what a task asks of it, in a task's own options."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.keeper import ToolboxKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._template_source import load_order
from ansible_collections.nekzus.runtime.plugins.modules.nekzus_toolbox_deploy import ARGUMENTS
from ansible_collections.nekzus.runtime.tests.unit.fakes.selector import OneRuntime

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.keeper import Tended
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.order import ToolboxOrder

NAME = "shop"
SECRET = "hunter2hunter2"  # noqa: S105 - a test's
IMAGE = "busybox:stable"
SHOP: dict[str, Any] = {
    "services": {
        "db": {
            "image": IMAGE,
            "environment": {"DB_PASSWORD": "${DB_PASSWORD:?of the database}"},
            "volumes": ["data:/data"],
            "healthcheck": {"test": ["CMD", "true"]},
            "ports": ["5432:5432/udp"],
        },
        "web": {
            "image": IMAGE,
            "labels": {"nekzus.toolbox.main": "true"},
            "environment": {"COLOUR": "${COLOUR:-blue}", "DB_PASSWORD": "${DB_PASSWORD}"},
            "depends_on": {"db": {"condition": "service_healthy"}},
            "ports": ["8080:80"],
        },
    },
    "volumes": {"data": None},
}


def shop(*, without: str = "", **services: dict[str, Any]) -> dict[str, Any]:
    """Return the template, its services with other keys, or one of them left out."""
    found = deepcopy(SHOP)
    for name, keys in services.items():
        found["services"].setdefault(name, {"image": IMAGE}).update(keys)
    found["services"].pop(without, None)
    return found


def order_of(**options: Any) -> ToolboxOrder:
    """Return what a task with these options asks."""
    defaults = {name: option.get("default") for name, option in ARGUMENTS.items()}
    return load_order({**defaults, "service_name": NAME, **options})


def shop_order(**options: Any) -> ToolboxOrder:
    """Return what a task asks that has the template and its secret."""
    env = {"DB_PASSWORD": SECRET, **options.pop("env", {})}
    return order_of(**{"definition": SHOP, "env": env, **options})


def predict(runtime: Runtime, order: ToolboxOrder) -> Tended:
    """Say what carrying out would do."""
    return ToolboxKeeper(OneRuntime(runtime)).predict(order)


def carry_out(runtime: Runtime, order: ToolboxOrder) -> Tended:
    """Do it."""
    return ToolboxKeeper(OneRuntime(runtime)).carry_out(order)


def changes_of(told: Tended) -> list[str]:
    """Return the changes as words."""
    return [f"{one.kind} {one.name} {one.action}" for one in told.plan.changes]
