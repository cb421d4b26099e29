# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a short task goes: to Ansible, to what is imported, to the work."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .imports import imports_of, listing
from .run import Command, NotDoneError, measure
from .section import Section, Table
from .spread import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from .playing import Playing
    from .run import Run
    from .setting import Setting

EMPTY = "ansible.builtin.ping"
COLLECTION = "ansible_collections."
HEADINGS = (
    "",
    "play, s",
    "its module alone, s",
    "files",
    "of Ansible, ms",
    "of the collection, ms",
    "of libraries, ms",
)
_ZIP = re.compile(r"[A-Za-z0-9+/=\\n]{4096,}")


def shipped(text: str) -> int:
    """Return how many files of a collection are in what Ansible runs on a target, whose zip is the longest text."""
    packed = max(_ZIP.findall(text), key=len).replace("\\n", "")
    names = zipfile.ZipFile(io.BytesIO(b64decode(packed))).namelist()
    return sum(name.startswith("ansible_collections/") and not name.endswith("__init__.py") for name in names)


def shares(imports: Mapping[str, int], usual: Mapping[str, int]) -> tuple[float, float, float]:
    """Return the milliseconds of Ansible with all that an empty module imports, of the collection, and of the rest."""
    ansible = sum(imports[name] for name in imports if name in usual or name.startswith("ansible."))
    collection = sum(imports[name] for name in imports if name.startswith(COLLECTION))
    rest = sum(imports.values()) - ansible - collection
    return ansible / 1000, collection / 1000, rest / 1000


@dataclass(frozen=True)
class Anatomy:
    """Some short tasks, and what each of them takes apart."""

    title: str = "Where the time of a short task goes"
    work: str = (
        "A play of one task; then what it has run on the target, by itself: the rest is the start of Ansible, which "
        "reads and packs the files of the collection that go with the module. Then what that imports, as Python "
        "tells, which takes time of its own. Of Ansible is all that an empty module imports."
    )

    def section(self, setting: Setting) -> Section:
        """Take apart ours, an empty one, and those of the peers."""
        peers: Mapping[str, Mapping[str, Any]] = {
            "community.docker.docker_container_info": {"docker_host": "", "name": "none"},
            "kubernetes.core.k8s_info": {"kubeconfig": "", "kind": "Namespace", "name": "default"},
        }
        ours = {library: listing(library) for library in ("docker", "kubernetes")}
        tasks: dict[str, Mapping[str, Any]] = {EMPTY: {EMPTY: {}}}
        for (library, task), (peer, options) in zip(ours.items(), peers.items(), strict=True):
            tasks[f"nekzus_container_info on {library}"] = task
            (given,) = task.values()
            tasks[peer.rpartition(".")[2]] = {peer: {key: given.get(key, value) for key, value in options.items()}}
        usual = imports_of(setting.playing, tasks[EMPTY])
        lines = [_line(name, setting, task, usual) for name, task in tasks.items()]
        return Section(self.title, self.work, Table(HEADINGS, lines))


def _line(name: str, setting: Setting, task: Mapping[str, Any], usual: Mapping[str, int]) -> tuple[str, ...]:
    playing = setting.playing
    whole = _median(lambda: measure(playing.tasks(task)), setting.times)
    program = _program(playing, task)
    alone = _median(lambda: measure(Command((sys.executable, str(program)), playing.environment)), setting.times)
    times = shares(imports_of(playing, task), usual)
    files = shipped(program.read_text(encoding="utf-8"))
    return (name, f"{whole:.2f}", f"{alone:.2f}", str(files), *(f"{time:.0f}" for time in times))


def _median(act: Callable[[], Run], times: int) -> float:
    return spread(act().wall_seconds for _time in range(times)).median


def _program(playing: Playing, task: Mapping[str, Any]) -> Path:
    """Return what a play runs on its target."""
    place = playing.file("kept", "").with_suffix(".folder")
    measure(playing.tasks(task, ANSIBLE_KEEP_REMOTE_FILES="1", ANSIBLE_REMOTE_TMP=str(place)))
    programs = sorted(place.glob("*/AnsiballZ_*.py"))
    if len(programs) != 1:
        raise NotDoneError(f"a play of {task} has kept {len(programs)} programs")
    return programs[0]
