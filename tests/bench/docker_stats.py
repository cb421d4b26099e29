# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes to measure 40 containers: python tests/bench/docker_stats.py, with the collection importable.

It prints the best of five of each: a task with an empty module, one with ours, and ``docker stats --no-stream``. Ours
may take 1.5 sampling periods of the daemon (of a second) longer than the empty one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable

from ansible_collections.nekzus.runtime.tests.integration.controller import Controller, link_checkout
from ansible_collections.nekzus.runtime.tests.integration.engine import DockerEngine

COUNT, TIMES = 40, 5
STATS = "nekzus.runtime.nekzus_stats"


def seconds(what: Callable[[], object]) -> float:
    """Return the best of some runs."""
    best = float("inf")
    for _attempt in range(TIMES):
        begun = time.perf_counter()
        what()
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    """Make the containers, measure, and remove them."""
    url = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    engine = DockerEngine("docker", url)
    yard = engine.yard("bench")
    yard.clear()
    names = [f"web-{number}" for number in range(COUNT)]
    try:
        yard.run(*names, script="while :; do sleep 1; done")
        with tempfile.TemporaryDirectory() as home:
            controller = Controller(Path(home), collections=link_checkout())

            def task(module: str, arguments: str = "") -> None:
                ended = controller.adhoc(module, arguments, DOCKER_HOST=url)
                assert ended.code == 0, ended.output

            empty = seconds(lambda: task("ansible.builtin.ping"))
            ours = seconds(lambda: task(STATS, f"runtime=docker label_selectors=nekzus-test-of={yard.prefix}"))
        command = ["docker", "stats", "--no-stream", *map(yard.name, names)]
        environment = {**os.environ, "DOCKER_HOST": url}
        theirs = seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment))  # noqa: S603
    finally:
        yard.clear()
        engine.close()
    sys.stdout.write(
        f"{COUNT} containers\n"
        f"an empty module            {empty:6.2f} s\n"
        f"{STATS}  {ours:6.2f} s: {ours - empty:.2f} s longer, {(ours - empty) / 1.0:.2f} periods\n"
        f"docker stats --no-stream   {theirs:6.2f} s: {theirs / (ours - empty):.1f} times the difference\n"
    )


if __name__ == "__main__":
    main()
