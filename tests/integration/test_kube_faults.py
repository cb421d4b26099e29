# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad days of an API server, and of those who share it."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy
from .controller import INFO, MODULE
from .kubernetes_engine import through
from .manifests import deployment, pod_spec
from .rule import Rule
from .yard import LIVES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller, Task
    from .space import Space

PATCH = "^PATCH /apis/apps/v1/.*/deployments/"
WATCH = "watch=1"
LOGS = "nekzus.runtime.nekzus_logs"
GONE = b'{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too old","reason":"Expired","code":410}'
REMEMBERED = "nekzus.io/replicas"


def bring(controller: Controller, space: Space, proxy: ApiProxy, name: str, *states: str) -> Mapping[str, Task]:
    """Bring a target into states through a proxy; each task is named by its state."""
    target = {**through(proxy, space.namespace), "name": name}
    run = controller.play([{"name": state, MODULE: {**target, "state": state}} for state in states])
    return {state: run.task(state) for state in states}


def replicas(task: Task) -> tuple[int, int]:
    """Return the counts of the one target of a task that succeeded."""
    assert task.status == "ok", task.result["msg"]
    (result,) = task.result["results"]
    return result["replicas_before"], result["replicas_after"]


def remembered(space: Space, name: str) -> object:
    """Return what is remembered on a Deployment."""
    return space.get("Deployment", name)["metadata"].get("annotations", {}).get(REMEMBERED)


def test_a_writer_who_never_rests_cannot_make_it_forget(controller: Controller, space: Space) -> None:
    space.make(deployment("contested", 3))
    space.await_ready("contested", 3)
    path, over = space.path("Deployment", "contested"), threading.Event()
    counter = iter(range(1_000_000))

    def write() -> None:
        space.cluster.patch(path, {"metadata": {"annotations": {"busy": str(next(counter))}}})

    def compete() -> None:
        while not over.wait(0.1):
            write()

    thread = threading.Thread(target=compete, daemon=True)
    thread.start()
    # The first attempts are too late for sure, whatever the thread does.
    with ApiProxy(space.cluster, Rule(PATCH, times=4, callback=write)) as proxy:
        pod = space.pod_names("contested")[0]
        tasks = bring(controller, space, proxy, pod, "stopped", "started")
    over.set()
    thread.join()
    assert proxy.count(PATCH) >= 5
    assert replicas(tasks["stopped"]) == (3, 0)
    assert replicas(tasks["started"]) == (0, 3)
    assert space.ready("contested") == 3
    assert int(space.get("Deployment", "contested")["metadata"]["annotations"]["busy"]) > 10


def test_a_count_that_somebody_changes_at_the_last_moment_is_the_one_remembered(
    controller: Controller, space: Space
) -> None:
    space.make(deployment("grown", 1))
    space.await_ready("grown")
    path = space.path("Deployment", "grown")
    grow = Rule(PATCH, times=1, callback=lambda: space.cluster.patch(path, {"spec": {"replicas": 2}}))
    with ApiProxy(space.cluster, grow) as proxy:
        stopped = bring(controller, space, proxy, f"{space.namespace}/deployment/grown", "stopped")["stopped"]
    assert stopped.result["changed"]
    assert proxy.count(PATCH) >= 2
    assert remembered(space, "grown") == "2"


def test_what_somebody_else_has_stopped_meanwhile_is_left_as_it_is(controller: Controller, space: Space) -> None:
    space.make(deployment("twice", 2))
    space.await_ready("twice", 2)
    path = space.path("Deployment", "twice")
    done = {"metadata": {"annotations": {REMEMBERED: "2"}}, "spec": {"replicas": 0}}
    quicker = Rule(PATCH, times=1, callback=lambda: space.cluster.patch(path, done))
    with ApiProxy(space.cluster, quicker) as proxy:
        stopped = bring(controller, space, proxy, f"{space.namespace}/deployment/twice", "stopped")["stopped"]
    assert stopped.status == "ok", stopped.result["msg"]
    assert proxy.count(PATCH) == 1
    assert remembered(space, "twice") == "2"


def test_a_busy_server_is_asked_again_when_it_said(controller: Controller, space: Space) -> None:
    space.make(deployment("busy"))
    space.await_ready("busy")
    busy = Rule(PATCH, times=1, status=429, message="too many requests", headers={"Retry-After": "1"})
    with ApiProxy(space.cluster, busy) as proxy:
        stopped = bring(controller, space, proxy, "busy", "stopped")["stopped"]
    assert replicas(stopped) == (1, 0)
    first, second = (at for request, at in zip(proxy.requests, proxy.times, strict=True) if request.startswith("PATCH"))
    assert second - first >= 1.0


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503, "message": "shutting down"}, id="503"),
        pytest.param({"status": 502, "message": b"<html>Bad Gateway</html>"}, id="502"),
        pytest.param({"close": True}, id="broken"),
    ],
)
def test_a_request_that_fails_once_is_repeated(controller: Controller, space: Space, fault: dict[str, Any]) -> None:
    name = f"repeated-{fault.get('status', 'close')}"
    space.make(deployment(name, 2))
    space.await_ready(name, 2)
    rules = [Rule(pattern, times=1, **fault) for pattern in ("^GET .*/deployments/", "^PATCH", "^GET .*/pods")]
    with ApiProxy(space.cluster, *rules) as proxy:
        tasks = bring(controller, space, proxy, f"{space.namespace}/deployment/{name}", "stopped", "started")
    assert replicas(tasks["stopped"]) == (2, 0)
    assert replicas(tasks["started"]) == (0, 2)


