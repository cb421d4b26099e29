# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing down containers so that they can be made again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ContainerNotFoundError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.exported import ExportChoice, Exported
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.export import EXPORTER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import WAYS, look

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
ENV = (f"DB_PASSWORD={SECRET}", "PLAIN=visible")


def export(backend: Backend, way: str, *names: str, secret_values: bool = False) -> Exported:
    """Export containers as a task finds them."""
    return backend.runtime.role(EXPORTER).export(look(backend, way, *names), ExportChoice(secret_values=secret_values))


def written(exported: Exported) -> str:
    """Return all that is returned of an export, as text."""
    return json.dumps(as_json(exported))


@WAYS
def test_what_is_written_down_is_plain_data_and_named_by_address(backend: Backend, way: str) -> None:
    for name in ("web", "db"):
        backend.create(name, labels={"tier": f"the-{name}"}, image=f"{name}:1.2")
    exported = export(backend, way, "db", "web")
    assert exported.subjects == (backend.address("db"), backend.address("web"))
    assert json.loads(json.dumps(exported.documents)) == list(exported.documents)
    for text in ("the-web", "the-db", "web:1.2", "db:1.2"):
        assert text in written(exported)
    assert exported.warnings == ()


@WAYS
def test_a_container_named_twice_is_written_down_once(backend: Backend, way: str) -> None:
    backend.create("web")
    containers = look(backend, way, "web") * 2
    twice = backend.runtime.role(EXPORTER).export(containers, ExportChoice())
    assert twice == export(backend, way, "web")
    assert twice.subjects == (backend.address("web"),)


@WAYS
def test_secrets_are_hidden_and_what_is_hidden_is_named(backend: Backend, way: str) -> None:
    backend.create("web", env=ENV)
    exported = export(backend, way, "web")
    assert SECRET not in written(exported)
    assert "visible" in written(exported)
    assert "DB_PASSWORD" in " ".join((*exported.variables, *exported.warnings))


@WAYS
def test_secrets_are_told_to_who_asks_for_them(backend: Backend, way: str) -> None:
    backend.create("web", env=ENV)
    exported = export(backend, way, "web", secret_values=True)
    assert SECRET in json.dumps([exported.documents, dict(exported.variables)])
    assert MASK not in written(exported)
    assert SECRET not in " ".join(exported.warnings)
    assert SECRET not in repr(exported)


def test_what_is_stopped_is_written_down_too(backend: Backend) -> None:
    backend.create("web", State.STOPPED, image="web:1.2")
    exported = export(backend, "named", "web")
    assert exported.subjects == (backend.address("web"),)
    assert "web:1.2" in written(exported)


@WAYS
def test_one_that_is_gone_is_an_error_that_names_it(backend: Backend, way: str) -> None:
    for name in ("web", "db"):
        backend.create(name)
    containers = look(backend, way, "db", "web")
    backend.remove("web")
    with pytest.raises(ContainerNotFoundError) as refused:
        backend.runtime.role(EXPORTER).export(containers, ExportChoice())
    assert refused.value.target == containers[1].address.partition("/")[2]


def test_nothing_is_written_down_of_no_containers(backend: Backend) -> None:
    assert backend.runtime.role(EXPORTER).export((), ExportChoice()).subjects == ()
    assert backend.requests == []


@WAYS
def test_writing_down_changes_nothing_and_comes_out_alike_each_time(backend: Backend, way: str) -> None:
    for name in ("c", "a", "b"):
        backend.create(name, env=ENV)
    once = export(backend, way, "a", "b", "c")
    assert export(backend, way, "a", "b", "c") == once
    assert backend.changed_names == []
