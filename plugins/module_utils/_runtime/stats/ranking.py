# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which of many usages come first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from ..errors import InvalidConfigError
from ..types import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .usage import Usage


class SortKey(Word):
    """By what usages can be sorted, the greatest first."""

    CPU = "cpu"
    MEMORY = "memory"
    NETWORK = "network"
    BLOCK_IO = "block_io"
    PIDS = "pids"


def _sum(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


# Cores and bytes rather than percentages, which are of something else on each runtime.
_MEASURES: Mapping[SortKey, Callable[[Usage], float | None]] = {
    SortKey.CPU: lambda usage: usage.cpu.cores_used,
    SortKey.MEMORY: lambda usage: usage.memory.used_bytes,
    SortKey.NETWORK: lambda usage: _sum(usage.network.rx_bytes, usage.network.tx_bytes),
    SortKey.BLOCK_IO: lambda usage: _sum(usage.block_io.read_bytes, usage.block_io.write_bytes),
    SortKey.PIDS: lambda usage: usage.pids,
}


@dataclass(frozen=True)
class Ranking:
    """By what usages are sorted (None: not at all), and how many of them are shown (None: all)."""

    sort_by: SortKey | None = None
    top: int | None = None

    def places(self, usages: Iterable[Usage | None]) -> list[int]:
        """Return the places of usages in the order to be shown; None has no usage.

        Unknown measures come last, equal ones in the order they came.
        """
        listed = list(usages)
        places = list(range(len(listed)))
        if self.sort_by:
            measured = [_MEASURES[self.sort_by](usage) if usage else None for usage in listed]
            places.sort(key=lambda place: (measured[place] is None, -(measured[place] or 0)))
        return places[: self.top]


def parse_ranking(params: Mapping[str, Any]) -> Ranking:
    """Return the ranking of a task's options ``sort_by`` and ``top``, which alone is by CPU.

    Raises InvalidConfigError when ``top`` is less than 1.
    """
    top = params["top"]
    if top is not None and top < 1:
        raise InvalidConfigError(f"top must be at least 1, not {top}", hint="say how many to show")
    default = SortKey.CPU if top else None
    return Ranking(SortKey(params["sort_by"]) if params["sort_by"] else default, top)
