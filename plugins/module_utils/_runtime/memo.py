# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Asking once what many want to know at the same time."""

from __future__ import annotations

from concurrent.futures import Future
from copy import copy
from threading import Lock
from typing import TYPE_CHECKING, Callable, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """Answers by key: the first who asks finds out, whoever asks meanwhile or later gets the same answer or error."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._answers: dict[Hashable, Future[Value]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, find_out: Callable[[], Value]) -> Value:
        """Return the answer for a key, finding it out if nobody has. Raises what finding out raised."""
        with self._lock:
            answer = self._answers.get(key)
            is_first = answer is None
            if answer is None:
                answer = self._answers[key] = Future()
        if is_first:
            try:
                answer.set_result(find_out())
            except BaseException as error:  # noqa: BLE001 - whoever waits for it must not wait for ever
                answer.set_exception(error)
        failure = answer.exception()
        if failure:
            # A copy each: an error learns later for which target it stands.
            raise copy(failure)
        return answer.result()
