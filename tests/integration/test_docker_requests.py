# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks ask of a daemon that speaks Docker's API, and no more than that."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .controller import MODULE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine
    from .proxy import Proxy

NAMES = [f"web-{number}" for number in range(5)]
LIST = "GET /containers/json?limit=-1&all=1&size=0&trunc_cmd=0"


@pytest.fixture(scope="module")
def asked(
    controller: Controller, docker_engine: DockerEngine, module_docker_yard: DockerYard
) -> Iterator[Mapping[str, Proxy]]:
    """Run tasks that follow each other, each through a proxy of its own."""
    yard = module_docker_yard
    yard.run(*NAMES)
    by_label = {"label_selectors": [f"nekzus-test-of={yard.prefix}"]}
    by_name = {"names": [yard.name(name) for name in NAMES]}
    tasks: Mapping[str, dict[str, Any]] = {"predict": by_label, "one": {"name": yard.name("web-0")}, "all": by_name}
    with ExitStack() as stack:
        proxies = {name: stack.enter_context(docker_engine.proxy()) for name in (*tasks, "again")}
        run = controller.play(
            [
                {
                    "name": name,
                    MODULE: {**docker_engine.through(proxy), **tasks.get(name, by_name), "state": "stopped"},
                    "check_mode": name == "predict",
                }
                for name, proxy in proxies.items()
            ]
        )
        assert [task.status for task in run.tasks] == ["ok"] * 4, run.output
        yield proxies


def test_a_prediction_by_label_is_one_list_filtered_by_the_engine_and_a_look_at_what_would_stop(
    asked: Mapping[str, Proxy], module_docker_yard: DockerYard
) -> None:
    requests = asked["predict"].requests
    looks = {f"GET /containers/{module_docker_yard.id(name)}/json" for name in NAMES}
    assert [request.partition("?")[0] for request in requests[:2]] == ["GET /version", "GET /containers/json"]
    assert "filters=" in requests[1]
    assert (len(requests), set(requests[2:])) == (2 + len(NAMES), looks)


def test_a_single_stop_costs_four_requests(asked: Mapping[str, Proxy], module_docker_yard: DockerYard) -> None:
    identifier = module_docker_yard.id("web-0")
    assert asked["one"].requests == [
        "GET /version",
        LIST,
        f"POST /containers/{identifier}/stop?t=10",
        f"GET /containers/{identifier}/json",
    ]


def test_stopping_what_is_stopped_costs_one_list_for_all(asked: Mapping[str, Proxy]) -> None:
    assert asked["all"].count("^POST") == len(NAMES) - 1
    assert asked["again"].requests == ["GET /version", LIST]


@pytest.mark.parametrize(("at_once", "meanwhile"), [(2, True), (1, False)])
def test_the_next_restart_begins_while_one_is_watched_unless_it_is_one_by_one(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard, *, at_once: int, meanwhile: bool
) -> None:
    docker_yard.run("left", "middle", "right")
    names = {"names": [docker_yard.name(name) for name in ("left", "middle", "right")]}
    with docker_engine.proxy() as proxy:
        options = {**docker_engine.through(proxy), "force": True, "max_concurrent": at_once}
        (task,) = controller.play([{"name": "restart", MODULE: {**options, **names, "state": "restarted"}}]).tasks
    assert task.status == "ok", task
    last = max(number for number, request in enumerate(proxy.requests) if request.startswith("POST"))
    looks = [request for request in proxy.requests if request.endswith("/json")]
    before = [request for request in proxy.requests[:last] if request.endswith("/json")]
    # Whoever runs is looked at, and after a while once more.
    assert len(looks) == 2 * 3
    assert (len(before) == len(set(before))) is meanwhile, proxy.requests
