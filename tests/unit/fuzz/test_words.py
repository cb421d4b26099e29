# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a user writes into an option: a meaning, or an error of ours that says what is wrong."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.duration import parse_duration
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.order import parse_export_order
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.endpoints import parse_endpoints
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.quantity import cores, size
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.labels import parse_labels
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.query import parse_log_query
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import parse_moment, read_moment
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.settings import DOCKER, DOCUMENT, KUBERNETES, TLS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.user_path import user_path
from ansible_collections.nekzus.runtime.tests.unit.fuzz.effort import effort
from ansible_collections.nekzus.runtime.tests.unit.fuzz.strategies import JSON, SCALARS, WORDS
from hypothesis import given
from hypothesis import strategies as st

Parse = Callable[[Any], Any]


def meant(parse: Callable[[], Any]) -> Any:
    """Return what words mean, None for those that are refused well."""
    try:
        return parse()
    except NekzusError as error:
        check_failure(error.failure())
        return None


def check_failure(failure: dict[str, Any]) -> None:
    """See that a failure has all that a user needs, and prints."""
    assert failure["code"]
    assert failure["message"]
    assert failure["hint"]
    assert json.dumps(failure)


@effort(200)
@given(WORDS, st.sampled_from(("", "prod")))
def test_any_word_is_a_target_or_is_refused(word: str, namespace: str) -> None:
    target = meant(lambda: parse_target(word, namespace=namespace))
    assert target is None or (target.text == word and target.name in word)
    assert target is None or meant(lambda: parse_target(f"{target.runtime or 'docker'}/{target.path}")) is not None


@effort(200)
@given(st.lists(WORDS, max_size=3))
def test_any_words_are_label_selectors_or_are_refused(words: list[str]) -> None:
    requirements = meant(lambda: parse_labels(words))
    for requirement in requirements or ():
        assert isinstance(requirement.matches({"app": "web"}), bool)
        assert str(requirement)


@effort(150)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": WORDS,
            "names": st.lists(WORDS, max_size=2),
            "namespace": WORDS,
            "namespaces": st.lists(WORDS, max_size=2),
            "label_selectors": st.lists(WORDS, max_size=2),
            "exclude": st.lists(WORDS, max_size=2),
            "filters": st.dictionaries(
                st.sampled_from(("label", "name", "image", "compose_project")), st.lists(WORDS, max_size=2)
            ),
        },
    )
)
def test_any_words_speak_of_containers_or_are_refused(params: dict[str, Any]) -> None:
    request = meant(lambda: parse_request(params))
    assert request is None or request == parse_request(params)


@effort(200)
@given(SCALARS)
def test_any_value_is_a_duration_a_moment_and_a_quantity_or_is_none(value: Any) -> None:
    with suppress(ValueError):
        assert 0 <= parse_duration(value) < float("inf")
    with suppress(ValueError):
        moment = parse_moment(value, now=1_700_000_000.0)
        assert read_moment(moment) == moment
    assert isinstance(cores(value), (float, type(None)))
    assert isinstance(size(value), (int, type(None)))


@pytest.mark.parametrize(
    ("parse", "defaults"),
    [
        (lambda params: parse_log_query(params, now=1e9), {"max_bytes": 1024, "wait_timeout": 9, "tail": "100"}),
        (parse_export_order, {"include": [], "include_secret_values": False, "external": True}),
    ],
    ids=["logs", "export"],
)
@effort(100)
@given(words=st.fixed_dictionaries({key: st.none() | WORDS for key in ("since", "until", "grep", "wait_for", "dest")}))
def test_any_words_are_options_of_a_reading_task_or_are_refused(
    parse: Parse, defaults: dict[str, Any], words: dict[str, Any]
) -> None:
    rest = dict.fromkeys(("container", "all_containers", "previous"))
    order = meant(lambda: parse({**defaults, **rest, **words}))
    assert order is None or order


@effort(100)
@given(WORDS)
def test_any_word_is_a_path_or_is_refused(word: str) -> None:
    path = meant(lambda: user_path(word))
    assert (path is None) is ("\0" in word or "9" * 256 in word)
    assert path is None or isinstance(path.exists(), bool)


RUNTIMES = st.dictionaries(st.sampled_from([*DOCUMENT]), JSON) | st.fixed_dictionaries(
    {},
    optional={
        "docker": st.dictionaries(st.sampled_from([*DOCKER]), JSON | st.dictionaries(st.sampled_from([*TLS]), JSON)),
        "kubernetes": st.dictionaries(st.sampled_from([*KUBERNETES]), JSON),
        "primary": WORDS,
    },
)
ENVIRONMENT = st.dictionaries(
    st.sampled_from(
        ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "KUBECONFIG", "K8S_AUTH_HOST", "K8S_AUTH_VERIFY_SSL")
    ),
    WORDS,
)


@effort(200)
@given(RUNTIMES | JSON, ENVIRONMENT)
def test_any_document_is_a_configuration_or_is_refused(document: Any, environment: dict[str, str]) -> None:
    config = meant(lambda: load_config(document, env=environment))
    assert config is None or as_json(config)


@effort(100)
@given(JSON | st.lists(st.dictionaries(st.sampled_from(("name", "runtime", "docker", "kubernetes")), JSON), max_size=3))
def test_any_document_is_the_endpoints_of_an_inventory_or_is_refused(document: Any) -> None:
    found = meant(lambda: parse_endpoints(document, env={}))
    assert found is None or all(one.name for one in found)
