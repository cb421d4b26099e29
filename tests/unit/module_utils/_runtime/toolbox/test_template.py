# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A template is told by what it is, says of itself what a catalogue shows, and is rendered with what a task gives."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import (
    Template,
    TemplateKind,
    TemplateLabels,
    check_catalogued,
    read_template,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.variables import VariableType
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import read_documents

COMPOSE = """
services:
  web:
    image: web:${TAG:-v1}
    environment: {DB_PASSWORD: "${DB_PASSWORD:?the password}", GREETING: "${GREETING}"}
    labels:
      nekzus.toolbox.name: Web
      nekzus.toolbox.category: tools
      nekzus.toolbox.description: A web server
      nekzus.toolbox.tags: a, b,
      nekzus.toolbox.env.TAG: the version
"""
MANIFESTS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: "${SERVICE_NAME}", annotations: {nekzus.toolbox.name: Things, nekzus.toolbox.env.N: how many}}
data: {script: "echo $HOME $${N}"}
---
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${N:-2}
  paused: ${PAUSED:?}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: one}}
  - {apiVersion: v1, kind: Secret, metadata: {name: two}}
"""


def template(text: str, **values: Any) -> Template:
    return read_template(read_documents(text, name="file.yaml"), title="file.yaml", **values)


def settings(**values: str) -> Settings:
    return Settings("shop", values=values)


def test_a_compose_file_says_what_it_is_and_what_it_needs() -> None:
    found = template(COMPOSE)
    assert found.kind is TemplateKind.COMPOSE
    assert found.labels == TemplateLabels("Web", "tools", "A web server", tags=("a", "b"))
    told = [(one.name, one.type, one.required, one.default, one.description) for one in found.variables]
    assert told == [
        ("TAG", VariableType.TEXT, False, "v1", "the version"),
        ("DB_PASSWORD", VariableType.PASSWORD, True, None, "the password"),
        ("GREETING", VariableType.TEXT, False, None, ""),
    ]
    check_catalogued(found)


def test_a_compose_file_is_rendered_and_what_is_empty_is_told() -> None:
    project, warnings = template(COMPOSE).render(Settings("shop", values={"DB_PASSWORD": "hunter22"}))
    assert isinstance(project, Project)
    assert project.services[0].environment == {"DB_PASSWORD": "hunter22", "GREETING": ""}
    assert warnings == ("variables without a value are empty: GREETING",)


def test_all_that_is_missing_is_named_at_once_with_its_message() -> None:
    text = "services: {web: {image: '${A:?the image} ${B?}', command: '${C:?why}'}}"
    with pytest.raises(InvalidTemplateError) as caught:
        template(text).render(settings(B="here"))
    assert caught.value.message == "variables without a value: A (the image), C (why)"
    assert caught.value.hint == "give A, C in env"


def test_manifests_are_rendered_with_their_types_and_lists_are_taken_apart() -> None:
    found = template(MANIFESTS)
    assert found.kind is TemplateKind.MANIFESTS
    assert found.labels.name == "Things"
    assert [(one.name, one.default, one.description) for one in found.variables] == [
        ("SERVICE_NAME", None, ""),
        ("N", "2", "how many"),
        ("PAUSED", None, ""),
    ]
    documents, warnings = found.render(settings(SERVICE_NAME="shop", PAUSED="true"))
    assert isinstance(documents, tuple)
    assert [one["metadata"]["name"] for one in documents] == ["shop", "web", "one", "two"]
    assert documents[0]["data"] == {"script": "echo $HOME ${N}"}
    assert documents[1]["spec"] == {"replicas": 2, "paused": True}
    assert warnings == ()
    with pytest.raises(InvalidTemplateError, match="variables without a value: PAUSED"):
        found.render(settings(SERVICE_NAME="shop"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "file.yaml is empty"),
        ("# nothing", "file.yaml is empty"),
        ("just text", "file.yaml, line 1, column 1: this is neither a Compose file nor a manifest"),
        ("- a", "this is neither a Compose file nor a manifest"),
        ("web: {image: x}", "this is neither a Compose file nor a manifest"),
        ("services: {a: {image: x}}\n---\nservices: {b: {image: x}}", "file.yaml has 2 documents"),
        ("kind: X\napiVersion: v1\nmetadata: {name: a}\n---\nservices: {}", "line 5, column 1: this is neither"),
        (
            "services: {web: {image: x, labels: {nekzus.toolbox.nmae: x}}}",
            "nekzus.toolbox.nmae: this label is not known",
        ),
        (
            "services: {web: {image: x, labels: ['nekzus.toolbox.colour=x']}}",
            "nekzus.toolbox.colour: this label is not known",
        ),
    ],
)
def test_what_is_no_template_is_told(text: str, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        template(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: ConfigMap\nmetadata: {name: a}", "apiVersion: this has to be a text (file.yaml, line 1, column 1)"),
        (
            "kind: ConfigMap\napiVersion: 1\nmetadata: {name: a}",
            "apiVersion: this has to be a text (file.yaml, line 2, column 1)",
        ),
        ("kind: ConfigMap\napiVersion: v1\nmetadata: {generateName: a}", "metadata.name: this has to be a text"),
        ("kind: ConfigMap\napiVersion: v1\nmetadata: []", "metadata.name: this has to be a text"),
        ("kind: List\napiVersion: v1\nitems: [5]", "apiVersion: this has to be a text"),
    ],
)
def test_a_manifest_that_names_nothing_is_told(text: str, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        template(text).render(settings())


@pytest.mark.parametrize("value", ["********", "--password=********", "postgres://me:********@db/x"])
def test_a_manifest_that_an_export_has_masked_is_refused_with_its_place(value: str) -> None:
    text = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData:\n  password: '{value}'\n"
    with pytest.raises(InvalidTemplateError, match=r"stringData.password: this is masked .*line 5") as refused:
        template(text).render(settings())
    assert "include_secret_values" in str(refused.value.hint)


def test_what_a_list_of_manifests_says_of_itself_is_read() -> None:
    item = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a", "annotations": {"nekzus.toolbox.name": "A"}},
    }
    listed = template(json.dumps({"apiVersion": "v1", "kind": "List", "items": [item]}))
    assert listed.labels.name == "A"
    item["metadata"]["annotations"] = {"nekzus.toolbox.nme": "A"}  # type: ignore[index]
    with pytest.raises(InvalidTemplateError, match=r"items\[0\].metadata.annotations"):
        template(json.dumps({"apiVersion": "v1", "kind": "List", "items": [item]}))


def test_a_line_of_stars_in_a_file_masks_nothing() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  banner: '/********/ hello'\n"
    (manifest,) = cast("Any", template(text).render(settings())[0])
    assert manifest["data"] == {"banner": "/********/ hello"}


def test_a_catalogue_shows_name_category_and_description() -> None:
    text = "services: {web: {image: x, labels: {nekzus.toolbox.name: Web}}}"
    with pytest.raises(InvalidTemplateError, match=r"lacks nekzus\.toolbox\.category, nekzus\.toolbox\.description"):
        check_catalogued(template(text))


def test_a_near_label_is_hinted_at() -> None:
    with pytest.raises(InvalidTemplateError) as caught:
        template("services: {web: {image: x, labels: {nekzus.toolbox.categroy: x}}}")
    assert caught.value.hint == "nekzus.toolbox.category may be meant"


def test_no_template_shows_its_text() -> None:
    found = template("services: {web: {image: x, environment: {PASSWORD: hunter22}}}")
    assert "hunter22" not in repr(found)
    assert "hunter22" not in repr(found.render(settings())[0])


def given(text: str, **values: str) -> tuple[str, ...]:
    """Return the warnings about a template to which a task gives values."""
    return template(text).render(Settings("shop", values=values, given=values))[1]


def test_a_value_that_nothing_takes_is_told_with_the_name_that_may_be_meant() -> None:
    text = "services: {web: {image: x, environment: {MODE: '${MODE:-fast}'}}}"
    assert given(text, MODE="slow", COMPOSE_PROFILES="a") == ()
    assert given(text, MOED="slow", OTHER="1") == ("env: the template takes no MOED (MODE may be meant), OTHER",)
    manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {mode: '${MODE:-fast}'}}"
    assert given(manifest, MOED="slow") == ("env: the template takes no MOED (MODE may be meant)",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("services: {web: {image: x, environment: [MODE]}}", id="handed on"),
        pytest.param("{services: {web: {image: x}}, secrets: {s: {environment: MODE}}}", id="a secret"),
        pytest.param("services: {web: {image: x, env_file: .env}}", id="a file of variables"),
    ],
)
def test_a_value_that_may_be_taken_is_not_told(text: str) -> None:
    assert not [words for words in given(text, MODE="slow") if words.startswith("env: ")]


def test_a_service_that_is_to_be_healthy_and_has_no_check_is_told() -> None:
    text = (
        "services: {db: {image: x}, web: {image: x, depends_on: {db: {condition: service_healthy}}},"
        " far: {image: x, depends_on: {web: {condition: service_started}}}}"
    )
    (warning,) = given(text)
    assert warning.startswith("services.web.depends_on.db: it has no healthcheck here")
    assert given(text.replace("db: {image: x}", "db: {image: x, healthcheck: {test: 'true'}}")) == ()
