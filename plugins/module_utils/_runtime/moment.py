# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Moments as a log has them, to the nanosecond: texts of one form, whose order is the alphabet's. Pure.

The form is ``2026-01-31T12:00:00.000000000Z``, after https://www.rfc-editor.org/rfc/rfc3339; an empty text is unknown.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from .duration import parse_duration

# From so many seconds on a number is one since 1970 and not a duration, which it would be of 31 years.
_EPOCHS_FROM = 10**9
# Of what a message quotes.
_SHOWN = 60
_LENGTH = len("2026-01-31T12:00:00.000000000Z")
_SECOND = len("2026-01-31T12:00:00")
# How a moment ends that is told to the second, as Podman does.
_WHOLE = ".000000000Z"
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.(?P<fraction>[0-9]{1,9})[0-9]*)?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


def read_moment(written: str) -> str:
    """Return a moment as runtimes and people write it in our form, an empty text if it is none; no zone means UTC."""
    match = _MOMENT.fullmatch(written)
    if not match:
        return ""
    date, time, fraction, zone = match.group("date", "time", "fraction", "zone")
    # What runtimes write has our form nearly always, and comes by the million.
    if len(written) == _LENGTH and zone == "Z" and written[10] == "T":
        return written
    clock = f"{time or '00:00:00'}:00"[:8]
    try:
        told = datetime.strptime(f"{date} {clock}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
        return _write(told - _offset(zone), fraction or "")
    except (ValueError, OverflowError):  # no day of a calendar
        return ""


def _offset(zone: str | None) -> timedelta:
    if not zone or zone in "Zz":
        return timedelta()
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -ahead if zone[0] == "-" else ahead


def _write(told: datetime, fraction: str) -> str:
    # strftime does not write years before 1000 with four digits everywhere.
    return f"{told.replace(tzinfo=None).isoformat(timespec='seconds')}.{fraction:0<9}Z"


def moment_of(seconds: float) -> str:
    """Return the moment so many seconds after 1970. Raises ValueError for what no calendar has."""
    try:
        told = datetime.fromtimestamp(seconds, tz=timezone.utc)
    except (OverflowError, OSError) as error:
        msg = f"{seconds:g} is no moment"
        raise ValueError(msg) from error
    return _write(told, f"{told.microsecond:06d}")


def seconds_of(moment: str) -> float:
    """Return the seconds since 1970 of a moment in our form."""
    told = datetime.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return told.timestamp() + float(f"0.{moment[20:-1]}")


def is_before(moment: str, since: str) -> bool:
    """Tell whether a moment is before another. One that is told to the second alone may be anywhere in it."""
    return moment[:_SECOND] < since[:_SECOND] if moment.endswith(_WHOLE) else moment < since


def next_second(moment: str) -> str:
    """Return the beginning of the second after a moment, or the moment itself where the calendar ends."""
    try:
        return moment_of(seconds_of(moment[:_SECOND] + _WHOLE) + 1)
    except ValueError:
        return moment


def parse_moment(value: Any, *, now: float) -> str:
    """Return the moment that a task means by ``"10m"`` (ago), an RFC 3339 time, or seconds since 1970.

    Raises ValueError with what is wrong for anything else.
    """
    text = str(value).strip()
    moment = read_moment(text)
    try:
        if moment:
            seconds_of(moment)  # raises if no calendar has it
            return moment
        seconds = parse_duration(text)
    except ValueError as error:
        msg = f"{text[:_SHOWN]!r} is neither a duration nor a time"
        raise ValueError(msg) from error
    return moment_of(seconds if seconds >= _EPOCHS_FROM else now - seconds)
