# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several measurements of the same thing."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Spread:
    """The one in the middle, and how far the others were from it."""

    median: float
    least: float
    most: float


def spread(values: Iterable[float]) -> Spread:
    """Return the spread of at least one value."""
    all_values = sorted(values)
    return Spread(statistics.median(all_values), all_values[0], all_values[-1])
