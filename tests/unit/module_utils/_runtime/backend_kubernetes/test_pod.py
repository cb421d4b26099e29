# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod's object says of its state, for every state that there is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.pod import Pod, read_pod
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State

Document = dict[str, Any]
RUNS: Document = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}


def waits(reason: str, message: str = "") -> Document:
    return {"waiting": {"reason": reason, "message": message}}


def ended(code: int = 0, reason: str = "Completed") -> Document:
    return {"terminated": {"exitCode": code, "reason": reason}}


def of(state: Document, *, restarts: int = 0, before: Document | None = None, name: str = "app") -> Document:
    """Return the status of one container."""
    return {
        "name": name,
        "state": state,
        "lastState": before or {},
        "restartCount": restarts,
        "ready": "running" in state,
    }


def pod(phase: str, *containers: Document, init: tuple[Document, ...] = (), ready: bool = False, **facts: Any) -> Pod:
    """Read a pod; ``facts`` are further fields of its status, and ``metadata``."""
    metadata = {"name": "web", "namespace": "prod", "uid": "1", "resourceVersion": "7", **facts.pop("metadata", {})}
    conditions = facts.pop("conditions", [{"type": "Ready", "status": "True" if ready else "False"}])
    status = {"phase": phase, "conditions": conditions, "containerStatuses": list(containers), **facts}
    if init:
        status["initContainerStatuses"] = list(init)
    return read_pod({"metadata": metadata, "status": status})


UNSCHEDULABLE = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}]
CRASHED = of(waits("CrashLoopBackOff", "back-off 10s"), restarts=3, before=ended(1, "Error"))
STATES = [
    pytest.param(pod("Running", of(RUNS), ready=True), State.RUNNING, "Running", id="running"),
    pytest.param(pod("Running", of(RUNS)), State.RUNNING, "Running", id="running, not ready yet"),
    pytest.param(
        pod("Running", of(RUNS), of(ended(), name="setup")), State.RUNNING, "Running", id="one has done its work"
    ),
    pytest.param(
        pod("Running", {**of(RUNS), "started": False}), State.PENDING, "Running", id="its startup probe has yet to pass"
    ),
    pytest.param(
        pod("Running", of(RUNS), {**of(ended(), name="setup"), "started": False}),
        State.RUNNING,
        "Running",
        id="one that has ended counts as started",
    ),
    pytest.param(pod("Running", CRASHED), State.RESTARTING, "CrashLoopBackOff", id="crash loop"),
    pytest.param(
        pod("Running", of(RUNS), CRASHED), State.RESTARTING, "CrashLoopBackOff", id="one of two in a crash loop"
    ),
    pytest.param(
        pod("Running", of(waits("ContainerCreating"), restarts=1, before=ended(1))),
        State.RESTARTING,
        "ContainerCreating",
        id="waiting after a restart",
    ),
    pytest.param(pod("Running", of(ended(1, "Error"), restarts=2)), State.RESTARTING, "Error", id="between two runs"),
    pytest.param(
        pod("Pending", of(waits("PodInitializing")), init=(of(waits("CrashLoopBackOff"), restarts=2, name="init"),)),
        State.RESTARTING,
        "CrashLoopBackOff",
        id="its preparation is in a crash loop",
    ),
    pytest.param(pod("Pending"), State.PENDING, "Pending", id="not scheduled yet"),
    pytest.param(pod("Pending", conditions=UNSCHEDULABLE), State.PENDING, "Unschedulable", id="unschedulable"),
    pytest.param(
        pod("Pending", of(waits("ContainerCreating"))), State.PENDING, "ContainerCreating", id="being created"
    ),
    pytest.param(pod("Pending", of(waits("ImagePullBackOff"))), State.PENDING, "ImagePullBackOff", id="cannot pull"),
    pytest.param(
        pod("Pending", of(waits("PodInitializing")), init=(of(RUNS, name="init"),)),
        State.PENDING,
        "PodInitializing",
        id="preparing",
    ),
    pytest.param(
        pod("Running", of(RUNS), of(waits("ErrImagePull"))), State.PENDING, "ErrImagePull", id="one of two cannot pull"
    ),
    pytest.param(pod("Succeeded", of(ended())), State.STOPPED, "Completed", id="succeeded"),
    pytest.param(pod("Failed", of(ended(1, "Error"))), State.FAILED, "Error", id="failed"),
    pytest.param(pod("Failed", of(ended(137, "OOMKilled"))), State.FAILED, "OOMKilled", id="out of memory"),
    pytest.param(pod("Failed", reason="Evicted"), State.FAILED, "Evicted", id="evicted"),
    pytest.param(pod("Failed"), State.FAILED, "Failed", id="failed without a word"),
    pytest.param(pod("Unknown", of(RUNS)), State.PENDING, "Unknown", id="its node is lost"),
    pytest.param(pod(""), State.PENDING, "Unknown", id="without a status"),
]
ENDING = {"deletionTimestamp": "2026-01-01T00:00:30Z"}


