# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pods and workloads have written, and waiting for what they write."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy
from .kubernetes_engine import through
from .manifests import container, deployment, pod, pod_spec
from .service_account import kubeconfig_of, make_account, rule
from .space import PATIENCE
from .talk import MIB, STRANGE, TICKS
from .yard import LIVES, poll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .controller import Controller, Task
    from .space import Space

LOGS = "nekzus.runtime.nekzus_logs"
# Of no registry that there is: a pull fails at once, on every machine.
NO_IMAGE = {"image": "registry.invalid/nothing:1"}
NOT_PULLED = ("ErrImagePull", "ImagePullBackOff")
REPLICAS = 3
# A container that is started again finds what it left here, and the second time it stays.
SCRATCH: dict[str, Any] = {"volumes": [{"name": "scratch", "emptyDir": {}}]}
KEEPS = {"volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}]}
CRASHES_ONCE = f"if test -f /scratch/ran; then echo second; {LIVES}; fi; touch /scratch/ran; echo first; exit 3"


@pytest.fixture(scope="module", autouse=True)
def written(space: Space) -> None:
    """Have pods and a workload that have written what they will."""
    many = pod_spec(f"echo mine; {LIVES}", pod={"initContainers": [container("echo prepared", name="prepare")]})
    many["containers"].append(container(f"echo proxied; {LIVES}", name="proxy"))
    half = pod_spec(f"echo here; {LIVES}")
    half["containers"].append({"name": "other", **NO_IMAGE})
    space.make(
        pod("many", many),
        pod("half", half),
        pod("crashed", pod_spec(CRASHES_ONCE, pod=SCRATCH, **KEEPS)),
        # Before it ends nobody sees a line without an end.
        pod("strange", pod_spec(STRANGE, pod={"restartPolicy": "Never"})),
        pod("clock", pod_spec(TICKS)),
        pod("no-image", {**pod_spec(), "containers": [{"name": "main", **NO_IMAGE}]}),
        deployment("web", REPLICAS, pod_spec(f"for beat in 1 2 3; do echo $HOSTNAME $beat; sleep 0.5; done; {LIVES}")),
    )
    poll(lambda: "tick 5" in log_of(space, "clock"), "the clock has ticked", seconds=PATIENCE)
    poll(lambda: "no end" in log_of(space, "strange"), "strange things are written", seconds=PATIENCE)
    poll(lambda: "second" in log_of(space, "crashed"), "what crashed runs again", seconds=PATIENCE)
    poll(lambda: "proxied" in log_of(space, "many", "proxy"), "all of many run", seconds=PATIENCE)
    poll(lambda: "here" in log_of(space, "half"), "half of it runs", seconds=PATIENCE)
    unpulled = ("half", "no-image")
    poll(lambda: all(not_pulled(space, name) for name in unpulled), "images have been looked for", seconds=PATIENCE)
    poll(
        lambda: [log_of(space, name).count("\n") for name in space.pod_names("web")] == [3] * REPLICAS,
        "the pods of web have said what they have to say",
        seconds=PATIENCE,
    )


def not_pulled(space: Space, name: str) -> bool:
    """Tell whether a pod has a container without an image."""
    statuses = space.get("Pod", name)["status"].get("containerStatuses", ())
    return any(one["state"].get("waiting", {}).get("reason") in NOT_PULLED for one in statuses)


def log_of(space: Space, name: str, container_name: str = "main") -> str:
    """Ask the cluster for a log; one that cannot be read yet is empty."""
    configuration = space.cluster.configuration
    answer = space.cluster._pool.request(
        "GET",
        f"{configuration.host}{space.path('Pod', name)}/log?container={container_name}",
        headers=space.cluster.credentials,
        timeout=30.0,
    )
    return str(answer.data.decode("utf-8", "replace")) if answer.status == 200 else ""


def read(controller: Controller, space: Space, *asked: Mapping[str, Any]) -> list[Task]:
    """Read logs, in one task after the other."""
    names = [f"read {number}" for number in range(len(asked))]
    run = controller.play([{"name": name, LOGS: {**space.options, **one}} for name, one in zip(names, asked)])
    return [run.task(name) for name in names]


def lines(task: Task) -> list[str]:
    """Return the lines of a task that read a single log."""
    assert task.status == "ok", task.result["msg"]
    assert task.result["changed"] is False
    found: list[str] = task.result["log_lines"]
    return found


def entries(task: Task) -> Sequence[Mapping[str, Any]]:
    """Return the entries of a task that read a single log."""
    assert task.status == "ok", task.result["msg"]
    (log,) = task.result["logs"]
    found: Sequence[Mapping[str, Any]] = log["entries"]
    return found


def test_of_a_pod_the_main_container_is_read_or_those_that_are_chosen(controller: Controller, space: Space) -> None:
    main, proxy, init, every, none = read(
        controller,
        space,
        {"name": "many"},
        {"name": "many", "container": "proxy"},
        {"name": "many", "container": "prepare"},
        {"name": "many", "all_containers": True},
        {"name": "many", "container": "prox"},
    )
    assert [lines(task) for task in (main, proxy, init)] == [["mine"], ["proxied"], ["prepared"]]
    (entry,) = entries(main)
    assert (entry["pod"], entry["container"], entry["stream"]) == ("many", "main", None)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", entry["time"])
    assert {(one["container"], one["message"]) for one in entries(every)} == {
        ("main", "mine"),
        ("proxy", "proxied"),
        ("prepare", "prepared"),
    }
    assert lines(every)[0] == "prepared"  # before the others began
    assert none.failure["code"] == "container_not_found"
    assert "no container prox, only main, proxy, prepare" in none.failure["message"]
    assert none.failure["hint"] == "did you mean proxy?"


def test_a_log_of_one_pod_costs_three_requests_and_no_discovery(controller: Controller, space: Space) -> None:
    with ApiProxy(space.cluster) as proxy:
        run = controller.play([{"name": "read", LOGS: {**through(proxy, space.namespace), "name": "many"}}])
    assert lines(run.task("read")) == ["mine"]
    path = space.path("Pod", "many")
    asked = [request.partition("?")[0] for request in proxy.requests]
    assert asked == [f"GET {path}", f"GET {path}", f"GET {path}/log"]


def test_what_was_written_before_a_restart_is_another_log(controller: Controller, space: Space) -> None:
    now, before, never = read(
        controller,
        space,
        {"name": "crashed"},
        {"name": "crashed", "previous": True},
        {"name": "many", "previous": True},
    )
    assert (lines(now), lines(before), lines(never)) == (["second"], ["first"], [])
    assert never.result["warnings"] == [f"container main of {space.namespace}/many has not run before"]


def test_the_pods_of_a_workload_are_interleaved_by_time(controller: Controller, space: Space) -> None:
    names = space.pod_names("web")
    every, last = read(controller, space, {"name": "web"}, {"name": "web", "tail": 1})
    told = entries(every)
    assert sorted(one["message"] for one in told) == [f"{name} {beat}" for name in names for beat in (1, 2, 3)]
    assert {(one["pod"], one["message"].split()[0]) for one in told} == {(name, name) for name in names}
    moments = [one["time"] for one in told]
    assert moments == sorted(moments)
    # So many of each pod.
    assert sorted(lines(last)) == [f"{name} 3" for name in names]


def test_a_container_that_has_not_started_is_a_warning_with_its_reason(controller: Controller, space: Space) -> None:
    half, no_image = read(controller, space, {"name": "half", "all_containers": True}, {"name": "no-image"})
    assert (lines(half), lines(no_image)) == (["here"], [])
    for task, told in ((half, "container other of NS/half"), (no_image, "container main of NS/no-image")):
        (warning,) = task.result["warnings"]
        begins = f"{told.replace('NS', space.namespace)} has not started: "
        assert warning.removeprefix(begins) in NOT_PULLED


def test_lines_come_back_as_they_were_written(controller: Controller, space: Space, tmp_path: Path) -> None:
    everything = {"name": "strange", "tail": "all", "max_bytes": "3M"}
    run = controller.play(
        [
            {"name": "read", LOGS: {**space.options, **everything}, "register": "told"},
            # Who prints a line or makes a file of it evaluates nothing in it.
            {"name": "print", "ansible.builtin.debug": {"msg": "{{ told.logs[0].entries[1].message }}"}},
            {"name": "write", LOGS: {**space.options, **everything, "dest": str(tmp_path / "log")}},
            {"name": "cut", LOGS: {**space.options, **everything, "max_bytes": 1000}},
            {"name": "searched", LOGS: {**space.options, **everything, "grep": "z", "max_bytes": 1000}},
        ]
    )
    read_lines = lines(run.task("read"))
    assert read_lines[:4] == ["\x1b[31mred\x1b[0m", "{{ 7*7 }}", "bad \ufffd\ufffd bytes", ""]
    assert [(line[:1], len(line)) for line in read_lines[4:]] == [("x", MIB), ("y", 16384), ("y", 32768), ("n", 6)]
    assert read_lines[-1] == "no end"
    assert all(line == line[:1] * len(line) for line in read_lines[4:7])
    assert run.task("read").result["logs"][0]["truncated"] is False
    assert run.task("print").result["msg"] == "{{ 7*7 }}"
    kept = (tmp_path / "log").read_bytes()
    # Some nodes keep bytes that are no UTF-8, some do not.
    assert kept.startswith(
        (
            b"\x1b[31mred\x1b[0m\n{{ 7*7 }}\nbad \xff\xfe bytes\n\nx",
            "\x1b[31mred\x1b[0m\n{{ 7*7 }}\nbad \ufffd\ufffd bytes\n\nx".encode(),
        )
    )
    cut, searched = (run.task(name).result["logs"][0] for name in ("cut", "searched"))
    # What is looked for may be in what was not read.
    assert (cut["truncated"], searched["truncated"], searched["entries"]) == (True, True, [])
    assert len(cut["log"].encode()) <= 1000
    assert cut["log"].endswith("no end\n")


def test_a_part_of_a_log_is_read(controller: Controller, space: Space) -> None:
    ticks = [f"tick {number}" for number in range(6)]
    every, last, none, found, newest_found = read(
        controller,
        space,
        {"name": "clock"},
        {"name": "clock", "tail": 2},
        {"name": "clock", "tail": 0},
        {"name": "clock", "grep": "tick [135]"},
        {"name": "clock", "grep": "tick [135]", "tail": 2},
    )
    assert [lines(task) for task in (every, last, none)] == [ticks, ticks[4:], []]
    assert (lines(found), lines(newest_found)) == (ticks[1::2], ticks[3::2])
    moments = [one["time"] for one in entries(every)]
    since, until, between, before, nothing, stamped = read(
        controller,
        space,
        {"name": "clock", "since": moments[2]},
        {"name": "clock", "until": moments[2]},
        {"name": "clock", "since": moments[1], "until": moments[3], "tail": 2},
        {"name": "clock", "since": "1h", "until": "0s"},
        {"name": "clock", "until": "1h"},
        {"name": "clock", "tail": 1, "timestamps": True},
    )
    # To the nanosecond, which the API server does not know.
    assert (lines(since), lines(until), lines(between)) == (ticks[2:], ticks[:3], ticks[2:4])
    assert (lines(before), lines(nothing)) == (ticks, [])
    assert lines(stamped) == [f"{moments[5]} tick 5"]


def test_a_line_is_waited_for_from_before_its_pod_has_started(controller: Controller, space: Space) -> None:
    space.make(deployment("coming", 1, pod_spec(f"echo starting; sleep 2; echo ready to serve; {LIVES}")))
    (task,) = read(controller, space, {"name": "coming", "wait_for": "^ready", "wait_timeout": int(PATIENCE)})
    assert lines(task) == ["starting", "ready to serve"]
    assert task.result["logs"][0]["matched"]["message"] == "ready to serve"
    assert task.result["logs"][0]["matched"]["pod"] in space.pod_names("coming")


def test_a_line_is_waited_for_across_a_restart(controller: Controller, space: Space) -> None:
    space.make(pod("again", pod_spec(f"sleep 1; {CRASHES_ONCE}", pod=SCRATCH, **KEEPS)))
    (task,) = read(controller, space, {"name": "again", "wait_for": "second", "wait_timeout": int(PATIENCE)})
    assert lines(task)[-1] == "second"
    assert task.result["logs"][0]["matched"]["message"] == "second"


def test_a_line_that_does_not_come_in_time_is_told_with_the_last_ones(controller: Controller, space: Space) -> None:
    late, never = read(
        controller,
        space,
        {"name": "clock", "wait_for": "tick 9", "wait_timeout": 4},
        {"name": "no-image", "wait_for": ".", "wait_timeout": 2},
    )
    assert late.failure["code"] == "timeout"
    assert "no line fits 'tick 9' within 4 s" in late.failure["message"]
    assert late.failure["details"]["logs"] == [f"tick {number}" for number in range(6)]
    assert never.failure["code"] == "timeout"
    assert any("has not started" in warning for warning in never.result["warnings"])


def test_a_line_of_a_pod_that_has_ended_is_not_waited_for(controller: Controller, space: Space) -> None:
    begun = time.monotonic()
    there, missing = read(
        controller,
        space,
        {"name": "strange", "wait_for": "no end", "wait_timeout": 250, "tail": 1},
        {"name": "strange", "wait_for": "more", "wait_timeout": 250},
    )
    assert lines(there) == ["no end"]
    assert missing.failure["code"] == "not_ready"
    assert time.monotonic() - begun < PATIENCE


def test_who_may_not_read_logs_is_told_which_rule_is_missing(
    controller: Controller, space: Space, tmp_path: Path
) -> None:
    token = make_account(space, "no-logs", [rule("pods", "get", "list")])
    kubeconfig = kubeconfig_of(space, token, tmp_path / "kubeconfig")
    (task,) = read(controller, space, {"kubeconfig": kubeconfig, "name": "many"})
    assert task.failure["code"] == "permission_denied", task.failure
    assert task.failure["hint"] == f"grant get on pods/log in namespace {space.namespace}"
    assert task.failure["details"]["resource"] == "pods/log"


def test_several_logs_are_read_side_by_side_each_with_its_own_outcome(controller: Controller, space: Space) -> None:
    (task,) = read(controller, space, {"names": ["many", "clock", "nobody"], "tail": 1})
    assert task.failure["code"] == "container_not_found"
    told = [(log["name"], log["log_lines"]) for log in task.result["logs"]]
    assert told == [("many", ["mine"]), ("clock", ["tick 5"])]
