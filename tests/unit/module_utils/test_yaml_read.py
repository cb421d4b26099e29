# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML is read as Compose reads it, and what would break its reader is refused with its place."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.scalar import Plain
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import LARGEST, MOST_NODES, read_documents


def data(text: str) -> Any:
    (document,) = read_documents(text, name="compose.yaml")
    return document.data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("22:22", "22:22"),
        ("2026-01-31", "2026-01-31"),
        ("0440", 0o440),
        ("0o17", 15),
        ("089", 89.0),
        ("0x1f", 31),
        ("0b101", 5),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", float("inf")),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("1.2.3", "1.2.3"),
        ("9" * 500, "9" * 500),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(text: str, value: object) -> None:
    found = data(f"key: {text}")["key"]
    assert found == value
    assert type(found) is type(value)


def test_a_number_that_is_none_is_read() -> None:
    found = data("key: .nan")["key"]
    assert math.isnan(found)


def test_a_plain_scalar_with_a_variable_is_kept_apart_from_a_quoted_one() -> None:
    found = data("plain: ${N}\nquoted: '${N}'\n")
    assert isinstance(found["plain"], Plain)
    assert not isinstance(found["quoted"], Plain)


def test_merge_keys_bring_what_is_not_there() -> None:
    text = "a: &a {p: 1, q: 2}\nb: &b {q: 3, r: 4}\none: {<<: *a, q: 5}\nboth: {<<: [*a, *b]}\n'<<': {x: 1}\n"
    found = data(text)
    assert found["one"] == {"q": 5, "p": 1}
    assert found["both"] == {"p": 1, "q": 2, "r": 4}
    assert found["<<"] == {"x": 1}


def test_several_documents_are_read_and_each_knows_where_its_parts_are() -> None:
    first, empty, last = read_documents("a:\n  - x\n---\n---\nb: 1\n", name="all.yaml")
    assert (first.data, empty.data, last.data) == ({"a": ["x"]}, None, {"b": 1})
    assert first.where(("a", 0)) == "all.yaml, line 2, column 5"
    assert first.where(("a", 0, "missing")) == "all.yaml, line 2, column 5"
    assert last.where(("b",)) == "all.yaml, line 5, column 1"
    assert empty.where(("b",)) == "all.yaml, line 4, column 1"


def test_an_alias_is_found_where_it_is_used() -> None:
    (document,) = read_documents("a: &a [1]\nb: *a\n", name="x")
    assert document.data == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3", "line 3, column 1", "the key a is there twice"),
        ("a: [\n", "line 2, column 1", "this is no YAML"),
        ("a:\n\tb: 1", "line 2, column 1", "this is no YAML"),
        ("a: b: c", "line 1, column 5", "this is no YAML"),
        ("a: *nothing", "line 1, column 4", "this is no YAML"),
        ("a: \x01", "line 1, column 4", "a character that YAML does not allow"),
        ("- x\n- !vault y", "line 2, column 3", "the tag !vault is not known"),
        ("a: !reset null", "line 1, column 4", "the tag !reset is not known"),
        ("? [a]\n: b", "line 1, column 3", "a key is a list or a mapping"),
        ("a: {<<: 1}", "line 1, column 9", "a merge key takes a mapping"),
        ("a: &a [*a]", "line 1, column 4", "an alias is inside of what it stands for"),
        ("[" * 200 + "]" * 200, "line 1, column 101", "nested deeper than 100 levels"),
        ("[" * 100_000, "line 1, column 101", "nested deeper than 100 levels"),
        ("- " * 200 + "x", "line 1, column 201", "nested deeper than 100 levels"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(InvalidTemplateError) as caught:
        read_documents(text, name="compose.yaml")
    assert f"compose.yaml, {place}: " in str(caught.value)
    assert words in str(caught.value)


def bomb(levels: int, *, width: int = 10) -> str:
    lines = [f"a0: &a0 [{','.join('x' * width)}]"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * width)}]" for i in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize("levels", [6, 9, 30, 90])
def test_aliases_that_would_fill_the_memory_are_refused_at_once(levels: int) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidTemplateError, match=f"more than {MOST_NODES} parts"):
        read_documents(bomb(levels), name="bomb.yaml")
    assert time.monotonic() - started < 5


def test_a_few_aliases_are_no_bomb() -> None:
    assert len(data(bomb(3))["a2"]) == 10


def test_ten_megabytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(InvalidTemplateError, match=f"big.yaml has 10000003 bytes, a template may have {LARGEST}"):
        read_documents("a: " + "x" * 10_000_000, name="big.yaml")


def test_nothing_is_no_document() -> None:
    assert read_documents("", name="x") == ()
    assert read_documents("# nothing\n", name="x") == ()
