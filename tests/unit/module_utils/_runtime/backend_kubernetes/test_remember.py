# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The replica count over a stop and a start, whatever happens in between."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    DEPLOYMENT,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import REMEMBERED
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.operation import LONGEST_CONTEST
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT, SCALED_BY, workload

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

SCALED = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER, ROLLOUT]
every_kind = pytest.mark.parametrize("kind", SCALED, ids=lambda kind: kind.kind)


def address(kind: Resource) -> str:
    return f"default/{kind.word}/web"


def have(backend: KubernetesBackend, kind: Resource, replicas: int) -> None:
    backend.cluster.add(kind, workload(kind, "web", replicas=replicas))


def count(backend: KubernetesBackend, kind: Resource) -> int:
    found: int = backend.cluster.document(kind, "web")["spec"][SCALED_BY.get(kind.rule, "replicas")]
    return found


def remembered(backend: KubernetesBackend, kind: Resource) -> str | None:
    annotations: dict[str, str] = backend.cluster.document(kind, "web")["metadata"].get("annotations") or {}
    return annotations.get(REMEMBERED)


def bring(backend: KubernetesBackend, kind: Resource, desired: Desired, **options: Any) -> LifecycleResult:
    (result,) = carry_out(backend, desired, named(address(kind)), **options)
    return result


@every_kind
def test_a_stop_remembers_and_a_start_brings_back_and_forgets(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind, 3)
    stopped = bring(backend, kind, Desired.STOPPED)
    assert (stopped.success, stopped.changed, stopped.failure) == (True, True, None)
    assert (stopped.state_before, stopped.state_after) == (State.RUNNING, State.STOPPED)
    assert (stopped.replicas_before, stopped.replicas_after) == (3, 0)
    assert (count(backend, kind), remembered(backend, kind)) == (0, "3")
    assert backend.cluster.pods_of("web") == []
    started = bring(backend, kind, Desired.STARTED)
    assert (started.success, started.changed, started.failure) == (True, True, None)
    assert (started.replicas_before, started.replicas_after, started.state_after) == (0, 3, State.RUNNING)
    assert (count(backend, kind), remembered(backend, kind)) == (3, None)
    assert len(backend.cluster.pods_of("web")) == 3


@every_kind
def test_predicting_says_the_same_replicas(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind, 3)
    for desired in (Desired.STOPPED, Desired.STARTED):
        predicted = predict(backend, desired, named(address(kind)))
        assert predicted == carry_out(backend, desired, named(address(kind)))


@every_kind
def test_a_second_stop_does_not_overwrite_what_is_remembered(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind, 3)
    bring(backend, kind, Desired.STOPPED)
    writes = len(backend.changed_names)
    again = bring(backend, kind, Desired.STOPPED)
    assert (again.changed, again.success, again.replicas_before, again.replicas_after) == (False, True, 0, 0)
    assert remembered(backend, kind) == "3"
    assert len(backend.changed_names) == writes


@every_kind
def test_a_start_takes_the_count_that_the_task_says_and_forgets(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind, 3)
    bring(backend, kind, Desired.STOPPED)
    assert bring(backend, kind, Desired.STARTED, replicas=2).replicas_after == 2
    assert (count(backend, kind), remembered(backend, kind)) == (2, None)


@pytest.mark.parametrize("value", ["0", "-2", "three", "", "1.5"])
def test_what_cannot_be_a_count_is_not_believed(backend: KubernetesBackend, value: str) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=0, annotations={REMEMBERED: value}))
    assert bring(backend, DEPLOYMENT, Desired.STARTED).replicas_after == 1
    assert remembered(backend, DEPLOYMENT) is None


def test_what_was_never_stopped_by_us_is_started_with_one(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 0)
    assert bring(backend, DEPLOYMENT, Desired.STARTED).replicas_after == 1


def test_a_restart_of_what_is_stopped_brings_the_count_back(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 4)
    bring(backend, DEPLOYMENT, Desired.STOPPED)
    assert bring(backend, DEPLOYMENT, Desired.RESTARTED).replicas_after == 4
    assert remembered(backend, DEPLOYMENT) is None


def test_the_count_and_the_scaling_are_one_guarded_patch(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 3)
    version = backend.cluster.document(DEPLOYMENT, "web")["metadata"]["resourceVersion"]
    bring(backend, DEPLOYMENT, Desired.STOPPED)
    (write,) = backend.kubernetes.writes
    assert write.detail == {
        "metadata": {"resourceVersion": version, "annotations": {REMEMBERED: "3"}},
        "spec": {"replicas": 0},
    }


