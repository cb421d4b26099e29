# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading JSON that may be anything."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import (
    flag,
    mapping,
    number,
    objects,
    text,
    text_mapping,
    texts,
)

DOCUMENT: dict[str, Any] = {
    "text": "web",
    "empty": "",
    "null": None,
    "zero": 0,
    "number": 7,
    "real": 1.5,
    "yes": True,
    "no": False,
    "list": ["a", None, 1, {"b": 2}, "c"],
    "object": {"text": "inner", "null": None, "number": 1},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [(("text",), "web"), (("object", "text"), "inner"), (("null",), ""), (("number",), ""), (("text", "deeper"), "")],
)
def test_a_text_is_a_text_or_empty(path: tuple[str, ...], expected: str) -> None:
    assert text(DOCUMENT, *path) == expected


@pytest.mark.parametrize(("key", "expected"), [("list", ("a", "c")), ("text", ("web",)), ("null", ()), ("object", ())])
def test_texts_are_those_of_a_list_or_one(key: str, expected: tuple[str, ...]) -> None:
    assert texts(DOCUMENT, key) == expected


@pytest.mark.parametrize(
    ("key", "expected"), [("zero", 0), ("number", 7), ("real", None), ("yes", None), ("text", None), ("nothing", None)]
)
def test_a_number_is_whole_or_unknown(key: str, expected: int | None) -> None:
    assert number(DOCUMENT, key) == expected


@pytest.mark.parametrize(("key", "expected"), [("yes", True), ("no", False), ("number", False), ("nothing", False)])
def test_a_flag_is_up_only_when_it_is_true(key: str, *, expected: bool) -> None:
    assert flag(DOCUMENT, key) is expected


def test_objects_and_mappings_are_empty_where_there_are_none() -> None:
    assert objects(DOCUMENT, "list") == [{"b": 2}]
    assert objects(DOCUMENT, "text") == []
    assert mapping(DOCUMENT, "object")["text"] == "inner"
    assert mapping(DOCUMENT, "list") == {}
    assert text_mapping(DOCUMENT, "object") == {"text": "inner", "null": "", "number": "1"}


@pytest.mark.parametrize("junk", [None, 1, "x", [], [1], True])
def test_junk_has_nothing_in_it(junk: Any) -> None:
    assert (text(junk, "a"), texts(junk, "a"), number(junk, "a"), flag(junk, "a")) == ("", (), None, False)
    assert (mapping(junk, "a"), objects(junk, "a"), text_mapping(junk, "a")) == ({}, [], {})
