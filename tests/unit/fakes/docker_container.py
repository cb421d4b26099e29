# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One container of a FakeDocker: what it is, and what becomes of it when it is started and stopped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import NEVER, Written, busy, idle, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KILLED = 137
# What FakeClock makes of the beginning of its monotonic time.
EPOCH = 1_790_000_000
_STATUS = {
    "created": "Created",
    "running": "Up 2 hours",
    "paused": "Up 2 hours (Paused)",
    "restarting": "Restarting (1) 3 seconds ago",
    "removing": "Removal In Progress",
    "dead": "Dead",
}
_HEALTH_IN_STATUS = {"starting": "health: starting"}


def make_id(name: str) -> str:
    """Return the 64 digits that a container so named has unless a test says otherwise."""
    return hashlib.sha256(name.encode()).hexdigest()


@dataclass
class FakeContainer:
    """A container, and the script it lives by.

    ``health`` holds (seconds after the start, Docker's word) in order. ``exits_after`` seconds after a start its
    process ends with ``exit_code``; with ``crashes`` left, its restart policy starts it again, once a look. Its log is
    ``written`` and then the lines of ``logs``; ``later`` comes to a follower. ``samples`` come before others.
    """

    name: str
    id: str = ""
    state: str = "running"
    image: str = "busybox:stable"
    labels: Mapping[str, str] = field(default_factory=dict)
    env: tuple[str, ...] = ()
    command: tuple[str, ...] = ("sleep", "1000")
    logs: str = ""
    unreadable_logs: bool = False
    health: tuple[tuple[float, str], ...] = ()
    probe_output: str = ""
    exit_code: int = 0
    exits_after: float | None = None
    crashes: int = 0
    auto_remove: bool = False
    out_of_memory: bool = False
    restart_count: int = 0
    started_at: float = -10_000.0
    finished_at: float | None = None
    written: Sequence[Written] = ()
    later: Sequence[tuple[float, Written]] = ()
    terminal: bool = False
    log_driver: str = "json-file"
    cores_used: float = 0.5
    samples: list[Mapping[str, Any]] = field(default_factory=list)
    image_id: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    volumes: dict[str, str] = field(default_factory=dict)  # names by target
    networks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give it an id."""
        self.id = self.id or make_id(self.name)

    @property
    def alive(self) -> bool:
        """Tell whether it has a process."""
        return self.state in ("running", "paused", "restarting")

    def start(self, now: float) -> None:
        """Begin to run."""
        self.state, self.started_at = "running", now
        self.pass_time(now)

    def stop(self) -> None:
        """End, by the signal."""
        self.state, self.exit_code = "exited", KILLED

    def pass_time(self, now: float) -> None:
        """Let happen what the script says happens until now."""
        if self.state == "running" and self.exits_after is not None and now - self.started_at >= self.exits_after:
            self.state = "exited"

    def crash(self, now: float) -> None:
        """Let the process die and the restart policy start it again, as often as the script says."""
        if self.crashes and self.alive:
            self.crashes -= 1
            self.restart_count += 1
            self.state, self.started_at = "running", now

    @property
    def log(self) -> list[Written]:
        """All that it has written."""
        return [*self.written, *lines_of(self.logs, since=EPOCH + self.started_at)]

    def sample(self, now: float, moment: float) -> dict[str, Any]:
        """Return what it uses, ``now`` on the clock of starts."""
        if self.state not in ("running", "paused"):
            return idle(self.name, self.id)
        return busy(self.name, self.id, moment=moment, seconds=now - self.started_at, cores=self.cores_used)

    def health_at(self, now: float) -> str:
        """Return Docker's word for its health, empty without a health check."""
        age = now - self.started_at
        reached = [word for at, word in self.health if at <= age]
        return reached[-1] if reached and self.alive else ""

    def record(self, now: float) -> dict[str, Any]:
        """Return its entry in a container list."""
        health = self.health_at(now)
        status = _STATUS.get(self.state, f"Exited ({self.exit_code}) 5 minutes ago")
        if health and self.state == "running":
            status += f" ({_HEALTH_IN_STATUS.get(health, health)})"
        return {
            "Id": self.id,
            "Names": [f"/{self.name}"],
            "Image": self.image,
            "Created": 1_700_000_000,
            "Ports": self.published if self.alive else [],
            "Labels": dict(self.labels),
            "Mounts": self.mounts,
            "NetworkSettings": {"Networks": dict(self.networks)},
            "State": self.state,
            "Status": status,
        }

    def document(self, now: float) -> dict[str, Any]:
        """Return its inspection."""
        state: dict[str, Any] = {
            "Status": self.state,
            "ExitCode": 0 if self.state == "running" else self.exit_code,
            "OOMKilled": self.out_of_memory,
            "Error": "",
            "StartedAt": NEVER if self.state == "created" else moment_of(EPOCH + self.started_at),
            "FinishedAt": NEVER if self.finished_at is None else moment_of(EPOCH + self.finished_at),
        }
        health = self.health_at(now)
        if health:
            state["Health"] = {"Status": health, "Log": [{"ExitCode": 1, "Output": self.probe_output}]}
        return {
            "Id": self.id,
            "Name": f"/{self.name}",
            "RestartCount": self.restart_count,
            "Image": self.image_id,
            "Path": self.command[0],
            "Args": list(self.command[1:]),
            "State": state,
            "Config": {
                **{key: value for key, value in self.body.items() if key not in ("HostConfig", "NetworkingConfig")},
                "Image": self.image,
                "Env": list(self.env),
                "Cmd": list(self.command),
                "Labels": self.labels,
                "Tty": self.terminal,
            },
            "HostConfig": {
                "NetworkMode": "bridge",
                **self.body.get("HostConfig", {}),
                "AutoRemove": self.auto_remove,
                "LogConfig": {"Type": self.log_driver},
            },
            "Mounts": self.mounts,
            "NetworkSettings": {"Networks": dict(self.networks)},
        }

    @property
    def mounts(self) -> list[dict[str, Any]]:
        """The volumes in it."""
        return [{"Type": "volume", "Name": name, "Destination": target} for target, name in self.volumes.items()]

    @property
    def published(self) -> list[dict[str, Any]]:
        """Its ports, in a list."""
        bindings: Mapping[str, Any] = self.body.get("HostConfig", {}).get("PortBindings", {})
        return [
            {
                "IP": one["HostIp"] or "0.0.0.0",  # noqa: S104 - what Docker says
                "PrivatePort": int(key.partition("/")[0]),
                "PublicPort": int(one["HostPort"] or 49153),
                "Type": key.partition("/")[2],
            }
            for key, ones in bindings.items()
            for one in ones
        ]
