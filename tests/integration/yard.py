# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containers of one test: made under its prefix, seen by it alone, removed after it and before it."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

# Process 1 of a container ignores the signals that it does not handle: a plain sleep would be killed after the grace.
LIVES = "trap 'exit 0' TERM; while :; do sleep 0.1; done"


def digits(text: str, count: int) -> str:
    """Return a text as a number: letters could spell what a test's glob looks for, such as ``db``."""
    return str(int(hashlib.sha256(text.encode()).hexdigest(), 16))[:count]


# The tests of one checkout share a label, so that what a killed run left behind can be found.
RUN = digits(str(Path(__file__).resolve()), 8)
LABEL = "nekzus-test"
PATIENCE = 30.0


def poll(condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    """Return as soon as the condition holds; raise when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            message = f"not in {seconds:g} s: {what}"
            raise AssertionError(message)
        time.sleep(0.02)


def prefix_of(key: str) -> str:
    """Return the prefix that tells the containers of a test apart from all others."""
    return "nkz-" + digits(f"{RUN} {key}", 6)


class Yard(Protocol):
    """What a test can do behind the collection's back. Names are without the prefix.

    A state is ``running``, ``stopped`` (started once or never), ``gone``, or else the engine's own word.
    """

    prefix: str

    def run(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers and start them."""

    def create(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make containers that are not started."""

    def name(self, name: str) -> str:
        """Return a container's whole name."""

    def id(self, name: str) -> str:
        """Return a container's id."""

    def state(self, name: str) -> str:
        """Return the state of a container."""

    def states(self) -> dict[str, str]:
        """Return the states of all containers by name."""

    def runs(self) -> dict[str, str]:
        """Return by name when each container was last started: the same as before means that it was left alone."""

    def several(self) -> str:
        """Make several containers for which one word stands, and return that."""

    def remove(self, *names: str) -> None:
        """Remove containers, running or not."""

    def clear(self) -> None:
        """Remove all containers of the test."""


def each(act: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do it for all at once, and raise what the first of them raised."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(act, items))
