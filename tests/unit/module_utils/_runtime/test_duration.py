# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as Go writes them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.duration import parse_duration


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30s", 30),
        ("1m30s", 90),
        ("500ms", 0.5),
        ("2h45m", 9900),
        ("1.5h", 5400),
        (".5s", 0.5),
        ("1.s", 1),
        ("250us", 0.00025),
        ("250µs", 0.00025),
        ("250μs", 0.00025),
        ("100ns", 1e-7),
        ("0", 0),
        ("0s", 0),
        ("30", 30),
        ("1.5", 1.5),
        (" 30s ", 30),
        (30, 30),
        (0, 0),
        (2.5, 2.5),
    ],
)
def test_a_duration_is_its_seconds(value: Any, seconds: float) -> None:
    assert parse_duration(value) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "s",
        "30 s",
        "1m 30s",
        "30x",
        "-30s",
        "+5s",
        "1d",
        "1e3",
        "30S",
        "s30",
        "1m30",
        "\u0661s",
        "nan",
        "inf",
        -1,
        float("nan"),
        float("inf"),
        True,
        None,
        [],
        {"s": 1},
    ],
    ids=repr,
)
def test_anything_else_is_refused_with_its_words(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a duration") as refusal:
        parse_duration(value)
    assert repr(value) in str(refusal.value)
