# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job templates that deploy, launched as AWX does it: what a survey gives, and no secret in any event."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from .awx import AWX, Credential
from .awx_office import PREFIX, TYPES
from .engine import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .awx import Job
    from .controller import Controller
    from .engine import DockerEngine
    from .space import Space

NAME = "nkz-awx-toolbox"
PLANTED = "planted-0123456789"
FILE = "shop.yaml"
IDLE = "trap 'exit 0' TERM; while :; do sleep 0.2; done"
ROWS = "Show what became of each service"


class Desk:
    """Somebody who launches job templates with a credential."""

    def __init__(self, controller: Controller, credential: Credential, image: str, answers: dict[str, Any]) -> None:
        """Take what they have, and which runtime their answers mean."""
        self._controller = controller
        self._credential = credential
        self._answers = answers
        self.image = image

    def launch(self, template: str, /, *, file: str = "", verbosity: int = 0, **answers: Any) -> Job:
        """Launch one, in a project with this file if there is one. The secret may show nowhere."""
        told = {**self._answers, **{f"toolbox_{key}": value for key, value in answers.items()}}
        files = {FILE: file} if file else {}
        name = PREFIX + template
        job = AWX.launch(self._controller, name, self._credential, answers=told, verbosity=verbosity, files=files)
        shown = {**job.artifacts(), "output": job.run.output}
        assert [file for file, words in shown.items() if PLANTED in words] == []
        return job


@pytest.fixture(params=["docker", "kubernetes"])
def desk(request: pytest.FixtureRequest, controller: Controller) -> Iterator[Desk]:
    if request.param == "docker":
        engine: DockerEngine = request.getfixturevalue("one_engine")
        credential = AWX.credential(TYPES["tls"], docker_host=engine.url)
        found = Desk(controller, credential, IMAGE, {"toolbox_runtime": "docker"})
    else:
        space: Space = request.getfixturevalue("space")
        credential = AWX.credential(TYPES["kubeconfig"], kubeconfig=space.kubeconfig.read_text())
        image = os.environ.get("NEKZUS_TEST_KUBE_IMAGE", "busybox:stable")
        where = {"toolbox_runtime": "kubernetes", "toolbox_namespace": space.namespace}
        found = Desk(controller, credential, image, where)
    found.launch("deploy", name=NAME, state="absent", remove_volumes="true")
    yield found
    found.launch("deploy", name=NAME, state="absent", remove_volumes="true")


def test_a_service_is_deployed_listed_and_removed_and_its_secret_shows_nowhere(desk: Desk) -> None:
    environment = {"GREETING": "${GREETING:?what to say}", "API_TOKEN": "${API_TOKEN:?a secret}"}
    service = {"image": desk.image, "command": ["sh", "-c", IDLE], "environment": environment}
    file = json.dumps({"services": {"web": service}})
    said = {"src": FILE, "name": NAME, "env": "GREETING=hello", "secret_env": f"API_TOKEN={PLANTED}"}

    deployed = desk.launch("deploy", **said, file=file, verbosity=4)
    assert deployed.status == "successful", deployed.stdout[-3000:]
    assert deployed.run.task(ROWS).result["msg"][0].startswith(f"{NAME}: changed, running")

    listed = desk.launch("list_services", name=NAME)
    assert listed.status == "successful", listed.stdout[-3000:]
    (row,) = listed.run.task("Show what is deployed").result["msg"]
    assert f"{NAME}: running" in row
    assert len(listed.run.task("Show what the catalogue has").result["msg"]) == 13

    removed = desk.launch("deploy", name=NAME, state="absent")
    assert removed.run.task(ROWS).result["msg"] == [f"{NAME}: changed, gone"]


def test_what_is_missing_is_told(desk: Desk) -> None:
    failed = desk.launch("deploy", service="grafna")
    assert failed.status == "failed"
    assert "grafana" in failed.run.task(ROWS).result["msg"][0]
    failed = desk.launch("deploy", service="grafana", name=NAME)
    assert failed.status == "failed"
    assert "ADMIN_PASSWORD" in failed.run.task(ROWS).result["msg"][0]
