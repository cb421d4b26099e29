# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling of a deployment without its secrets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.hiding import (
    hidden_alike,
    without_secrets,
)


def test_an_error_tells_no_secret_anywhere() -> None:
    error = ApiError("bad geheim", hint="not geheim", details={"logs": ["a geheim b"], "body": {"x": ("geheim", 1)}})
    told = without_secrets(error, ["geheim"])
    assert told is error
    assert (told.message, told.hint) == (f"bad {MASK}", f"not {MASK}")
    assert told.details == {"logs": [f"a {MASK} b"], "body": {"x": [MASK, 1]}}


def test_an_error_without_a_hint_gets_none() -> None:
    assert without_secrets(ApiError("x"), ["geheim"]).hint is None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param("old", f"token {MASK}", MASK, id="a secret that was changed"),
        pytest.param("old", "new", "old", id="no secret"),
        pytest.param(f"token {MASK}", f"token {MASK}", f"token {MASK}", id="hidden already"),
        pytest.param({"a": "old", "b": "x"}, {"a": MASK}, {"a": MASK, "b": "x"}, id="in a mapping"),
        pytest.param(["--token", "old"], ["--token", MASK], ["--token", MASK], id="in a list"),
        pytest.param(["old", "x"], [MASK], [MASK, "x"], id="in a list that was longer"),
        pytest.param(["old"], [MASK, "x"], [MASK], id="in a list that was shorter"),
        pytest.param({"a": {"b": ["old"]}}, {"a": {"b": [MASK]}}, {"a": {"b": [MASK]}}, id="deep inside"),
        pytest.param({"a": 1}, {"a": MASK}, {"a": 1}, id="what is no text"),
        pytest.param(None, {"a": MASK}, None, id="nothing before"),
        pytest.param({"a": "old"}, None, {"a": "old"}, id="nothing after"),
    ],
)
def test_what_was_before_is_hidden_where_what_comes_is(before: Any, after: Any, told: Any) -> None:
    assert hidden_alike(before, after) == told
