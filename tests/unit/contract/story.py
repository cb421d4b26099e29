# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task does, in one line: plan and carry out, predict, or view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.fleet import Fleet
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.lifecycle import Lifecycle
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.options import LifecycleOptions
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.order import Order
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import Request, parse_request
from ansible_collections.nekzus.runtime.tests.unit.fakes.selector import OneRuntime

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.fleet import View
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import (
        Container,
        Desired,
        LifecycleResult,
    )
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

NAMED, SELECTED = "named", "selected"
WAYS = pytest.mark.parametrize("way", [NAMED, SELECTED])


def named(*names: str, exclude: tuple[str, ...] = ()) -> Request:
    """Return a request for containers by name."""
    return parse_request({"names": list(names), "exclude": list(exclude)})


def selected(**params: Any) -> Request:
    """Return a request for a selection, in a task's own options."""
    return parse_request(params)


def carry_out(backend: Backend, desired: Desired, request: Request, **options: Any) -> list[LifecycleResult]:
    """Do it."""
    report = Lifecycle(OneRuntime(backend.runtime)).carry_out(Order(request, desired, LifecycleOptions(**options)))
    return list(report.results)


def predict(backend: Backend, desired: Desired, request: Request, **options: Any) -> list[LifecycleResult]:
    """Say what would be done."""
    report = Lifecycle(OneRuntime(backend.runtime)).predict(Order(request, desired, LifecycleOptions(**options)))
    return list(report.results)


def view(backend: Backend, request: Request, *, inspect: bool = False) -> list[View]:
    """Look."""
    return list(Fleet(OneRuntime(backend.runtime)).view(request, inspect=inspect).views)


def look(backend: Backend, way: str, *names: str) -> list[Container]:
    """Return containers as a task finds them by name, or by a selection: not the same where one has pods."""
    if way == NAMED:
        found = [one.container for one in view(backend, named(*names))]
    else:
        shown = {backend.shown(name): name for name in names}
        seen = {shown.get(one.container.address): one.container for one in view(backend, selected()) if one.container}
        found = [seen[name] for name in names]
    return [container for container in found if container]


def path(backend: Backend, name: str) -> str:
    """Return what is found by name as messages call it."""
    return backend.address(name).partition("/")[2]


def addresses_of(views: list[View]) -> list[str]:
    """Return the addresses of what was found, in order."""
    return [view.container.address for view in views if view.container]


def names_of(found: list[Container]) -> list[str]:
    """Return the names, in order."""
    return [container.name for container in found]
