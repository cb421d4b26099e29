# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written into a Compose file is read as it was; secrets are variables."""

from __future__ import annotations

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.document import Document, Problems
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.dotenv import parse_dotenv, print_dotenv
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.placeholders import Placeholders, escape
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.variables import Interpolation
from hypothesis import example, given, settings
from hypothesis import strategies as st

SECRET, OTHER = "hunter2hunter2", "another-secret"
FUZZ = settings(deadline=None, derandomize=True, database=None, max_examples=300)
# An env file is text: it has no zero bytes, and its lines end as on Unix.
VALUES = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]))


def filled(text: object, **values: str) -> object:
    """Return a text as Compose reads it."""
    problems = Problems(Document("x", None))
    found: object = Interpolation(values, problems).fill(text, ())
    problems.check()
    return found


@FUZZ
@given(st.text())
def test_an_escaped_text_is_read_as_it_was(text: str) -> None:
    assert filled(escape(text)) == text


@FUZZ
@given(st.dictionaries(st.from_regex(r"[A-Z_][A-Z0-9_]{0,8}", fullmatch=True), VALUES, max_size=4))
@example({"A": "it's \\", "B": "\\'", "C": '"$HOME" # no comment', "D": " padded ", "E": "two\nlines"})
def test_an_env_file_is_read_as_it_was_written(variables: dict[str, str]) -> None:
    def fill(text: str, known: dict[str, str]) -> str:
        return str(filled(text, **known))

    assert parse_dotenv(print_dotenv(variables), fill) == variables


def test_services_with_the_same_secret_share_a_variable_and_others_have_their_own() -> None:
    place = Placeholders()
    first = place.environment("web", {"DB_PASSWORD": SECRET, "PLAIN": "a$b"}, ())
    second = place.environment("db", {"DB_PASSWORD": SECRET}, ())
    third = place.environment("old-db", {"DB_PASSWORD": OTHER}, ())
    assert first == {"DB_PASSWORD": "${DB_PASSWORD:?}", "PLAIN": "a$$b"}
    assert second == {"DB_PASSWORD": "${DB_PASSWORD:?}"}
    assert third == {"DB_PASSWORD": "${OLD_DB_DB_PASSWORD:?}"}
    assert place.values == {"DB_PASSWORD": SECRET, "OLD_DB_DB_PASSWORD": OTHER}


def test_an_address_with_a_password_is_a_variable_and_an_empty_secret_is_none() -> None:
    place = Placeholders()
    told = place.environment("web", {"DATABASE": "postgres://me:geheim@db/x", "TOKEN": ""}, ())
    assert told == {"DATABASE": "${DATABASE:?}", "TOKEN": ""}
    assert filled(told["DATABASE"], **place.values) == "postgres://me:geheim@db/x"


def test_a_word_of_a_command_that_holds_a_secret_is_a_variable() -> None:
    place = Placeholders()
    told = place.words("web", ("app", "--token", SECRET, "$x"), "command")
    assert told == ["app", "--token", "${command_2:?}", "$$x"]
    assert [filled(word, **place.values) for word in told] == ["app", "--token", SECRET, "$x"]
