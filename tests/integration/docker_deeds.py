# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to containers of an engine that speaks Docker's API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable

import docker
import docker.errors

from .deeds import QUIET, SECRET, WAIT, Deed, always, done, foretold, listed, runtime_told, whole_log, written_down
from .docker_toolbox_deeds import DockerProject
from .yard import LABEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome

    from .deeds import Do, Verdict
    from .docker_yard import DockerYard
    from .engine import DockerEngine

FLOCK = ("flock-1", "flock-2")
_STATES = {"running": "running", "exited": "stopped", "paused": "paused"}


class DockerScene:
    """A container to change, one to read, several at once, and a place for a deployment."""

    def __init__(self, engine: DockerEngine, yard: DockerYard, do: Do) -> None:
        """Take where, and how to do a task in fine weather."""
        self._api = docker.DockerClient(base_url=engine.url, version="1.41", timeout=60)
        self._yard = yard
        self._started: dict[str, str] = {}
        self._project = DockerProject(self._api, f"{yard.prefix}-project", do)
        yard.clear()
        # Without a network, which is half of the work of a start.
        yard.run("target", "reader", *FLOCK, script=QUIET, environment={"API_TOKEN": SECRET}, network_mode="none")

    def deeds(self) -> list[Deed]:
        """Return them."""
        return [
            self._change("stop", "stopped", "running", "exited"),
            self._change("start", "started", "exited", "running"),
            self._change("restart", "restarted", "running", "running"),
            self._change("pause", "paused", "running", "paused"),
            self._change("unpause", "started", "paused", "running"),
            self._change("stop several", "stopped", "running", "exited", *FLOCK),
            self._change("start several", "started", "exited", "running", *FLOCK),
            self._foretold("predict a stop of several", *FLOCK),
            *self._reading(),
            *self._project.deeds(),
        ]

    def harms(self) -> Mapping[str, Callable[[], None]]:
        """See Scene."""
        return {"stop": lambda: self._yard.remove("target"), **self._project.harms()}

    def _reading(self) -> list[Deed]:
        name, address = self._yard.name("reader"), f"docker/{self._yard.name('reader')}"
        one = always(name=address)
        return [
            Deed(
                "look",
                "nekzus_container_info",
                always(name=address, details=True),
                listed("containers", name, lambda told: self._looked("reader", told)),
            ),
            Deed(
                "list",
                "nekzus_container_info",
                always(label_selectors=[f"{LABEL}-of={self._yard.prefix}"]),
                self._all_listed,
            ),
            Deed("stats", "nekzus_stats", one, listed("stats", name, _measured)),
            Deed("logs", "nekzus_logs", one, listed("logs", name, whole_log)),
            Deed("export", "nekzus_export", one, written_down(address)),
            Deed("runtime info", "nekzus_runtime_info", always(), runtime_told(self._version)),
        ]

    def _change(self, name: str, state: str, before: str, after: str, *names: str) -> Deed:
        whole = names or ("target",)
        told = {"names": [f"docker/{self._yard.name(one)}" for one in whole], "state": state, "wait_timeout": WAIT}
        return Deed(
            name,
            "nekzus_container",
            self._brought(whole, before, told),
            self._are(whole, after, anew=after == "running"),
            changes=True,
        )

    def _foretold(self, name: str, *names: str) -> Deed:
        stop = self._change(name, "stopped", "running", "exited", *names)

        def verdict(outcome: Outcome) -> str:
            states = {one: self._state(one) for one in names}
            same = [one for one, state in states.items() if str(state["StartedAt"]) == self._started[one]]
            running = [one for one, state in states.items() if state["Status"] == "running"]
            if not same == running == list(names):
                return f"only predicted, and changed: {states}"
            return foretold(outcome, "stopped", len(names))

        return replace(stop, prepare=lambda: {**stop.prepare(), "_ansible_check_mode": True}, verdict=verdict)

    def _brought(self, names: tuple[str, ...], word: str, told: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
        def prepare() -> Mapping[str, Any]:
            for name in names:
                self._bring(self._yard.name(name), word)
                self._started[name] = str(self._state(name)["StartedAt"]) if told["state"] != "started" else ""
            return told

        return prepare

    def _bring(self, name: str, word: str) -> None:
        found = self._api.api.inspect_container(name)["State"]["Status"]
        if found == word:
            return
        if found == "paused":
            self._api.api.unpause(name)
        if word == "exited":
            self._api.api.stop(name, timeout=5)
            return
        self._api.api.start(name)
        if word == "paused":
            self._api.api.pause(name)

    def _state(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._api.api.inspect_container(self._yard.name(name))["State"]
        return found

    def _are(self, names: tuple[str, ...], word: str, *, anew: bool) -> Verdict:
        """Return the verdict on a change: all are there, and as they are said to be; ``anew``: since they were not."""

        def verdict(outcome: Outcome) -> str:
            try:
                states = {name: self._state(name) for name in names}
            except docker.errors.NotFound as error:
                return f"it is gone: {error}"
            if not done(outcome):
                return self._half_done(outcome, states)
            wrong = [
                f"{name} is said to be {word}, is {state['Status']}"
                for name, state in states.items()
                if state["Status"] != word
            ]
            old = [name for name, state in states.items() if anew and state["StartedAt"] == self._started[name]]
            return "; ".join((*wrong, *(f"{name} has not been started anew" for name in old)))

        return verdict

    def _half_done(self, outcome: Outcome, states: Mapping[str, Mapping[str, Any]]) -> str:
        """Return what is wrong with the results of those that a failed task says to have been done."""
        said = {one["name"]: one["state_after"] for one in outcome.result.get("results", ()) if one["success"]}
        found = {self._yard.name(name): _STATES.get(state["Status"]) for name, state in states.items()}
        return "; ".join(
            f"{name} is said to be {state}, is {found[name]}"
            for name, state in said.items()
            if state and state != found[name]
        )

    def _looked(self, name: str, told: Mapping[str, Any]) -> str:
        found = _STATES.get(str(self._state(name)["Status"]))
        return "" if told["state"] == found else f"said to be {told['state']}, is {found}"

    def _all_listed(self, outcome: Outcome) -> str:
        if not done(outcome):
            return ""
        told = {one["name"]: one["state"] for one in outcome.result.get("containers", ())}
        filters: dict[str, str | list[str] | bool] = {"label": f"{LABEL}-of={self._yard.prefix}"}
        found = {str(one.name): _STATES.get(one.status) for one in self._api.containers.list(all=True, filters=filters)}
        return "" if told == found else f"said to be {told}, there is {found}"

    def _version(self) -> str:
        return str(self._api.version()["Version"])

    def clear(self) -> None:
        """Remove all of it."""
        self._yard.clear()
        self._project.clear()
        self._api.close()


def _measured(told: Mapping[str, Any]) -> str:
    return "" if (told["memory"]["used_bytes"] or 0) > 0 else f"measured as {told['memory']}"