@every_kind
def test_another_writer_between_the_read_and_the_patch_is_taken_into_account(
    backend: KubernetesBackend, kind: Resource
) -> None:
    have(backend, kind, 3)
    wanted = {"spec": {SCALED_BY.get(kind.rule, "replicas"): 5}}
    backend.kubernetes.before("PATCH", lambda: backend.cluster.edit(kind, "web", wanted))
    result = bring(backend, kind, Desired.STOPPED)
    assert (result.success, result.changed) == (True, True)
    assert (count(backend, kind), remembered(backend, kind)) == (0, "5")


def test_one_who_keeps_writing_loses_against_patience(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 1)
    for number in range(2, 12):
        write = partial(backend.cluster.edit, DEPLOYMENT, "web", {"spec": {"replicas": number}})
        backend.kubernetes.before("PATCH", write, nth=number - 1)
    assert bring(backend, DEPLOYMENT, Desired.STOPPED).success
    assert (count(backend, DEPLOYMENT), remembered(backend, DEPLOYMENT)) == (0, "11")


def test_one_who_never_stops_writing_is_a_conflict_in_the_end(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 1)
    numbers = iter(range(2, 1000))

    def write() -> None:
        backend.cluster.edit(DEPLOYMENT, "web", {"spec": {"replicas": next(numbers)}})

    backend.kubernetes.before("PATCH", write, nth=0)
    result = bring(backend, DEPLOYMENT, Desired.STOPPED)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("conflict", False)
    assert len(backend.changed_names) <= LONGEST_CONTEST + 1


def test_a_patch_whose_answer_was_lost_counts_as_a_change(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 3)
    error = ConflictError("the object has been modified")
    error.uncertain = True

    def lose() -> None:
        patch = {"metadata": {"annotations": {REMEMBERED: "3"}}, "spec": {"replicas": 0}}
        backend.cluster.edit(DEPLOYMENT, "web", patch)
        raise error

    backend.kubernetes.before("PATCH", lose)
    result = bring(backend, DEPLOYMENT, Desired.STOPPED)
    assert (result.success, result.changed, result.replicas_after) == (True, True, 0)
    assert remembered(backend, DEPLOYMENT) == "3"


class KilledError(BaseException):
    """The process is gone: nothing of ours runs any more."""


def killed(backend: KubernetesBackend, kind: Resource, desired: Desired, *, before: int) -> None:
    """Bring it into a state with a process that dies before its nth request; what comes then is another task."""

    def die() -> None:
        raise KilledError

    backend.kubernetes.before("", die, nth=before)
    with suppress(KilledError):
        bring(backend, kind, desired)
    backend.kubernetes.forget_scripts()
    backend.reopen()


# Before each request, and a few more to see that there are not more.
every_request = pytest.mark.parametrize("before", range(1, 13))


@every_request
@every_kind
def test_a_stop_that_is_killed_anywhere_loses_nothing(backend: KubernetesBackend, kind: Resource, before: int) -> None:
    have(backend, kind, 3)
    killed(backend, kind, Desired.STOPPED, before=before)
    assert count(backend, kind) == 3 or remembered(backend, kind) == "3"
    assert bring(backend, kind, Desired.STOPPED).success
    assert (count(backend, kind), remembered(backend, kind)) == (0, "3")
    assert bring(backend, kind, Desired.STARTED).success
    assert (count(backend, kind), remembered(backend, kind)) == (3, None)


@every_request
@every_kind
def test_a_stop_that_is_killed_anywhere_can_be_started_at_once(
    backend: KubernetesBackend, kind: Resource, before: int
) -> None:
    have(backend, kind, 3)
    killed(backend, kind, Desired.STOPPED, before=before)
    assert bring(backend, kind, Desired.STARTED).success
    assert count(backend, kind) == 3


@every_request
@every_kind
def test_a_start_that_is_killed_anywhere_loses_nothing(backend: KubernetesBackend, kind: Resource, before: int) -> None:
    have(backend, kind, 3)
    bring(backend, kind, Desired.STOPPED)
    killed(backend, kind, Desired.STARTED, before=before)
    assert bring(backend, kind, Desired.STARTED).success
    assert count(backend, kind) == 3
    assert bring(backend, kind, Desired.STOPPED).replicas_before == 3
    assert remembered(backend, kind) == "3"


def test_a_server_that_goes_away_after_the_patch_leaves_the_count(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, 3)
    backend.after_change(lambda: backend.fail_reads(RuntimeUnavailableError("nothing answers")), name="web")
    result = bring(backend, DEPLOYMENT, Desired.STOPPED)
    assert (result.success, result.changed, result.state_after) == (False, True, None)
    assert (count(backend, DEPLOYMENT), remembered(backend, DEPLOYMENT)) == (0, "3")
