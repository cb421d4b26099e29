# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory as a user sees it: what ansible-inventory prints of a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import yaml

from .manifests import pod
from .space import Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .controller import Controller, Run
    from .engine import DockerEngine
    from .kubernetes_engine import KubernetesEngine

PLUGIN = "nekzus.runtime.containers"
_NUMBERS = count()


@dataclass(frozen=True)
class Listing:
    """What an inventory holds: variables by host, hosts by group; and what was printed besides."""

    hosts: Mapping[str, Mapping[str, Any]]
    groups: Mapping[str, Sequence[str]]
    output: str

    @property
    def warnings(self) -> int:
        """How many warnings there were."""
        return self.output.count("[WARNING]")


def write(controller: Controller, options: Mapping[str, Any]) -> Path:
    """Write the file of an inventory and return it."""
    file = controller.home / f"{next(_NUMBERS)}.nekzus.yml"
    file.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}, sort_keys=False), encoding="utf-8")
    return file


def listed(controller: Controller, options: Mapping[str, Any], *arguments: str, **environment: str) -> Listing:
    """Return what ``ansible-inventory --list`` says, as AWX has it say it."""
    made = controller.home / f"{next(_NUMBERS)}.json"
    ended = listing_run(controller, options, "--list", "--export", "--output", str(made), *arguments, **environment)
    assert ended.code == 0, ended.output
    document = json.loads(made.read_text(encoding="utf-8"))
    hosts = document.pop("_meta")["hostvars"]
    groups = {name: group.get("hosts", []) for name, group in document.items()}
    return Listing(hosts, groups, ended.output)


def listing_run(controller: Controller, options: Mapping[str, Any], *arguments: str, **environment: str) -> Run:
    """Run ansible-inventory on a file; it fails when the file cannot be used."""
    strict = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True", "ANSIBLE_INVENTORY_ENABLED": PLUGIN}
    file = write(controller, options)
    return controller.command("ansible-inventory", "-i", str(file), *arguments, **{**strict, **environment})


class Places:
    """Two daemons and two contexts of a kubeconfig, each with a container or pod called ``web``.

    ``endpoints`` has them by name: edge, lab, east, west.
    """

    def __init__(self, docker: DockerEngine, podman: DockerEngine, kubernetes: KubernetesEngine, key: str) -> None:
        """Take where they are."""
        self.edge, self.lab = docker.yard(key), podman.yard(key)
        self.spaces = {name: Space(kubernetes.cluster, f"{key.replace('_', '-')}-{name}") for name in ("east", "west")}
        self._docker, self._podman = docker, podman

    def open(self) -> Places:
        """Make all of it."""
        for yard in (self.edge, self.lab):
            yard.clear()
            yard.run("web")
        for space in self.spaces.values():
            space.open().make(pod("web", labels={"tier": "front"}))
        for space in self.spaces.values():
            space.await_ready("web")
        kubeconfig = self._kubeconfig()
        self.endpoints: dict[str, dict[str, Any]] = {
            "edge": {"docker_host": self._docker.url},
            "lab": {"docker": {"socket_path": self._podman.url}},
            **{
                name: {"kubeconfig": kubeconfig, "kubernetes": {"context": name, "namespaces": [space.namespace]}}
                for name, space in self.spaces.items()
            },
        }
        return self

    def close(self) -> None:
        """Remove all of it."""
        for place in (self.edge, self.lab):
            place.clear()
        for space in self.spaces.values():
            space.close()

    def options(self, *names: str, **more: Any) -> dict[str, Any]:
        """Return the options of an inventory of some endpoints (none: all), which shows what is ours only."""
        chosen = [{"name": name, **self.endpoints[name]} for name in names or self.endpoints]
        ours = [
            f"{self.edge.prefix}-*",
            f"{self.lab.prefix}-*",
            *(one.namespace + "/*" for one in self.spaces.values()),
        ]
        return {"endpoints": chosen, "filters": {"name": ours}, **more}

    @property
    def names(self) -> dict[str, str]:
        """What the host of each endpoint is called."""
        yards = {"edge": self.edge, "lab": self.lab}
        daemons = {name: f"{yard.name('web')}.{name}" for name, yard in yards.items()}
        return {**daemons, **{name: f"web.{space.namespace}.{name}" for name, space in self.spaces.items()}}

    def _kubeconfig(self) -> str:
        """Write a kubeconfig with a context for each namespace."""
        space = self.spaces["east"]
        document = yaml.safe_load(space.kubeconfig.read_text(encoding="utf-8"))
        (context,) = document["contexts"]
        document["contexts"] = [
            {"name": name, "context": {**context["context"], "namespace": one.namespace}}
            for name, one in self.spaces.items()
        ]
        document["current-context"] = "east"
        file = space.kubeconfig.with_name("contexts")
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        return str(file)
