# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every piece of work is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .playing import Playing

TIMES = 5
# A line takes two points, and one more to be judged by it.
FEWEST = 3


@dataclass(frozen=True)
class Setting:
    """How Ansible is run, how often each contestant runs, and up to which size curves go (none: as far as they do)."""

    playing: Playing
    times: int = TIMES
    largest: int | None = None

    def chosen(self, sizes: Sequence[int]) -> Sequence[int]:
        """Return the sizes that are not too large, but as many as a curve takes."""
        small = sum(self.largest is None or size <= self.largest for size in sizes)
        return sizes[: max(small, FEWEST)]
