# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Bounded concurrency with one outcome for every item, in the order of the items. No I/O of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Callable, Generic, TypeVar

from .errors import ApiError, NekzusError

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome(Generic[Value]):
    """What became of one item: a value, an error, or neither when it was not attempted."""

    value: Value | None = None
    error: NekzusError | None = None

    @property
    def attempted(self) -> bool:
        """Tell whether the operation ran for this item."""
        return self.value is not None or self.error is not None


def run_bulk(
    items: Iterable[Item],
    operation: Callable[[Item], Value],
    *,
    max_concurrent: int,
    continue_on_error: bool = True,
) -> list[Outcome[Value]]:
    """Run an operation for every item, at most ``max_concurrent`` at once, and return an outcome for each.

    One item's failure does not touch the others. With ``continue_on_error`` false no further item is
    begun after the first failure; those that run then are finished.
    """
    stop = Event()

    def attempt(item: Item) -> Outcome[Value]:
        if stop.is_set():
            return Outcome()
        try:
            return Outcome(value=operation(item))
        except NekzusError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - one item's surprise must not lose the others' results
            failure = ApiError(f"unexpected {type(error).__name__}: {error}", hint="please report this")
            failure.__cause__ = error
        if not continue_on_error:
            stop.set()
        return Outcome(error=failure)

    work = list(items)
    if len(work) <= 1 or max_concurrent == 1:
        return [attempt(item) for item in work]
    with ThreadPoolExecutor(max_workers=min(max_concurrent, len(work))) as pool:
        return list(pool.map(attempt, work))