def test_a_stop_whose_answer_is_lost_is_a_stop(controller: Controller, space: Space) -> None:
    space.make(deployment("lost", 2))
    space.await_ready("lost", 2)
    with ApiProxy(space.cluster, Rule("^PATCH", times=1, pieces=0)) as proxy:
        stopped = bring(controller, space, proxy, "lost", "stopped")["stopped"]
    assert stopped.status == "ok", stopped.result["msg"]
    assert stopped.result["changed"]
    assert stopped.result["results"][0]["state_after"] == "stopped"
    assert remembered(space, "lost") == "2"


def test_a_pod_that_goes_while_the_log_of_its_workload_is_read_is_a_warning(
    controller: Controller, space: Space
) -> None:
    space.make(deployment("talkers", 2, pod_spec(f"echo here; {LIVES}")))
    space.await_ready("talkers", 2)
    gone, stays = space.pod_names("talkers")
    remove = Rule(f"^GET .*/pods/{gone}/log", callback=lambda: space.cluster.delete(space.path("Pod", gone), grace=0))
    with ApiProxy(space.cluster, remove) as proxy:
        target = {**through(proxy, space.namespace), "name": f"{space.namespace}/deployment/talkers"}
        found = controller.play([{"name": "read", LOGS: target}]).task("read")
    assert found.status == "ok", found.result["msg"]
    (told,) = found.result["logs"]
    assert [(one["pod"], one["message"]) for one in told["entries"]] == [(stays, "here")]
    (warning,) = found.result["warnings"]
    assert gone in warning


def test_a_list_whose_place_is_forgotten_half_way_is_begun_anew(controller: Controller, space: Space) -> None:
    space.make(deployment("paged", 7))
    space.await_ready("paged", 7)
    forgotten = Rule(r"^GET /api/v1/.*/pods\?.*continue=", skip=1, times=1, status=410, message=GONE)
    with ApiProxy(space.cluster, forgotten, page=2) as proxy:
        task = {"name": "list", INFO: {**through(proxy, space.namespace), "label_selectors": ["app=paged"]}}
        listed = controller.play([task]).task("list").result["containers"]
    assert [one["name"] for one in listed] == space.pod_names("paged")
    assert proxy.count(r"/pods\?.*continue=") == 5


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"pieces": 1}, id="cut"),
        pytest.param({"close": True}, id="broken"),
        pytest.param({"status": 410, "message": GONE}, id="410"),
        pytest.param({"status": 200, "message": b'{"type":"ERROR","object":%s}\n' % GONE}, id="too-old"),
        pytest.param({"status": 500, "message": "no watch today"}, id="500"),
    ],
)
def test_a_watch_that_fails_does_not_end_the_wait(controller: Controller, space: Space, fault: dict[str, Any]) -> None:
    name = f"watched-{'-'.join(map(str, fault))}-{fault.get('status', '')}x"
    space.make(deployment(name, 2))
    space.await_ready(name, 2)
    with ApiProxy(space.cluster, Rule(WATCH, times=3, **fault)) as proxy:
        tasks = bring(controller, space, proxy, name, "stopped", "started")
        assert space.ready(name) == 2
    assert replicas(tasks["stopped"]) == (2, 0)
    assert replicas(tasks["started"]) == (0, 2)
    assert proxy.count(WATCH) >= 1


def test_a_server_that_restarts_in_the_middle_of_a_bulk_stop_loses_nothing(
    controller: Controller, space: Space
) -> None:
    names = [f"fleet-{number}" for number in range(6)]
    space.make(*(deployment(name, 2) for name in names))
    for name in names:
        space.await_ready(name, 2)
    with ExitStack() as stack:
        down = Rule(PATCH, skip=2, times=1, close=True)
        proxy = stack.enter_context(ApiProxy(space.cluster, down))

        def restart() -> None:
            proxy.die()
            threading.Timer(3.0, lambda: stack.enter_context(ApiProxy(space.cluster, port=proxy.port))).start()

        down.callback = restart
        target = {**through(proxy, space.namespace), "names": names, "max_concurrent": 2}
        run = controller.play([{"name": "stop", MODULE: {**target, "state": "stopped"}}])
    start = {**space.options, "names": names, "state": "started"}
    started = controller.play([{"name": "start", MODULE: start}]).task("start")
    stopped = run.task("stop")
    assert stopped.status == "ok", stopped.result["msg"]
    assert [result["state_after"] for result in stopped.result["results"]] == ["stopped"] * 6
    assert [result["replicas_after"] for result in started.result["results"]] == [2] * 6
    assert [space.ready(name) for name in names] == [2] * 6
