# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of a deployment on real engines: no output, no diff, no event and no result has one, good day or bad day."""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import path_of
from .engine import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .controller import Controller, Run
    from .engine import Engine
    from .kubernetes_engine import KubernetesEngine

DEPLOY = "nekzus.runtime.nekzus_toolbox_deploy"
INFO = "nekzus.runtime.nekzus_toolbox_info"
NAME = "nkz-secrets"
FOLDER = "secrets"
# What the variables, and the file beside the template, hold.
PASSWORD, SEED, KEY, LATER = "planted-passw0rd", "planted-s33d", "planted-k3y", "planted-l4ter"
SAYS = "echo I have $$DB_PASSWORD and $$API_TOKEN; cat /run/secrets/key"
STAYS = "trap 'exit 0' TERM; while :; do sleep 0.2; done"
TEMPLATE = """
services:
  web:
    image: ${IMAGE}
    command: ["sh", "-c", "%s; ${LIFE}"]
    environment:
      DB_PASSWORD: ${DB_PASSWORD:?}
      API_TOKEN: ${SEED:?}
      DATABASE: postgres://me:${DB_PASSWORD}@db/shop
    labels:
      note: for ${DB_PASSWORD}
    secrets: [key]
    configs:
      - source: conf
        target: /tmp/conf
    stop_grace_period: 1s
secrets:
  key:
    file: ./key
configs:
  conf:
    content: password=${DB_PASSWORD}
"""
MASK = "********"
MISSPELLED = "env: the template takes no SEEDS (SEED may be meant)"


class Stage:
    """One deployment on an engine, whose secrets come from variables of a play."""

    def __init__(self, controller: Controller, engine: Engine) -> None:
        """Write the template and what is beside it."""
        self.controller = controller
        self.folder = controller.home / FOLDER
        self.folder.mkdir(exist_ok=True)
        (self.folder / "compose.yaml").write_text(TEMPLATE % SAYS, encoding="utf-8")
        (self.folder / "key").write_text(KEY, encoding="utf-8")
        space = getattr(engine, "space", None)
        self._image = os.environ.get("NEKZUS_TEST_KUBE_IMAGE", "busybox:stable") if space else IMAGE
        self._where = {**engine.options, **({"namespace": space.namespace} if space else {})}

    @property
    def variables(self) -> dict[str, str]:
        """The secrets, as a vault or a credential would give them."""
        return {"planted_password": PASSWORD, "planted_seed": SEED, "planted_later": LATER}

    def task(self, name: str, *, password: str = "planted_password", life: str = STAYS, **options: Any) -> Any:  # noqa: S107 - a variable
        """Return a task that deploys the template."""
        env = {"DB_PASSWORD": f"{{{{ {password} }}}}", "SEED": "{{ planted_seed }}", "IMAGE": self._image, "LIFE": life}
        env["SEEDS"] = "2"
        return {"name": name, DEPLOY: {"src": FOLDER, "service_name": NAME, "env": env, **self._where, **options}}

    def bare(self, name: str, module: str = DEPLOY, **options: Any) -> Any:
        """Return a task that takes no template."""
        return {"name": name, module: {"service_name": NAME, **self._where, **options}}

    @property
    def tasks(self) -> list[Any]:
        """A life of the deployment, with all that can go wrong in it."""
        return [
            self.bare("gone before", state="absent", remove_volumes=True),
            {**self.task("predicted"), "check_mode": True},
            self.task("it fails at first", life="exit 3"),
            self.task("made"),
            self.task("the same again"),
            self.bare("listed", INFO, catalog=False),
            {**self.task("a change that is predicted", password="planted_later"), "check_mode": True},  # noqa: S106 - a variable
            self.task("changed", password="planted_later"),  # noqa: S106 - a variable
            self.task("an update that fails", life="exit 3"),
            self.task("a mistake", port=70000),
            self.task("another mistake", serivce="x"),
            self.bare("stopped", state="stopped"),
            self.bare("started", state="started"),
            self.bare("gone", state="absent", remove_volumes=True),
        ]


