# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Docker engine with containers on it, and what all contestants on it have in common."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ..integration.engine import DOCKER_ENGINES
from .race import Contestant
from .run import NotDoneError
from .track import docker_track

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..integration.docker_yard import DockerYard
    from .playing import Playing
    from .run import Command, Run
    from .setting import Setting
    from .track import Track

RAW = Path(__file__).resolve().parent / "raw_docker.py"
EMPTY = "an empty module (ansible.builtin.ping)"
# Why a short task of ours takes longer than an empty one, in the report.
BEGINNING = (
    "In each play Ansible reads and packs the files that go with a module, which speak to both runtimes, and Python "
    "compiles those that it takes in and imports the library of Docker."
)
# Ends at once when it is told to, and needs no processor until then.
IDLE = "trap 'exit 0' TERM; sleep 3600 & wait"


@dataclass(frozen=True)
class Field:
    """Containers of one label, by their whole names."""

    yard: DockerYard
    track: Track
    playing: Playing
    names: Sequence[str]

    @property
    def label(self) -> str:
        """What all of them and nothing else has, as ``key=value``."""
        return f"nekzus-test-of={self.yard.prefix}"

    def empty(self) -> Contestant:
        """Return a play whose module does nothing."""
        return Contestant(EMPTY, lambda _url: self.playing.task("ansible.builtin.ping", {}), counted=False)

    def task(self, name: str, module: str, options: Mapping[str, Any], **rest: Any) -> Contestant:
        """Return a play of one task, which gets the engine by ``docker_host``; see Playing.task."""
        checks = {key: rest.pop(key) for key in ("done", "before") if key in rest}

        def command(url: str) -> Command:
            return self.playing.task(module, {**options, "docker_host": url}, **rest)

        return Contestant(name, command, **checks)

    def client(self, *words: str, name: str = "", **checks: Any) -> Contestant:
        """Return Docker's own command line, called by its first word unless there is a name for it."""
        name = name or f"docker {words[0]}"
        return Contestant(name, lambda url: self.playing.command("docker", *words, DOCKER_HOST=url), **checks)

    def raw(self, method: str, *paths: str, **checks: Any) -> Contestant:
        """Return plain requests, all at once."""
        words = (sys.executable, "-I", str(RAW), method, *paths)
        return Contestant("raw HTTP", lambda url: self.playing.command(*words, DOCKER_HOST=url), **checks)


@contextlib.contextmanager
def field(setting: Setting, count: int, *, running: bool = True, script: str = IDLE) -> Iterator[Field]:
    """Make so many containers, and remove them afterwards."""
    engine = DOCKER_ENGINES["docker"]()
    yard = engine.yard("bench")
    yard.clear()
    names = [f"web-{number}" for number in range(count)]
    try:
        if running:
            yard.run(*names, script=script)
        else:
            yard.create(*names, script=script)
        yield Field(yard, docker_track(engine), setting.playing, [yard.name(name) for name in names])
    finally:
        yard.clear()
        engine.close()


class Restarts:
    """Looks whether each container has been started anew since it was last asked."""

    def __init__(self, yard: DockerYard) -> None:
        """Take the containers."""
        self._yard = yard
        self._runs: Mapping[str, str] = {}

    def before(self) -> None:
        """Note when they were started."""
        self._runs = self._yard.runs()

    def done(self, _run: Run) -> None:
        """Raise NotDoneError unless all were started since."""
        now = self._yard.runs()
        left = [name for name, begun in self._runs.items() if now[name] == begun]
        if left:
            raise NotDoneError(f"not restarted: {', '.join(left)}")

    def untouched(self, _run: Run) -> None:
        """Raise NotDoneError unless none was started since."""
        if self._yard.runs() != self._runs:
            raise NotDoneError("something was restarted that should have been left alone")


def printed(count: int, *, of: str = "") -> Callable[[Run], None]:
    """Return a check that a word was printed so often, or that the number was."""

    def done(run: Run) -> None:
        found = run.output.count(of) if of else int(run.output)
        if found < count:
            raise NotDoneError(f"{found} instead of {count}:\n{run.output[-2000:]}")

    return done
