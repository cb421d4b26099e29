# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_logs that waits for a line, through its real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD, STATEFUL_SET
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import Written
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CANNOT_PULL, Life
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
ENV = (f"DB_PASSWORD={SECRET}",)


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    """Return an empty cluster."""
    return FakeKubernetes(docker.clock)


@pytest.fixture
def both(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return the module over a daemon and a cluster."""
    return ModuleRun("nekzus_logs", docker, monkeypatch, kubernetes)


def later(docker: FakeDocker, *messages: str) -> list[tuple[float, Written]]:
    """Return lines that come a second after each other."""
    now = docker.clock.time()
    return [(1.0, Written(moment_of(now + n), f"{text}\n".encode())) for n, text in enumerate(messages, 1)]


def test_a_line_that_is_there_is_returned_with_those_before_it(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", logs="one\ntwo\nready {{ 7*7 }}\nafter\n")
    result = logs(name="db", wait_for="^ready", tail=2).success
    (log,) = result["logs"]
    assert result["log_lines"] == log["log_lines"] == ["two", "ready {{ 7*7 }}"]
    assert log["matched"] == log["entries"][-1]
    assert (log["matched"]["message"], log["matched"]["stream"]) == ("ready {{ 7*7 }}", "stdout")
    assert result["changed"] is False
    assert docker.clock.slept < 1


def test_a_line_that_comes_later_is_waited_for_and_no_longer(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", logs="starting\n", later=later(docker, "almost", "ready", *(["noise"] * 20)))
    begun = docker.clock.monotonic()
    (log,) = logs(name="db", wait_for="ready").success["logs"]
    assert log["log_lines"] == ["starting", "almost", "ready"]
    assert docker.clock.monotonic() - begun < 30


@pytest.mark.parametrize("check", [False, True])
def test_after_the_time_given_the_task_fails_with_the_last_lines(
    logs: ModuleRun, docker: FakeDocker, *, check: bool
) -> None:
    docker.add("db", logs="".join(f"line {number}\n" for number in range(20)))
    outcome = logs(check=check, name="db", wait_for="re[a]dy", wait_timeout=5, tail=3)
    last = ["line 17", "line 18", "line 19"]
    assert outcome.failure == {
        "code": "timeout",
        "message": "docker: cannot read the log of db: no line fits 're[a]dy' within 5 s, its last line is \"line 19\"",
        "runtime": "docker",
        "op": "read",
        "target": "the log of db",
        "hint": "raise wait_timeout, or see the log lines in the failure",
        "details": {"logs": last},
    }
    (log,) = outcome.result["logs"]
    assert (log["log_lines"], log["matched"]) == (last, None)
    assert 5 <= docker.clock.slept < 10


def test_of_many_last_lines_a_failure_tells_a_few(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", logs="".join(f"line {number} {'x' * 1000}\n" for number in range(200)))
    outcome = logs(name="db", wait_for="ready", wait_timeout=1)
    assert [line[:8] for line in outcome.failure["details"]["logs"]] == [f"line {number}" for number in range(190, 200)]
    assert len(outcome.result["msg"]) < 600
    assert outcome.result["logs"][0]["line_count"] == 100


def test_what_ends_without_the_line_is_given_up_at_once(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", state="exited", logs="bye\n", exit_code=1)
    outcome = logs(name="db", wait_for="ready", wait_timeout=600)
    assert outcome.failure["code"] == "not_ready"
    assert outcome.failure["message"].endswith("no line fits 'ready' before it ended, its last line is \"bye\"")
    assert outcome.failure["details"] == {"logs": ["bye"]}
    assert docker.clock.slept < 5


def test_what_was_never_started_is_given_up_at_once_and_that_is_said(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("new", state="created")
    outcome = logs(name="new", wait_for="ready")
    assert outcome.failure["code"] == "not_ready"
    assert outcome.failure["message"].endswith("it has written nothing (docker/new has not been started)")
    assert outcome.failure["hint"] == "see why it writes nothing, and start it"
    assert outcome.warnings == ["docker/new has not been started"]


def test_what_is_removed_while_it_is_followed_has_ended(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", logs="one\n")
    docker.before("logs", lambda: docker.before("inspect", lambda: docker.remove("db")), name="db")
    outcome = logs(name="db", wait_for="ready", wait_timeout=600)
    assert outcome.failure["code"] == "not_ready"
    assert outcome.failure["details"] == {"logs": ["one"]}


def test_what_is_gone_before_it_is_followed_is_not_found(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db")
    docker.before("inspect", lambda: docker.remove("db"))
    assert logs(name="db", wait_for="ready").failure["code"] == "container_not_found"


def test_a_daemon_that_dies_meanwhile_is_told(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", logs="one\n")
    docker.fail("inspect", RuntimeUnavailableError("nothing answers", hint="start it", transient=True), nth=0)
    outcome = logs(name="db", wait_for="ready")
    assert (outcome.failure["code"], outcome.failure["hint"]) == ("runtime_unavailable", "start it")


def test_each_of_several_has_to_write_its_line(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("a", logs="ready a\n")
    docker.add("b", logs="not yet\n")
    docker.add("c", logs="ready c\n")
    outcome = logs(names=["a", "b", "c"], wait_for="^ready", wait_timeout=2)
    assert (outcome.failure["code"], outcome.failure["target"]) == ("timeout", "the log of b")
    assert outcome.result["msg"].startswith("1 of 3 targets failed: the log of b (timeout). The first: ")
    matched = [log["matched"] and log["matched"]["message"] for log in outcome.result["logs"]]
    assert matched == ["ready a", None, "ready c"]


def test_secrets_of_a_container_are_not_in_the_failure(
    both: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes
) -> None:
    docker.add("db", env=ENV, logs=f"login {SECRET}\n")
    kubernetes.cluster.add(POD, pod("web", env=ENV), life=Life(logs=f"login {SECRET}\n"))
    for name in ("docker/db", "default/web"):
        outcome = both(name=name, wait_for="ready", wait_timeout=1)
        assert outcome.failure["details"] == {"logs": ["login ********"]}
        assert SECRET not in str(outcome.failure) + outcome.result["msg"]


def test_one_pod_of_a_workload_is_enough(both: ModuleRun, kubernetes: FakeKubernetes) -> None:
    kubernetes.cluster.add(STATEFUL_SET, workload(STATEFUL_SET, "web", replicas=3))
    kubernetes.cluster.lives["default", "web-2"] = Life(logs="ready\n")
    (log,) = both(name="default/statefulset/web", wait_for="ready").success["logs"]
    assert (log["matched"]["pod"], log["matched"]["container"]) == ("web-2", "app")


def test_a_pod_that_cannot_start_is_waited_for_and_then_it_is_said_why(
    both: ModuleRun, kubernetes: FakeKubernetes
) -> None:
    kubernetes.cluster.add(POD, pod("web"), life=CANNOT_PULL)
    outcome = both(name="default/web", wait_for="ready", wait_timeout=5)
    assert outcome.failure["code"] == "timeout"
    assert outcome.failure["details"] == {"logs": []}
    assert outcome.warnings == ["container app of default/web has not started: ImagePullBackOff"]


def test_a_pod_that_starts_late_is_followed(both: ModuleRun, kubernetes: FakeKubernetes) -> None:
    kubernetes.cluster.add(POD, pod("web"), life=Life(starts_after=103, logs="ready\n"))
    outcome = both(name="default/web", wait_for="ready", wait_timeout=30)
    assert outcome.success["logs"][0]["matched"]["message"] == "ready"
    assert outcome.warnings == []
