# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking once what many want to know."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.memo import Memo


def test_what_is_asked_again_is_not_found_out_again() -> None:
    asked: list[str] = []
    memo: Memo[str] = Memo()

    def find_out(key: str) -> str:
        asked.append(key)
        return key.upper()

    assert [memo.get(key, partial(find_out, key)) for key in ("a", "b", "a", "b")] == ["A", "B", "A", "B"]
    assert asked == ["a", "b"]


def test_who_asks_meanwhile_waits_for_the_same_answer() -> None:
    begun, let_go, asked = Event(), Event(), []
    memo: Memo[str] = Memo()

    def find_out() -> str:
        asked.append("once")
        begun.set()
        assert let_go.wait(10)
        return "found"

    with ThreadPoolExecutor(max_workers=4) as pool:
        first = pool.submit(memo.get, "key", find_out)
        assert begun.wait(10)
        others = [pool.submit(memo.get, "key", find_out) for _waiter in range(3)]
        let_go.set()
        assert [one.result(10) for one in (first, *others)] == ["found"] * 4
    assert asked == ["once"]


def test_an_error_is_everyones_and_each_gets_a_copy() -> None:
    memo: Memo[int] = Memo()
    asked = []

    def fail() -> int:
        asked.append("once")
        message = "not now"
        raise ConflictError(message, hint="try again")

    errors = []
    for target in ("web-1", "web-2"):
        with pytest.raises(ConflictError, match="not now") as raised:
            memo.get("key", fail)
        errors.append(raised.value.within(target=target))
    assert [error.target for error in errors] == ["web-1", "web-2"]
    assert [error.hint for error in errors] == ["try again"] * 2
    assert asked == ["once"]
