# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task list for both runtimes: which one answers, the targets say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .controller import INFO, MODULE
from .manifests import deployment

if TYPE_CHECKING:
    from .controller import Controller
    from .engine import DockerEngine
    from .space import Space
    from .yard import Yard


def test_one_task_stops_and_starts_what_is_on_both_runtimes(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, space: Space
) -> None:
    one_yard.run("web")
    space.make(deployment("api", 2), deployment("worker"))
    space.await_ready("api", 2)
    space.await_ready("worker")
    pod = space.pod_names("api")[0]
    names = [f"{space.namespace}/{pod}", one_yard.name("web"), f"kubernetes/{space.namespace}/deployment/worker"]
    both: dict[str, Any] = {
        "runtime": "auto",
        "runtimes": {
            "docker": {"socket_path": one_engine.url},
            "kubernetes": {"kubeconfig": str(space.kubeconfig)},
        },
        "names": [*names, f"docker/{one_yard.name('ghost')}", f"{space.namespace}/ghost"],
    }
    run = controller.play(
        [
            {"name": "predict", MODULE: {**both, "state": "stopped"}, "check_mode": True},
            {"name": "stop", MODULE: {**both, "state": "stopped"}},
            {"name": "look", INFO: {**both, "names": names}},
            {"name": "start", MODULE: {**both, "names": names, "state": "started"}},
            {"name": "pause", MODULE: {**both, "names": names, "state": "paused"}},
            {"name": "primary", INFO: {"runtimes": {**both["runtimes"], "primary": "kubernetes"}, "name": "worker"}},
        ]
    )
    stopped = run.task("stop").result["results"]
    assert run.task("predict").result["results"] == stopped
    assert [one["runtime"] for one in stopped] == ["kubernetes", "docker", "kubernetes", "docker", "kubernetes"]
    assert [one["state_after"] for one in stopped] == ["stopped", "stopped", "stopped", None, None]
    assert [(one["failure"] or {}).get("code") for one in stopped[3:]] == ["container_not_found"] * 2
    assert run.task("stop").result["msg"].startswith("2 of 5 targets failed")

    seen = run.task("look").result["containers"]
    assert [one["state"] for one in seen] == ["stopped"] * 3

    started = run.task("start").result["results"]
    assert [one["state_after"] for one in started] == ["running"] * 3
    assert [one["replicas_after"] for one in started] == [2, None, 1]
    assert (space.ready("api"), space.ready("worker")) == (2, 1)

    paused = run.task("pause").result["results"]
    assert [(one["failure"] or {}).get("code") for one in paused] == ["unsupported", None, "unsupported"]
    assert one_yard.state("web") == "paused"
    assert [one["runtime"] for one in run.task("primary").result["containers"]] == ["kubernetes"]
