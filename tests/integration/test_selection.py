# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers chosen by what they are, and containers looked at."""

from __future__ import annotations

from dataclasses import asdict
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
    variables = {"engine_options": engine.options, "prefix": yard.prefix, "image": IMAGE, "extra": engine.ways.extra}
    run = controller.story("selection", variables)
    assert (run.recap["ok"], run.recap["changed"]) == (9, 4)
    assert "no container matches the selection" in run.output
    assert yard.states() == {"web-1": "stopped", "web-2": "stopped", "db": "running", "old": "stopped"}


def test_a_playbook_looks_at_containers_and_sees_no_secret_and_no_template(
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path
) -> None:
    planted = tmp_path / "evaluated"
    template = f"{{{{ lookup('pipe', 'touch {planted}') }}}}"
    yard.run(
        "web",
        arguments=["--token=hunter2"],
        environment={"DB_PASSWORD": "hunter2", "GREETING": template, "BROKER": "amqp://user:hunter2@broker/"},
        labels={"note": template if engine.ways.labels_hold_anything else "plain"},
        volumes={"/etc": {"bind": "/data", "mode": "ro"}},
    )
    yard.create("old")
    variables = {"engine_options": engine.options, "prefix": yard.prefix, **asdict(engine.ways)}
    run = controller.story("info", variables, "-vvv")
    assert (run.recap["ok"], run.recap["changed"]) == (9, 0)
    shown = run.task("What containers say is text and never a template").result["msg"]
    assert shown == [template if engine.ways.labels_hold_anything else "plain", template]
    assert not planted.exists()
    assert "hunter2" not in run.output
