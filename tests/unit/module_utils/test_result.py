# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core's values as the plain JSON that a task returns."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._results.containers import container_report
from ansible_collections.nekzus.runtime.plugins.module_utils._results.failures import failure_report
from ansible_collections.nekzus.runtime.plugins.module_utils._results.lifecycle import lifecycle_report
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.details import (
    ContainerConfig,
    ContainerDetails,
    NetworkSettings,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.fleet import Overview, View
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import (
    Container,
    LifecycleResult,
    Owner,
    Port,
    Report,
    RuntimeType,
    State,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (0, 0),
        ("x", "x"),
        (State.RUNNING, "running"),
        (("a", State.PAUSED), ["a", "paused"]),
        ({1: RuntimeType.DOCKER}, {"1": "docker"}),
        (Port(None, 80, 0, "tcp"), {"ip": None, "private_port": 80, "public_port": 0, "protocol": "tcp"}),
        ([Owner("Job", "x", "batch/v1")], [{"kind": "Job", "name": "x", "api_version": "batch/v1"}]),
        (datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone.utc), "2026-01-02T03:04:05Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T01:04:05Z"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_plain_json(value: Any, expected: Any) -> None:
    found = as_json(value)
    assert found == expected
    assert type(found) is type(expected)


def result(name: str, **facts: Any) -> LifecycleResult:
    return LifecycleResult(f"kubernetes/prod/{name}", name, RuntimeType.KUBERNETES, "prod", name, **facts)


def test_a_diff_has_states_and_replicas_of_what_changed() -> None:
    changed = result(
        "web",
        changed=True,
        success=True,
        state_before=State.RUNNING,
        state_after=State.STOPPED,
        replicas_before=3,
        replicas_after=0,
    )
    report = lifecycle_report(Report((changed, result("db", success=True, state_before=State.RUNNING))))
    assert report["diff"] == {
        "before": {"kubernetes/prod/web": {"state": "running", "replicas": 3}},
        "after": {"kubernetes/prod/web": {"state": "stopped", "replicas": 0}},
    }
    assert report["changed"] is True
    assert "failed" not in report


def test_the_warnings_of_all_are_gathered() -> None:
    results = (result("a", warnings=("one", "two")), result("b", warnings=("two", "three")))
    report = lifecycle_report(Report(results, ("all",)))
    assert report["warnings"] == ["all", "one", "two", "three"]


def failure(target: str, code: str = "conflict") -> dict[str, Any]:
    return {"code": code, "message": f"cannot stop {target}: no", "target": target, "hint": "wait"}


@pytest.mark.parametrize(
    ("failures", "message"),
    [
        ([failure("a")], "cannot stop a: no. Hint: wait."),
        ([None, failure("a")], "1 of 2 targets failed: a (conflict). The first: cannot stop a: no. Hint: wait."),
        (
            [failure(name) for name in "abcde"],
            (
                "5 of 5 targets failed: a (conflict), b (conflict), c (conflict), 2 more. "
                "The first: cannot stop a: no. Hint: wait."
            ),
        ),
    ],
)
def test_failures_are_counted_and_the_first_is_told(failures: list[dict[str, Any] | None], message: str) -> None:
    report = failure_report(failures)
    assert report["msg"] == message
    assert report["failure"] == failure("a")
    assert report["failed"] is True


def test_no_failure_is_no_report() -> None:
    assert failure_report([None, None]) == {}
    assert failure_report([]) == {}


@pytest.mark.parametrize(("inspected", "told"), [(None, True), (False, False)])
def test_inspecting_corrects_only_what_it_knows(*, inspected: bool | None, told: bool) -> None:
    container = Container(
        address="kubernetes/prod/deployment/web",
        id="web",
        short_id="web",
        runtime=RuntimeType.KUBERNETES,
        namespace="prod",
        name="web",
        image="busybox",
        state=State.RUNNING,
        status="1/1 ready",
        created=None,
        ready=True,
    )
    config = ContainerConfig({}, (), (), "", "", ())
    details = ContainerDetails(None, inspected, config, NetworkSettings("pod", "web", None), (), {})
    overview = Overview((View("prod/deployment/web", RuntimeType.KUBERNETES, container, details),))
    (shown,) = container_report(overview, details=True, raw=False)["containers"]
    assert shown["ready"] is told
