# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible as a user runs it: its commands, in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .process import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(sys.executable).parent
MODULE = "nekzus.runtime.nekzus_container"
INFO = "nekzus.runtime.nekzus_container_info"
# What the machine's own environment may say of engines, clusters, proxies and Ansible is none of the tests' business.
_FOREIGN = re.compile(r"(ANSIBLE|DOCKER|NEKZUS_DOCKER|CONTAINER|K8S|KUBE)_?.*|.*_proxy|PYTHONPATH", re.IGNORECASE)


@dataclass(frozen=True)
class Task:
    """One task that ran."""

    name: str
    status: str
    result: Mapping[str, Any]

    @property
    def failure(self) -> Mapping[str, Any]:
        """Why it failed."""
        assert self.status == "failed", self
        failure: Mapping[str, Any] = self.result["failure"]
        return failure

    @property
    def results(self) -> Mapping[str, Mapping[str, Any]]:
        """What became of each target, by name, in order."""
        return {one["name"]: one for one in self.result["results"]}


@dataclass(frozen=True)
class Run:
    """One command that ended."""

    code: int
    output: str
    tasks: Sequence[Task]

    @cached_property
    def recap(self) -> Mapping[str, int]:
        """The counters of the PLAY RECAP."""
        found = re.findall(r"^\S+ +: (ok=.*)$", self.output, re.MULTILINE)
        assert len(found) == 1, self.output
        return {word: int(count) for word, count in re.findall(r"(\w+)=(\d+)", found[0])}

    def task(self, name: str) -> Task:
        """Return the one task of that name."""
        found = [task for task in self.tasks if task.name == name]
        assert len(found) == 1, self.output
        return found[0]


def environment(home: Path, *, collections: Path) -> dict[str, str]:
    """Return the environment of a user who has set nothing, with a home of their own."""
    config = home / "ansible.cfg"
    config.write_text("")
    own = {name: value for name, value in os.environ.items() if not _FOREIGN.fullmatch(name)}
    return {
        **own,
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": str(home / ".cache"),
        "PATH": f"{BIN}:{own['PATH']}",
    }


class Controller:
    """A controller with a home of its own, that finds the collection in this checkout."""

    def __init__(self, home: Path, *, collections: Path) -> None:
        """Take an empty folder and where collections are installed."""
        self.home = home
        self._numbers = iter(range(10_000))
        self._environment = {
            **environment(home, collections=collections),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
            # Ad-hoc commands use callbacks only when they are told to.
            "ANSIBLE_LOAD_CALLBACK_PLUGINS": "True",
        }

    def story(self, name: str, variables: Mapping[str, Any], *arguments: str) -> Run:
        """Run one of the stories to its end: it must have succeeded."""
        command = ["ansible-playbook", str(HERE / "stories" / f"{name}.yml"), "-e", json.dumps(variables), *arguments]
        ended = self.command(*command)
        assert ended.code == 0, f"{ended.output[-4000:]}\nThe last results: {ended.tasks[-2:]}"
        assert ended.recap["failed"] == ended.recap["unreachable"] == 0
        return ended

    def playbook(self, name: str, survey: Mapping[str, str], **environment: str) -> Run:
        """Run a playbook of the collection by its name, with flat variables as a survey gives them."""
        flat = " ".join(f"{key}={value}" for key, value in survey.items())
        return self.command("ansible-playbook", f"nekzus.runtime.{name}", "-e", flat, **environment)

    def play(self, tasks: Sequence[Mapping[str, Any]], *arguments: str, **environment: str) -> Run:
        """Run tasks in one play, each whatever becomes of the one before it."""
        play = {"hosts": "localhost", "gather_facts": False, "ignore_errors": True, "tasks": tasks}
        playbook = self.home / f"play-{next(self._numbers)}.json"
        playbook.write_text(json.dumps([play]))
        ended = self.command("ansible-playbook", str(playbook), *arguments, **environment)
        assert [task.name for task in ended.tasks] == [task["name"] for task in tasks], ended.output
        return ended

    def adhoc(self, module: str, arguments: str, *options: str, **environment: str) -> Run:
        """Run one module against localhost."""
        ended = self.command("ansible", "localhost", "-m", module, "-a", arguments, *options, **environment)
        assert len(ended.tasks) == 1, ended.output
        return ended

    def runner(self, story: str, variables: Mapping[str, Any]) -> Run:
        """Run one of the stories with ansible-runner, as AWX does; the output is that of the events."""
        private = self.home / f"runner-{next(self._numbers)}"
        shutil.copytree(HERE / "stories", private / "project")
        (private / "env").mkdir()
        (private / "env" / "extravars").write_text(json.dumps(variables))
        ended = self.command("ansible-runner", "run", str(private), "-p", f"{story}.yml", "--ident", "one")
        assert (private / "artifacts" / "one" / "status").read_text() == "successful", ended.output
        return ended

    def molecule(self, scenario: str, folder: Path, environment: Mapping[str, str]) -> Run:
        """Take a scenario through all its steps; molecule looks for it below the folder that it is started in."""
        return self._run(folder, ["molecule", "test", "-s", scenario], environment)

    def command(self, *command: str, **environment: str) -> Run:
        """Run a command and collect what it printed and which tasks it ran."""
        return self._run(self.home, command, environment)

    def _run(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> Run:
        record = self.home / f"record-{next(self._numbers)}"
        code, output = run(
            str(BIN / command[0]),
            *command[1:],
            cwd=str(folder),
            environment={**self._environment, **environment, "NEKZUS_TEST_RECORD": str(record)},
            check=False,
        )
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        tasks = [Task(**json.loads(line)) for line in lines]
        assert "Traceback (most recent call last)" not in output, output
        return Run(code, output, tasks)


def link_checkout() -> Path:
    """Put the checkout where Ansible looks for collections, and return that place; all workers do so at once."""
    tree = ROOT / ".cache" / "collections"
    link = tree / "ansible_collections" / "nekzus" / "runtime"
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to(os.path.relpath(ROOT, link.parent))
    return tree
