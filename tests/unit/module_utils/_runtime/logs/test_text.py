# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of logs as text."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.tail import Entry
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.text import decode, line_of
from ansible_collections.nekzus.runtime.tests.unit.fakes.logs import line, moment, source


@pytest.mark.parametrize(
    ("written", "text", "invalid"),
    [
        (b"plain", "plain", 0),
        ("grüß 🐳".encode(), "grüß 🐳", 0),
        (b"a\xffb", "a\ufffdb", 1),
        (b"\xe2\x82", "\ufffd\ufffd", 2),
        ("already \ufffd".encode(), "already \ufffd", 0),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd", 3),
        (b"\x1b[31mred\x1b[0m \x00 {{ 7*7 }}", "\x1b[31mred\x1b[0m \x00 {{ 7*7 }}", 0),
        (b"", "", 0),
    ],
)
def test_bytes_that_are_no_text_are_replaced_and_counted(written: bytes, text: str, invalid: int) -> None:
    assert decode(written) == (text, invalid)


def test_a_line_has_its_moment_before_it_when_that_is_wanted_and_known() -> None:
    entry = Entry(moment(1), source(), line(1, "hello"))
    assert line_of(entry, timestamp=True) == f"{moment(1)} hello".encode()
    assert line_of(entry, timestamp=False) == b"hello"
    assert line_of(Entry("", source(), line(1, "hello")), timestamp=True) == b"hello"
