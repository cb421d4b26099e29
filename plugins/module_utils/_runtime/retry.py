# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Trying again what may pass by itself. Pure, given a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, TypeVar

from .errors import NekzusError

if TYPE_CHECKING:
    from .interfaces import Clock

Value = TypeVar("Value")

ATTEMPTS = 4
# For what has answered before: a server that restarts is back within this.
PATIENT_ATTEMPTS = 8
# For what can be done without.
FEW_ATTEMPTS = 3
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 10.0


def retrying(operation: Callable[[], Value], *, clock: Clock, attempts: int = ATTEMPTS) -> Value:
    """Return what the operation returns, repeating it while it raises a transient error.

    Waits 0.25 s, then twice as long each time, or as long as the server asked for (``Retry-After``) up to
    10 s; after all attempts the error stands. An error after a broken connection is marked ``uncertain``.
    """
    pause = FIRST_PAUSE
    broken = False
    for attempt in range(1, attempts + 1):
        try:
            return operation()
        except NekzusError as error:  # noqa: PERF203 - trying again is what it is for
            error.uncertain = broken
            if not error.transient or attempt == attempts:
                raise
            broken = broken or error.retry_after is None
            clock.sleep(min(error.retry_after or pause, LONGEST_PAUSE))
            pause *= 2
    raise AssertionError  # the last attempt has returned or raised
