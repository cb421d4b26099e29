# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables are filled in by the rules of Compose, and what a template needs is known before it is used."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.document import Document, Problems
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.scalar import Plain
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.variables import (
    DEEPEST,
    Interpolation,
    Variable,
    VariableType,
    find_variables,
)

VALUES = {"SET": "value", "EMPTY": "", "A_1": "underscored"}


def interpolation(*, braces_only: bool = False) -> Interpolation:
    return Interpolation(VALUES, Problems(Document("compose.yaml", None)), braces_only=braces_only)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("no variable", "no variable"),
        ("$SET", "value"),
        ("$SET.", "value."),
        ("${SET}", "value"),
        ("${SET}${SET}", "valuevalue"),
        ("a${SET}b", "avalueb"),
        ("$A_1", "underscored"),
        ("$EMPTY", ""),
        ("${UNSET}", ""),
        ("$UNSET", ""),
        ("${SET:-d}", "value"),
        ("${EMPTY:-d}", "d"),
        ("${UNSET:-d}", "d"),
        ("${SET-d}", "value"),
        ("${EMPTY-d}", ""),
        ("${UNSET-d}", "d"),
        ("${UNSET:-}", ""),
        ("${UNSET-}", ""),
        ("${SET:?e}", "value"),
        ("${SET?e}", "value"),
        ("${EMPTY?e}", ""),
        ("${SET:?}", "value"),
        ("${SET:+r}", "r"),
        ("${EMPTY:+r}", ""),
        ("${UNSET:+r}", ""),
        ("${SET+r}", "r"),
        ("${EMPTY+r}", "r"),
        ("${UNSET+r}", ""),
        ("$$", "$"),
        ("$$SET", "$SET"),
        ("$${SET}", "${SET}"),
        ("$$$SET", "$value"),
        ("$$$$", "$$"),
        ("${UNSET:-${SET}}", "value"),
        ("${UNSET:-${ALSO:-$SET}}", "value"),
        ("${UNSET:-${ALSO:-${THIRD:-deep}}}", "deep"),
        ("${UNSET:-$$5}", "$5"),
        ("${SET:+${EMPTY:-$SET}!}", "value!"),
        ("${UNSET:-a:b-c?d+e}", "a:b-c?d+e"),
        ("${UNSET:-http://x:80/y}", "http://x:80/y"),
        ("${UNSET:-{}}", "{}"),
        ("{$SET}", "{value}"),
        ("${UNSET:-a b}", "a b"),
        ("${UNSET:-'q'}", "'q'"),
    ],
)
def test_every_form_is_filled_in(text: str, filled: str) -> None:
    found = interpolation()
    assert found.fill({"key": [text]}) == {"key": [filled]}
    assert found.missing == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$", "a single $"),
        ("a$", "a single $"),
        ("$ SET", "a single $"),
        ("$1", "a single $"),
        ("$-", "a single $"),
        ("${", "no name of a variable"),
        ("${}", "no name of a variable"),
        ("${1A}", "no name of a variable"),
        ("${ SET}", "no name of a variable"),
        ("${SET", "neither } nor an operator"),
        ("${SET!}", "neither } nor an operator"),
        ("${SET:}", "neither } nor an operator"),
        ("${SET /x}", "neither } nor an operator"),
        ("${SET:-", "not closed"),
        ("${SET:-${A}", "not closed"),
        ("${UNSET:-" * (DEEPEST + 1) + "}" * (DEEPEST + 1), "nested deeper"),
        ("${UNSET:-" * 100_000, "nested deeper"),
    ],
)
def test_what_is_no_variable_is_told_with_its_place_and_without_the_text(text: str, words: str) -> None:
    problems = Problems(Document("compose.yaml", None, {("web", "password"): (3, 7)}))
    Interpolation(VALUES, problems).fill({"web": {"password": f"hunter2{text}"}})
    with pytest.raises(InvalidTemplateError) as caught:
        problems.check()
    assert words in str(caught.value)
    assert "web.password: " in str(caught.value)
    assert "(compose.yaml, line 3, column 7)" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_all_that_is_missing_and_all_that_is_empty_is_collected() -> None:
    found = interpolation()
    found.fill(["${ONE:?the first}", "${EMPTY:?}", "${TWO?see $SET}", "$THREE", "${FOUR}", "${ONE:?again}"])
    assert found.missing == {"ONE": "the first", "EMPTY": "", "TWO": "see value"}
    assert [*found.unset] == ["THREE", "FOUR"]


def test_keys_numbers_and_other_values_stay() -> None:
    assert interpolation().fill({"$SET": 1, "b": None, "c": True, "d": 1.5}) == {
        "$SET": 1,
        "b": None,
        "c": True,
        "d": 1.5,
    }


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("${SET}", "value"),
        ("$SET $(SET) $$ $$(SET) $1 $", "$SET $(SET) $$ $$(SET) $1 $"),
        ("$${SET}", "${SET}"),
        ("${UNSET:-$HOME}", "$HOME"),
        ("${UNSET:-${SET}}", "value"),
    ],
)
def test_manifests_leave_to_shells_what_is_theirs(text: str, filled: str) -> None:
    assert interpolation(braces_only=True).fill(text) == filled


def test_a_plain_scalar_of_a_manifest_is_what_it_becomes() -> None:
    found = interpolation(braces_only=True)
    assert found.fill(Plain("${N:-3}")) == 3
    assert found.fill(Plain("${N:-true}")) is True
    assert found.fill("${N:-3}") == "3"
    assert interpolation().fill(Plain("${N:-3}")) == "3"


def test_what_a_template_needs_is_known_with_types_defaults_and_messages() -> None:
    data = {
        "a": "${DB_PASSWORD:?the password of the database} ${DB_PASSWORD}",
        "b": ["${APP_PORT:-8080}:80", "$BASE_URL", "${SIZE:-12}", "${HOME_PAGE:-https://example.com}"],
        "c": "${TITLE:-${SUBTITLE:-x}} $$NOT ${API_KEY_FILE}",
    }
    assert find_variables(data) == (
        Variable("DB_PASSWORD", VariableType.PASSWORD, required=True, description="the password of the database"),
        Variable("APP_PORT", VariableType.NUMBER, required=False, default="8080"),
        Variable("BASE_URL", VariableType.URL, required=False),
        Variable("SIZE", VariableType.NUMBER, required=False, default="12"),
        Variable("HOME_PAGE", VariableType.URL, required=False, default="https://example.com"),
        Variable("TITLE", VariableType.TEXT, required=False),
        Variable("SUBTITLE", VariableType.TEXT, required=False, default="x"),
        Variable("API_KEY_FILE", VariableType.TEXT, required=False),
    )
    assert find_variables({"a": "$X ${Y}"}, braces_only=True) == (Variable("Y", VariableType.TEXT, required=False),)
    assert find_variables(["${", 1, None]) == ()
