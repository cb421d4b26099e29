# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The template of a task, as its options have it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidConfigError,
    InvalidTemplateError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import TemplateKind
from ansible_collections.nekzus.runtime.plugins.module_utils._template_source import load_catalogue, load_template

WEB = {"services": {"web": {"image": "nginx"}}}
MANIFEST = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
LABELLED = """
services:
  web:
    image: nginx
    labels:
      nekzus.toolbox.name: Web
      nekzus.toolbox.category: web
      nekzus.toolbox.description: Serves
"""


@pytest.mark.parametrize(
    ("definition", "kind", "count"),
    [
        pytest.param(WEB, TemplateKind.COMPOSE, 1, id="a mapping"),
        pytest.param("services: {web: {image: nginx}}", TemplateKind.COMPOSE, 1, id="a text"),
        pytest.param(MANIFEST, TemplateKind.MANIFESTS, 1, id="a manifest"),
        pytest.param([MANIFEST, MANIFEST], TemplateKind.MANIFESTS, 2, id="a list of manifests"),
        pytest.param("kind: A\n---\nkind: B\n---\n", TemplateKind.MANIFESTS, 2, id="a text of several"),
        pytest.param([None, MANIFEST], TemplateKind.MANIFESTS, 1, id="an empty document"),
    ],
)
def test_a_template_is_a_text_a_mapping_or_a_list_of_mappings(definition: Any, kind: TemplateKind, count: int) -> None:
    found = load_template({"definition": definition})
    assert found
    assert (found.kind, len(found.documents)) == (kind, count)


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({"src": "shop/compose.yaml"}, "compose.yaml"),
        ({"src": "shop/"}, "shop"),
        ({"service": "web"}, "web"),
        ({}, "definition"),
    ],
)
def test_messages_call_a_template_by_where_it_is_from(options: dict[str, Any], title: str) -> None:
    with pytest.raises(InvalidTemplateError, match=f"cannot read the template: {title}, line 2, column 1"):
        load_template({"definition": "services: [\n", **options})


@pytest.mark.parametrize("definition", ["", "---\n", "# nothing\n", [], [None], {}, "[]", "1", [1], 5, True])
def test_what_is_no_template_is_told_with_a_hint(definition: Any) -> None:
    with pytest.raises(InvalidTemplateError) as caught:
        load_template({"definition": definition})
    assert caught.value.hint
    assert caught.value.op == "read"


def test_without_a_template_there_is_none() -> None:
    assert load_template({"definition": None}) is None


@pytest.mark.parametrize("option", ["service", "src"])
def test_a_template_that_the_controller_has_not_read_is_told(option: str) -> None:
    with pytest.raises(InvalidConfigError, match="the template was not read") as caught:
        load_template({option: "web"})
    assert "nekzus.runtime.nekzus_toolbox_deploy" in (caught.value.hint or "")


def test_what_comes_from_a_catalogue_has_what_a_catalogue_shows() -> None:
    assert load_template({"definition": LABELLED, "service": "web"})
    with pytest.raises(InvalidTemplateError, match=r"web lacks nekzus\.toolbox\.name"):
        load_template({"definition": WEB, "service": "web"})


def test_files_are_texts_or_base64_by_their_path() -> None:
    files = {"./a/b.conf": "text", "c": "base64:AAH/", "d": "base64:"}
    found = load_template({"definition": WEB, "files": files})
    assert found
    assert found.files == {"a/b.conf": b"text", "c": b"\x00\x01\xff", "d": b""}


@pytest.mark.parametrize(
    ("content", "words"),
    [(1, "files: a is no text"), (None, "files: a is no text"), ("base64:?", "files: a is no base64")],
)
def test_what_is_no_file_is_told(content: Any, words: str) -> None:
    with pytest.raises(InvalidConfigError, match=words) as caught:
        load_template({"definition": WEB, "files": {"a": content}})
    assert caught.value.hint


def test_a_catalogue_is_read_by_name() -> None:
    found = load_catalogue({"definitions": {"b": LABELLED, "a": LABELLED}})
    assert [(name, template.labels.name) for name, template in found.items()] == [("a", "Web"), ("b", "Web")]
    assert load_catalogue({"definitions": None}) == {}


@pytest.mark.parametrize(("text", "words"), [("services: [", "b, line 2"), ("services: {}", "b lacks")])
def test_a_catalogue_with_a_template_that_is_none_is_told(text: str, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=f"cannot read the catalogue: {words}"):
        load_catalogue({"definitions": {"a": LABELLED, "b": text}})
