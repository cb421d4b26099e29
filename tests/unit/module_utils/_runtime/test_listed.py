# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists as tasks give them: blanks, lines and empty elements mean nothing, and the text of a list is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import parse_account_order
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.census import parse_inquiry
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidConfigError,
    InvalidTargetError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import Request, parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.query import parse_toolbox_query

BLANKS, LINES, GAPS = ["a", " b"], ["a\nb\n"], ["", "a", " ", "b"]
ACCOUNT: dict[str, Any] = {
    "name": "monitor",
    "state": "present",
    "all_namespaces": False,
    "token": "expiring",
    "token_lifetime": "24h",
    "return_kubeconfig": False,
}
FILTERS = ("name", "image", "compose_project", "owner_kind", "label")
LISTS = ("names", "label_selectors", "namespaces", "exclude", *(f"filters.{name}" for name in FILTERS))


def options(key: str, value: list[str]) -> dict[str, Any]:
    """Return the options of a task that give one list."""
    section, _dot, name = key.partition(".")
    return {section: {name: value}} if name else {section: value}


def asked(key: str, value: list[str]) -> Request:
    return parse_request(options(key, value))


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("given", [BLANKS, LINES, GAPS], ids=["blanks", "lines", "gaps"])
def test_a_list_as_a_text_means_what_a_list_means(key: str, given: list[str]) -> None:
    meant = asked(key, ["a", "b"])
    found = asked(key, given)
    assert found == meant


def test_a_state_may_have_a_blank_before_it() -> None:
    assert asked("filters.status", ["running", " stopped"]) == asked("filters.status", ["running", "stopped"])


@pytest.mark.parametrize("key", [*LISTS, "filters.status"])
@pytest.mark.parametrize("given", [['["a"', '"b"]'], ["['a'", " 'b']"], [' [ "a"]']])
def test_the_text_of_a_list_is_refused(key: str, given: list[str]) -> None:
    with pytest.raises(InvalidConfigError, match=f"{key.rpartition('.')[2]} is the text of a list") as refusal:
        asked(key, given)
    assert refusal.value.hint == "give a list, or a text with commas"


def test_a_glob_may_begin_with_a_bracket() -> None:
    assert asked("exclude", ["[ab]-*"]).selection.exclude == ("[ab]-*",)


@pytest.mark.parametrize("key", ["names", "namespaces", *(f"filters.{name}" for name in (*FILTERS, "status"))])
def test_what_has_only_empty_elements_does_not_mean_everything(key: str) -> None:
    with pytest.raises(InvalidTargetError):
        asked(key, ["", " "])


def test_an_exclusion_may_have_only_empty_elements() -> None:
    assert asked("exclude", [""]).selection.exclude == ()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(["env in (a", " b)", " app"], id="commas"),
        pytest.param(["env in (a, b)\napp\n"], id="lines"),
        pytest.param(["env in (\n  a,\n  b\n)", "app"], id="lines inside of a set"),
    ],
)
def test_a_set_of_labels_stays_whole(given: list[str]) -> None:
    labels = asked("label_selectors", given).selection.labels
    assert [str(one) for one in labels] == ["env in (a,b)", "app"]


def test_an_account_may_be_given_texts() -> None:
    order = parse_account_order({**ACCOUNT, "features": ["read", " stats"], "namespaces": BLANKS}, hidden=False)
    assert ([str(one) for one in order.features], order.namespaces) == (["read", "stats"], ("a", "b"))


def test_what_is_asked_of_runtimes_may_be_texts() -> None:
    assert parse_inquiry({"namespaces": BLANKS}).namespaces == ("a", "b")
    assert parse_toolbox_query({"namespaces": BLANKS, "catalog": False, "services": True}).namespaces == ("a", "b")


def test_the_namespaces_of_a_configuration_may_be_a_text() -> None:
    for given in (BLANKS, "a, b", "a\nb\n"):
        config = load_config({"kubernetes": {"namespaces": given}}, shortcuts={}, env={})
        assert config.kubernetes.namespaces == ("a", "b")
    with pytest.raises(InvalidConfigError, match="is the text of a list"):
        load_config({"kubernetes": {"namespaces": '["a","b"]'}}, shortcuts={}, env={})
