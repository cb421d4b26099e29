# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backends that every contract test runs on, and how a test says which promises it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_backend import DockerBackend
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend, Trait

BACKENDS: Mapping[str, type[Backend]] = {"docker": DockerBackend, "kubernetes": KubernetesBackend}


def having(*traits: Trait) -> pytest.MarkDecorator:
    """Run a test on the backends that have all these traits."""
    names = [name for name, backend in BACKENDS.items() if backend.traits.issuperset(traits)]
    return pytest.mark.parametrize("backend", names, indirect=True)


def each(argument: str, rows: Callable[[type[Backend]], Iterable[Any]]) -> pytest.MarkDecorator:
    """Run a test on every backend, with each of the backend's own rows as an argument."""
    cases = [pytest.param(name, row, id=f"{name}-{row}") for name, backend in BACKENDS.items() for row in rows(backend)]
    return pytest.mark.parametrize(("backend", argument), cases, indirect=["backend"])
