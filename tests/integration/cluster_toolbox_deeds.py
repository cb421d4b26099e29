# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a deployment in a namespace of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from .cluster import path_of
from .deeds import SECRET, Deed, always, done, listed, promised
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome

    from .deeds import Do, Verdict
    from .space import Space

DEPLOY = "nekzus_toolbox_deploy"
NAME = "project"
LABELS = {"nekzus.io/service": NAME}
_SERVICES = ("web", "worker")
# What goes with a removal. Claims stay.
_KINDS = (("apps/v1", "Deployment"), ("v1", "Service"), ("v1", "Secret"), ("v1", "ConfigMap"))
# No node has it: the pods wait for one, which is the least work.
_ENDLESS = {"deploy": {"resources": {"reservations": {"memory": "4000G"}}}}


class _Part(NamedTuple):
    """A Deployment of it: its service, how many pods it wants, and its colour."""

    service: str
    wanted: int
    colour: str


def _parts(count: int, colour: str) -> list[_Part]:
    return [_Part(service, count, colour) for service in _SERVICES]


class ClusterProject:
    """A deployment of two services, one of which keeps data in a claim."""

    def __init__(self, space: Space, do: Do) -> None:
        """Take where, and how to do a task in fine weather."""
        self._space = space
        self._do = do
        self._before: list[_Part] = []
        self._claims: set[str] = set()

    def deeds(self) -> list[Deed]:
        """Return its life, from the first to the last."""
        blue, green = self._deployment("blue"), self._deployment("green")
        return [
            self._change("deploy", self._prepared([], blue), lambda: _parts(1, "blue")),
            self._change("deploy a change", self._prepared(_parts(1, "blue"), green), _green),
            self._change("stop a deployment", self._prepared(_parts(1, "green"), _in("stopped")), _stopped),
            self._change("start a deployment", self._prepared(_parts(0, "green"), _in("started")), _green),
            Deed("deploy again", DEPLOY, self._prepared(_parts(1, "green"), green), self._again),
            Deed(
                "toolbox info",
                "nekzus_toolbox_info",
                always(service_name=NAME, namespaces=[self._space.namespace], catalog=False),
                listed("services", NAME, self._told),
            ),
            self._change("remove", self._prepared(_parts(1, "green"), _in("absent")), list),
        ]

    def _change(self, name: str, prepare: Callable[[], Mapping[str, Any]], wanted: Callable[[], list[_Part]]) -> Deed:
        return Deed(name, DEPLOY, prepare, self._is(wanted), changes=True, promise=self._promise)

    def _deployment(self, colour: str) -> dict[str, Any]:
        service = {"image": "x", "environment": {"API_TOKEN": SECRET, "COLOUR": colour}, **_ENDLESS}
        two = {"web": {**service, "volumes": ["data:/data"]}, "worker": service}
        return {**_in("started"), "definition": {"services": two, "volumes": {"data": {}}}}

    def _prepared(self, wanted: list[_Part], told: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
        """Return the preparation that has these parts there, and notes them."""

        def prepare() -> Mapping[str, Any]:
            place = {"namespace": self._space.namespace}
            if self._found() != wanted or (not wanted and self._left()):
                self._remove()
                if wanted:
                    self._do(DEPLOY, {**place, **self._deployment(wanted[0].colour)})
                if wanted and not wanted[0].wanted:
                    self._do(DEPLOY, {**place, **_in("stopped")})
            self._before = self._found()
            assert self._before == wanted, f"there is {self._before}, not {wanted}"
            self._claims = self._kept()
            return {**place, **told}

        return prepare

    def _is(self, wanted: Callable[[], list[_Part]]) -> Verdict:
        def verdict(outcome: Outcome) -> str:
            found = self._found()
            lost = self._claims - self._kept()
            if lost:
                return f"its data is lost: {lost}"
            if not done(outcome):
                return ""
            if found != wanted():
                return f"said to be {wanted()}, is {found}"
            left = self._left()
            return f"said to be removed, there is {left}" if left and not found else ""

        return verdict

    def _promise(self, outcome: Outcome) -> str:
        return promised(outcome, found=self._found(), before=self._before)

    def _again(self, outcome: Outcome) -> str:
        told = outcome.result.get("service") or {"containers": ()}
        return self._is(_green)(outcome) or (self._told(told) if done(outcome) else "")

    def _told(self, told: Mapping[str, Any]) -> str:
        said = sorted((one["service"], one["replicas"]) for one in told["containers"])
        found = [(one.service, one.wanted) for one in self._found()]
        return "" if said == found else f"said to be {said}, is {found}"

    def _items(self, version: str, kind: str) -> list[dict[str, Any]]:
        return self._space.cluster.items(path_of(version, kind, self._space.namespace), LABELS)

    def _found(self) -> list[_Part]:
        return sorted(map(_part, self._items(*_KINDS[0])))

    def _left(self) -> list[str]:
        return [f"{kind} {one['metadata']['name']}" for version, kind in _KINDS for one in self._items(version, kind)]

    def _kept(self) -> set[str]:
        return {str(one["metadata"]["uid"]) for one in self._items("v1", "PersistentVolumeClaim")}

    def harms(self) -> Mapping[str, Callable[[], None]]:
        """Return what nobody may do during a deed, by its name."""
        return {"deploy a change": self._lose_data}

    def _lose_data(self) -> None:
        for one in self._items("v1", "PersistentVolumeClaim"):
            path = path_of("v1", "PersistentVolumeClaim", self._space.namespace, str(one["metadata"]["name"]))
            self._space.cluster.patch(path, {"metadata": {"finalizers": None}})
            self._space.cluster.delete(path)
        poll(lambda: not self._kept(), "the claim is gone")

    def clear(self) -> None:
        """Remove it, and its data."""
        self._remove((*_KINDS, ("v1", "PersistentVolumeClaim")))

    def _remove(self, kinds: Sequence[tuple[str, str]] = _KINDS) -> None:
        for version, kind in kinds:
            for one in self._items(version, kind):
                name = str(one["metadata"]["name"])
                self._space.cluster.delete(path_of(version, kind, self._space.namespace, name))


def _in(state: str) -> dict[str, Any]:
    return {"service_name": NAME, "state": state, "wait": False}


def _green() -> list[_Part]:
    return _parts(1, "green")


def _stopped() -> list[_Part]:
    return _parts(0, "green")


def _part(found: Mapping[str, Any]) -> _Part:
    (container,) = found["spec"]["template"]["spec"]["containers"]
    (colour,) = [str(one["value"]) for one in container.get("env", ()) if one["name"] == "COLOUR"] or [""]
    return _Part(container["name"], found["spec"]["replicas"], colour)
