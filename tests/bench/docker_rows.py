# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on a Docker engine."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..integration.controller import INFO, MODULE
from .anatomy import Anatomy
from .docker_field import BEGINNING, EMPTY, Restarts, field, printed
from .imports import Imports
from .row import Row, Start
from .verdict import Goal, faster, requests_within, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .section import Entry
    from .setting import Setting

RESTARTED, MEASURED = 20, 100
PEER = "community.docker.docker_container"
STATS, LOGS = "nekzus.runtime.nekzus_stats", "nekzus.runtime.nekzus_logs"
# What a task may take longer than an empty one when it has next to nothing to do.
SHORT_SECONDS = 0.3
SHORT = f"at most {SHORT_SECONDS:g} s over an empty module"


@contextlib.contextmanager
def _one(setting: Setting) -> Iterator[Start]:
    with field(setting, 1) as made:
        (name,) = made.names
        yield Start(
            [
                made.task("nekzus_container_info", INFO, {"name": name}, unless="result.containers | length == 1"),
                made.task("docker_container_info", f"{PEER}_info", {"name": name}, unless="result.exists"),
                made.empty(),
                made.client("inspect", name, done=printed(1, of='"State"')),
                made.raw("GET", f"/containers/{name}/json"),
            ],
            made.track,
        )


@contextlib.contextmanager
def _log(setting: Setting) -> Iterator[Start]:
    with field(setting, 1, script="seq 1000 | sed 's,^,line ,'; trap 'exit 0' TERM; sleep 3600 & wait") as made:
        (name,) = made.names
        yield Start(
            [
                made.task("nekzus_logs", LOGS, {"name": name}, unless="result.log_lines | length == 100"),
                made.empty(),
                made.client("logs", "--tail", "100", name, done=printed(100, of="line ")),
                made.raw("GET", f"/containers/{name}/logs?stdout=1&stderr=1&tail=100"),
            ],
            made.track,
        )


@contextlib.contextmanager
def _restart(setting: Setting) -> Iterator[Start]:
    with field(setting, RESTARTED) as made:
        restarts = Restarts(made.yard)
        checks: dict[str, Any] = {"before": restarts.before, "done": restarts.done}
        ours = {"names": made.names, "state": "restarted"}
        theirs = {"name": "{{ item }}", "state": "started", "restart": True}
        yield Start(
            [
                made.task("nekzus_container, one task", MODULE, ours, **checks),
                made.task("docker_container, in a loop", PEER, theirs, loop=made.names, **checks),
                made.client("restart", *made.names, **checks),
                made.raw("POST", *(f"/containers/{name}/restart" for name in made.names), **checks),
            ],
            made.track,
        )


@contextlib.contextmanager
def _no_change(setting: Setting) -> Iterator[Start]:
    with field(setting, RESTARTED) as made:
        restarts = Restarts(made.yard)
        checks: dict[str, Any] = {
            "before": restarts.before,
            "done": restarts.untouched,
            "unless": "result is not changed",
        }
        client: dict[str, Any] = {"before": restarts.before, "done": restarts.untouched}
        ours, theirs = ({**name, "state": "started"} for name in ({"names": made.names}, {"name": "{{ item }}"}))
        yield Start(
            [
                made.task("nekzus_container, one task", MODULE, ours, **checks),
                made.task("docker_container, in a loop", PEER, theirs, loop=made.names, **checks),
                made.empty(),
                made.client("start", *made.names, **client),
            ],
            made.track,
        )


@contextlib.contextmanager
def _stats(setting: Setting) -> Iterator[Start]:
    measured = f"(result.stats | selectattr('cpu.usage_percent', 'number') | length) == {MEASURED}"
    with field(setting, MEASURED) as made:
        yield Start(
            [
                made.task("nekzus_stats", STATS, {"label_selectors": [made.label]}, unless=measured),
                made.empty(),
                made.client(
                    "stats",
                    "--no-stream",
                    *made.names,
                    name="docker stats --no-stream",
                    done=printed(MEASURED, of=made.yard.prefix),
                ),
                made.raw("GET", *(f"/containers/{name}/stats?stream=false" for name in made.names)),
            ],
            made.track,
        )


def entries() -> Sequence[Entry]:
    """Return the rows."""
    return [
        Imports(),
        Anatomy(),
        Row(
            "Read one container",
            "One container is looked up by its name, of those that the engine has.",
            _one,
            [
                Goal(SHORT, within("nekzus_container_info", SHORT_SECONDS, over=EMPTY), BEGINNING),
                Goal(
                    "faster than the module of community.docker",
                    faster("nekzus_container_info", "docker_container_info"),
                    "That module speaks to Docker only, by code of its own instead of the library.",
                ),
            ],
        ),
        Row(
            "Read one log",
            "The last 100 of the 1,000 lines that a container has written.",
            _log,
            [Goal(SHORT, within("nekzus_logs", SHORT_SECONDS, over=EMPTY), BEGINNING)],
        ),
        Row(
            f"Restart {RESTARTED} containers",
            "Each ends at once when it is told to, and has to have been started anew. Ours waits until each has stayed "
            "up for 0.3 s, the others do not; it restarts five at a time, the command line one, raw HTTP all at once.",
            _restart,
            [
                Goal(
                    "at most 4 s",
                    within("nekzus_container, one task", 4.0),
                    "The daemon's own work is what raw HTTP takes, after the start of Ansible. Ours restarts five at a "
                    "time, so that not all of a service is down at once.",
                ),
                Goal(
                    "faster than a loop and than the command line",
                    faster("nekzus_container, one task", "docker_container, in a loop", "docker restart"),
                    "The command line begins at once and waits for nothing.",
                ),
            ],
        ),
        Row(
            f"Start {RESTARTED} containers that run",
            "There is nothing to do, and nothing may be done.",
            _no_change,
            [
                Goal(SHORT, within("nekzus_container, one task", SHORT_SECONDS, over=EMPTY), BEGINNING),
                Goal(
                    "two requests: which API there is, and the list", requests_within("nekzus_container, one task", 2)
                ),
            ],
        ),
        Row(
            f"Measure {MEASURED} containers",
            "CPU, memory, network and disk of each. The daemon takes a sample a second, and CPU takes two of them.",
            _stats,
            [
                Goal(
                    "at most 1.5 s, which are 1.5 samples, over an empty module",
                    within("nekzus_stats", 1.5, over=EMPTY),
                    f"The daemon's own work is what raw HTTP takes: two samples, a second apart. {BEGINNING}",
                )
            ],
        ),
    ]
