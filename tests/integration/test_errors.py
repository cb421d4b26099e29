# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that lead nowhere, and containers in uncommon states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .controller import MODULE
from .proxy import Proxy
from .rule import Rule
from .yard import poll

if TYPE_CHECKING:
    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .yard import Yard


def test_a_playbook_branches_on_what_went_wrong(controller: Controller, engine: Engine, yard: Yard) -> None:
    yard.run("web-1", "web-2")
    several = yard.several()
    words = engine.ways.several.replace("NAME", several)
    variables = {"engine_options": engine.options, "prefix": yard.prefix, "several": several, "several_words": words}
    run = controller.story("errors", variables)
    assert (run.recap["ok"], run.recap["changed"]) == (6, 2)
    assert (yard.state("web-1"), yard.state("web-2")) == ("stopped", "stopped")


def test_what_is_paused_restarting_or_made_to_be_removed_is_stopped_too(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    yard = docker_yard
    yard.run("paused", "bystander")
    yard.pause("paused")
    yard.run("once", auto_remove=True)
    yard.run("loops", script="sleep 0.2; exit 3", restart_policy={"Name": "always"})

    def between_runs() -> None:
        poll(lambda: yard.state("loops") in ("restarting", "stopped"), "the engine is about to restart it")

    rules = [Rule(pattern, callback=between_runs, times=1) for pattern in ("^GET /containers/json", "^POST .*/stop")]
    with Proxy(docker_engine.url, *rules) as proxy:
        hosts = {"paused": docker_engine.url, "loops": proxy.url, "once": docker_engine.url}
        options = {"state": "stopped", "wait_timeout": 15}
        tasks: list[dict[str, Any]] = [
            {"name": name, MODULE: {"name": yard.name(name), "docker_host": host, **options}}
            for name, host in hosts.items()
        ]
        played = controller.play([{**tasks[-1], "name": "predicted", "check_mode": True}, *tasks])
    assert {task.name: task.status for task in played.tasks} == dict.fromkeys(("predicted", *hosts), "ok"), (
        played.output
    )
    results = {task.name: task.result["results"][0] for task in played.tasks}
    assert results.pop("predicted") == results["once"]
    assert {name: result["changed"] for name, result in results.items()} == dict.fromkeys(hosts, True)
    assert {result["state_after"] for result in results.values()} == {"stopped"}
    assert results["paused"]["state_before"] == "paused"
    assert results["loops"]["state_before"] in ("restarting", "running")
    assert {name: len(result["warnings"]) for name, result in results.items()} == {"paused": 0, "loops": 0, "once": 1}
    (warning,) = results["once"]["warnings"]
    assert f"{yard.name('once')} was created with --rm" in warning
    assert f"[WARNING]: {warning}" in " ".join(played.output.split())
    # It stays stopped, though its policy would have started it again.
    assert yard.states() == {"paused": "stopped", "loops": "stopped", "bystander": "running"}
