# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long an inventory of 200 containers takes: python tests/bench/inventory.py, with the collection importable.

It prints the median of five runs of ``ansible-inventory --list`` with ours and with community.docker's
docker_containers, in turn, and the requests of each. The containers are created and not started, which the other
lists as it lists running ones; ours is told to.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import yaml
from ansible_collections.nekzus.runtime.tests.integration.controller import Controller, link_checkout
from ansible_collections.nekzus.runtime.tests.integration.engine import DockerEngine
from ansible_collections.nekzus.runtime.tests.integration.yard import each

COUNT, TIMES = 200, 5
OURS, THEIRS = "nekzus.runtime.containers", "community.docker.docker_containers"
OPTIONS: dict[str, dict[str, object]] = {OURS: {"include_stopped": True}, THEIRS: {"connection_type": "docker-cli"}}
FILES = {OURS: "ours.nekzus.yml", THEIRS: "theirs.docker.yml"}


class Race:
    """Both inventories of one engine."""

    def __init__(self, home: Path, engine: DockerEngine) -> None:
        """Take a folder for files."""
        self._home = home
        self._engine = engine
        self._controller = Controller(home, collections=link_checkout())

    def seconds(self, plugin: str, url: str) -> float:
        """Return how long one run takes; all containers have to be in it."""
        file = self._home / FILES[plugin]
        file.write_text(yaml.safe_dump({"plugin": plugin, "docker_host": url, **OPTIONS[plugin]}), encoding="utf-8")
        for _attempt in range(TIMES):
            begun = time.perf_counter()
            ended = self._controller.command(
                "ansible-inventory", "-i", str(file), "--list", ANSIBLE_INVENTORY_ENABLED=plugin
            )
            took = time.perf_counter() - begun
            if ended.output.count('"nkz-') >= COUNT:
                return took
            # The other one fails when any container of the engine vanishes between its list and its inspections.
            assert plugin == THEIRS, ended.output
        raise AssertionError(ended.output)

    def requests(self, plugin: str) -> int:
        """Return how many requests one run makes."""
        with self._engine.proxy() as proxy:
            self.seconds(plugin, proxy.url)
            return len(proxy.requests)


def main() -> None:
    """Make the containers, measure, and remove them."""
    engine = DockerEngine("docker", os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    yard = engine.yard("bench of the inventory")
    yard.clear()
    try:
        each(yard.create, [f"web-{number}" for number in range(COUNT)])
        with tempfile.TemporaryDirectory() as home:
            race = Race(Path(home), engine)
            took: dict[str, list[float]] = {OURS: [], THEIRS: []}
            for _time in range(TIMES):
                for plugin, runs in took.items():
                    runs.append(race.seconds(plugin, engine.url))
            requests = {plugin: race.requests(plugin) for plugin in took}
    finally:
        yard.clear()
        engine.close()
    median = {plugin: statistics.median(runs) for plugin, runs in took.items()}
    sys.stdout.write(f"{COUNT} containers, median of {TIMES}\n")
    for plugin, seconds in median.items():
        sys.stdout.write(f"{plugin:36}{seconds:6.2f} s {requests[plugin]:4} requests\n")
    sys.stdout.write(f"ours takes {median[OURS] / median[THEIRS]:.2f} of the time\n")


if __name__ == "__main__":
    main()
