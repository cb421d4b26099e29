# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""CPU and memory side by side: what is used, granted, asked for, or there. None is unknown. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..shape import mapping
from .quantity import cores, size

if TYPE_CHECKING:
    from collections.abc import Iterable


class Amounts(NamedTuple):
    """CPU in cores and memory in bytes."""

    cpu: float | None = None
    memory: int | None = None

    def otherwise(self, other: Amounts) -> Amounts:
        """Return these, and another's for what is unknown."""
        return Amounts(
            other.cpu if self.cpu is None else self.cpu, other.memory if self.memory is None else self.memory
        )


UNKNOWN = Amounts()


def read_amounts(document: Any, *path: str) -> Amounts:
    """Return the ``cpu`` and ``memory`` of the object at a path. A bound of 0 binds nothing."""
    found = mapping(document, *path)
    return _amounts(str(found.get("cpu")), str(found.get("memory"))) if found else UNKNOWN


# Many pods have the same.
@lru_cache(maxsize=1024)
def _amounts(cpu: str, memory: str) -> Amounts:
    return Amounts(cores(cpu) or None, size(memory) or None)


def total(amounts: Iterable[Amounts]) -> Amounts:
    """Return the sums, each known only if it is of all of them."""
    parts = list(amounts)
    if len(parts) <= 1:
        return parts[0] if parts else UNKNOWN
    cpu = [one.cpu for one in parts if one.cpu is not None]
    memory = [one.memory for one in parts if one.memory is not None]
    return Amounts(
        sum(cpu) if len(cpu) == len(parts) else None,
        sum(memory) if len(memory) == len(parts) else None,
    )
