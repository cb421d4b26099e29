# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that passes when somebody sleeps, and only then."""

from __future__ import annotations

from threading import Lock


class FakeClock:
    """A clock for the core: ``sleeps`` are the pauses taken, in order."""

    def __init__(self, now: float = 1000.0) -> None:
        """Begin at an arbitrary moment, as a monotonic clock does."""
        self._now = now
        self._lock = Lock()
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        """Return the seconds."""
        with self._lock:
            return self._now

    def time(self) -> float:
        """Return the seconds since 1970: the fake time begins on a day of 2026."""
        return 1_790_000_000 + self.monotonic()

    def sleep(self, seconds: float, /) -> None:
        """Let the time pass at once."""
        with self._lock:
            self.sleeps.append(seconds)
            self._now += seconds

    @property
    def slept(self) -> float:
        """The seconds slept in all."""
        return sum(self.sleeps)
