# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a template is, what comes of it is a project, manifests, or an error of ours: never another exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Callable

_USUAL = ("", "x", "1", "-1", "0.5", "true", "no", "1m30s", "512m", "80:80", "a:b:c", "a=b", "always", "web", "data")
_STRANGE = ("[::1]:80:80", "=", ":", "/", "./x", "../x", "$A", "${A:-b}", "${", "'", "\u00e9", "\x00", "service:web")
WORDS = st.sampled_from((*_USUAL, *_STRANGE))
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


def outcome(work: Callable[[], Any], kind: type[Exception] = NekzusError) -> tuple[Any, str]:
    """Return what comes of work, or the words of the one kind of error that it may end with."""
    try:
        return work(), ""
    except kind as error:
        return None, error.message if isinstance(error, NekzusError) else str(error)


def check_rendering(data: Any) -> None:
    def work() -> None:
        template = read_template([Document("fuzz.yaml", data)], title="fuzz", files=FILES)
        found, warnings = template.render(Settings("shop", values={"A": "1"}, profiles=("*",)))
        assert all(isinstance(warning, str) for warning in warnings)
        if isinstance(found, Project):
            check_project(found, allow_privileged=False, allowed_paths=())

    _nothing, words = outcome(work)
    assert "\n" not in words


@settings(max_examples=400, deadline=None)
@given(TOP)
def test_a_file_with_the_keys_of_compose(data: Any) -> None:
    check_rendering(data)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_data_at_all(data: Any) -> None:
    check_rendering(data)
    find_variables(data)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="[]{}:-&*!|>'\"#%@` \n\tab$<\\", max_size=40)))
def test_any_text_as_yaml(text: str) -> None:
    documents, words = outcome(lambda: read_documents(text, name="fuzz.yaml"))
    assert documents is not None or "fuzz.yaml" in words
    for document in documents or ():
        check_rendering(document.data)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="${}:-?+AB1 _x", max_size=30), st.booleans())
def test_any_text_with_variables(text: str, braces_only: bool) -> None:  # noqa: FBT001 - drawn
    parts, words = outcome(lambda: parse_text(text, braces_only=braces_only), ValueError)
    assert words or "$" in text or "".join(map(str, parts)) == text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="AB=: '\"#\\n\n\r\t$x", max_size=40))
def test_any_text_as_an_env_file(text: str) -> None:
    found, words = outcome(lambda: parse_dotenv(text, lambda value, *, known: value + "".join(known)[:0]), ValueError)
    assert words.startswith("line ") or all(found)


@pytest.mark.parametrize("nothing", [None, [], {}, "", 0])
def test_every_key_can_hold_nothing(nothing: Any) -> None:
    for key in sorted(KEYS):
        check_rendering({"services": {"web": {"image": "x", key: nothing}}})
