# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What starting, stopping and restarting mean for each kind of workload that has no replica count, and for restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    AUTOSCALER,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, Owner, RestartMethod, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict, selected
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    DATABASE,
    ROLLOUT,
    autoscaler,
    controlled,
    pod,
    workload,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

ROLLED_OUT = [DEPLOYMENT, STATEFUL_SET, DAEMON_SET]
NOT_ROLLED_OUT = [REPLICA_SET, REPLICATION_CONTROLLER, ROLLOUT]
RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


def of(kind: Resource, name: str = "web") -> str:
    return f"default/{kind.word}/{name}"


def have(backend: KubernetesBackend, kind: Resource, *, life: Life | None = None, **properties: Any) -> list[str]:
    backend.cluster.add(kind, workload(kind, "web", **properties), life=life)
    return backend.cluster.pods_of("web")


def bring(backend: KubernetesBackend, desired: Desired, name: str, **options: Any) -> LifecycleResult:
    predicted = predict(backend, desired, named(name), **options)
    (result,) = carry_out(backend, desired, named(name), **options)
    assert (predicted[0].changed, predicted[0].success) == (result.changed, result.success), result.failure
    return result


def refusal(backend: KubernetesBackend, desired: Desired, name: str, **options: Any) -> dict[str, Any]:
    result = bring(backend, desired, name, **options)
    assert backend.kubernetes.writes == []
    assert result.failure is not None
    assert result.failure["code"] == "unsupported"
    assert result.failure["hint"]
    return result.failure


@pytest.mark.parametrize("kind", ROLLED_OUT, ids=lambda kind: kind.kind)
def test_a_workload_that_is_restarted_is_rolled_out(backend: KubernetesBackend, kind: Resource) -> None:
    before = set(have(backend, kind, replicas=2, life=Life(ready_after=2, terminates_after=3)))
    result = bring(backend, Desired.RESTARTED, of(kind))
    assert (result.success, result.changed, result.state_after) == (True, True, State.RUNNING)
    (write,) = backend.kubernetes.writes
    assert RESTARTED_AT in write.detail["spec"]["template"]["metadata"]["annotations"]
    # It is over when all are new and ready, and the old ones are gone: those of a StatefulSet keep their names.
    after = set(backend.cluster.pods_of("web"))
    assert len(after) == len(before)
    assert kind is STATEFUL_SET or not after & before
    assert backend.clock.slept >= 5


@pytest.mark.parametrize("kind", NOT_ROLLED_OUT, ids=lambda kind: kind.kind)
def test_a_workload_without_rollouts_has_its_pods_deleted_with_a_warning(
    backend: KubernetesBackend, kind: Resource
) -> None:
    before = set(have(backend, kind, replicas=2))
    result = bring(backend, Desired.RESTARTED, of(kind))
    assert (result.success, result.changed) == (True, True)
    assert {str(write) for write in backend.kubernetes.writes} == {f"DELETE pods/{name}" for name in before}
    assert len(result.warnings) == 1
    assert not before & set(backend.cluster.pods_of("web"))
    assert len(backend.cluster.pods_of("web")) == 2


@pytest.mark.parametrize("kind", NOT_ROLLED_OUT, ids=lambda kind: kind.kind)
def test_a_rollout_that_cannot_be_is_refused(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind)
    failure = refusal(backend, Desired.RESTARTED, of(kind), restart_method=RestartMethod.ROLLOUT)
    assert failure["hint"] == "set restart_method to recreate"


@pytest.mark.parametrize(
    ("kind", "spec", "words"),
    [
        pytest.param(DEPLOYMENT, {"paused": True}, "paused", id="paused Deployment"),
        pytest.param(STATEFUL_SET, {"updateStrategy": {"type": "OnDelete"}}, "OnDelete", id="OnDelete StatefulSet"),
        pytest.param(DAEMON_SET, {"updateStrategy": {"type": "OnDelete"}}, "OnDelete", id="OnDelete DaemonSet"),
    ],
)
def test_what_rolls_nothing_out_by_itself_has_its_pods_deleted(
    backend: KubernetesBackend, kind: Resource, spec: dict[str, Any], words: str
) -> None:
    have(backend, kind)
    backend.cluster.edit(kind, "web", {"spec": spec})
    (before,) = backend.cluster.pods_of("web")
    result = bring(backend, Desired.RESTARTED, of(kind))
    assert result.success
    assert [words in warning for warning in result.warnings] == [True]
    assert [str(write) for write in backend.kubernetes.writes] == [f"DELETE pods/{before}"]


@pytest.mark.parametrize("kind", [*ROLLED_OUT, *NOT_ROLLED_OUT, DATABASE], ids=lambda kind: kind.kind)
def test_a_pod_that_is_restarted_is_deleted_and_its_controller_makes_another(
    backend: KubernetesBackend, kind: Resource
) -> None:
    name = have(backend, kind, replicas=2, life=Life(terminates_after=4))[0]
    count = len(backend.cluster.pods_of("web"))
    result = bring(backend, Desired.RESTARTED, name)
    assert (result.success, result.changed, result.failure, result.warnings) == (True, True, None, ())
    assert [str(write) for write in backend.kubernetes.writes] == [f"DELETE pods/{name}"]
    assert len(backend.cluster.pods_of("web")) == count
    assert 4 <= backend.clock.slept <= 4.5


