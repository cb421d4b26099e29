# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_logs, through its real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError, ContainerNotFoundError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import STATEFUL_SET
from ansible_collections.nekzus.runtime.plugins.modules import nekzus_logs
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import Written
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
MOMENTS = [f"2026-01-31T12:00:0{second}.000000000Z" for second in range(10)]
STRANGE = "{{ 7*7 }} {% raw %} \x1b[31mred\x1b[0m !unsafe $HOME"


def written(*messages: bytes) -> list[Written]:
    """Return lines, a second apart."""
    return [Written(moment, message + b"\n") for moment, message in zip(MOMENTS, messages)]


@pytest.fixture
def web(docker: FakeDocker) -> None:
    """Have a container that has written five lines."""
    docker.add("web", written=written(b"start", b"GET /a", b"ERROR x", b"GET /b", b"ERROR y"))


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    """Return a cluster with a StatefulSet of two pods that write one after the other."""
    found = FakeKubernetes(docker.clock)
    found.cluster.add(STATEFUL_SET, workload(STATEFUL_SET, "web", replicas=2))
    for number, moments in enumerate((MOMENTS[0:4:2], MOMENTS[1:4:2])):
        lines = "".join(f"{moment} web-{number} {moment[18]}\n" for moment in moments)
        found.cluster.lives["default", f"web-{number}"] = Life(logs=lines)
    return found


