# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In what engines differ, as far as tests and stories need to know it: data, so that none of them has to ask which."""

from __future__ import annotations

from dataclasses import dataclass


class MissingError(Exception):
    """An engine is not there; says why."""


@dataclass(frozen=True)
class Ways:
    """An engine's own words and ways. Patterns are regular expressions.

    ``place`` is how the addresses of things that are named begin, ``path`` what is put in front of a name where
    nothing else says the namespace. ``extra`` is what addresses and the names of instances have besides the name
    that a test gave: it is cut off to tell them by that name. ``ids`` is the form of ids. ``several`` is what is
    said of a name that stands for several things. ``cpu_of`` and ``memory_of`` are what percentages are of without a
    limit. ``metrics_are_kept`` tells that numbers come from a server of metrics, and are kept for the next task.
    ``streams`` are what a log says of a line to stderr, and of one to stdout.
    """

    place: str
    path: str
    extra: str
    ids: str
    several: str
    bind: str
    pauses: bool
    labels_hold_anything: bool
    ready_when_listed: bool | None
    cpu_of: str
    memory_of: str
    metrics_are_kept: bool
    streams: tuple[str | None, str | None]
    start: str
    stop: str

    def changing(self, pattern: str, *, identifier: str = r"\w+", name: str = "[^/?]+") -> str:
        """Return the pattern of requests that ``start`` or ``stop`` a thing, of one or of all."""
        return pattern.replace("ID", identifier).replace("NAME", name)
