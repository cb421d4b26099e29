# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting pods when something is in conflict or no answer comes: what is there is never said to be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, POD
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, RestartMethod
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

WEB = "default/deployment/web"
LOST = RuntimeUnavailableError("no answer in time", hint="wait")
BUSY = ConflictError("the object is busy")


def uids(backend: KubernetesBackend) -> set[str]:
    backend.cluster.settle()
    return {str(one["metadata"]["uid"]) for one in backend.cluster.store.all(POD)}


@pytest.mark.parametrize("desired", [Desired.STOPPED, Desired.RESTARTED])
def test_a_pod_that_the_server_does_not_delete_is_not_said_to_be_gone(
    backend: KubernetesBackend, desired: Desired
) -> None:
    backend.cluster.add(POD, pod("web"))
    before = uids(backend)
    backend.kubernetes.fail("DELETE", BUSY, nth=0)
    (result,) = carry_out(backend, desired, named("web"), wait=False)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("conflict", False)
    assert uids(backend) == before


def test_a_pod_that_the_server_does_not_delete_at_once_is_deleted_when_it_is_tried_again(
    backend: KubernetesBackend,
) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web"))
    before = uids(backend)
    backend.kubernetes.fail("DELETE", BUSY)
    (result,) = carry_out(backend, Desired.RESTARTED, named(backend.cluster.pods_of("web")[0]))
    assert (result.success, result.changed) == (True, True)
    assert not uids(backend) & before


def test_a_workload_of_whose_pods_one_is_not_deleted_has_changed_and_is_a_failure(backend: KubernetesBackend) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=2))
    backend.kubernetes.fail("DELETE", BUSY, nth=2)
    (result,) = carry_out(backend, Desired.RESTARTED, named(WEB), restart_method=RestartMethod.RECREATE)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("conflict", True)


def test_a_workload_that_is_scaled_down_but_whose_pods_are_not_deleted_has_changed(backend: KubernetesBackend) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web"))
    backend.kubernetes.before("PATCH", lambda: backend.kubernetes.fail("LIST", BUSY, kind="pods", nth=0))
    (result,) = carry_out(backend, Desired.STOPPED, named(WEB), timeout=5, wait=False)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("conflict", True)
    assert backend.cluster.document(DEPLOYMENT, "web")["spec"]["replicas"] == 0


def lose_the_answer(backend: KubernetesBackend, *, and_all_others: bool = False) -> None:
    """Delete the pod, without a word to who has asked for it."""

    def lose() -> None:
        backend.cluster.remove(POD, "web")
        if and_all_others:
            backend.kubernetes.fail("GET", LOST, kind="pods", nth=0)
        raise LOST

    backend.kubernetes.before("DELETE", lose)


@pytest.mark.parametrize("desired", [Desired.STOPPED, Desired.RESTARTED])
def test_a_pod_whose_deletion_nobody_confirms_is_looked_for(backend: KubernetesBackend, desired: Desired) -> None:
    backend.cluster.add(POD, pod("web"))
    before = uids(backend)
    lose_the_answer(backend)
    (result,) = carry_out(backend, desired, named("web"))
    assert (result.success, result.changed) == (True, True)
    assert len(uids(backend) - before) == (desired is Desired.RESTARTED)


def test_a_pod_of_which_nobody_says_what_became_of_it_is_handed_over(backend: KubernetesBackend) -> None:
    backend.cluster.add(POD, pod("web"))
    lose_the_answer(backend, and_all_others=True)
    (result,) = carry_out(backend, Desired.RESTARTED, named("web"))
    assert result.failure is not None
    assert result.failure["details"]["manifest"]["metadata"]["name"] == "web"
    assert "if it is gone" in result.failure["hint"]


def test_a_pod_that_is_still_there_is_a_failure_that_has_changed_nothing(backend: KubernetesBackend) -> None:
    backend.cluster.add(POD, pod("web"))
    before = uids(backend)
    backend.kubernetes.fail("DELETE", LOST, nth=0)
    (result,) = carry_out(backend, Desired.RESTARTED, named("web"))
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("runtime_unavailable", False)
    assert uids(backend) == before
