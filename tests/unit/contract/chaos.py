# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks on a backend over a fake, in bad weather and in fine weather, and how they ended."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.nekzus.runtime.plugins.module_utils._argspec import SECTIONS
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.keeper import AccountKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.scribe import Scribe
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.fleet import Fleet
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import KubernetesRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.lifecycle import Lifecycle
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.reader import LogReader
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.survey import SURVEYOR
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.monitor import Monitor
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.keeper import ToolboxKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._template_source import load_order
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_backend import DockerBackend
from ansible_collections.nekzus.runtime.tests.unit.fakes.selector import OneRuntime
from ansible_collections.nekzus.runtime.tests.unit.fakes.weather import (
    EndlessError,
    StormyDocker,
    StormyKubernetes,
    Weather,
)
from ansible_collections.nekzus.runtime.tests.unit.tally import CODES, SHARE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend
    from ansible_collections.nekzus.runtime.tests.unit.tally import Tally

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
# What a task may take at the most, in seconds of the fake clock: its own waiting, and that of its tries.
LONGEST = 600
PLUGINS = "ansible_collections.nekzus.runtime.plugins"


@dataclass(frozen=True)
class Ended:
    """How a task ended: what it returns, with the first failure in it."""

    result: Mapping[str, Any]
    failure: Mapping[str, Any] | None

    @property
    def done(self) -> bool:
        """Whether it says that it has done it."""
        return self.failure is None


Verdict = Callable[[Ended], str]


@dataclass(frozen=True)
class Deed:
    """One operation, as a task of a module.

    ``prepare`` brings about what it is about. ``verdict`` returns what is wrong on the server after the task, nothing
    when all is well. ``repeats`` is whether the same task in fine weather brings about what it has failed to do.
    """

    name: str
    module: str
    options: Callable[[], Mapping[str, Any]]
    prepare: Callable[[], object]
    verdict: Verdict
    changes: bool = False
    repeats: bool = field(default=True)


class Stage:
    """A backend, on which tasks are done: each opens the runtime anew, as modules do."""

    def __init__(self, backend: DockerBackend | KubernetesBackend) -> None:
        """Take the backend."""
        self.backend = backend
        self.clock = backend.clock

    def do(self, deed: Deed, tally: Tally, *, seed: int) -> None:
        """Do it in the weather of a seed, and count what became of it."""
        deed.prepare()
        # Whatever is written from now on has another moment.
        self.clock.sleep(1)
        weather = Weather(f"{seed} {deed.name}", share=SHARE)
        begun, options = self.clock.monotonic(), deed.options()
        try:
            ended = self._task(deed.module, options, self._stormy(weather))
        except EndlessError:
            tally.count(weather.faults, failed=True, wrong=f"seed {seed}: it never ends")
            return
        wrong = _shown(ended) or deed.verdict(ended) or _unchanged(ended, deed)
        if self.clock.monotonic() - begun > LONGEST:
            wrong = wrong or f"it takes {self.clock.monotonic() - begun:.0f} s"
        if not wrong and not ended.done and deed.repeats:
            again = self._task(deed.module, options, self.fine())
            left = deed.verdict(again) if again.done else str(again.failure)
            wrong = f"when done again: {left}" if left else ""
        if wrong:
            wrong = f"seed {seed}: {wrong}, after: {ended.failure}"
        tally.count(weather.faults, failed=not ended.done, wrong=wrong)

    def task(self, module: str, **options: Any) -> Ended:
        """Do a task in fine weather, in which it has to succeed."""
        ended = self._task(module, options, self.fine())
        assert ended.done, ended.failure
        return ended

    def fine(self) -> Runtime:
        """Return the runtime in fine weather."""
        backend = self.backend
        if isinstance(backend, DockerBackend):
            return DockerRuntime(backend.docker, clock=self.clock)
        return KubernetesRuntime(backend.kubernetes, namespaces=(), clock=self.clock)

    def _stormy(self, weather: Weather) -> Runtime:
        backend = self.backend
        if isinstance(backend, DockerBackend):
            return DockerRuntime(StormyDocker(backend.docker, weather, clock=self.clock), clock=self.clock)
        client: Any = StormyKubernetes(backend.kubernetes, weather, clock=self.clock)
        return KubernetesRuntime(client, namespaces=(), clock=self.clock)

    def _task(self, name: str, options: Mapping[str, Any], runtime: Runtime) -> Ended:
        try:
            result = self._run(name, options, runtime)
        except NekzusError as error:
            return Ended({"msg": str(error)}, error.failure())
        return Ended(result, result.get("failure") if result.get("failed") else None)

    def _run(self, name: str, options: Mapping[str, Any], runtime: Runtime) -> dict[str, Any]:
        """Run a module with the options of a task, from its run() on."""
        if name == "nekzus_runtime_info":
            told = runtime.role(SURVEYOR).permissions(**options) if options else runtime.role(SURVEYOR).describe()
            return {"changed": False, "told": as_json(told)}
        module, one = import_module(f"{PLUGINS}.modules.{name}"), OneRuntime(runtime)
        specs = [*(SECTIONS[section] for section in module.SECTIONS), module.ARGUMENTS]
        params = {key: option.get("default") for spec in specs for key, option in spec.items()}
        params.update(options)
        check = bool(params.pop("_ansible_check_mode", False))
        made: dict[str, Callable[[], dict[str, Any]]] = {
            "nekzus_container": lambda: module.run(params, Lifecycle(one), check_mode=check),
            "nekzus_container_info": lambda: module.run(params, Fleet(one)),
            "nekzus_stats": lambda: module.run(params, Monitor(one)),
            "nekzus_logs": lambda: module.run(params, LogReader(one, clock=self.clock), check_mode=False),
            "nekzus_export": lambda: module.run(params, Scribe(one), check_mode=False),
            "nekzus_toolbox_deploy": lambda: module.run(load_order(params), ToolboxKeeper(one), check_mode=False),
            "nekzus_toolbox_info": lambda: module.run(params, ToolboxKeeper(one)),
            "nekzus_account": lambda: module.run(params, AccountKeeper(one), check_mode=False, hidden=False),
        }
        return {"changed": False, **made[name]()}


def _shown(ended: Ended) -> str:
    if SECRET in json.dumps(as_json(ended.result)) + str(ended.failure):
        return "it shows the secret"
    if ended.failure and ended.failure["code"] not in CODES:
        return f"it fails with {ended.failure}"
    return ""


def _unchanged(ended: Ended, deed: Deed) -> str:
    changed = ended.result.get("changed")
    return "" if changed is deed.changes or not ended.done else f"it is said to have changed: {changed}"
