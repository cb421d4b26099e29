# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amounts as Kubernetes writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.quantity import (
    MOST,
    cores,
    parse_quantity,
    size,
)
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("1", "1"),
        ("1.5", "1.5"),
        ("1.", "1"),
        (".5", "0.5"),
        ("+2", "2"),
        ("-2", "-2"),
        ("-.5Ki", "-512"),
        ("12345678n", "0.012345678"),
        ("250u", "0.00025"),
        ("250m", "0.25"),
        ("1500m", "1.5"),
        ("0.1m", "0.0001"),
        ("2k", "2000"),
        ("2M", "2000000"),
        ("2G", "2000000000"),
        ("2T", "2000000000000"),
        ("2P", "2000000000000000"),
        ("2E", "2000000000000000000"),
        ("1Ki", "1024"),
        ("1.5Gi", "1610612736"),
        ("64Mi", "67108864"),
        ("1Ti", str(2**40)),
        ("1Pi", str(2**50)),
        ("1Ei", str(2**60)),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("12e+2", "1200"),
        ("1.5E-3", "0.0015"),
        ("0e9", "0"),
        (2, "2"),
        (0.5, "0.5"),
        (1e-07, "0.0000001"),
    ],
)
def test_a_quantity_is_its_number(text: Any, number: str) -> None:
    assert parse_quantity(text) == Decimal(number)


@pytest.mark.parametrize("text", ["9223372036854775808", "8Ei", "10E", "1e19", "1e999999999999999999", "9" * 5000])
def test_no_quantity_is_more_than_the_api_server_keeps(text: str) -> None:
    assert parse_quantity(text) == MOST
    assert parse_quantity(f"-{text}") == -MOST


def test_next_to_nothing_is_a_quantity_too() -> None:
    assert cores("1e-999999999999999999") == pytest.approx(0)
    assert size("1e-999999999999999999") == 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        ".",
        "-",
        "m",
        "Ki",
        "1 Gi",
        " 1",
        "1\n",
        "1ki",
        "1K",
        "1gi",
        "1Kii",
        "1mi",
        "1h",
        "1e",
        "1e3Ki",
        "1e1.5",
        "1.2.3",
        "--1",
        "0x10",
        "1_000",
        "1,5",
        "\u0661",
        "nan",
        "inf",
        float("nan"),
        float("inf"),
        True,
        [],
        ["1"],
        {"cpu": "1"},
    ],
    ids=repr,
)
def test_anything_else_is_unknown(value: Any) -> None:
    assert (parse_quantity(value), cores(value), size(value)) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"), [("100m", 0.1), ("2", 2.0), ("156250n", 0.00015625), ("0", 0.0), ("1k", 1000.0)]
)
def test_cpu_is_told_in_cores(text: str, expected: float) -> None:
    found = cores(text)
    assert isinstance(found, float)
    assert found == expected  # to the last digit: it is what a user would write


@pytest.mark.parametrize(
    ("text", "expected"),
    [("128Mi", 128 * 2**20), ("1e9", 10**9), ("0", 0), ("128974848000m", 128974848), ("1m", 1), ("1.1", 2)],
)
def test_memory_is_told_in_whole_bytes(text: str, expected: int) -> None:
    found = size(text)
    assert isinstance(found, int)
    assert found == expected


SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
same_each_time = settings(deadline=None, derandomize=True, database=None, max_examples=200)


@same_each_time
@given(number=st.integers(-9, 9), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_a_suffix_and_its_exponent_say_the_same(number: int, suffix: str) -> None:
    written = parse_quantity(f"{number}{suffix}")
    assert written is not None
    assert written == parse_quantity(f"{number}e{SUFFIXES[suffix]}") == parse_quantity(f"{number}E{SUFFIXES[suffix]}")


@same_each_time
@given(st.integers(0, 2**63 - 1))
def test_bytes_come_back_as_they_were(number: int) -> None:
    assert size(str(number)) == size(number) == size(f"{number}000m") == number
    assert size(f"{number >> 10}Ki") == number >> 10 << 10


@same_each_time
@given(st.text("0123456789+-.eEinumkKMGTP ", max_size=12) | st.text(max_size=4))
def test_any_text_is_a_number_within_bounds_or_unknown(text: str) -> None:
    amount = parse_quantity(text)
    assert amount is None or -MOST <= amount <= MOST
    assert (cores(text) is None) == (size(text) is None) == (amount is None)
