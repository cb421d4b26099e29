# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which containers a task speaks of."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTargetError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType, State


@pytest.mark.parametrize(
    ("params", "paths", "runtimes"),
    [
        pytest.param({"name": "web"}, ["web"], [None], id="a name"),
        pytest.param({"names": ["b", "prod/a"]}, ["b", "prod/a"], [None, RuntimeType.KUBERNETES], id="names"),
        pytest.param({"names": [1234]}, ["1234"], [None], id="a name that YAML took for a number"),
        pytest.param({"name": "web", "runtime": "docker"}, ["web"], [RuntimeType.DOCKER], id="runtime"),
        pytest.param({"name": "web", "runtime": "auto"}, ["web"], [None], id="runtime auto"),
        pytest.param({"name": "web", "namespace": "prod"}, ["prod/web"], [RuntimeType.KUBERNETES], id="namespace"),
        pytest.param({"name": "web", "exclude": ["x"], "filters": {}}, ["web"], [None], id="exclude goes with names"),
    ],
)
def test_names_become_targets(params: dict[str, Any], paths: list[str], runtimes: list[RuntimeType | None]) -> None:
    request = parse_request(params, everything=False)
    assert [target.path for target in request.targets] == paths
    assert [target.runtime for target in request.targets] == runtimes
    assert request.selection.exclude == tuple(params.get("exclude", ()))


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"label_selectors": ["a=b"]}, id="labels"),
        pytest.param({"filters": {"status": ["running"]}}, id="filters"),
        pytest.param({"namespaces": ["prod"]}, id="namespaces"),
    ],
)
def test_a_selection_need_not_say_all(params: dict[str, Any]) -> None:
    request = parse_request(params, everything=False)
    assert request.targets == ()
    assert not request.selection.is_empty


@pytest.mark.parametrize(
    ("params", "everything", "words"),
    [
        pytest.param({}, False, "names no container", id="nothing"),
        pytest.param({"exclude": ["a"]}, False, "names no container", id="exclude alone"),
        pytest.param({"namespace": "prod"}, False, "names no container", id="a namespace, which may be a default"),
        pytest.param({"filters": {"name": []}}, False, "names no container", id="empty filters"),
        pytest.param({"name": ""}, None, "names no container", id="an empty name"),
        pytest.param({"names": []}, None, "names no container", id="empty names"),
        pytest.param({"name": "web"}, True, "both", id="a name and all"),
        pytest.param({"name": "web", "label_selectors": ["a"]}, False, "both", id="a name and labels"),
        pytest.param({"name": "web", "namespaces": ["prod"]}, False, "both", id="a name and namespaces"),
        pytest.param({"namespaces": ["prod"], "namespace": "test"}, False, "namespace=test", id="two namespaces"),
        pytest.param({"namespaces": ["prod"], "runtime": "docker"}, False, "no namespaces", id="Docker namespaces"),
        pytest.param({"namespace": "prod", "runtime": "docker"}, True, "no namespaces", id="Docker namespace"),
        pytest.param({"namespace": "Prod"}, False, "not a namespace", id="a bad namespace"),
        pytest.param({"namespaces": ["a b"]}, False, "not a namespace", id="bad namespaces"),
    ],
)
def test_what_says_nothing_or_contradicts_itself_is_refused(
    params: dict[str, Any],
    words: str,
    *,
    everything: bool | None,
) -> None:
    with pytest.raises(InvalidTargetError, match=words) as refusal:
        parse_request(params, everything=everything)
    assert refusal.value.hint


def test_everything_is_meant_where_it_need_not_be_said() -> None:
    request = parse_request({})
    assert (request.targets, request.selection.is_empty, request.runtime) == ((), True, None)


def test_all_of_a_namespace_is_meant_when_it_is_said() -> None:
    request = parse_request({"namespace": "prod"}, everything=True)
    assert (request.selection.namespaces, request.runtime) == (("prod",), RuntimeType.KUBERNETES)


def test_everything_is_meant_when_it_is_said() -> None:
    assert parse_request({"exclude": ["db"]}, everything=True).selection.exclude == ("db",)


def test_a_namespace_means_kubernetes_and_is_part_of_the_selection() -> None:
    request = parse_request({"namespace": "prod", "namespaces": ["prod", "test"]}, everything=False)
    assert request.runtime is RuntimeType.KUBERNETES
    assert request.selection.namespaces == ("prod", "test")


def test_filters_are_read() -> None:
    selection = parse_request(
        {"filters": {"status": ["stopped"], "label": ["a=b=c"], "image": ["x"], "owner_kind": ["Job"]}},
        include_stopped=False,
    ).selection
    assert selection.states == (State.STOPPED,)
    assert [(one.key, one.values) for one in selection.labels] == [("a", ("b=c",))]
    assert (selection.images, selection.owner_kinds, selection.include_stopped) == (("x",), ("Job",), False)
