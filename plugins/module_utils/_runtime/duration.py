# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Durations as Go writes them. Pure."""

from __future__ import annotations

import math
import re
from typing import Any

# The units of https://pkg.go.dev/time#ParseDuration, in seconds.
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
# No whole number beyond it is a floating one.
_MOST = 2**1023
_SHOWN = 60
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)


def parse_duration(value: Any) -> float:
    """Return the seconds of ``"30s"``, ``"1m30s"``, ``"500ms"`` or a number of seconds.

    Raises ValueError with what is wrong for anything else, negative ones included.
    """
    found = _seconds(value)
    if found is None or not 0 <= found < math.inf:
        msg = f"{repr(value)[:_SHOWN]} is not a duration"
        raise ValueError(msg)
    return float(found)


def _seconds(value: Any) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if value < _MOST else None
    text = value.strip() if isinstance(value, str) else ""
    if _NUMBER.fullmatch(text):
        return float(text)
    parts = list(_PART.finditer(text))
    whole = "".join(part.group(0) for part in parts) == text
    return sum(float(part.group(1)) * _SECONDS[part.group(2)] for part in parts) if parts and whole else None
