# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking into containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ContainerNotFoundError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.inspection import INSPECTOR
from ansible_collections.nekzus.runtime.tests.unit.contract.story import addresses_of, named, selected, view

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend


def test_a_list_does_not_look_into_containers(backend: Backend) -> None:
    backend.create("web")
    (one,) = view(backend, selected())
    assert one.details is None
    assert len(backend.requests) == backend.costs.select


def test_looking_into_many_is_one_request_each_after_the_list(backend: Backend) -> None:
    for number in range(30):
        backend.create(f"web-{number:02}", command=("sleep", str(number)))
    views = view(backend, selected(), inspect=True)
    assert [one.details and one.details.config.args for one in views] == [(str(number),) for number in range(30)]
    assert len(backend.requests) == backend.costs.select + 30


def test_a_selected_container_that_vanishes_is_left_out(backend: Backend) -> None:
    for name in ("a", "b", "c"):
        backend.create(name)
    left = [backend.shown(name) for name in ("a", "c")]
    backend.before_look(lambda: backend.remove("b"), name="b")
    assert addresses_of(view(backend, selected(), inspect=True)) == left


def test_a_named_container_that_vanishes_is_an_error(backend: Backend) -> None:
    for name in ("a", "b"):
        backend.create(name)
    backend.before_look(lambda: backend.remove("b"), name="b")
    views = view(backend, named("a", "b"), inspect=True)
    assert [one.error and one.error.code for one in views] == [None, "container_not_found"]
    assert views[0].details is not None


def test_a_missing_container_is_not_looked_into(backend: Backend) -> None:
    backend.create("a")
    views = view(backend, named("nothing", "a"), inspect=True)
    assert [one.error and one.error.code for one in views] == ["container_not_found", None]
    assert len(backend.requests) == backend.costs.find(2) + backend.costs.missing + 1


def test_the_inspector_says_that_a_container_is_gone(backend: Backend) -> None:
    backend.create("web")
    container = backend.look("web")
    backend.remove("web")
    with pytest.raises(ContainerNotFoundError):
        backend.runtime.role(INSPECTOR).inspect(container)
