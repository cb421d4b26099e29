# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation on the fake daemon: a container's life, several at once, all that reads, and a deployment's life."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import SECRET, Deed, Ended, Stage
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_backend import DockerBackend
from ansible_collections.nekzus.runtime.tests.unit.contract.project_deeds import LINES, NAME, Part, Project, reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Verdict
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

_WORDS = {"running": State.RUNNING, "exited": State.STOPPED, "paused": State.PAUSED}
FLOCK = ("flock-1", "flock-2", "flock-3")


class DockerDeeds:
    """A daemon with a container to change, one to read, and several."""

    def __init__(self) -> None:
        """Have them."""
        self.backend = DockerBackend()
        self.stage = Stage(self.backend)
        self._docker: FakeDocker = self.backend.docker
        self._begun: dict[str, float] = {}
        for name in ("target", "reader", *FLOCK):
            self.backend.create(name, env=(f"API_TOKEN={SECRET}",), logs="".join(f"{line}\n" for line in LINES))

    def deeds(self) -> list[Deed]:
        """Return them in an order in which one prepares the next."""
        return [
            self._change("stop", "stopped", "running", "exited"),
            self._change("start", "started", "exited", "running"),
            self._change("restart", "restarted", "running", "running"),
            self._change("pause", "paused", "running", "paused"),
            self._change("unpause", "started", "paused", "running"),
            self._change("stop several", "stopped", "running", "exited", *FLOCK),
            self._change("start several", "started", "exited", "running", *FLOCK),
            self._foretold("predict a stop of several", *FLOCK),
            *reading("docker/reader"),
            Deed("runtime info", "nekzus_runtime_info", dict, lambda: None, _told),
        ]

    def project(self) -> list[Deed]:
        """Return the life of a deployment."""
        return Project(self.stage, self._parts, self._volumes).deeds()

    def _change(self, name: str, state: str, before: str, after: str, *names: str) -> Deed:
        whole = names or ("target",)

        def prepare() -> None:
            for one in whole:
                self.backend.force_state(one, _WORDS[before])
                self._begun[one] = self._docker.named(one).started_at

        def options() -> Mapping[str, Any]:
            return {"names": [f"docker/{one}" for one in whole], "state": state, "wait_timeout": 30}

        return Deed(name, "nekzus_container", options, prepare, self._are(whole, state, after), changes=True)

    def _foretold(self, name: str, *names: str) -> Deed:
        stop = self._change(name, "stopped", "running", "exited", *names)

        def verdict(ended: Ended) -> str:
            wrong = [one for one in names if self._docker.named(one).started_at != self._begun[one]]
            wrong += [one for one in names if self._docker.named(one).state != "running"]
            told = [one["state_after"] for one in ended.result.get("results", ())]
            if not wrong and ended.done and told != ["stopped"] * len(names):
                return f"foretold: {told}"
            return f"only predicted, and changed: {wrong}" if wrong else ""

        return replace(stop, options=lambda: {**stop.options(), "_ansible_check_mode": True}, verdict=verdict)

    def _are(self, names: tuple[str, ...], state: str, word: str) -> Verdict:
        def verdict(ended: Ended) -> str:
            said = {one["name"] for one in ended.result.get("results", ()) if one["success"]}
            wrong = []
            for name in names:
                found = self._docker.named(name)
                if (ended.done or name in said) and found.state != word:
                    wrong.append(f"{name} is said to be {word}, is {found.state}")
                elif ended.done and state == "restarted" and found.started_at == self._begun[name]:
                    wrong.append(f"{name} has not been started anew")
            return "; ".join(wrong)

        return verdict

    def _parts(self) -> list[Part]:
        label = ("nekzus.io/service", NAME)
        return sorted(
            Part(
                one.labels.get("com.docker.compose.service", one.name),
                one.state == "running",
                next((pair.partition("=")[2] for pair in one.env if pair.startswith("COLOUR=")), ""),
            )
            for one in self._docker.containers
            if label in one.labels.items()
        )

    def _volumes(self) -> set[str]:
        return set(self._docker.volumes)


def _told(ended: Ended) -> str:
    return "" if not ended.done or ended.result["told"]["version"] == "20.10.24" else f"told {ended.result['told']}"
