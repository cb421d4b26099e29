# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding containers by what a task calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    AmbiguousError,
    ContainerNotFoundError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import each, having
from ansible_collections.nekzus.runtime.tests.unit.contract.story import named, names_of, path, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Found
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

ID = "abc1" + "0" * 60
OTHER_ID = "abc2" + "0" * 60


def states_of(backend: type[Backend]) -> Sequence[State]:
    return list(dict.fromkeys(transition.before for transition in backend.transitions))


def find(backend: Backend, *names: str) -> list[Found]:
    return backend.runtime.role(CONTAINERS).find([parse_target(name) for name in names])


def found(backend: Backend, name: str) -> Container:
    result = find(backend, name)[0]
    assert isinstance(result, Container), result
    return result


def refused(backend: Backend, name: str) -> NekzusError:
    result = find(backend, name)[0]
    assert isinstance(result, NekzusError), result
    return result


def test_a_container_is_found_by_its_name(backend: Backend) -> None:
    backend.create("web")
    backend.create("db")
    assert found(backend, "web").name == "web"


@having(Trait.IDS)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(ID, id="full id"),
        pytest.param(ID[:12], id="short id"),
        pytest.param("abc1", id="a unique beginning of the id"),
    ],
)
def test_a_container_is_found_by_its_id(backend: Backend, name: str) -> None:
    backend.create("web", id=ID)
    backend.create("db", id=OTHER_ID)
    assert found(backend, name).name == "web"


def test_a_container_is_found_by_its_address(backend: Backend) -> None:
    backend.create("web")
    address = found(backend, "web").address
    assert address == backend.address("web")
    assert found(backend, address).name == "web"


@each("state", states_of)
def test_a_container_is_found_in_every_state(backend: Backend, state: State) -> None:
    backend.create("web", state)
    assert found(backend, "web").state is state


@having(Trait.IDS)
def test_a_name_wins_over_the_beginning_of_another_ones_id(backend: Backend) -> None:
    backend.create("other", id=ID)
    backend.create("abc1", id=OTHER_ID)
    assert found(backend, "abc1").name == "abc1"


@having(Trait.IDS)
def test_a_full_id_wins_over_another_one_so_named(backend: Backend) -> None:
    backend.create(ID, id=OTHER_ID)
    backend.create("web", id=ID)
    assert found(backend, ID).name == "web"


@having(Trait.IDS)
def test_an_ambiguous_beginning_lists_all_that_match_and_nothing_else(backend: Backend) -> None:
    backend.create("web", id=ID)
    backend.create("db", id=OTHER_ID)
    backend.create("cache", id="f" * 64)
    error = refused(backend, "abc")
    assert isinstance(error, AmbiguousError)
    assert f"web ({ID[:12]})" in str(error)
    assert f"db ({OTHER_ID[:12]})" in str(error)
    assert "cache" not in str(error)


def test_a_missing_container_is_told_with_the_nearest_names(backend: Backend) -> None:
    for name in ("web-1", "web-2", "postgres"):
        backend.create(name)
    error = refused(backend, "web-3")
    assert isinstance(error, ContainerNotFoundError)
    assert error.hint is not None
    assert "web-1" in error.hint
    assert "web-2" in error.hint
    assert "postgres" not in error.hint


def test_a_missing_container_with_nothing_near_has_a_hint_too(backend: Backend) -> None:
    backend.create("postgres")
    assert refused(backend, "xyz").hint == "list what is there with nekzus_container_info"


def test_the_daemons_end_of_a_name_is_no_match(backend: Backend) -> None:
    backend.create("my-web")
    assert isinstance(refused(backend, "web"), ContainerNotFoundError)


def test_results_come_in_the_order_of_the_targets(backend: Backend) -> None:
    for name in ("a", "b", "c"):
        backend.create(name)
    results = find(backend, "c", "missing", "a", "b", "c")
    assert [getattr(result, "name", None) for result in results] == ["c", None, "a", "b", "c"]


def test_twenty_names_are_found_with_no_more_requests_than_it_takes(backend: Backend) -> None:
    names = [f"web-{number}" for number in range(20)]
    for name in names:
        backend.create(name)
    assert names_of([view.container for view in view(backend, named(*names)) if view.container]) == names
    assert len(backend.requests) == backend.costs.find(20)


def test_a_target_of_another_runtime_fails_alone(backend: Backend) -> None:
    other = {"docker": "kubernetes/prod/web", "kubernetes": "docker/web"}[str(backend.runtime.type)]
    backend.create("web")
    views = view(backend, named(other, "web"))
    assert [one.error and one.error.code for one in views] == ["runtime_not_found", None]


def test_excluded_names_are_left_out_of_named_ones(backend: Backend) -> None:
    for name in ("web", "db", "db-2"):
        backend.create(name)
    views = view(backend, named("db", "web", "db-2", "missing", exclude=("db*",)))
    assert [one.path for one in views] == [path(backend, "web"), "missing"]
    assert view(backend, named("missing", exclude=("missing",))) == []


def test_a_runtime_that_does_not_answer_is_an_error_of_each_target(backend: Backend) -> None:
    backend.create("web")
    backend.fail_reads(RuntimeUnavailableError("nothing answers"))
    errors = [one.error for one in view(backend, named("web", "db"))]
    assert [error and error.code for error in errors] == ["runtime_unavailable"] * 2
    assert errors[0] is not errors[1]
