# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on containers; what they find on a runtime is among the contract tests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.selection import Selection
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Owner, RuntimeType, State

POD = Container(
    address="kubernetes/prod/web-1",
    id="web-1",
    short_id="web-1",
    runtime=RuntimeType.KUBERNETES,
    namespace="prod",
    name="web-1",
    image="registry.io:5000/team/nginx:1.27",
    state=State.RUNNING,
    status="Running",
    created=None,
    labels={"app": "web"},
    owner=Owner("Deployment", "web", "apps/v1"),
)


@pytest.mark.parametrize(
    ("selection", "matches"),
    [
        pytest.param(Selection(), True, id="everything"),
        pytest.param(Selection(names=("web-*",)), True, id="name"),
        pytest.param(Selection(names=("prod/web-*",)), True, id="name with namespace"),
        pytest.param(Selection(names=("kubernetes/prod/*",)), True, id="address"),
        pytest.param(Selection(names=("WEB-*",)), False, id="names have their case"),
        pytest.param(Selection(names=("test/*",)), False, id="another namespace's name"),
        pytest.param(Selection(namespaces=("test", "prod")), True, id="namespace"),
        pytest.param(Selection(namespaces=("test",)), False, id="another namespace"),
        pytest.param(Selection(owner_kinds=("deployment",)), True, id="owner kind in any case"),
        pytest.param(Selection(owner_kinds=("Job",)), False, id="another owner kind"),
        pytest.param(Selection(images=("registry.io:5000/team/nginx",)), True, id="image without its tag"),
        pytest.param(Selection(images=("*/nginx:1.27",)), True, id="image with its tag"),
        pytest.param(Selection(images=("nginx",)), False, id="image without its registry"),
        pytest.param(Selection(exclude=("prod/*",)), False, id="excluded with its namespace"),
        pytest.param(Selection(names=("web-*",), states=(State.STOPPED,)), False, id="all conditions have to hold"),
        pytest.param(Selection(include_stopped=False), True, id="running counts"),
    ],
)
def test_a_selection_matches(selection: Selection, *, matches: bool) -> None:
    assert selection.matches(POD) is matches


@pytest.mark.parametrize("image", ["nginx", "nginx:1.27", "nginx@sha256:" + "a" * 64, "nginx:1.27@sha256:" + "a" * 64])
def test_an_image_without_a_tag_finds_every_tag_and_digest(image: str) -> None:
    assert Selection(images=("nginx",)).matches(replace(POD, image=image))
    assert not Selection(images=("nginx",)).matches(replace(POD, image=f"my{image}"))


def test_a_stopped_one_does_not_count_when_only_running_ones_do() -> None:
    assert not Selection(include_stopped=False).matches(replace(POD, state=State.STOPPED))


@pytest.mark.parametrize(
    ("selection", "empty"),
    [
        (Selection(), True),
        (Selection(exclude=("a",)), True),
        (Selection(include_stopped=False), True),
        (Selection(names=("*",)), False),
        (Selection(namespaces=("a",)), False),
    ],
)
def test_what_is_left_out_is_no_selection(selection: Selection, *, empty: bool) -> None:
    assert selection.is_empty is empty
