# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""More and more containers."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..integration.controller import INFO, MODULE
from .curve import STRAIGHT, Curve, same_requests, straight
from .docker_field import Restarts, field, printed
from .row import Start
from .verdict import Goal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .section import Entry
    from .setting import Setting

LIST, BULK = "nekzus_container_info", "nekzus_container"
# Beyond that the command line, which restarts one after the other, would take most of the time of all benchmarks.
PATIENCE = 50


@contextlib.contextmanager
def _list(setting: Setting, count: int) -> Iterator[Start]:
    with field(setting, count, running=False) as made:
        found = f"result.containers | length == {count}"
        listed = ("ps", "--all", "--format", "{{json .}}", "--filter", f"label={made.label}")
        yield Start(
            [
                made.task(LIST, INFO, {"label_selectors": [made.label]}, unless=found),
                made.client(*listed, done=printed(count, of=made.yard.prefix)),
            ],
            made.track,
        )


@contextlib.contextmanager
def _restart(setting: Setting, count: int) -> Iterator[Start]:
    with field(setting, count) as made:
        restarts = Restarts(made.yard)
        checks: dict[str, Any] = {"before": restarts.before, "done": restarts.done}
        ours = made.task(BULK, MODULE, {"names": made.names, "state": "restarted"}, **checks)
        theirs = made.client("restart", *made.names, **checks)
        yield Start([ours, theirs] if count <= PATIENCE else [ours], made.track)


def entries() -> Sequence[Entry]:
    """Return the curves."""
    return [
        Curve(
            "List more and more containers",
            "All that carry a label; they are created and not started.",
            (10, 50, 200, 500),
            _list,
            [
                Goal(STRAIGHT, straight(LIST)),
                Goal("two requests for any number", same_requests(LIST, lambda _size: 2)),
            ],
        ),
        Curve(
            "Restart more and more containers",
            "In one task, five at a time, each of them waited for.",
            (1, 10, 50, 200),
            _restart,
            [
                Goal(STRAIGHT, straight(BULK)),
                Goal("five requests for each, and two", same_requests(BULK, lambda size: 5 * size + 2)),
            ],
        ),
    ]
