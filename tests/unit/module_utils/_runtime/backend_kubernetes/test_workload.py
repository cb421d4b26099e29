# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a workload's object says of its count and its state."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.pod import read_pod
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import (
    REMEMBERED,
    Workload,
    read_workload,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE, ROLLOUT


def read(
    kind: Resource,
    spec: dict[str, Any] | None = None,
    status: dict[str, Any] | None = None,
    *,
    annotations: dict[str, str] | None = None,
    scale: dict[str, Any] | None = None,
) -> Workload:
    metadata = {"name": "web", "namespace": "prod", "uid": "1", "generation": 2, "annotations": annotations}
    return read_workload(kind, {"metadata": metadata, "spec": spec, "status": status}, scale=scale)


def deployment(wanted: int | None = 3, **status: Any) -> Workload:
    full = {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}
    return read(DEPLOYMENT, {"replicas": wanted}, {**full, **status})


def sts(spec: dict[str, Any], **status: Any) -> Workload:
    full = {"observedGeneration": 2, "replicas": 3, "readyReplicas": 3, "currentRevision": "a", "updateRevision": "a"}
    return read(STATEFUL_SET, {"replicas": 3, **spec}, {**full, **status})


def daemon(**status: Any) -> Workload:
    full = {"observedGeneration": 2, "desiredNumberScheduled": 2, "currentNumberScheduled": 2, "numberAvailable": 2}
    return read(DAEMON_SET, {}, {**full, "updatedNumberScheduled": 2, **status})


def custom(wanted: int, current: int, **status: Any) -> Workload:
    return read(ROLLOUT, {}, status, scale={"spec": {"replicas": wanted}, "status": {"replicas": current}})


UNFINISHED = {"type": "Complete", "status": "False"}
COMPLETE, FAILED = ({"type": word, "status": "True"} for word in ("Complete", "Failed"))
STATES = [
    pytest.param(deployment(), State.RUNNING, "3/3 ready", id="all there"),
    pytest.param(
        deployment(None, replicas=1, updatedReplicas=1, availableReplicas=1),
        State.RUNNING,
        "1/1 ready",
        id="one unless said",
    ),
    pytest.param(deployment(availableReplicas=2), State.PENDING, "2/3 ready", id="one not ready"),
    pytest.param(deployment(observedGeneration=1), State.PENDING, "3/3 ready", id="not seen yet"),
    pytest.param(deployment(observedGeneration=None), State.PENDING, "3/3 ready", id="never seen"),
    pytest.param(deployment(updatedReplicas=1), State.PENDING, "3/3 ready", id="being rolled out"),
    pytest.param(deployment(replicas=4), State.PENDING, "3/3 ready", id="one too many"),
    pytest.param(deployment(0), State.STOPPED, "0 replicas", id="scaled to 0"),
    pytest.param(sts({}), State.RUNNING, "3/3 ready", id="StatefulSet"),
    pytest.param(
        sts({}, updateRevision="b", updatedReplicas=1), State.PENDING, "3/3 ready", id="StatefulSet in a rollout"
    ),
    pytest.param(
        sts({"updateStrategy": {"rollingUpdate": {"partition": 2}}}, updateRevision="b", updatedReplicas=1),
        State.RUNNING,
        "3/3 ready",
        id="StatefulSet with a partition",
    ),
    pytest.param(
        sts({"updateStrategy": {"type": "OnDelete"}}, updateRevision="b"), State.RUNNING, "3/3 ready", id="OnDelete"
    ),
    pytest.param(daemon(), State.RUNNING, "2/2 ready", id="DaemonSet"),
    pytest.param(daemon(updatedNumberScheduled=1), State.PENDING, "2/2 ready", id="DaemonSet in a rollout"),
    pytest.param(
        read(REPLICA_SET, {"replicas": 1}, {"observedGeneration": 2, "replicas": 1, "availableReplicas": 1}),
        State.RUNNING,
        "1/1 ready",
        id="ReplicaSet",
    ),
    pytest.param(read(JOB, {}, {"active": 1}), State.RUNNING, "1 active", id="Job"),
    pytest.param(read(JOB, {}, {}), State.PENDING, "0 active", id="Job not begun"),
    pytest.param(read(JOB, {"suspend": True}, {}), State.STOPPED, "Suspended", id="suspended Job"),
    pytest.param(read(JOB, {}, {"conditions": [UNFINISHED, COMPLETE]}), State.STOPPED, "Complete", id="complete Job"),
    pytest.param(read(JOB, {}, {"conditions": [FAILED]}), State.FAILED, "Failed", id="failed Job"),
    pytest.param(read(CRON_JOB, {"suspend": False}, {}), State.RUNNING, "Scheduled", id="CronJob"),
    pytest.param(read(CRON_JOB, {"suspend": True}, {}), State.STOPPED, "Suspended", id="suspended CronJob"),
    pytest.param(custom(2, 2), State.RUNNING, "2/2 ready", id="custom"),
    pytest.param(custom(2, 1), State.PENDING, "1/2 ready", id="custom, one missing"),
    pytest.param(custom(2, 2, observedGeneration=1), State.PENDING, "2/2 ready", id="custom, not seen yet"),
    pytest.param(custom(0, 0), State.STOPPED, "0 replicas", id="custom at 0"),
    pytest.param(
        deployment(conditions=[{"type": "ReplicaFailure", "status": "True", "message": "quota"}], availableReplicas=0),
        State.PENDING,
        "0/3 ready, quota",
        id="pods that cannot be made",
    ),
]


@pytest.mark.parametrize(("workload", "state", "status"), STATES)
def test_a_workload_has_the_state_of_its_count(workload: Workload, state: State, status: str) -> None:
    assert (workload.state, workload.status) == (state, status)


@pytest.mark.parametrize(
    ("value", "count"),
    [("3", 3), ("1", 1), ("0", None), ("-1", None), ("x", None), ("", None), ("1.5", None), ("٣", None), (None, None)],
)
def test_what_is_remembered_is_a_count(value: str | None, count: int | None) -> None:
    annotations = {} if value is None else {REMEMBERED: value}
    assert read(DEPLOYMENT, {}, {}, annotations=annotations).remembered == count


@pytest.mark.parametrize(
    ("kind", "spec", "selector"),
    [
        (DEPLOYMENT, {"selector": {"matchLabels": {"app": "web", "tier": "x"}}}, "app=web,tier=x"),
        (
            DEPLOYMENT,
            {
                "selector": {
                    "matchLabels": {"app": "web"},
                    "matchExpressions": [
                        {"key": "tier", "operator": "In", "values": ["a", "b"]},
                        {"key": "env", "operator": "NotIn", "values": ["c"]},
                        {"key": "x", "operator": "Exists"},
                        {"key": "y", "operator": "DoesNotExist"},
                    ],
                }
            },
            "app=web,tier in (a,b),env notin (c),x,!y",
        ),
        (REPLICATION_CONTROLLER, {"selector": {"app": "web"}}, "app=web"),
        (CRON_JOB, {}, ""),
        (DEPLOYMENT, {"selector": None}, ""),
    ],
)
def test_a_selector_is_written_as_a_query_takes_it(kind: Resource, spec: dict[str, Any], selector: str) -> None:
    assert read(kind, spec).selector == selector


def test_a_custom_selector_is_that_of_the_scale() -> None:
    scale = {"spec": {"replicas": 1}, "status": {"replicas": 1, "selector": "app=web"}}
    assert read(ROLLOUT, {"selector": {"matchLabels": {"app": "other"}}}, scale=scale).selector == "app=web"
    assert read(DATABASE, {}).selector == ""


@pytest.mark.parametrize(
    ("owner", "owned"),
    [
        pytest.param({"kind": "ReplicaSet", "name": "web-7c9f", "uid": "2"}, True, id="by its ReplicaSet"),
        pytest.param({"kind": "ReplicaSet", "name": "other-7c9f", "uid": "2"}, False, id="another ones ReplicaSet"),
        pytest.param({"kind": "StatefulSet", "name": "web-7c9f", "uid": "2"}, False, id="another kind"),
        pytest.param(None, False, id="nobodys"),
    ],
)
def test_pods_that_a_selector_finds_are_a_deployments_only_by_its_replica_sets(
    owner: dict[str, Any] | None, *, owned: bool
) -> None:
    references = [{**owner, "apiVersion": "apps/v1", "controller": True}] if owner else []
    pod = read_pod({"metadata": {"name": "x", "ownerReferences": references}})
    assert deployment().owns(pod) is owned


@pytest.mark.parametrize(
    ("workload", "reason"),
    [
        (deployment(), ""),
        (read(DEPLOYMENT, {"paused": True}), "paused"),
        (sts({"updateStrategy": {"type": "OnDelete"}}), "OnDelete"),
        (read(REPLICA_SET, {}), "a ReplicaSet does not"),
        (read(ROLLOUT, {}), "a Rollout does not"),
    ],
)
def test_what_has_no_rollout_says_why(workload: Workload, reason: str) -> None:
    assert bool(workload.no_rollout) is bool(reason)
    assert reason in workload.no_rollout


def test_the_labels_are_those_that_its_pods_have() -> None:
    document = {
        "metadata": {"labels": {"app": "own", "team": "a"}},
        "spec": {"template": {"metadata": {"labels": {"app": "web"}}}},
    }
    assert read_workload(DEPLOYMENT, document).labels == {"app": "web", "team": "a"}
