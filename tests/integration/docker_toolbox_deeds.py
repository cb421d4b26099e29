# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a deployment on an engine that speaks Docker's API."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import docker
import docker.errors

from .deeds import QUIET, SECRET, WAIT, Deed, always, done, listed, promised
from .engine import IMAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome

    from .deeds import Do, Verdict

DEPLOY = "nekzus_toolbox_deploy"
_SERVICES = ("web", "worker")


class _Part(NamedTuple):
    """A container of it: its service, Docker's word for its state, and its colour."""

    service: str
    word: str
    colour: str


def _parts(word: str, colour: str) -> list[_Part]:
    return [_Part(service, word, colour) for service in _SERVICES]


class DockerProject:
    """A deployment of two services, one of which keeps data in a volume."""

    def __init__(self, api: docker.DockerClient, name: str, do: Do) -> None:
        """Take where, what it is called, and how to do a task in fine weather."""
        self._api = api
        self._name = name
        self._do = do
        self._before: list[_Part] = []
        self._volumes: set[tuple[str, str]] = set()

    def deeds(self) -> list[Deed]:
        """Return its life, from the first to the last."""
        blue, green = self._deployment("blue"), self._deployment("green")
        stopped, started = ({"service_name": self._name, "state": one} for one in ("stopped", "started"))
        absent = {"service_name": self._name, "state": "absent"}
        return [
            self._change("deploy", self._prepared([], blue), lambda: _parts("running", "blue")),
            self._change("deploy a change", self._prepared(_parts("running", "blue"), green), _green),
            self._change(
                "stop a deployment",
                self._prepared(_parts("running", "green"), stopped),
                lambda: _parts("exited", "green"),
            ),
            self._change("start a deployment", self._prepared(_parts("exited", "green"), started), _green),
            Deed("deploy again", DEPLOY, self._prepared(_parts("running", "green"), green), self._again),
            Deed(
                "toolbox info",
                "nekzus_toolbox_info",
                always(service_name=self._name, catalog=False),
                listed("services", self._name, self._told),
            ),
            self._change("remove", self._prepared(_parts("running", "green"), absent), list, excuse=self._stuck),
        ]

    def _change(
        self, name: str, prepare: Callable[[], Mapping[str, Any]], wanted: Callable[[], list[_Part]], **rest: Any
    ) -> Deed:
        return Deed(name, DEPLOY, prepare, self._is(wanted), changes=True, promise=self._promise, **rest)

    def _stuck(self) -> str:
        """Return which network the engine itself does not remove although nobody is on it."""
        idle = [network for network in self._networks() if not _users(network)]
        return next(filter(None, map(_stuck, idle)), "")

    def _networks(self) -> list[Any]:
        return list(self._api.networks.list(filters={"label": f"nekzus.io/service={self._name}"}))

    def _deployment(self, colour: str) -> dict[str, Any]:
        service = {
            "image": IMAGE,
            "command": ["sh", "-c", QUIET.replace("$", "$$")],
            "environment": {"API_TOKEN": SECRET, "COLOUR": colour},
            "stop_grace_period": "5s",
            # What is not to be restarted, and was ended by a stop, looks as if it had done its work.
            "restart": "unless-stopped",
        }
        two = {"web": {**service, "volumes": ["data:/data"]}, "worker": {**service, "depends_on": ["web"]}}
        # A removal that has failed may have stopped some, which stay so unless they are to be started.
        options = {"state": "started", "wait_timeout": WAIT}
        return {"service_name": self._name, "definition": {"services": two, "volumes": {"data": {}}}, **options}

    def _prepared(self, wanted: list[_Part], told: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
        """Return the preparation that has these parts there, and notes them."""

        def prepare() -> Mapping[str, Any]:
            if self._found() != wanted:
                self._remove()
                if wanted:
                    self._do(DEPLOY, {**self._deployment(wanted[0].colour), "wait_timeout": 6 * WAIT})
                if wanted and wanted[0].word == "exited":
                    self._do(DEPLOY, {"service_name": self._name, "state": "stopped"})
            self._before = self._found()
            assert self._before == wanted, f"there is {self._before}, not {wanted}"
            self._volumes = self._kept()
            return told

        return prepare

    def _is(self, wanted: Callable[[], list[_Part]]) -> Verdict:
        def verdict(outcome: Outcome) -> str:
            found = self._found()
            lost = self._volumes - self._kept()
            if lost:
                return f"its data is lost: {lost}"
            return "" if not done(outcome) or found == wanted() else f"said to be {wanted()}, is {found}"

        return verdict

    def _promise(self, outcome: Outcome) -> str:
        return promised(outcome, found=self._found(), before=self._before)

    def _again(self, outcome: Outcome) -> str:
        told = outcome.result.get("service") or {"containers": ()}
        return self._is(_green)(outcome) or (self._told(told) if done(outcome) else "")

    def _told(self, told: Mapping[str, Any]) -> str:
        words = {"running": "running", "exited": "stopped"}
        said = sorted((one["service"], one["state"]) for one in told["containers"])
        found = [(one.service, words.get(one.word, one.word)) for one in self._found()]
        return "" if said == found else f"said to be {said}, is {found}"

    def _containers(self) -> list[dict[str, Any]]:
        label = {"label": f"nekzus.io/service={self._name}"}
        found = self._api.api.containers(all=True, filters=label)
        inspected = []
        for one in found:
            with contextlib.suppress(docker.errors.NotFound):
                inspected.append(self._api.api.inspect_container(one["Id"]))
        return inspected

    def _found(self) -> list[_Part]:
        return sorted(map(_part, self._containers()))

    def _kept(self) -> set[tuple[str, str]]:
        found = self._api.volumes.list(filters={"label": f"nekzus.io/service={self._name}"})
        return {(str(one.name), str(one.attrs["CreatedAt"])) for one in found}

    def _remove(self) -> None:
        for one in self._containers():
            self._api.api.remove_container(one["Id"], force=True)
        for network in self._networks():
            _stuck(network)

    def harms(self) -> Mapping[str, Callable[[], None]]:
        """Return what nobody may do during a deed, by its name."""
        return {"deploy a change": self.clear}

    def clear(self) -> None:
        """Remove containers, networks and volumes."""
        self._remove()
        for volume in self._api.volumes.list(filters={"label": f"nekzus.io/service={self._name}"}):
            volume.remove(force=True)


def _users(network: Any) -> Mapping[str, Any]:
    """Return the containers that are on a network now."""
    network.reload()
    users: Mapping[str, Any] = network.attrs["Containers"]
    return users


def _stuck(network: Any) -> str:
    """Remove a network; return what the engine says when it keeps one that nobody is on."""
    try:
        network.remove()
    except docker.errors.APIError as error:
        if _users(network) or "active endpoints" not in str(error.explanation):
            raise
        return f"{network.name} has no containers, and is not removed by the engine itself: {error.explanation}"
    return ""


def _green() -> list[_Part]:
    return _parts("running", "green")


def _part(container: Mapping[str, Any]) -> _Part:
    config = container["Config"]
    (colour,) = [one.partition("=")[2] for one in config["Env"] if one.startswith("COLOUR=")] or [""]
    service = config["Labels"].get("com.docker.compose.service", container["Name"])
    return _Part(service, container["State"]["Status"], colour)
