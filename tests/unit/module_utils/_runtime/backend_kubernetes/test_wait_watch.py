# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting while a watch is cut, forgotten, ended or not allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    NekzusError,
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend


def have(backend: KubernetesBackend, *, life: Life) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=0), life=life)


def bring(backend: KubernetesBackend) -> LifecycleResult:
    (result,) = carry_out(backend, Desired.STARTED, named("default/deployment/web"))
    return result


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(RuntimeUnavailableError("the connection broke"), id="the connection breaks"),
        pytest.param(ApiError("bad gateway (HTTP 502)"), id="a proxy gives up"),
        pytest.param(None, id="the server ends it"),
    ],
)
def test_a_watch_that_is_cut_is_begun_again(backend: KubernetesBackend, error: NekzusError | None) -> None:
    have(backend, life=Life(starts_after=3, ready_after=5))
    backend.kubernetes.cuts = [(0, error), (1, error), (2, error)]
    assert bring(backend).success
    assert 7.9 <= backend.clock.slept <= 8.5


def test_a_server_that_ends_every_watch_at_once_is_not_run_down(backend: KubernetesBackend) -> None:
    have(backend, life=Life(ready_after=10))
    backend.kubernetes.cuts = [(0, None)] * 1000
    assert bring(backend).success
    assert 9.9 <= backend.clock.slept <= 11
    assert len(backend.requests) < 200


def test_a_watch_from_a_version_that_is_too_old_is_begun_again_after_a_look(backend: KubernetesBackend) -> None:
    have(backend, life=Life(ready_after=3))

    def forget() -> None:
        backend.cluster.store.forgotten = backend.cluster.store.version + 1

    backend.kubernetes.before("WATCH", forget)
    assert bring(backend).success
    assert 3 <= backend.clock.slept <= 4


def test_who_may_not_watch_looks_every_half_second(backend: KubernetesBackend) -> None:
    have(backend, life=Life(ready_after=4))
    backend.kubernetes.fail("WATCH", PermissionDeniedError("forbidden"), nth=0)
    assert bring(backend).success
    assert 4 <= backend.clock.slept <= 4.5
    assert max(backend.clock.sleeps) == 0.5
