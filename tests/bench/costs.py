# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What something cost, as cells of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .race import Result

COLUMNS = ("CPU, s", "peak, MiB", "requests")


def wall(result: Result) -> str:
    """Return the median of the wall clock's seconds, and how far the others were from it."""
    found = result.wall
    return f"{found.median:.2f} ({found.least:.2f} to {found.most:.2f})"


def costs(result: Result) -> tuple[str, ...]:
    """Return the cells of the columns."""
    requests = "-" if result.requests is None else str(len(result.requests))
    return f"{result.cpu.median:.2f}", f"{result.peak.median / 2**20:.0f}", requests
