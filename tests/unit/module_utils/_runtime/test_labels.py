# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Label selectors."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTargetError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.labels import Requirement, parse_labels


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        pytest.param([], (), id="none"),
        pytest.param(["", " "], (), id="empty"),
        pytest.param(["app=web"], (Requirement("app", "in", ("web",)),), id="equal"),
        pytest.param(["app==web"], (Requirement("app", "in", ("web",)),), id="equal, twice"),
        pytest.param([" app = web "], (Requirement("app", "in", ("web",)),), id="spaces"),
        pytest.param(["app="], (Requirement("app", "in", ("",)),), id="equal to nothing"),
        pytest.param(["app!=web"], (Requirement("app", "notin", ("web",)),), id="not equal"),
        pytest.param(["env in (b, a)"], (Requirement("env", "in", ("a", "b")),), id="in"),
        pytest.param(["env notin (a)"], (Requirement("env", "notin", ("a",)),), id="notin"),
        pytest.param(["app"], (Requirement("app", "exists"),), id="there"),
        pytest.param(["!app"], (Requirement("app", "absent"),), id="not there"),
        pytest.param(["example.com/app_x=1"], (Requirement("example.com/app_x", "in", ("1",)),), id="with a prefix"),
        pytest.param(
            ["app=web,env in (a,b),!x"],
            (Requirement("app", "in", ("web",)), Requirement("env", "in", ("a", "b")), Requirement("x", "absent")),
            id="several in one text",
        ),
        pytest.param(
            ["app=web", "env in (a", "b)"],
            (Requirement("app", "in", ("web",)), Requirement("env", "in", ("a", "b"))),
            id="split at every comma by Ansible",
        ),
    ],
)
def test_a_selector_becomes_requirements(selectors: list[str], expected: tuple[Requirement, ...]) -> None:
    assert parse_labels(selectors) == expected


@pytest.mark.parametrize(
    "selector",
    [
        "=web",
        "!",
        "app=a=b",
        "app=a b",
        "env in a,b",
        "env in (a",
        "app in",
        "-app",
        "app~web",
        "{{ x }}",
        "a b",
        "!a=b",
    ],
)
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(InvalidTargetError, match="is not a label selector") as refusal:
        parse_labels([selector])
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("selector", "matching"),
    [
        ("app=web", ["web"]),
        ("app!=web", ["db", "empty", "none"]),
        ("app in (web,db)", ["web", "db"]),
        ("app notin (web,db)", ["empty", "none"]),
        ("app", ["web", "db", "empty"]),
        ("!app", ["none"]),
        ("app=", ["empty"]),
    ],
)
def test_a_requirement_matches(selector: str, matching: list[str]) -> None:
    containers = {"web": {"app": "web"}, "db": {"app": "db"}, "empty": {"app": ""}, "none": {"other": "web"}}
    (requirement,) = parse_labels([selector])
    assert [name for name, labels in containers.items() if requirement.matches(labels)] == matching


@pytest.mark.parametrize("text", ["app in (web)", "app notin (a,b)", "app", "!app"])
def test_a_requirement_prints_as_kubernetes_takes_it(text: str) -> None:
    (requirement,) = parse_labels([text])
    assert str(requirement) == text
    assert parse_labels([str(requirement)]) == (requirement,)