@pytest.mark.parametrize(("found", "state", "status"), STATES)
def test_a_pod_has_the_state_of_the_contract_and_kubectls_word_for_it(found: Pod, state: State, status: str) -> None:
    assert (found.state, found.status) == (state, status)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (pod("Running", of(RUNS), ready=True, metadata=ENDING), State.RUNNING),
        (pod("Pending", metadata=ENDING), State.PENDING),
        (pod("Running", CRASHED, metadata=ENDING), State.RESTARTING),
        (pod("Succeeded", of(ended()), metadata=ENDING), State.STOPPED),
    ],
)
def test_a_pod_that_is_ending_keeps_its_state_and_says_so(found: Pod, state: State) -> None:
    assert (found.state, found.status, found.terminating, found.ready) == (state, "Terminating", True, False)


@pytest.mark.parametrize(
    ("found", "ready", "active"),
    [
        (pod("Running", of(RUNS), ready=True), True, True),
        (pod("Running", of(RUNS)), False, True),
        (pod("Pending", ready=True), False, True),
        (pod("Succeeded", of(ended()), ready=True), False, False),
        (pod("Failed"), False, False),
    ],
)
def test_a_pod_is_of_use_when_it_runs_and_is_ready(found: Pod, *, ready: bool, active: bool) -> None:
    assert (found.ready, found.active) == (ready, active)


HOPELESS = [
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
]


@pytest.mark.parametrize("reason", HOPELESS)
def test_what_somebody_has_to_correct_is_hopeless(reason: str) -> None:
    trouble = pod("Pending", of(waits(reason, "because  of\nthis"))).trouble
    assert trouble is not None
    assert (trouble.hopeless, trouble.container, trouble.message) == (True, "app", "because of this")


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing", "ErrImagePull"])
def test_what_may_pass_by_itself_is_not(reason: str) -> None:
    trouble = pod("Pending", of(waits(reason))).trouble
    assert trouble is not None
    assert not trouble.hopeless


@pytest.mark.parametrize("kind", ["secret", "configmap"])
def test_what_the_kubelet_has_not_heard_of_yet_may_pass(kind: str) -> None:
    message = f"failed to sync {kind} cache: timed out waiting for the condition"
    trouble = pod("Pending", of(waits("CreateContainerConfigError", message))).trouble
    assert trouble is not None
    assert (trouble.hopeless, trouble.message) == (False, message)


def test_the_worst_of_several_troubles_is_told() -> None:
    trouble = pod("Pending", of(waits("ContainerCreating")), of(waits("ImagePullBackOff"), name="side")).trouble
    assert trouble is not None
    assert (trouble.container, trouble.reason) == ("side", "ImagePullBackOff")


def test_the_exit_code_is_that_of_the_run_before_when_it_waits_for_the_next() -> None:
    trouble = pod("Running", of(waits("CrashLoopBackOff"), restarts=1, before=ended(3, "Error"))).trouble
    assert trouble is not None
    assert (trouble.exit_code, trouble.restarted) == (3, True)


def test_restarts_of_all_containers_are_counted() -> None:
    assert pod("Running", of(RUNS, restarts=2), of(RUNS, restarts=3)).restarts == 5


def test_a_mirror_of_a_static_pod_is_known_by_its_annotation() -> None:
    annotations = {"annotations": {"kubernetes.io/config.mirror": "abc"}}
    assert pod("Running", of(RUNS), metadata=annotations).is_mirror
    assert not pod("Running", of(RUNS)).is_mirror


def test_an_unschedulable_pod_tells_the_schedulers_reason() -> None:
    assert pod("Pending", conditions=UNSCHEDULABLE).unschedulable == "0/1 nodes"
    assert pod("Running", of(RUNS)).unschedulable == ""


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"metadata": None, "status": None},
        {"status": {"containerStatuses": None, "conditions": None}},
        {"status": {"phase": "Running", "containerStatuses": [{}]}},
        {"status": {"phase": "Running", "containerStatuses": [{"state": None, "lastState": None}]}},
    ],
)
def test_any_object_is_read(document: Document) -> None:
    assert read_pod(document).namespace == ""
