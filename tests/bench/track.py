# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to an engine: the direct one, on which runs are measured, and one on which requests are counted."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from ..integration.engine import DockerEngine


@dataclass(frozen=True)
class Counter:
    """What stands in front of an engine: where it is reached, and its requests, ``METHOD path``, which become more."""

    address: str
    requests: Sequence[str]


@dataclass(frozen=True)
class Track:
    """An engine's own address, as a contestant's command takes it, and how a counter is put in front of it."""

    address: str
    counter: Callable[[], AbstractContextManager[Counter]]


def docker_track(engine: DockerEngine) -> Track:
    """Return the way to a daemon; its address is a URL."""

    @contextlib.contextmanager
    def counter() -> Iterator[Counter]:
        with engine.proxy() as proxy:
            yield Counter(proxy.url, proxy.requests)

    return Track(engine.url, counter)
