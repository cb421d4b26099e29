# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX as jobs see it: credentials injected as their types say, surveys answered, playbooks run by ansible-runner.

As awx/main/models/credential does it: each file under a name of its own in the job's private folder, for its owner
alone; a field that is empty does not exist, a box that nobody ticked is false.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import yaml
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .awx_check import wrong_answer
from .controller import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .awx_check import Assets
    from .controller import Controller, Run

# Of a key a line has 64 letters, but the last one. A name has no more than 63, and fewer than these here.
_KEY = re.compile(r"[\w+/=.-]{40,}")


@dataclass(frozen=True)
class Credential:
    """A credential of a type, and what was entered into it."""

    type: Mapping[str, Any]
    inputs: Mapping[str, Any]

    def secrets(self) -> Iterator[str]:
        """Yield what may be shown nowhere: secret texts, and of whole files the keys and tokens in them."""
        for each in self.type["inputs"]["fields"]:
            text = str(self.inputs.get(each["id"], ""))
            if each.get("multiline") and each.get("secret"):
                yield from _KEY.findall(text)
            elif each.get("secret") and text:
                yield text

    def inject(self, folder: Path) -> dict[str, str]:
        """Write the files into a folder, and return the environment."""
        boxes = {each["id"]: False for each in self.type["inputs"]["fields"] if each["type"] == "boolean"}
        values = {**boxes, **{name: value for name, value in self.inputs.items() if value != ""}}
        environment = ImmutableSandboxedEnvironment()
        files: dict[str, str] = {}
        for name, template in self.type["injectors"].get("file", {}).items():
            handle, path = tempfile.mkstemp(dir=folder)
            os.write(handle, environment.from_string(template).render(values).encode())
            os.close(handle)
            Path(path).chmod(0o600)
            files[name.partition(".")[2]] = path
        values["tower"] = SimpleNamespace(filename=files.get("") or SimpleNamespace(**files))
        variables = self.type["injectors"].get("env", {})
        return {name: environment.from_string(template).render(values) for name, template in variables.items()}


@dataclass(frozen=True)
class Job:
    """A job that ended."""

    run: Run
    folder: Path

    @property
    def status(self) -> str:
        """How it ended, in ansible-runner's words."""
        return (self.folder / "artifacts" / "one" / "status").read_text(encoding="utf-8")

    @property
    def stdout(self) -> str:
        """What AWX shows as its output."""
        return (self.folder / "artifacts" / "one" / "stdout").read_text(encoding="utf-8")

    def artifacts(self) -> dict[str, str]:
        """Return all that ansible-runner wrote, but for the file in which it notes its own environment.

        That file is its owner's alone; AWX makes no use of it, and deletes it with the job's folder.
        """
        root = self.folder / "artifacts" / "one"
        files = [file for file in root.rglob("*") if file.is_file() and file != root / "command"]
        return {str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in files}


class Awx:
    """An AWX into which the assets were imported."""

    def __init__(self, assets: Assets) -> None:
        """Take the assets."""
        self.assets = assets

    def template(self, name: str) -> dict[str, Any]:
        """Return a job template."""
        return self._named("job_templates", name)

    def credential(self, kind: str, **inputs: Any) -> Credential:
        """Make a credential of one of the types."""
        made = self._named("credential_types", f"nekzus.runtime {kind}")
        fields = {each["id"] for each in made["inputs"]["fields"]}
        assert set(made["inputs"]["required"]) <= set(inputs) <= fields
        return Credential(made, inputs)

    def launch(
        self,
        controller: Controller,
        name: str,
        *credentials: Credential,
        answers: Mapping[str, Any],
        verbosity: int = 0,
        files: Mapping[str, str] | None = None,
    ) -> Job:
        """Launch a job template to the end of its job; the project has these files too."""
        template = self.template(name)
        folder = self._prepared(controller, credentials)
        for path, text in (files or {}).items():
            (folder / "project" / path).write_text(text, encoding="utf-8")
        (folder / "env" / "extravars").write_text(json.dumps(answered(template, answers)))
        (folder / "env" / "cmdline").write_text("-" + "v" * verbosity if verbosity else "")
        run = controller.command("ansible-runner", "run", str(folder), "-p", template["playbook"], "--ident", "one")
        return Job(run, folder)

    def synchronise(
        self, controller: Controller, name: str, credential: Credential, **variables: str
    ) -> dict[str, dict[str, Any]]:
        """Update an inventory source that has a credential and source variables, and return its hosts."""
        source = self._named("inventory_sources", name)
        folder = self._prepared(controller, (credential,))
        file = folder / "project" / source["source_path"]
        environment = {**json.loads((folder / "env" / "envvars").read_text()), **variables}
        ended = controller.command("ansible-inventory", "-i", str(file), "--list", "--export", **environment)
        assert ended.code == 0, ended.output
        assert [secret for secret in credential.secrets() if secret in ended.output] == []
        found: dict[str, dict[str, Any]] = json.loads(ended.output[ended.output.index("{") :])["_meta"]["hostvars"]
        return found

    def _named(self, kind: str, name: str) -> dict[str, Any]:
        (found,) = [asset for asset in self.assets[kind] if asset["name"] == name]
        return found

    def _prepared(self, controller: Controller, credentials: tuple[Credential, ...]) -> Path:
        """Return a private folder with the project, the inventory and what credentials inject."""
        folder = Path(tempfile.mkdtemp(prefix="awx-", dir=controller.home))
        for part in ("playbooks", "docs/awx/inventory"):
            shutil.copytree(ROOT / part, folder / "project" / part)
        (folder / "inventory").mkdir()
        (folder / "inventory" / "hosts.json").write_text(json.dumps(self._hosts()))
        (folder / "env").mkdir(mode=0o700)
        (folder / "env" / "settings").write_text(json.dumps({"suppress_ansible_output": True}))
        # In a container group the job is a pod, whose own account leads elsewhere.
        environment = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "1"}
        for each in credentials:
            environment.update(each.inject(folder / "env"))
        (folder / "env" / "envvars").write_text(json.dumps(environment))
        return folder

    def _hosts(self) -> dict[str, Any]:
        hosts = self._named("inventory", "nekzus.runtime")["related"]["hosts"]
        return {"all": {"hosts": {each["name"]: yaml.safe_load(each["variables"]) for each in hosts}}}


def answered(template: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of a job: the answers, or else the defaults of the survey."""
    questions = {each["variable"]: each for each in template["related"]["survey_spec"]["spec"]}
    wrong = [*(set(answers) - set(questions))]
    for name, answer in answers.items():
        wrong += wrong_answer(questions[name], answer)
    defaults = {name: each["default"] for name, each in questions.items() if "default" in each}
    variables = {**defaults, **answers}
    wrong += [name for name, each in questions.items() if each["required"] and name not in variables]
    assert not wrong, wrong
    return variables


ASSETS: Assets = yaml.safe_load((ROOT / "docs" / "awx" / "assets.yml").read_text(encoding="utf-8"))
AWX = Awx(ASSETS)


def template_names() -> list[str]:
    """Return the names of the job templates."""
    return [str(asset["name"]) for asset in ASSETS["job_templates"]]
