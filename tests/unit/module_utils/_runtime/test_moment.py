# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments as runtimes and people write them, in one form whose order is that of time."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import (
    is_before,
    moment_of,
    next_second,
    parse_moment,
    read_moment,
    seconds_of,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_790_000_000.0
NOON = "2026-01-31T12:00:00.000000000Z"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (NOON, NOON),
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31t12:00:00z", NOON),
        ("2026-01-31 12:00:00", NOON),
        ("2026-01-31 12:00:00.000000000Z", NOON),
        ("2026-01-31T12:00", NOON),
        ("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500000000Z"),
        ("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456789Z"),
        ("2026-01-31T12:00:00.1234567899Z", "2026-01-31T12:00:00.123456789Z"),
        ("2026-01-31T13:30:00.25+01:30", "2026-01-31T12:00:00.250000000Z"),
        ("2026-01-31T06:30:00-0530", NOON),
        ("2026-02-01T01:00:00+13:00", NOON),
        ("2026-01-31 12:00:00+00:00", NOON),
        ("2026-01-31", "2026-01-31T00:00:00.000000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000000Z"),
    ],
)
def test_a_moment_has_one_form(written: str, moment: str) -> None:
    assert read_moment(written) == moment


@pytest.mark.parametrize(
    "written",
    [
        *("", "now", "12:00:00", "2026-13-01", "2026-02-30T00:00:00Z", "2026-01-31T25:00:00Z", "2026-01-31T12:00:60Z"),
        *(
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00Zulu",
            "x2026-01-31",
            "2026-01-31T",
            "0001-01-01T00:00:00+01:00",
        ),
        *("\u0662\u0660\u0662\u0666-01-31", "2026-01-31T12:00:00 Z", "1769860800"),
    ],
)
def test_what_is_no_moment_is_nothing(written: str) -> None:
    assert read_moment(written) == ""


MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001 - the zone is given by the test


@given(MOMENTS, MOMENTS)
def test_the_order_of_moments_is_that_of_time(one: datetime, other: datetime) -> None:
    first, second = (read_moment(each.isoformat()) for each in (one, other))
    assert (first < second, first == second) == (one < other, one == other)


@pytest.mark.parametrize(
    ("moment", "is_earlier"),
    [
        ("2026-01-31T11:59:59.999999999Z", True),
        ("2026-01-31T12:00:00.499999999Z", True),
        ("2026-01-31T12:00:00.500000000Z", False),
        ("2026-01-31T12:00:01.000000000Z", False),
        # What is told to the second may be anywhere in it.
        ("2026-01-31T11:59:59.000000000Z", True),
        (NOON, False),
    ],
)
def test_a_moment_is_before_another_to_the_nanosecond_if_it_is_told_so(moment: str, *, is_earlier: bool) -> None:
    assert is_before(moment, "2026-01-31T12:00:00.500000000Z") is is_earlier
    assert not is_before(moment, "")


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        (NOON, "2026-01-31T12:00:01.000000000Z"),
        ("2026-01-31T12:00:00.999999999Z", "2026-01-31T12:00:01.000000000Z"),
        ("2026-01-31T23:59:59.000000001Z", "2026-02-01T00:00:00.000000000Z"),
        ("9999-12-31T23:59:59.000000001Z", "9999-12-31T23:59:59.000000001Z"),
    ],
)
def test_a_second_follows_another_until_the_calendar_ends(moment: str, following: str) -> None:
    assert next_second(moment) == following


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_the_same_in_every_zone(told: datetime, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    elsewhere = told.replace(tzinfo=timezone.utc).astimezone(zone)
    assert read_moment(elsewhere.isoformat()) == read_moment(told.isoformat())


@given(st.integers(0, 4_000_000_000_000_000))
def test_seconds_become_a_moment_and_again_seconds(microseconds: int) -> None:
    seconds = microseconds / 1_000_000
    assert seconds_of(moment_of(seconds)) == pytest.approx(seconds, abs=2e-6)
    assert read_moment(moment_of(seconds)) == moment_of(seconds)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("10m", moment_of(NOW - 600)),
        ("1h30m", moment_of(NOW - 5400)),
        ("500ms", moment_of(NOW - 0.5)),
        ("0", moment_of(NOW)),
        (90, moment_of(NOW - 90)),
        (" 2026-01-31T12:00:00Z ", NOON),
        (datetime(2026, 1, 31, 12, tzinfo=timezone.utc), NOON),
        (1769860800, NOON),
        ("1769860800.5", "2026-01-31T12:00:00.500000000Z"),
    ],
)
def test_a_task_means_a_time_ago_or_a_time(value: Any, moment: str) -> None:
    assert parse_moment(value, now=NOW) == moment


@pytest.mark.parametrize(
    "value",
    [
        *("yesterday", "", "-5m", "2026-13-01T00:00:00Z", "2026-13-31T12:00:00.000000000Z", "10 minutes ago", "nan"),
        *(1e15, -1, None, True),
    ],
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"is neither a duration nor a time|is no moment|is out of range"):
        parse_moment(value, now=NOW)


@pytest.mark.parametrize("seconds", [math.inf, 1e300, math.nan, -1e18])
def test_what_no_calendar_has_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match=r"moment|year|NaN|out of range"):
        moment_of(seconds)