def test_two_pods_of_a_deployment_are_deleted_each(backend: KubernetesBackend) -> None:
    names = have(backend, DEPLOYMENT, replicas=3)[:2]
    results = carry_out(backend, Desired.RESTARTED, named(*names))
    assert [(result.name, result.success, result.changed) for result in results] == [
        (name, True, True) for name in names
    ]
    assert sorted(backend.changed_names) == sorted(names)


def test_a_selection_of_pods_restarts_their_workload_once(backend: KubernetesBackend) -> None:
    names = have(backend, DEPLOYMENT, replicas=3, labels={"app": "web"})
    results = carry_out(backend, Desired.RESTARTED, selected(label_selectors=["app=web"]))
    assert [result.name for result in results] == sorted(names)
    assert [str(write) for write in backend.kubernetes.writes] == ["PATCH deployments/web"]


def test_a_daemon_set_cannot_be_stopped_and_is_started_already(backend: KubernetesBackend) -> None:
    (name,) = have(backend, DAEMON_SET)
    assert "DaemonSet" in refusal(backend, Desired.STOPPED, of(DAEMON_SET))["message"]
    assert "DaemonSet" in refusal(backend, Desired.STOPPED, name)["message"]
    result = bring(backend, Desired.STARTED, of(DAEMON_SET))
    assert (result.success, result.changed, result.replicas_after) == (True, False, 1)


@pytest.mark.parametrize("kind", [JOB, CRON_JOB], ids=lambda kind: kind.kind)
def test_a_job_is_suspended_and_resumed(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind)
    stopped = bring(backend, Desired.STOPPED, of(kind))
    assert (stopped.success, stopped.changed, stopped.state_after) == (True, True, State.STOPPED)
    assert backend.cluster.document(kind, "web")["spec"]["suspend"] is True
    assert backend.cluster.pods_of("web") == []
    assert bring(backend, Desired.STOPPED, of(kind)).changed is False
    started = bring(backend, Desired.STARTED, of(kind))
    assert (started.success, started.changed, started.state_after) == (True, True, State.RUNNING)
    assert backend.cluster.document(kind, "web")["spec"]["suspend"] is False


@pytest.mark.parametrize("kind", [JOB, CRON_JOB], ids=lambda kind: kind.kind)
def test_a_job_cannot_be_restarted(backend: KubernetesBackend, kind: Resource) -> None:
    have(backend, kind)
    assert f"a {kind.kind} cannot be restarted" in refusal(backend, Desired.RESTARTED, of(kind))["message"]


def test_the_pod_of_a_job_is_stopped_by_suspending_the_job(backend: KubernetesBackend) -> None:
    (name,) = have(backend, JOB)
    result = bring(backend, Desired.STOPPED, name)
    assert (result.success, result.owner) == (True, Owner("Job", "web", "batch/v1"))
    assert backend.cluster.document(JOB, "web")["spec"]["suspend"] is True


def run_of(backend: KubernetesBackend, name: str) -> list[str]:
    """Let a CronJob begin a Job, and return its pods."""
    document = backend.cluster.document(CRON_JOB, name)
    made = controlled(document, f"{name}-29000001", labels={"run": f"{name}-29000001"})
    spec = {"parallelism": 1, "selector": {"matchLabels": {"run": f"{name}-29000001"}}}
    template = document["spec"]["jobTemplate"]["spec"]["template"]
    labelled = {**template, "metadata": {"labels": {"run": f"{name}-29000001"}}}
    backend.cluster.add(JOB, {**made, "spec": {**spec, "template": labelled}})
    return backend.cluster.pods_of(f"{name}-29000001")


def test_the_pod_of_a_cron_job_is_stopped_by_suspending_the_cron_job(backend: KubernetesBackend) -> None:
    have(backend, CRON_JOB)
    (name,) = run_of(backend, "web")
    result = bring(backend, Desired.STOPPED, name)
    assert [owner.kind for owner in result.owner_chain] == ["Job", "CronJob"]
    assert result.success
    assert backend.changed_names == ["web"]
    # What it has begun goes on, and the result says so.
    assert backend.cluster.pods_of("web-29000001") == [name]
    assert [name.rpartition("-")[0] in warning for warning in result.warnings] == [True]


@pytest.mark.parametrize(("code", "state"), [(0, State.STOPPED), (1, State.FAILED)])
def test_a_job_that_has_finished_is_stopped_already_and_cannot_be_started(
    backend: KubernetesBackend, code: int, state: State
) -> None:
    have(backend, JOB, life=Life(exits_after=5, exit_code=code))
    result = bring(backend, Desired.STOPPED, of(JOB))
    assert (result.success, result.changed, result.state_after) == (True, False, state)
    assert "this Job has finished" in refusal(backend, Desired.STARTED, of(JOB))["message"]


