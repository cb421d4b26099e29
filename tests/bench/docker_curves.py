# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""More and more containers."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ..integration.controller import INFO
from .curve import STRAIGHT, Curve, same_requests, straight
from .docker_field import field, printed
from .row import Start
from .verdict import Goal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .section import Entry
    from .setting import Setting


@contextlib.contextmanager
def _list(setting: Setting, count: int) -> Iterator[Start]:
    with field(setting, count, running=False) as made:
        found = f"result.containers | length == {count}"
        listed = ("ps", "--all", "--format", "{{json .}}", "--filter", f"label={made.label}")
        yield Start(
            [
                made.task("nekzus_container_info", INFO, {"label_selectors": [made.label]}, unless=found),
                made.client(*listed, done=printed(count, of=made.yard.prefix)),
            ],
            made.track,
        )


def entries() -> Sequence[Entry]:
    """Return the curves."""
    return [
        Curve(
            "List containers",
            "All that carry a label; they are created and not started.",
            (10, 50, 200, 500),
            _list,
            [
                Goal(STRAIGHT, straight("nekzus_container_info")),
                Goal("one request for any number", same_requests("nekzus_container_info", lambda _size: 1)),
            ],
        ),
    ]
