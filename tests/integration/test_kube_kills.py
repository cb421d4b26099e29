# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that are killed, by whoever, between any two of their requests: no replica count is ever lost."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Callable

import pytest

from .cluster import ApiProxy
from .controller import MODULE
from .herd import WORD, Herder
from .kubernetes_engine import through
from .manifests import deployment
from .process import kill_client
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller, Run
    from .space import Space

# A stop by the name of a pod changes something with its fourth request; then it waits.
REQUESTS = range(7)
PATCHES = range(2)


def kill_at(space: Space, pattern: str, number: int, *, done: bool) -> ApiProxy:
    """Return a proxy that kills who makes a request: instead of handing it on, or when the server has done it."""
    rule = Rule(pattern, skip=number, times=1, close=not done)
    proxy = ApiProxy(space.cluster, rule)

    def kill() -> None:
        kill_client(proxy.peers[-1], server=proxy.port)

    if done:
        rule.answered = kill
    else:
        rule.callback = kill
    return proxy


def kill_each(
    controller: Controller, space: Space, state: str, proxies: Mapping[str, ApiProxy], target: Callable[[str], str]
) -> Run:
    """Bring each target into a state through its proxy: none lives to see it."""
    with ExitStack() as stack:
        for proxy in proxies.values():
            stack.enter_context(proxy)
        tasks = [
            {"name": name, MODULE: {**through(proxy, space.namespace), "name": target(name), "state": state}}
            for name, proxy in proxies.items()
        ]
        run = controller.play(tasks)
    for task in run.tasks:
        assert task.status == "failed", task
        assert "results" not in task.result, task
    return run


def start_all(controller: Controller, space: Space, names: list[str], apps: list[str]) -> None:
    """Start what was left half done, and see that all of it is there again."""
    run = controller.play([{"name": "start", MODULE: {**space.options, "names": names, "state": "started"}}])
    task = run.task("start")
    assert task.status == "ok", task.result["msg"]
    assert [result["replicas_after"] for result in task.result["results"]] == [2] * len(names)
    assert {app: space.ready(app) for app in apps} == dict.fromkeys(apps, 2)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_stop_that_is_killed_at_any_request_can_be_followed_by_a_start(
    controller: Controller, space: Space, *, done: bool
) -> None:
    moment = "after" if done else "before"
    apps = [f"killed-{moment}-{number}" for number in REQUESTS]
    space.make(*(deployment(app, 2) for app in apps))
    for app in apps:
        space.await_ready(app, 2)
    pods = {app: space.pod_names(app)[0] for app in apps}
    proxies = {app: kill_at(space, "", number, done=done) for number, app in zip(REQUESTS, apps, strict=True)}
    kill_each(controller, space, "stopped", proxies, pods.__getitem__)
    wanted = {app: space.get("Deployment", app)["spec"]["replicas"] for app in apps}
    assert {0, 2} == set(wanted.values()), wanted
    start_all(controller, space, list(pods.values()), apps)


def test_a_custom_kind_takes_two_changes_between_which_nothing_is_lost(controller: Controller, space: Space) -> None:
    with Herder(space) as herder:
        moments = {
            f"herd-{'after' if done else 'before'}-{number}": (number, done)
            for number in PATCHES
            for done in (False, True)
        }
        apps = list(moments)
        for app in apps:
            herder.make(app, 2)
        for app in apps:
            space.await_ready(app, 2)
        pods = {app: space.pod_names(app)[0] for app in apps}

        def proxies() -> Mapping[str, ApiProxy]:
            return {app: kill_at(space, "^PATCH", number, done=done) for app, (number, done) in moments.items()}

        kill_each(controller, space, "stopped", proxies(), pods.__getitem__)
        start_all(controller, space, list(pods.values()), apps)
        stop = {**space.options, "names": [space.pod_names(app)[0] for app in apps], "state": "stopped"}
        assert controller.play([{"name": "stop", MODULE: stop}]).task("stop").status == "ok"
        kill_each(controller, space, "started", proxies(), lambda app: f"{space.namespace}/{WORD}/{app}")
        start_all(controller, space, [f"{space.namespace}/{WORD}/{app}" for app in apps], apps)
