# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a lifecycle task asks for: which containers, which state, and how. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..request import Request, parse_request
from ..types import Desired
from .options import LifecycleOptions, parse_options

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Order:
    """Bring what ``request`` speaks of into the ``desired`` state, in the manner of ``options``."""

    request: Request
    desired: Desired
    options: LifecycleOptions


def parse_order(params: Mapping[str, Any]) -> Order:
    """Return what a task's options ask for. Raises as parse_request and parse_options do, before any I/O."""
    request = parse_request(params, everything=params["all"])
    # What keeps the runtime itself going is not changed because it happens to match.
    spared = replace(request, selection=replace(request.selection, include_system=False))
    return Order(spared, Desired(params["state"]), parse_options(params))
