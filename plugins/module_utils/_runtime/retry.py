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
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 10.0


def retrying(operation: Callable[[], Value], *, clock: Clock) -> Value:
    """Return what the operation returns, repeating it while it raises a transient error.

    Waits 0.25 s, then twice as long each time, or as long as the server asked for (``Retry-After``) up to
    10 s; after four attempts the error stands.
    """
    pause = FIRST_PAUSE
    for _attempt in range(ATTEMPTS - 1):
        try:
            return operation()
        except NekzusError as error:  # noqa: PERF203 - trying again is what it is for
            if not error.transient:
                raise
            clock.sleep(min(error.retry_after or pause, LONGEST_PAUSE))
            pause *= 2
    return operation()
