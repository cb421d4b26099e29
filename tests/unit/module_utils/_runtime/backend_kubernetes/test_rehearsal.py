# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Predicting with the server's own judgement: every change is asked for as a dry run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    NekzusError,
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    POD,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT, pod, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

FORBIDDEN = PermissionDeniedError("forbidden", hint="grant patch on deployments.apps in namespace default")


def have(backend: KubernetesBackend, *names: str, kind: Resource = DEPLOYMENT, replicas: int = 1) -> None:
    for name in names:
        backend.cluster.add(kind, workload(kind, name, replicas=replicas))


def tried(backend: KubernetesBackend) -> list[str]:
    return [request for request in backend.requests if request.startswith("TRY")]


@pytest.mark.parametrize(
    ("kind", "desired", "requests"),
    [
        (DEPLOYMENT, Desired.STOPPED, ["TRY-PATCH deployments/web"]),
        (DEPLOYMENT, Desired.RESTARTED, ["TRY-PATCH deployments/web"]),
        (STATEFUL_SET, Desired.STOPPED, ["TRY-PATCH statefulsets/web"]),
        (ROLLOUT, Desired.STOPPED, ["TRY-PATCH rollouts/web", "TRY-PATCH rollouts/web/scale"]),
        (JOB, Desired.STOPPED, ["TRY-PATCH jobs/web"]),
        (CRON_JOB, Desired.STOPPED, ["TRY-PATCH cronjobs/web"]),
    ],
)
def test_a_change_is_tried_and_not_made(
    backend: KubernetesBackend, kind: Resource, desired: Desired, requests: list[str]
) -> None:
    have(backend, "web", kind=kind)
    before = backend.cluster.document(kind, "web")
    (result,) = predict(backend, desired, named(f"default/{kind.word}/web"))
    assert (result.changed, result.failure) == (True, None)
    assert tried(backend) == requests
    assert (backend.kubernetes.writes, backend.cluster.document(kind, "web")) == ([], before)


def test_what_is_there_already_is_not_tried(backend: KubernetesBackend) -> None:
    have(backend, "web")
    (result,) = predict(backend, Desired.STARTED, named("default/deployment/web"))
    assert (result.changed, tried(backend)) == (False, [])


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(FORBIDDEN, id="not granted"),
        pytest.param(PermissionDeniedError("it has no owner", hint="ask who runs it"), id="against a rule"),
        pytest.param(ApiError("admission webhook frozen denied the request (HTTP 400)", hint="see it"), id="frozen"),
    ],
)
def test_what_the_server_would_refuse_is_predicted_as_it_will_be_told(
    backend: KubernetesBackend, error: NekzusError
) -> None:
    have(backend, "web")
    for verb in ("PATCH", "TRY-PATCH"):
        backend.kubernetes.fail(verb, error, kind="deployments", nth=0)
    predicted = predict(backend, Desired.STOPPED, named("default/deployment/web"))
    assert predicted == carry_out(backend, Desired.STOPPED, named("default/deployment/web"))
    (result,) = predicted
    assert (result.changed, result.success, result.state_after) == (False, False, State.RUNNING)
    assert (result.replicas_before, result.replicas_after) == (1, 1)
    assert result.failure
    assert (result.failure["code"], result.failure["hint"]) == (error.code, error.hint)


@pytest.mark.parametrize("going_on", [True, False])
def test_after_a_refusal_what_would_be_left_alone_is_left_alone(backend: KubernetesBackend, *, going_on: bool) -> None:
    have(backend, "a", "b", "c")
    for verb in ("PATCH", "TRY-PATCH"):
        backend.kubernetes.fail(verb, FORBIDDEN, name="b", nth=0)
    request = named(*(f"default/deployment/{name}" for name in "abc"))
    options = {"max_concurrent": 1, "continue_on_error": going_on}
    predicted = predict(backend, Desired.STOPPED, request, **options)
    assert [one.success for one in predicted] == [True, False, True if going_on else None]
    assert predicted == carry_out(backend, Desired.STOPPED, request, **options)


def test_what_would_be_left_half_done_is_told(backend: KubernetesBackend) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web"), life=Life(terminates_after=60))
    for verb in ("DELETE", "TRY-DELETE"):
        backend.kubernetes.fail(verb, FORBIDDEN, kind="pods", nth=0)
    (predicted,) = predict(backend, Desired.STOPPED, named("default/deployment/web"), timeout=5)
    (done,) = carry_out(backend, Desired.STOPPED, named("default/deployment/web"), timeout=5)
    assert (predicted.changed, predicted.failure) == (done.changed, done.failure)
    assert predicted.changed
    assert predicted.failure


def test_what_changes_at_that_moment_is_no_refusal(backend: KubernetesBackend) -> None:
    have(backend, "web")
    backend.kubernetes.fail("TRY-PATCH", ConflictError("the object has been modified", hint="try again"))
    (result,) = predict(backend, Desired.STOPPED, named("default/deployment/web"))
    assert (result.changed, result.success, result.warnings) == (True, True, ())


def test_a_webhook_that_cannot_be_tried_is_told_and_no_failure(backend: KubernetesBackend) -> None:
    have(backend, "web")
    words = 'admission webhook "bill.example.com" does not support dry run (HTTP 400)'
    backend.kubernetes.fail("TRY-PATCH", ApiError(words, hint="see the log of the API server"))
    (result,) = predict(backend, Desired.STOPPED, named("default/deployment/web"))
    assert (result.changed, result.success) == (True, True)
    (warning,) = result.warnings
    assert warning.startswith("kubernetes/default/deployment/web: ")
    assert words in warning


def test_a_pod_that_would_be_made_again_is_tried_up_to_where_it_has_gone(backend: KubernetesBackend) -> None:
    backend.cluster.add(POD, pod("lone"))
    (result,) = predict(backend, Desired.RESTARTED, named("lone"))
    assert (result.changed, result.failure) == (True, None)
    assert tried(backend) == ["TRY-POST selfsubjectaccessreviews", "TRY-DELETE pods/lone"]
    assert backend.clock.slept == 0


def test_who_may_delete_a_pod_but_not_make_one_is_told_before(backend: KubernetesBackend) -> None:
    backend.cluster.add(POD, pod("lone"))
    backend.kubernetes.denied.add(("create", "", "pods"))
    predicted = predict(backend, Desired.RESTARTED, named("lone"))
    assert predicted == carry_out(backend, Desired.RESTARTED, named("lone"))
    assert predicted[0].failure
    assert predicted[0].failure["code"] == "permission_denied"


def test_a_grace_is_tried_on_every_pod(backend: KubernetesBackend) -> None:
    have(backend, "web", replicas=3)
    predict(backend, Desired.STOPPED, named("default/deployment/web"), timeout=5)
    assert len([request for request in tried(backend) if request.startswith("TRY-DELETE pods/web-")]) == 3
    assert backend.kubernetes.writes == []


def test_pods_of_one_workload_each_have_their_own_failure(backend: KubernetesBackend) -> None:
    have(backend, "web", replicas=2)
    pods = backend.cluster.pods_of("web")
    backend.kubernetes.fail("PATCH", FORBIDDEN, kind="deployments", nth=0)
    failures = [one.failure for one in carry_out(backend, Desired.STOPPED, named(*pods))]
    assert [failure["target"] for failure in failures if failure] == [f"default/{pod}" for pod in pods]
    assert all(pod in str(failure["message"]) for pod, failure in zip(pods, failures) if failure)
