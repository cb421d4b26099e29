# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Bytes of logs as text. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tail import Entry

# What stands for a byte that is no UTF-8: https://docs.python.org/3/library/codecs.html#error-handlers
_INVALID = re.compile("[\udc80-\udcff]")


def decode(written: bytes) -> tuple[str, int]:
    """Return the text of some bytes, and how many of these were no UTF-8 and have become U+FFFD each."""
    return _INVALID.subn("\ufffd", written.decode("utf-8", "surrogateescape"))


def line_of(entry: Entry, *, timestamp: bool) -> bytes:
    """Return the line of an entry, after its moment if that is wanted and known."""
    return entry.time.encode() + b" " + entry.line.message if timestamp and entry.time else entry.line.message
