# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a template is, what comes of it is a project, manifests, or an error of ours: never another exception."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose_service import KEYS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.document import Document
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.dotenv import parse_dotenv
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.guard import check_project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import read_template
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.variables import (
    find_variables,
    parse_text,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import read_documents
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "",
        "x",
        "1",
        "-1",
        "0.5",
        "true",
        "no",
        "1m30s",
        "512m",
        "80:80",
        "[::1]:80:80",
        "a:b:c",
        "a=b",
        "=",
        ":",
        "/",
        "./x",
        "../x",
        "$A",
        "${A:-b}",
        "${",
        "'",
        "é",
        "\x00",
        "service:web",
        "always",
        "on-failure:3",
        "web",
        "data",
    ]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=12))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(WORDS, st.text(max_size=8)), inner, max_size=3)
    ),
    max_leaves=12,
)
PARTS = [
    "condition",
    "test",
    "interval",
    "driver",
    "options",
    "limits",
    "reservations",
    "resources",
    "replicas",
    "source",
    "target",
    "type",
]
SERVICE = st.dictionaries(st.sampled_from([*sorted(KEYS), *PARTS]), ANYTHING, max_size=6).map(
    lambda keys: {"image": "x", **keys}
)
NESTED = st.dictionaries(st.sampled_from(PARTS), ANYTHING, max_size=3)
TOP = st.fixed_dictionaries(
    {"services": st.dictionaries(st.sampled_from(["web", "db", "a.b"]), SERVICE, min_size=1, max_size=3)},
    optional={
        key: st.dictionaries(WORDS, st.one_of(ANYTHING, NESTED), max_size=2)
        for key in ("networks", "volumes", "configs", "secrets")
    },
)
FILES = {"x": b"A=1", ".env": b"\xff", "web": b""}


def rendered(data: Any) -> Any:
    try:
        template = read_template([Document("fuzz.yaml", data)], title="fuzz", files=FILES)
        found, warnings = template.render(Settings("shop", values={"A": "1"}, profiles=("*",)))
        if isinstance(found, Project):
            check_project(found, allow_privileged=False, allowed_paths=())
    except NekzusError as error:
        assert str(error)
        assert "\n" not in error.message
        return None
    assert all(isinstance(warning, str) for warning in warnings)
    return found


@settings(max_examples=400, deadline=None)
@given(TOP)
def test_a_file_with_the_keys_of_compose(data: Any) -> None:
    rendered(data)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_data_at_all(data: Any) -> None:
    rendered(data)
    find_variables(data)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="[]{}:-&*!|>'\"#%@` \n\tab$<\\", max_size=40)))
def test_any_text_as_yaml(text: str) -> None:
    try:
        documents = read_documents(text, name="fuzz.yaml")
    except NekzusError as error:
        assert "fuzz.yaml" in error.message
        return
    for document in documents:
        rendered(document.data)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="${}:-?+AB1 _x", max_size=30))
def test_any_text_with_variables(text: str) -> None:
    for braces_only in (False, True):
        try:
            parts = parse_text(text, braces_only=braces_only)
        except ValueError as error:
            assert str(error)
        else:
            assert "$" in text or "".join(map(str, parts)) == text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="AB=: '\"#\\n\n\r\t$x", max_size=40))
def test_any_text_as_an_env_file(text: str) -> None:
    try:
        found = parse_dotenv(text, lambda value, known: value + "".join(sorted(known))[:0])
    except ValueError as error:
        assert str(error).startswith("line ")
    else:
        assert all(found)


@pytest.mark.parametrize("nothing", [None, [], {}, "", 0])
def test_every_key_can_hold_nothing(nothing: Any) -> None:
    for key in sorted(KEYS):
        rendered({"services": {"web": {"image": "x", key: nothing}}})