@pytest.fixture
def both(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return the module over a daemon and a cluster."""
    return ModuleRun("nekzus_logs", docker, monkeypatch, kubernetes)


def lines_of(result: dict[str, Any]) -> list[str]:
    (log,) = result["logs"]
    lines: list[str] = log["log_lines"]
    return lines


def test_the_log_of_a_container_is_told_in_plain_json(logs: ModuleRun, docker: FakeDocker) -> None:
    lines = [Written(MOMENTS[0], b"out\n"), Written(MOMENTS[1], b"err \xff\n", 2), Written(MOMENTS[2], b"no end")]
    one = docker.add("web", written=lines)
    result = logs(name="web").success
    result.pop("invocation")
    (log,) = result.pop("logs")
    text, texts = "out\nerr \ufffd\nno end\n", ["out", "err \ufffd", "no end"]
    assert result == {"changed": False, "log": text, "log_lines": texts}
    place = {"pod": None, "container": "web"}
    assert log == {
        "address": "docker/web",
        "id": one.id,
        "short_id": one.id[:12],
        "runtime": "docker",
        "namespace": "",
        "name": "web",
        "state": "running",
        "log": text,
        "log_lines": texts,
        "entries": [
            {"time": MOMENTS[0], "stream": "stdout", **place, "message": "out"},
            {"time": MOMENTS[1], "stream": "stderr", **place, "message": "err \ufffd"},
            {"time": MOMENTS[2], "stream": "stdout", **place, "message": "no end"},
        ],
        "line_count": 3,
        "truncated": False,
        "invalid_bytes": 1,
        "matched": None,
    }
    assert docker.writes == []
    assert docker.closed


def test_a_workload_is_told_in_the_same_form_interleaved_by_time(both: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", logs="up\n")
    outcome = both(names=["default/statefulset/web", "docker/db"])
    web, db = outcome.success["logs"]
    assert set(web) == set(db)
    assert (web["address"], web["namespace"]) == ("kubernetes/default/statefulset/web", "default")
    assert web["log_lines"] == ["web-0 0", "web-1 1", "web-0 2", "web-1 3"]
    assert [entry["pod"] for entry in web["entries"]] == ["web-0", "web-1", "web-0", "web-1"]
    assert {(entry["stream"], entry["container"]) for entry in web["entries"]} == {(None, "app")}
    # Of several, only each has a log.
    assert "log" not in outcome.result


@pytest.mark.usefixtures("web")
def test_what_is_returned_is_what_is_documented(logs: ModuleRun) -> None:
    documented = yaml.safe_load(nekzus_logs.RETURN)
    outcome = logs(name="web", wait_for="ERROR x")
    assert set(outcome.success) - {"invocation", "changed"} == set(documented) - {"failure"}
    (log,) = outcome.result["logs"]
    contained = documented["logs"]["contains"]
    assert set(log) == set(contained) - {"dest"}
    assert set(log["matched"]) == set(log["entries"][0]) == set(contained["entries"]["contains"])


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(STRANGE.encode(), id="templates and colours"),
        pytest.param(b"", id="empty"),
        pytest.param(b" \t indented ", id="blanks"),
        pytest.param('{"a": [1, "\u20ac"]}'.encode(), id="JSON"),
        pytest.param(b"2026-01-31T12:00:00Z its own moment", id="a moment"),
        pytest.param(b"nul \x00 bell \x07 return \r", id="control characters"),
    ],
)
def test_a_line_comes_back_as_it_was(logs: ModuleRun, docker: FakeDocker, line: bytes) -> None:
    docker.add("web", written=written(line))
    assert lines_of(logs(name="web").success) == [line.decode()]


def test_logs_come_in_the_order_of_the_names_and_a_selections_by_name(logs: ModuleRun, docker: FakeDocker) -> None:
    for name in ("a", "b", "c"):
        docker.add(name, logs=f"I am {name}\n")
    named = logs(names=["c", "a", "b", "a"]).success["logs"]
    assert [one["log"] for one in named] == ["I am c\n", "I am a\n", "I am b\n", "I am a\n"]
    for options in ({"all": True}, {"filters": {"name": ["?"]}}):
        assert [one["name"] for one in logs(**options).success["logs"]] == ["a", "b", "c"]


def test_all_has_to_be_said_aloud(logs: ModuleRun, docker: FakeDocker) -> None:
    failure = logs().failure
    assert failure["code"] == "invalid_target"
    assert "all=true" in failure["hint"]
    assert docker.calls == []


def test_nothing_selected_is_no_error(logs: ModuleRun) -> None:
    assert logs(filters={"name": ["nothing"]}).success["logs"] == []


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"tail": 2}, ["GET /b", "ERROR y"]),
        ({"tail": "0"}, []),
        ({"tail": "all"}, ["start", "GET /a", "ERROR x", "GET /b", "ERROR y"]),
        ({"tail": "9" * 18}, ["start", "GET /a", "ERROR x", "GET /b", "ERROR y"]),
        ({"grep": "^ERROR"}, ["ERROR x", "ERROR y"]),
        ({"grep": "ERROR", "tail": "1"}, ["ERROR y"]),
        ({"grep": "x|b"}, ["ERROR x", "GET /b"]),
        ({"grep": ""}, ["start", "GET /a", "ERROR x", "GET /b", "ERROR y"]),
        ({"since": MOMENTS[3]}, ["GET /b", "ERROR y"]),
        ({"since": "2026-01-31 12:00:03"}, ["GET /b", "ERROR y"]),
        ({"until": MOMENTS[1]}, ["start", "GET /a"]),
        ({"until": MOMENTS[3], "tail": 1}, ["GET /b"]),
        ({"since": MOMENTS[1], "until": MOMENTS[2]}, ["GET /a", "ERROR x"]),
        ({"since": "2099-01-01"}, []),
        ({"since": "1s"}, []),
        ({"container": "web", "tail": 1}, ["ERROR y"]),
        ({"timestamps": True, "tail": 1}, [f"{MOMENTS[4]} ERROR y"]),
    ],
    ids=str,
)
def test_the_lines_that_are_asked_for_are_returned(
    logs: ModuleRun, options: dict[str, Any], expected: list[str]
) -> None:
    assert lines_of(logs(name="web", **options).success) == expected


@pytest.mark.usefixtures("web")
def test_moments_in_lines_are_not_in_messages(logs: ModuleRun) -> None:
    result = logs(name="web", timestamps=True, tail=1).success
    assert result["log"] == f"{MOMENTS[4]} ERROR y\n"
    assert result["logs"][0]["entries"][0]["message"] == "ERROR y"


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("size", "expected", "truncated"),
    [
        (38, ["start", "GET /a", "ERROR x", "GET /b", "ERROR y"], False),
        ("1M", ["start", "GET /a", "ERROR x", "GET /b", "ERROR y"], False),
        (20, ["GET /b", "ERROR y"], True),
        (5, ["ERROR"], True),
        (1, ["E"], True),
    ],
)
def test_no_more_is_returned_than_goes_into_the_room_and_that_is_said(
    *, logs: ModuleRun, size: Any, expected: list[str], truncated: bool
) -> None:
    (log,) = logs(name="web", max_bytes=size).success["logs"]
    assert (log["log_lines"], log["truncated"], log["line_count"]) == (expected, truncated, len(expected))


@pytest.mark.usefixtures("web")
def test_a_missing_one_fails_and_the_others_are_still_returned(logs: ModuleRun) -> None:
    outcome = logs(names=["wbe", "web"])
    assert outcome.failure == {
        "code": "container_not_found",
        "message": "docker: cannot read the log of wbe: there is no such container",
        "runtime": "docker",
        "op": "read",
        "target": "the log of wbe",
        "hint": "did you mean web?",
    }
    assert [one["line_count"] for one in outcome.result["logs"]] == [5]
    assert "log" not in outcome.result


@pytest.mark.usefixtures("web")
def test_those_that_cannot_be_read_are_named_and_the_others_are_returned(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("mute", log_driver="none")
    docker.add("syslog", log_driver="syslog", unreadable_logs=True)
    docker.add("broken")
    docker.fail("logs", ApiError("the disk is on fire (HTTP 500)", hint="see its log"), name="broken", nth=0)
    docker.add("gone")
    docker.fail("inspect", ContainerNotFoundError("No such container: gone"), name="gone", nth=0)
    outcome = logs(names=["mute", "syslog", "web", "broken", "gone"])
    assert outcome.failure["code"] == "unsupported"
    assert outcome.failure["target"] == "the log of mute"
    assert "its logging driver none keeps nothing" in outcome.failure["message"]
    assert outcome.result["msg"].startswith(
        "4 of 5 targets failed: the log of mute (unsupported), the log of syslog (unsupported), the log of broken "
        "(api_error), 1 more. The first: docker: cannot read the log of mute: "
    )
    assert [one["name"] for one in outcome.result["logs"]] == ["web"]


def test_one_that_never_started_is_empty_with_a_warning(logs: ModuleRun, docker: FakeDocker) -> None:
    docker.add("new", state="created")
    outcome = logs(names=["new", "new"])
    assert [one["log"] for one in outcome.success["logs"]] == ["", ""]
    assert outcome.warnings == ["docker/new has not been started"]


@pytest.mark.usefixtures("web")
def test_the_run_before_is_read_where_it_is_asked_for(logs: ModuleRun, docker: FakeDocker) -> None:
    outcome = logs(name="web", previous=True)
    assert (lines_of(outcome.success), outcome.warnings) == ([], ["docker/web has not run before"])
    docker.add("again", written=written(b"before"), logs="now\n", started_at=0.0, finished_at=-1.0)
    assert lines_of(logs(name="again", previous=True).success) == ["before"]


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("options", "words", "hint"),
    [
        ({"grep": "("}, "grep is not a regular expression: missing ), unterminated subpattern", "regular-expression"),
        ({"wait_for": "[a"}, "wait_for is not a regular expression: unterminated character set", "regular-expression"),
        ({"tail": "many"}, "tail must be a number of lines or all, not 'many'", "write 100, or all"),
        ({"tail": "-1"}, "tail must be a number of lines or all, not '-1'", "write 100, or all"),
        ({"tail": "9" * 5000}, "tail must be a number of lines or all", "write 100, or all"),
        ({"since": "yesterday"}, "since: 'yesterday' is neither a duration nor a time", "write 10m"),
        ({"since": "-5m"}, "since: '-5m' is neither a duration nor a time", "write 10m"),
        ({"since": "9" * 400}, "is neither a duration nor a time", "write 10m"),
        ({"until": "2026-02-30"}, "until: '2026-02-30' is neither a duration nor a time", "write 10m"),
        ({"since": "1m", "until": "1h"}, "until is before since", "since is the greater one"),
        ({"max_bytes": 0}, "max_bytes must be at least 1, not 0", "ansible-doc"),
        ({"max_bytes": "-5"}, "max_bytes", "ansible-doc"),
        ({"max_bytes": "big"}, "max_bytes", "ansible-doc"),
        ({"wait_timeout": 0}, "wait_timeout must be at least 1, not 0", "ansible-doc"),
        ({"wait_timeout": 10**12, "wait_for": "x"}, "wait_timeout must be at most", "ansible-doc"),
        ({"wait_for": "x", "previous": True}, "wait_for and previous exclude each other", "no new line"),
        ({"container": "web", "all_containers": True}, "both container and all_containers", "give one"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_meant_is_said_in_a_sentence_before_anything_is_asked(
    logs: ModuleRun, docker: FakeDocker, options: dict[str, Any], words: str, hint: str
) -> None:
    outcome = logs(name="web", **options)
    assert outcome.failure["code"] == "invalid_config"
    assert words in outcome.failure["message"]
    assert hint in outcome.failure["hint"]
    assert len(outcome.result["msg"]) < 500
    assert docker.calls == []


def test_a_container_that_is_not_in_it_is_not_found(both: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db")
    outcome = both(names=["default/web-0", "docker/db"], container="sidecar")
    assert outcome.failure["code"] == "container_not_found"
    assert outcome.failure["message"].endswith("pod default/web-0 has no container sidecar, only app")
    assert outcome.result["logs"] == []
