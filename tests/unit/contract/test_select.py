# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding containers by what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import having
from ansible_collections.nekzus.runtime.tests.unit.contract.story import addresses_of, names_of, selected, view

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend


@pytest.fixture
def shop(backend: Backend) -> Backend:
    backend.place("web-2", labels={"app": "web", "tier": "front"}, image="nginx:1.27", project="shop")
    backend.place("web-1", labels={"app": "web", "tier": "front"}, image="registry.io:5000/nginx", project="shop")
    backend.place("db", State.STOPPED, labels={"app": "db"}, image="postgres:16", project="shop")
    backend.place("cache", State.RESTARTING, labels={"app": "cache"}, image="redis", project="blog")
    backend.place("broken", State.FAILED, image="busybox:stable")
    return backend


def found(backend: Backend, **params: Any) -> list[Container]:
    return [one.container for one in view(backend, selected(**params)) if one.container]


ALL = ["broken", "cache", "db", "web-1", "web-2"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        pytest.param({}, ALL, id="everything, by name"),
        pytest.param({"label_selectors": ["app=web"]}, ["web-1", "web-2"], id="label equal"),
        pytest.param({"label_selectors": ["app==db"]}, ["db"], id="label equal, written twice"),
        pytest.param({"label_selectors": ["app!=web"]}, ["broken", "cache", "db"], id="label not equal or missing"),
        pytest.param({"label_selectors": ["app in (db,cache)"]}, ["cache", "db"], id="label in a set"),
        pytest.param({"label_selectors": ["app notin (db,web)"]}, ["broken", "cache"], id="label not in a set"),
        pytest.param({"label_selectors": ["tier"]}, ["web-1", "web-2"], id="label there"),
        pytest.param({"label_selectors": ["!app"]}, ["broken"], id="label not there"),
        pytest.param({"label_selectors": ["app=web", "!tier"]}, [], id="all selectors have to hold"),
        pytest.param({"filters": {"label": ["tier"]}}, ["web-1", "web-2"], id="label filter, key only"),
        pytest.param({"filters": {"label": ["app=web"], "name": ["*2"]}}, ["web-2"], id="two filters"),
        pytest.param({"filters": {"status": ["stopped"]}}, ["db"], id="stopped"),
        pytest.param({"filters": {"status": ["restarting", "failed"]}}, ["broken", "cache"], id="one of two states"),
        pytest.param({"filters": {"name": ["web-*"]}}, ["web-1", "web-2"], id="name glob"),
        pytest.param({"filters": {"name": ["web"]}}, [], id="a name glob is the whole name"),
        pytest.param({"filters": {"name": ["db", "c[a-b]che"]}}, ["cache", "db"], id="one of two names"),
        pytest.param({"filters": {"image": ["nginx"]}}, ["web-2"], id="image without tag"),
        pytest.param({"filters": {"image": ["*/nginx"]}}, ["web-1"], id="image of a registry with a port"),
        pytest.param({"filters": {"image": ["postgres:15"]}}, [], id="image with another tag"),
        pytest.param({"filters": {"image": ["postgres:1*"]}}, ["db"], id="image tag glob"),
        pytest.param({"exclude": ["web-*", "broken"]}, ["cache", "db"], id="all but some"),
        pytest.param({"filters": {"label": ["app=web"]}, "exclude": ["*b*"]}, [], id="excluded by glob"),
        pytest.param({"filters": {"name": []}, "label_selectors": []}, ALL, id="empty conditions do not restrict"),
    ],
)
def test_a_selection_finds_what_matches_by_name(shop: Backend, params: dict[str, Any], expected: list[str]) -> None:
    assert names_of(found(shop, **params)) == expected


@having(Trait.COMPOSE)
def test_a_compose_project_selects_its_containers(shop: Backend) -> None:
    assert names_of(found(shop, filters={"compose_project": ["shop"]})) == ["db", "web-1", "web-2"]
    assert names_of(found(shop, filters={"compose_project": ["shop"], "name": ["w*"]})) == ["web-1", "web-2"]
    assert names_of(found(shop, filters={"compose_project": ["shop"]}, exclude=["*b*"])) == []


@having(Trait.ANY_LABEL)
def test_a_label_filter_takes_any_value(shop: Backend) -> None:
    shop.place("noted", labels={"note": "a b, c=d"})
    assert names_of(found(shop, filters={"label": ["note=a b, c=d"]})) == ["noted"]


def test_a_selection_by_label_is_one_list(shop: Backend) -> None:
    view(shop, selected(label_selectors=["app in (web)", "tier", "app!=x"]))
    assert len(shop.requests) == shop.costs.select


def test_an_owner_kind_selects_no_container_without_an_owner(backend: Backend) -> None:
    backend.place("web")
    assert [one.container.owner for one in view(backend, selected()) if one.container] == [None]
    assert view(backend, selected(filters={"owner_kind": ["Deployment"]})) == []


def test_an_address_glob_selects_too(shop: Backend) -> None:
    first, second = addresses_of(view(shop, selected(filters={"name": ["web-*"]})))
    assert addresses_of(view(shop, selected(filters={"name": [first.replace("web-1", "web-*")]}))) == [first, second]


def test_a_selection_that_matches_nothing_is_empty_and_no_error(backend: Backend) -> None:
    assert view(backend, selected(filters={"name": ["nothing"]})) == []


def test_a_selection_on_a_runtime_that_does_not_answer_raises(backend: Backend) -> None:
    backend.fail_reads(RuntimeUnavailableError("nothing answers"))
    with pytest.raises(RuntimeUnavailableError):
        view(backend, selected())
