# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers chosen by what they are, and containers looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engine import IMAGE

if TYPE_CHECKING:
    from pathlib import Path

    from .controller import Controller
    from .engine import Engine
    from .yard import Yard


def test_a_playbook_chooses_containers_by_what_they_are(controller: Controller, engine: Engine, yard: Yard) -> None:
    shop = {"com.docker.compose.project": f"{yard.prefix}-shop"}
    yard.run("web-1", "web-2", labels={"tier": "front", **shop})
    yard.run("db", labels={"tier": "back", **shop})
    yard.create("old", labels={"tier": "front"})
    variables = {"engine_options": engine.options, "prefix": yard.prefix, "image": IMAGE}
    run = controller.story("selection", variables)
    assert (run.recap["ok"], run.recap["changed"]) == (9, 4)
    assert "no container matches the selection" in run.output
    assert yard.states() == {"web-1": "exited", "web-2": "exited", "db": "running", "old": "created"}


def test_a_playbook_looks_at_containers_and_sees_no_secret_and_no_template(
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path
) -> None:
    planted = tmp_path / "evaluated"
    template = f"{{{{ lookup('pipe', 'touch {planted}') }}}}"
    yard.run(
        "web",
        arguments=["--token=hunter2"],
        environment={"DB_PASSWORD": "hunter2", "GREETING": "hello", "BROKER": "amqp://user:hunter2@broker/"},
        labels={"note": template},
        volumes={"/etc": {"bind": "/data", "mode": "ro"}},
    )
    yard.create("old")
    listed = {"ready_when_listed": None if engine.name == "podman" else True}
    run = controller.story("info", {"engine_options": engine.options, "prefix": yard.prefix, **listed}, "-vvv")
    assert (run.recap["ok"], run.recap["changed"]) == (9, 0)
    assert run.task("Labels are text and never a template").result["msg"] == template
    assert not planted.exists()
    assert "hunter2" not in run.output
