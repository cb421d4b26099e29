# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of the toolbox that nobody waits for: the action reads the template, and the module goes on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .engine import IMAGE
from .yard import LIVES

if TYPE_CHECKING:
    from .controller import Controller
    from .engine import DockerEngine

DEPLOY = "nekzus.runtime.nekzus_toolbox_deploy"
INFO = "nekzus.runtime.nekzus_toolbox_info"
NAME = "nkz-async"
TEMPLATE = f"""
services:
  web:
    image: {IMAGE}
    command: ["sh", "-c", "{LIVES.replace("$", "$$")}"]
    stop_grace_period: 1s
"""


def test_a_service_is_deployed_listed_and_removed_asynchronously(
    controller: Controller, one_engine: DockerEngine
) -> None:
    (controller.home / "async.yaml").write_text(TEMPLATE, encoding="utf-8")

    def task(name: str, module: str, **options: Any) -> dict[str, Any]:
        return {"name": name, module: {"service_name": NAME, **one_engine.options, **options}, "async": 60, "poll": 1}

    gone = {"state": "absent", "remove_volumes": True}
    run = controller.play(
        [
            task("before", DEPLOY, **gone),
            task("made", DEPLOY, src="async.yaml"),
            task("listed", INFO, catalog=False),
            task("gone", DEPLOY, **gone),
        ],
        # By itself one half of Ansible looks in the home of the user, and the other in that of the environment.
        ANSIBLE_ASYNC_DIR=str(controller.home / "async"),
    )
    assert [task.status for task in run.tasks] == ["ok"] * 4, run.output
    assert run.task("made").result["service"]["status"] == "running"
    assert [one["status"] for one in run.task("listed").result["services"]] == ["running"]
    assert run.task("gone").result["service"] is None
