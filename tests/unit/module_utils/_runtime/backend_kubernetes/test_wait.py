# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for workloads: seeing at once that they are there, and early that they never will be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    DAEMON_SET,
    DEPLOYMENT,
    EVENT,
    JOB,
    POD,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, RestartMethod, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import event, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import (
    CANNOT_PULL,
    CRASHES,
    HEALTHY,
    UNSCHEDULABLE,
    Life,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

STUCK = Life(starts_after=math.inf)


def have(
    backend: KubernetesBackend,
    *,
    kind: Resource = DEPLOYMENT,
    life: Life = HEALTHY,
    replicas: int = 0,
    **properties: Any,
) -> None:
    backend.cluster.add(kind, workload(kind, "web", replicas=replicas, **properties), life=life)


def bring(
    backend: KubernetesBackend, desired: Desired = Desired.STARTED, kind: Resource = DEPLOYMENT, **options: Any
) -> LifecycleResult:
    (result,) = carry_out(backend, desired, named(f"default/{kind.word}/web"), **options)
    return result


def failure_of(result: LifecycleResult) -> dict[str, Any]:
    assert result.failure is not None
    return result.failure


def test_a_crash_loop_ends_the_wait_with_its_exit_code_events_and_the_lines_of_the_run_before(
    backend: KubernetesBackend,
) -> None:
    life = Life(exits_after=0, exit_code=3, logs="starting\n", logs_before="no such file\n")
    have(backend, life=life)
    result = bring(backend)
    failure = failure_of(result)
    assert failure["code"] == "not_ready"
    assert "CrashLoopBackOff, exit code 3" in failure["message"]
    details = failure["details"]
    assert details["status"] == "CrashLoopBackOff"
    assert (details["exit_code"], details["logs"]) == (3, ["no such file"])
    assert details["events"] == ["BackOff: back-off restarting failed container"]
    assert [details["pod"]] == backend.cluster.pods_of("web")
    assert (result.changed, result.state_after) == (True, State.PENDING)
    assert backend.clock.slept <= 1.5


def test_one_crash_is_tolerated(backend: KubernetesBackend) -> None:
    have(backend, life=Life(exits_after=2, exit_code=1, crashes=1, ready_after=3))
    assert bring(backend).success
    assert 6 <= backend.clock.slept <= 6.5


def test_an_image_that_cannot_be_pulled_ends_the_wait_at_the_second_try(backend: KubernetesBackend) -> None:
    have(backend, life=CANNOT_PULL)
    failure = failure_of(bring(backend))
    assert failure["code"] == "not_ready"
    assert 'ImagePullBackOff: Back-off pulling image "nothing"' in failure["message"]
    assert "Failed: failed to pull" in failure["details"]["events"]
    assert 1 <= backend.clock.slept <= 1.5


@pytest.mark.parametrize(
    "reason",
    [
        "CreateContainerConfigError",
        "CreateContainerError",
        "InvalidImageName",
        "ErrImageNeverPull",
        "RunContainerError",
    ],
)
def test_what_somebody_has_to_correct_ends_the_wait_at_once(backend: KubernetesBackend, reason: str) -> None:
    have(backend, life=Life(waits=((0, reason, 'secret "db" not found'),)))
    failure = failure_of(bring(backend))
    assert failure["code"] == "not_ready"
    assert f'{reason}: secret "db" not found' in failure["message"]
    assert backend.clock.slept == 0


def test_what_is_wrong_is_told_of_one_that_ran_before_too(backend: KubernetesBackend) -> None:
    have(backend, replicas=1, life=Life(exits_after=60, exit_code=1, crashes=1))
    (name,) = backend.cluster.pods_of("web")
    document = backend.cluster.document(POD, name)
    (status,) = document["status"]["containerStatuses"]
    waiting = {"waiting": {"reason": "CreateContainerConfigError", "message": 'secret "db" not found'}}
    broken = {**status, "state": waiting, "restartCount": 1, "ready": False}
    conditions = [{"type": "Ready", "status": "False"}]
    backend.cluster.store.set_status(
        POD, document, {**document["status"], "containerStatuses": [broken], "conditions": conditions}
    )
    assert 'CreateContainerConfigError, exit code 1: secret "db" not found' in failure_of(bring(backend))["message"]


def test_a_pod_that_fits_no_node_ends_the_wait_after_five_seconds(backend: KubernetesBackend) -> None:
    have(backend, life=UNSCHEDULABLE)
    failure = failure_of(bring(backend))
    assert failure["code"] == "not_ready"
    assert "unschedulable: 0/1 nodes are available: 1 Insufficient cpu" in failure["message"]
    assert 5 <= backend.clock.slept <= 7


def test_a_pod_for_which_room_is_made_is_waited_for(backend: KubernetesBackend) -> None:
    have(backend, life=UNSCHEDULABLE)

    def make_room() -> None:
        (name,) = backend.cluster.pods_of("web")
        about = backend.cluster.document(POD, name)
        backend.cluster.add(
            EVENT, event(about, "TriggeredScaleUp", "pod triggered scale-up", at="2026-09-21T00:00:00Z")
        )

    backend.kubernetes.before("WATCH", make_room)
    failure = failure_of(bring(backend, wait_timeout=30))
    assert failure["code"] == "timeout"
    assert "is Unschedulable" in failure["message"]
    assert 30 <= backend.clock.slept <= 31


def test_a_pod_is_not_called_unschedulable_while_old_ones_leave_room(backend: KubernetesBackend) -> None:
    life = Life(unschedulable="0/1 nodes are available", schedulable_after=20, terminates_after=20)
    have(backend, replicas=1, life=life)
    assert bring(backend, Desired.RESTARTED, restart_method=RestartMethod.RECREATE).success
    assert 20 <= backend.clock.slept <= 21


UNBOUND = "0/1 nodes are available: 1 pod has unbound immediate PersistentVolumeClaims."


def test_storage_that_is_still_being_made_is_waited_for(backend: KubernetesBackend) -> None:
    have(backend, life=Life(unschedulable=UNBOUND, schedulable_after=40))
    assert bring(backend).success
    assert 40 <= backend.clock.slept <= 42.5


def test_storage_that_is_never_made_is_told(backend: KubernetesBackend) -> None:
    have(backend, life=Life(unschedulable=UNBOUND, schedulable_after=1000))
    failure = failure_of(bring(backend))
    assert failure["code"] == "timeout"
    assert "is Unschedulable: 0/1 nodes are available: 1 pod has unbound immediate" in failure["message"]


def test_a_rollout_that_makes_no_progress_ends_the_wait_at_its_own_deadline(backend: KubernetesBackend) -> None:
    have(backend, life=STUCK, spec={"progressDeadlineSeconds": 20})
    failure = failure_of(bring(backend))
    assert failure["code"] == "not_ready"
    assert "has timed out progressing" in failure["message"]
    assert 20 <= backend.clock.slept <= 22.5


def refuse_pods(backend: KubernetesBackend) -> None:
    """Have a quota in the place of the ReplicaSet controller: it makes no pods, and the Deployment tells why."""
    condition = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"}
    document = backend.cluster.document(DEPLOYMENT, "web")
    backend.cluster.freeze()
    status = {"observedGeneration": document["metadata"]["generation"] + 1, "conditions": [condition]}
    backend.cluster.store.set_status(DEPLOYMENT, document, status)


def test_a_quota_that_allows_no_pods_ends_the_wait_after_five_seconds(backend: KubernetesBackend) -> None:
    have(backend)
    backend.after_change(lambda: refuse_pods(backend), name="web")
    refuse_pods(backend)
    failure = failure_of(bring(backend))
    assert failure["code"] == "not_ready"
    assert "its pods cannot be made: exceeded quota" in failure["message"]
    assert 5 <= backend.clock.slept <= 7.5


@pytest.mark.parametrize("replicas", [2, 5])
def test_all_wanted_pods_have_to_be_ready(backend: KubernetesBackend, replicas: int) -> None:
    have(backend, kind=STATEFUL_SET, life=Life(ready_after=4))
    result = bring(backend, kind=STATEFUL_SET, replicas=replicas)
    assert (result.success, result.replicas_after) == (True, replicas)
    assert 4 * replicas <= backend.clock.slept <= 4 * replicas + 0.3


def test_a_pod_that_ends_slowly_is_waited_for_by_a_stop(backend: KubernetesBackend) -> None:
    have(backend, replicas=2, life=Life(terminates_after=12))
    result = bring(backend, Desired.STOPPED)
    assert (result.success, result.state_after) == (True, State.STOPPED)
    assert 12 <= backend.clock.slept <= 12.3


def test_a_stop_that_takes_too_long_names_a_pod_that_is_left(backend: KubernetesBackend) -> None:
    have(backend, replicas=1, life=Life(terminates_after=25))
    failure = failure_of(bring(backend, Desired.STOPPED, wait_timeout=10))
    assert failure["code"] == "timeout"
    assert "it is not stopped after 10 s" in failure["message"]
    assert failure["details"]["status"] == "Terminating"
    assert 10 <= backend.clock.slept <= 10.5


@pytest.mark.parametrize("desired", [Desired.STARTED, Desired.STOPPED])
def test_who_undoes_the_change_meanwhile_ends_the_wait_as_a_conflict(
    backend: KubernetesBackend, desired: Desired
) -> None:
    have(backend, replicas=0 if desired is Desired.STARTED else 1, life=Life(ready_after=30, terminates_after=30))
    undone = {"spec": {"replicas": 0 if desired is Desired.STARTED else 2}}
    backend.kubernetes.before("WATCH", lambda: backend.cluster.edit(DEPLOYMENT, "web", undone))
    result = bring(backend, desired)
    failure = failure_of(result)
    assert (failure["code"], result.changed) == ("conflict", True)
    assert "something else has changed it" in failure["message"]
    assert backend.clock.slept <= 3


def test_who_may_not_list_pods_is_told_what_to_grant(backend: KubernetesBackend) -> None:
    have(backend)
    backend.kubernetes.fail("LIST", PermissionDeniedError("forbidden", hint="grant list on pods"), kind="pods", nth=0)
    result = bring(backend)
    assert (failure_of(result)["code"], result.changed) == ("permission_denied", True)


def test_a_failure_is_told_even_when_neither_events_nor_logs_can_be_read(backend: KubernetesBackend) -> None:
    have(backend, life=CRASHES)
    backend.kubernetes.fail("LIST", PermissionDeniedError("forbidden"), kind="events", nth=0)
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden"), kind="pods", nth=0)
    details = failure_of(bring(backend))["details"]
    assert (details["logs"], details["events"], details["exit_code"]) == ([], [], 1)


def test_a_job_that_is_resumed_is_waited_for_until_a_pod_of_it_works(backend: KubernetesBackend) -> None:
    have(backend, kind=JOB, replicas=1, spec={"suspend": True}, life=Life(starts_after=5))
    result = bring(backend, kind=JOB)
    assert (result.success, result.state_after) == (True, State.RUNNING)
    assert 5 <= backend.clock.slept <= 5.3


def test_a_job_that_is_resumed_and_fails_is_told(backend: KubernetesBackend) -> None:
    life = Life(exits_after=0, exit_code=1)
    have(backend, kind=JOB, replicas=1, spec={"suspend": True, "backoffLimit": 0}, life=life)
    failure = failure_of(bring(backend, kind=JOB))
    assert failure["code"] == "not_ready"
    assert "it has failed" in failure["message"]


def test_the_new_pod_of_a_daemon_set_is_waited_for(backend: KubernetesBackend) -> None:
    have(backend, kind=DAEMON_SET, life=Life(ready_after=3, terminates_after=4))
    assert bring(backend, Desired.RESTARTED, DAEMON_SET).success
    assert 7 <= backend.clock.slept <= 7.5


def test_nobody_waits_who_does_not_want_to(backend: KubernetesBackend) -> None:
    have(backend, life=CRASHES)
    result = bring(backend, wait=False)
    assert (result.success, result.changed, result.state_after) == (True, True, State.PENDING)
    assert backend.clock.slept == 0