@pytest.fixture
def stage(controller: Controller, engine: Engine) -> Iterator[Stage]:
    found = Stage(controller, engine)
    yield found
    controller.play([found.bare("cleared", state="absent", remove_volumes=True)])


def leaks(text: str) -> list[str]:
    """Return the secrets that are in a text, as they are or encoded as a cluster has them."""
    planted = (PASSWORD, SEED, KEY, LATER)
    encoded = [base64.b64encode(word.encode()).decode() for word in planted]
    return [word for word in (*planted, *encoded) if word in text]


def check(run: Run) -> None:
    """Check that everything went as it should."""
    failed = {"it fails at first": "not_ready", "an update that fails": "not_ready"}
    failed |= {"a mistake": "invalid_config", "another mistake": "invalid_config"}
    assert {task.name: task.failure["code"] for task in run.tasks if task.status == "failed"} == failed
    for name in ("it fails at first", "an update that fails"):
        assert f"I have {MASK}" in str(run.task(name).failure["details"])
    changed = {task.name: task.result["changed"] for task in run.tasks if task.status != "failed"}
    unchanged = {name for name, is_changed in changed.items() if not is_changed}
    assert unchanged == {"gone before", "the same again", "listed"}
    for name in ("predicted", "it fails at first", "changed", "an update that fails"):
        assert MISSPELLED in run.task(name).result["warnings"]
    for name in ("a change that is predicted", "changed"):
        assert f"{MASK} (changed)" in str(run.task(name).result["diff"])
    env = run.task("made").result["service"]["env"]
    assert env == dict.fromkeys(("DB_PASSWORD", "API_TOKEN", "DATABASE"), MASK)


def test_the_screen_shows_none_whatever_happens(stage: Stage) -> None:
    arguments = ("-vvvv", "--diff", "-e", f"@{stage.controller.home / 'planted.json'}")
    (stage.controller.home / "planted.json").write_text(json.dumps(stage.variables), encoding="utf-8")
    run = stage.controller.play(stage.tasks, *arguments)
    check(run)
    assert "+++ after" in run.output
    assert leaks(run.output) == []
    assert leaks(json.dumps([task.result for task in run.tasks])) == []


@pytest.mark.parametrize("engine", ["kubernetes"], indirect=True)
def test_of_what_is_kept_in_a_cluster_secrets_alone_have_one(stage: Stage, engine: KubernetesEngine) -> None:
    (made,) = stage.controller.play([stage.task("made")], "-e", json.dumps(stage.variables)).tasks
    assert made.status == "ok"
    space = engine.space
    paths = {kind: path_of("v1", kind, space.namespace) for kind in ("ConfigMap", "Secret", "Service")}
    kept = {kind: str(space.cluster.items(path)) for kind, path in paths.items()}
    assert "nkz-secrets" in kept["ConfigMap"]
    assert [kind for kind, text in kept.items() if leaks(text)] == ["Secret"]


def test_no_event_of_a_runner_has_one(stage: Stage, tmp_path: Path) -> None:
    private = tmp_path / "runner"
    (private / "env").mkdir(parents=True)
    (private / "env" / "extravars").write_text(json.dumps(stage.variables), encoding="utf-8")
    (private / "env" / "cmdline").write_text("--diff -vvvv", encoding="utf-8")
    project = private / "project"
    project.mkdir()
    stage.folder.rename(project / FOLDER)
    play = {"hosts": "localhost", "gather_facts": False, "ignore_errors": True, "tasks": stage.tasks}
    (project / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    run = stage.controller.command("ansible-runner", "run", str(private), "-p", "play.yml", "--ident", "one")
    assert (private / "artifacts" / "one" / "status").read_text() == "successful", run.output
    check(run)
    kept = {file: file.read_text(errors="replace") for file in (private / "artifacts").rglob("*") if file.is_file()}
    assert sum("job_events" in str(file) for file in kept) > len(stage.tasks)
    assert [file.name for file, text in kept.items() if leaks(text)] == []
    assert leaks(run.output) == []
