# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that lead nowhere, and containers in uncommon states."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .controller import MODULE
from .proxy import Proxy, Rule
from .yard import poll

if TYPE_CHECKING:
    from .controller import Controller
    from .engine import Engine
    from .yard import Yard


def shared_digit(yard: Yard) -> str:
    """Make containers until the ids of two begin with the same digit, and return that."""
    digits: Counter[str] = Counter()
    for number in range(17):  # there are 16 digits
        yard.create(f"spare-{number}")
        digits[yard.id(f"spare-{number}")[0]] += 1
        if max(digits.values()) > 1:
            break
    return digits.most_common(1)[0][0]


def test_a_playbook_branches_on_what_went_wrong(controller: Controller, engine: Engine, yard: Yard) -> None:
    yard.run("web-1", "web-2")
    variables = {"engine_options": engine.options, "prefix": yard.prefix, "digit": shared_digit(yard)}
    run = controller.story("errors", variables)
    assert (run.recap["ok"], run.recap["changed"]) == (7, 2)
    assert (yard.state("web-1"), yard.state("web-2")) == ("exited", "exited")


def test_what_is_paused_restarting_or_made_to_be_removed_is_stopped_too(
    controller: Controller, engine: Engine, yard: Yard
) -> None:
    yard.run("paused", "bystander")
    yard.pause("paused")
    yard.run("once", auto_remove=True)
    yard.run("loops", script="sleep 0.2; exit 3", restart_policy={"Name": "always"})

    def between_runs() -> None:
        poll(lambda: yard.state("loops") in ("restarting", "stopped"), "the engine is about to restart it")

    rules = [Rule(pattern, callback=between_runs, times=1) for pattern in ("^GET /containers/json", "^POST .*/stop")]
    with Proxy(engine.url, *rules) as proxy:
        hosts = {"paused": engine.url, "loops": proxy.url, "once": engine.url}
        options = {"state": "stopped", "wait_timeout": 15}
        tasks = [
            {"name": name, MODULE: {"name": yard.name(name), "docker_host": host, **options}}
            for name, host in hosts.items()
        ]
        played = controller.play(tasks)
    assert {task.name: task.status for task in played.tasks} == dict.fromkeys(hosts, "ok"), played.output
    results = {task.name: task.result["results"][0] for task in played.tasks}
    assert {name: result["changed"] for name, result in results.items()} == dict.fromkeys(hosts, True)
    assert {result["state_after"] for result in results.values()} == {"stopped"}
    assert results["paused"]["state_before"] == "paused"
    assert results["loops"]["state_before"] in ("restarting", "running")
    assert {name: len(result["warnings"]) for name, result in results.items()} == {"paused": 0, "loops": 0, "once": 1}
    (warning,) = results["once"]["warnings"]
    assert f"{yard.name('once')} was created to be removed" in warning
    assert f"[WARNING]: {warning}" in " ".join(played.output.split())
    # It stays stopped, though its policy would have started it again.
    assert yard.states() == {"paused": "exited", "loops": "exited", "bystander": "running"}
