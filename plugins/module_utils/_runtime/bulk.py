# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Bounded concurrency with one outcome for every item, in the order of the items. No I/O of its own."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, Callable, Generic, TypeVar

from .errors import ApiError, NekzusError

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = TypeVar("Item")
Value = TypeVar("Value")
Leave = Callable[[], None]
# Who is still watched after its turn: with more of them the next one waits.
_WATCHERS = 32


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
        outcome = Outcome[Value]() if stop.is_set() else _outcome(operation, item)
        if outcome.error and not continue_on_error:
            stop.set()
        return outcome

    work = list(items)
    if len(work) <= 1 or max_concurrent == 1:
        return [attempt(item) for item in work]
    with ThreadPoolExecutor(max_workers=min(max_concurrent, len(work))) as pool:
        return list(pool.map(attempt, work))


def run_in_turns(
    items: Iterable[Item], operation: Callable[[Item, Leave | None], Value], *, max_concurrent: int
) -> list[Outcome[Value]]:
    """Run an operation as ``run_bulk`` does, whose turn is over when it has called what it is given, or has ended.

    So what is left to do then, which should be little more than to wait, keeps nobody else from beginning.
    """
    work = list(items)
    if len(work) <= 1:
        return [_outcome(lambda one: operation(one, None), item) for item in work]
    turns = BoundedSemaphore(max_concurrent)

    def attempt(item: Item) -> Outcome[Value]:
        leave = _once(turns.release)
        try:
            return _outcome(lambda one: operation(one, leave), item)
        finally:
            leave()

    begun: list[Future[Outcome[Value]]] = []
    with ThreadPoolExecutor(max_workers=max_concurrent + _WATCHERS) as pool:
        for item in work:
            turns.acquire()
            begun.append(pool.submit(attempt, item))
    return [one.result() for one in begun]


def _outcome(operation: Callable[[Item], Value], item: Item) -> Outcome[Value]:
    try:
        return Outcome(value=operation(item))
    except NekzusError as error:
        return Outcome(error=error)
    except Exception as error:  # noqa: BLE001 - one item's surprise must not lose the others' results
        failure = ApiError(f"unexpected {type(error).__name__}: {error}", hint="please report this")
        failure.__cause__ = error
        return Outcome(error=failure)


def _once(action: Callable[[], None]) -> Callable[[], None]:
    """Return what does it at the first call alone."""
    left = [action]

    def act() -> None:
        if left:
            left.pop()()

    return act
