# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod's object says of the runs of its containers, for every state and policy."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.run import Run, read_runs

Document = dict[str, Any]
RUNS: Document = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
CREATING: Document = {"waiting": {"reason": "ContainerCreating"}}
BACK_OFF: Document = {"waiting": {"reason": "CrashLoopBackOff"}}


def ended(code: int = 0) -> Document:
    return {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed"}}


def pod(phase: str = "Running", *, policy: str = "Always", **kinds: list[Document]) -> Document:
    """Return a pod; of each container ``state`` and ``before`` are its status, the rest its specification."""
    spec: Document = {"restartPolicy": policy}
    status: Document = {"phase": phase}
    for kind, singular in (
        ("containers", "container"),
        ("initContainers", "initContainer"),
        ("ephemeralContainers", "ephemeralContainer"),
    ):
        own = kinds.get(kind, [])
        spec[kind] = [{key: value for key, value in one.items() if key not in ("state", "before")} for one in own]
        status[f"{singular}Statuses"] = [
            {"name": one["name"], "state": one["state"], "lastState": one.get("before", {})}
            for one in own
            if "state" in one
        ]
    return {"metadata": {"name": "web", "namespace": "prod"}, "spec": spec, "status": status}


def only(**fields: Any) -> Run:
    phase, policy = fields.pop("phase", "Running"), fields.pop("policy", "Always")
    (run,) = read_runs(pod(phase, policy=policy, containers=[{"name": "app", **fields}]))
    return run


@pytest.mark.parametrize(
    ("fields", "begun", "ended_before", "waiting"),
    [
        pytest.param({"state": RUNS}, True, False, "Running", id="runs"),
        pytest.param({"state": RUNS, "before": ended(1)}, True, True, "Running", id="runs again"),
        pytest.param({"state": ended()}, True, False, "Running", id="has ended"),
        pytest.param({"state": BACK_OFF, "before": ended(1)}, True, True, "CrashLoopBackOff", id="crashes"),
        pytest.param({"state": CREATING, "phase": "Pending"}, False, False, "ContainerCreating", id="is created"),
        pytest.param({"phase": "Pending"}, False, False, "Pending", id="nothing is known"),
        pytest.param({"state": {}, "phase": "Pending"}, False, False, "Pending", id="an empty state"),
        pytest.param({"phase": "Failed"}, False, False, "Failed", id="never came to run"),
    ],
)
def test_a_container_has_begun_once_it_has_run(
    fields: Document, *, begun: bool, ended_before: bool, waiting: str
) -> None:
    run = only(**fields)
    assert (run.has_begun, run.has_ended, run.waiting) == (begun, ended_before, waiting)


@pytest.mark.parametrize(
    ("fields", "goes_on"),
    [
        pytest.param({"state": RUNS}, True, id="runs"),
        pytest.param({"state": CREATING, "phase": "Pending"}, True, id="will run"),
        pytest.param({"state": BACK_OFF, "before": ended(1)}, True, id="will run again"),
        pytest.param({"state": ended()}, True, id="is restarted"),
        pytest.param({"state": ended(1), "policy": "OnFailure"}, True, id="is restarted because it failed"),
        pytest.param({"state": ended(), "policy": "OnFailure"}, False, id="has done its work"),
        pytest.param({"state": ended(1), "policy": "Never"}, False, id="has ended for good"),
        pytest.param({"state": ended(), "policy": "Never", "restartPolicy": "Always"}, True, id="has a policy itself"),
        pytest.param({"state": ended(), "phase": "Succeeded"}, False, id="its pod has ended"),
        pytest.param({"state": RUNS, "phase": "Failed"}, False, id="its pod has failed"),
    ],
)
def test_what_ends_goes_on_only_if_it_is_started_again(fields: Document, *, goes_on: bool) -> None:
    assert only(**fields).goes_on is goes_on


@pytest.mark.parametrize(
    ("kind", "fields", "goes_on"),
    [
        ("initContainers", {"state": ended()}, False),
        ("initContainers", {"state": ended(1)}, True),
        ("initContainers", {"state": ended(), "restartPolicy": "Always"}, True),
        ("ephemeralContainers", {"state": ended(1)}, False),
        ("ephemeralContainers", {"state": RUNS}, True),
    ],
)
def test_an_init_container_ends_when_it_succeeds_and_an_ephemeral_one_for_good(
    kind: str, fields: Document, *, goes_on: bool
) -> None:
    kinds: Document = {"containers": [{"name": "app", "state": RUNS}], kind: [{"name": "other", **fields}]}
    runs = read_runs(pod(**kinds))
    assert [(run.container, run.goes_on) for run in runs] == [("app", True), ("other", goes_on)]


def test_an_init_container_that_fails_where_nothing_is_restarted_has_ended_for_good() -> None:
    document = pod("Pending", policy="Never", initContainers=[{"name": "prepare", "state": ended(1)}])
    assert [run.goes_on for run in read_runs(document)] == [False]


def test_the_main_container_comes_first_then_the_others_then_those_of_the_start_and_of_debugging() -> None:
    document = pod(
        containers=[{"name": "proxy", "state": RUNS}, {"name": "app", "state": RUNS, "tty": True}],
        initContainers=[{"name": "prepare", "state": ended()}],
        ephemeralContainers=[{"name": "debug", "state": RUNS}],
    )
    document["metadata"]["annotations"] = {"kubectl.kubernetes.io/default-container": "app"}
    runs = read_runs(document)
    assert [run.container for run in runs] == ["app", "proxy", "prepare", "debug"]
    assert [run.container for run in runs if run.terminal] == ["app"]
