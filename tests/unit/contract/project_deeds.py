# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same on every backend: what reads one thing, and the life of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import SECRET, Deed, Ended

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Stage, Verdict

NAME = "shop"
LINES = [f"line {number}" for number in range(1, 9)]
DEPLOY = "nekzus_toolbox_deploy"
# What stays when a deployment is removed.
_DATA = ("Volume ", "PersistentVolumeClaim ")
_TEMPLATE: dict[str, Any] = {
    "services": {
        "web": {
            "image": "busybox:stable",
            "environment": {"API_TOKEN": "${API_TOKEN}", "COLOUR": "${COLOUR:-}"},
            "volumes": ["data:/data"],
            "restart": "unless-stopped",
        }
    },
    "volumes": {"data": None},
}


class Part(NamedTuple):
    """What there is of a service: whether it is wanted to run, and its colour."""

    service: str
    runs: bool
    colour: str


def reading(address: str) -> list[Deed]:
    """Return all that reads one thing, which runs and has written LINES."""
    name, container = address.rpartition("/")[2], address

    def deed(title: str, module: str, key: str, check: Callable[[Mapping[str, Any]], bool], **options: Any) -> Deed:
        def verdict(ended: Ended) -> str:
            if not ended.done:
                return ""
            found = [one for one in ended.result.get(key, ()) if one.get("name", name) == name]
            return "" if len(found) == 1 and check(found[0]) else f"told {found}"

        return Deed(title, module, lambda: options, lambda: None, verdict)

    def runs(told: Mapping[str, Any]) -> bool:
        return str(told["state"]) == "running"

    return [
        deed("look", "nekzus_container_info", "containers", runs, name=container, details=True),
        deed("list", "nekzus_container_info", "containers", runs),
        deed("stats", "nekzus_stats", "stats", lambda one: one["memory"]["used_bytes"] != 0, name=container),
        deed("logs", "nekzus_logs", "logs", lambda one: one["log_lines"] == LINES, name=container),
        deed("export", "nekzus_export", "exports", lambda one: "API_TOKEN" in one["content"], name=container),
    ]


class Project:
    """A deployment of a service that keeps data."""

    def __init__(self, stage: Stage, found: Callable[[], list[Part]], kept: Callable[[], set[str]]) -> None:
        """Take where, and what tells what runs of it, and what there is of its data."""
        self._stage = stage
        self._found = found
        self._kept = kept
        self._before: list[Part] = []
        self._data: set[str] = set()

    def deeds(self) -> list[Deed]:
        """Return its life, from the first to the last."""
        green = [Part("web", runs=True, colour="green")]
        return [
            self._deed("deploy", [], [Part("web", runs=True, colour="blue")], _wanted("blue")),
            self._deed("deploy a change", [Part("web", runs=True, colour="blue")], green, _wanted("green")),
            self._deed("stop a deployment", green, [Part("web", runs=False, colour="green")], _state("stopped")),
            self._deed("start a deployment", [Part("web", runs=False, colour="green")], green, _state("started")),
            self._deed("deploy again", green, green, _wanted("green")),
            Deed(
                "toolbox info",
                "nekzus_toolbox_info",
                lambda: {"service_name": NAME, "catalog": False},
                lambda: self._bring(green),
                _listed,
            ),
            self._deed("remove", green, [], _state("absent")),
        ]

    def _deed(self, name: str, before: list[Part], after: list[Part], options: Mapping[str, Any]) -> Deed:
        return Deed(
            name,
            DEPLOY,
            lambda: options,
            lambda: self._bring(before),
            self._is(after),
            changes=before != after,
        )

    def _bring(self, wanted: list[Part]) -> None:
        if self._found() != wanted:
            self._stage.task(DEPLOY, **_state("absent"))
            for one in wanted:
                self._stage.task(DEPLOY, **_wanted(one.colour))
                if not one.runs:
                    self._stage.task(DEPLOY, **_state("stopped"))
        assert self._found() == wanted
        self._before, self._data = wanted, self._kept()

    def _is(self, wanted: list[Part]) -> Verdict:
        def verdict(ended: Ended) -> str:
            found, lost = self._found(), self._data - self._kept()
            if lost:
                return f"its data is lost: {lost}"
            words = str(ended.failure or "")
            if "what was made was removed again" in words and found:
                return f"said to be removed again, there is {found}"
            if "what was there before is back" in words and found != self._before:
                return f"said to be back, there is {found}, there was {self._before}"
            if ended.done and found != wanted:
                return f"said to be {wanted}, is {found}"
            left = [one for one in self._stage.backend.traces() if f" {NAME}" in one and not one.startswith(_DATA)]
            return f"said to be removed, there is {left}" if ended.done and not wanted and left else ""

        return verdict


def _wanted(colour: str) -> dict[str, Any]:
    return {**_state("started"), "definition": _TEMPLATE, "env": {"API_TOKEN": SECRET, "COLOUR": colour}}


def _state(state: str) -> dict[str, Any]:
    return {"service_name": NAME, "state": state, "wait_timeout": 30}


def _listed(ended: Ended) -> str:
    if not ended.done:
        return ""
    told = [(one["name"], str(one["status"])) for one in ended.result.get("services", ())]
    return "" if told == [(NAME, "running")] else f"told {told}"
