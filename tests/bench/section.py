# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One section of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .setting import Setting
    from .verdict import Verdict


@dataclass(frozen=True)
class Table:
    """Figures in columns, the first of which has names."""

    headings: Sequence[str]
    lines: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """What was done, what was measured, and which goals that meets."""

    title: str
    work: str
    table: Table
    verdicts: Sequence[Verdict] = ()


class Entry(Protocol):
    """What makes one section."""

    @property
    def title(self) -> str:
        """What it is called, and chosen by."""

    def section(self, setting: Setting) -> Section:
        """Do the work and measure it."""