def test_a_server_that_drops_the_suspension_without_a_word_is_too_old(backend: KubernetesBackend) -> None:
    backend.cluster.store.dropped["jobs.batch"] = ("spec", "suspend")
    have(backend, JOB)
    (result,) = carry_out(backend, Desired.STOPPED, named(of(JOB)))
    assert (result.success, result.changed, result.state_after) == (False, False, State.RUNNING)
    assert result.failure is not None
    assert (result.failure["code"], "too old to suspend a Job" in result.failure["message"]) == ("unsupported", True)


def test_a_cron_job_of_an_older_version_is_suspended_too(backend: KubernetesBackend) -> None:
    have(backend, CRON_JOB)
    backend.cluster.served.remove("batch/v1/cronjobs")
    backend.cluster.served.add("batch/v1beta1/cronjobs")
    assert bring(backend, Desired.STOPPED, of(CRON_JOB)).success
    assert backend.cluster.document(CRON_JOB, "web")["spec"]["suspend"] is True


def test_what_a_foreign_controller_runs_is_not_stopped(backend: KubernetesBackend) -> None:
    name = have(backend, DATABASE, replicas=2)[0]
    assert "the Database web, cannot be scaled" in refusal(backend, Desired.STOPPED, name)["message"]
    result = bring(backend, Desired.STARTED, name)
    assert (result.success, result.changed, result.owner) == (True, False, Owner("Database", "web", "example.com/v1"))


@pytest.mark.parametrize("desired", [Desired.STARTED, Desired.STOPPED, Desired.RESTARTED])
def test_an_autoscaler_is_warned_of_where_the_count_changes(backend: KubernetesBackend, desired: Desired) -> None:
    have(backend, DEPLOYMENT, replicas=0 if desired is Desired.STARTED else 1)
    backend.cluster.add(AUTOSCALER, autoscaler("web"))
    backend.cluster.add(AUTOSCALER, autoscaler("other"))
    warnings = bring(backend, desired, of(DEPLOYMENT)).warnings
    assert [warning for warning in warnings if "HorizontalPodAutoscaler web" in warning]
    assert not any("other" in warning for warning in warnings)


def test_autoscalers_of_a_namespace_are_listed_once_for_many_workloads(backend: KubernetesBackend) -> None:
    names = ("red", "green", "blue")
    for name in names:
        backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, name))
    backend.cluster.add(AUTOSCALER, autoscaler("green"))
    results = carry_out(backend, Desired.STOPPED, named(*(of(DEPLOYMENT, name) for name in names)))
    assert [bool(result.warnings) for result in results] == [False, True, False]
    assert sum(call.kind == AUTOSCALER.plural for call in backend.kubernetes.calls) == 1


def test_no_autoscaler_is_warned_of_where_nothing_changes(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT)
    backend.cluster.add(AUTOSCALER, autoscaler("web"))
    assert bring(backend, Desired.STARTED, of(DEPLOYMENT)).warnings == ()


@pytest.mark.parametrize(("options", "grace"), [({"timeout": 7}, 7), ({"force": True}, 1)])
def test_a_grace_that_the_task_gives_is_that_of_the_pods(
    backend: KubernetesBackend, options: dict[str, Any], grace: int
) -> None:
    names = have(backend, DEPLOYMENT, replicas=2, life=Life(terminates_after=60))
    assert bring(backend, Desired.STOPPED, of(DEPLOYMENT), **options).success
    deletions = [write for write in backend.kubernetes.writes if write.verb == "DELETE"]
    assert sorted(write.name for write in deletions) == sorted(names)
    assert {write.detail for write in deletions} == {grace}
    assert grace <= backend.clock.slept <= grace + 1


@pytest.mark.parametrize("desired", [Desired.STOPPED, Desired.RESTARTED])
def test_only_pods_of_its_own_that_still_run_are_deleted(backend: KubernetesBackend, desired: Desired) -> None:
    (own,) = have(backend, REPLICA_SET, life=Life(terminates_after=9))
    owner = controlled(backend.cluster.document(REPLICA_SET, "web"), "evicted", labels={"run": "web"})
    evicted = backend.cluster.store.add(POD, {**pod("evicted"), **owner}, moment=0)
    backend.cluster.store.set_status(POD, evicted, {"phase": "Failed", "reason": "Evicted"})
    backend.cluster.add(POD, pod("stranger", labels={"run": "web"}))
    result = bring(backend, desired, of(REPLICA_SET), timeout=1)
    assert (result.success, result.changed) == (True, True)
    assert [write.name for write in backend.kubernetes.writes if write.verb == "DELETE"] == [own]


def test_without_a_grace_the_pods_have_their_own(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, life=Life(terminates_after=20))
    assert bring(backend, Desired.STOPPED, of(DEPLOYMENT)).success
    assert backend.changed_names == ["web"]
    assert 20 <= backend.clock.slept <= 21
