# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML that is written is read as it was, by readers of YAML 1.1 and of 1.2 alike."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils import _yaml_read
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import MissingLibraryError
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import read_documents
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_write import write_documents
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS
DOCUMENTS = st.dictionaries(
    st.text("abcd", min_size=1), st.recursive(SCALARS, lambda one: st.lists(one, max_size=3), max_leaves=6), max_size=4
)


def read(text: str) -> list[Any]:
    return [document.data for document in read_documents(text, name="x")]


WORDS = ("yes", "no", "on", "off", "y", "N", "null", "~", "", "true", ".inf", ".nan", "=", "<<")
NUMBERS = ("1e3", "0o17", "017", "0b1", "1:30", "22:22", ".5", "1_000", "2026-01-31")
SIGNS = ("# no", "a: b", "- x", "*x", "&x", "!x", "%x", "@x", "`x", "'", '"', "$HOME", "{{ 7*7 }}", "${A:?}")
SPACES = (" a ", "a\n", "\n", "a \nb", "\t", "\u2028", "\x85", "\ufeff")


@pytest.mark.parametrize("text", [*WORDS, *NUMBERS, *SIGNS, *SPACES])
def test_a_text_is_a_text_to_every_reader(text: str) -> None:
    written = write_documents([{"key": text, "list": [text]}])
    assert read(written) == [{"key": text, "list": [text]}]
    assert yaml.safe_load(written) == {"key": text, "list": [text]}


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_documents_are_read_as_they_were(documents: list[dict[str, Any]]) -> None:
    written = write_documents(documents)
    assert read(written) == documents
    assert list(yaml.safe_load_all(written)) == documents


def test_it_is_written_as_people_write_it() -> None:
    shared = ["a"]
    document = {"b": {"z": shared, "x": shared}, "a": "one\ntwo\n", "long": "word " * 60 + "end"}
    assert write_documents([document]) == (
        "b:\n  z:\n    - a\n  x:\n    - a\na: |\n  one\n  two\nlong: " + "word " * 60 + "end\n"
    )


def test_without_pyyaml_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_yaml_read, "IMPORT_ERROR", "no module named yaml")
    with pytest.raises(MissingLibraryError, match="yaml cannot be imported"):
        write_documents([{}])
