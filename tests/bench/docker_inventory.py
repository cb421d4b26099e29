# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of Docker engines."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .curve import STRAIGHT, Curve, straight
from .docker_field import field, printed
from .race import Contestant
from .row import Row, Start
from .verdict import Goal, faster, requests_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .playing import Playing
    from .run import Command
    from .section import Entry
    from .setting import Setting

OURS, THEIRS = "nekzus.runtime.containers", "community.docker.docker_containers"
ENDINGS = {OURS: "nekzus.yml", THEIRS: "docker.yml"}
LISTED, EACH = 200, 10


def inventory(playing: Playing, plugin: str, options: Mapping[str, Any]) -> Command:
    """Return a command that prints an inventory."""
    file = playing.file(ENDINGS[plugin], yaml.safe_dump({"plugin": plugin, **options}))
    return playing.command("ansible-inventory", "-i", str(file), "--list", ANSIBLE_INVENTORY_ENABLED=plugin)


@contextlib.contextmanager
def _list(setting: Setting) -> Iterator[Start]:
    # The other one lists what is stopped as it does what runs; ours is told to.
    options: Mapping[str, Mapping[str, Any]] = {
        OURS: {"include_stopped": True},
        THEIRS: {"connection_type": "docker-cli"},
    }
    with field(setting, LISTED, running=False) as made:

        def contestant(plugin: str) -> Contestant:
            return Contestant(
                plugin,
                lambda url: inventory(setting.playing, plugin, {"docker_host": url, **options[plugin]}),
                printed(LISTED, of=f'"{made.yard.prefix}-web-'),
                # The other one fails when any container of the engine vanishes between its list and its inspections.
                attempts=1 if plugin == OURS else 3,
            )

        listed = made.client("ps", "--all", "--format", "{{json .}}", done=printed(LISTED, of=made.yard.prefix))
        yield Start(
            [contestant(OURS), contestant(THEIRS), listed, made.raw("GET", "/containers/json?all=1")], made.track
        )


@contextlib.contextmanager
def _endpoints(setting: Setting, count: int) -> Iterator[Start]:
    # The path of a socket has to be short.
    folder = Path(tempfile.mkdtemp(prefix="nkz-"))
    numbers = iter(range(1_000_000))
    with field(setting, EACH, running=False) as made, contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)

        def command(url: str) -> Command:
            endpoints = []
            for _endpoint in range(count):
                socket = folder / f"{next(numbers)}.sock"
                socket.symlink_to(url.removeprefix("unix://"))
                endpoints.append({"name": f"edge{socket.stem}", "docker_host": f"unix://{socket}"})
            chosen = {"label_selectors": [made.label], "include_stopped": True, "strict_endpoints": True}
            return inventory(setting.playing, OURS, {"endpoints": endpoints, **chosen})

        done = printed(count * EACH, of=f'"nekzus_name": "{made.yard.prefix}-web-')
        yield Start([Contestant(OURS, command, done)], made.track)


def entries() -> Sequence[Entry]:
    """Return a row and a curve."""
    return [
        Row(
            f"Inventory of {LISTED} containers",
            "`ansible-inventory --list` of one engine, whose containers are created and not started.",
            _list,
            [
                Goal("faster than the inventory of community.docker", faster(OURS, THEIRS)),
                Goal("two requests: which API there is, and the list", requests_within(OURS, 2)),
            ],
        ),
        Curve(
            "Inventory of more and more endpoints",
            f"`ansible-inventory --list` of so many endpoints with {EACH} containers each, asked side by side. All of "
            "them are sockets of one engine, which answers them all.",
            (1, 5, 20, 50),
            _endpoints,
            [Goal(STRAIGHT, straight(OURS))],
        ),
    ]
