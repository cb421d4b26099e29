# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad weather between a client and an engine: what goes wrong with which request is thrown with the dice of a seed."""

from __future__ import annotations

import json
import threading
from collections import Counter
from random import Random
from typing import Callable

from .rule import Rule

# What goes on without end has to be cut by its own means: to ask twice for it would be to wait for it.
_READS = ("GET ", "HEAD ")


def _status(status: int, reason: str, **headers: str) -> Rule:
    """Return a refusal as both APIs write them."""
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": status}
    return Rule("", status=status, message=json.dumps({**body, "message": reason}).encode(), headers=headers)


FAULTS: dict[str, Callable[[Random], Rule]] = {
    "delayed": lambda dice: Rule("", delay=dice.uniform(0.01, 0.4)),
    "never sent": lambda _dice: Rule("", close=True),
    "answer lost": lambda _dice: Rule("", pieces=0),
    "cut after a piece": lambda _dice: Rule("", pieces=1),
    "cut in a piece": lambda _dice: Rule("", pieces=0, torn=True),
    "sent twice": lambda _dice: Rule("", twice=True),
    "429": lambda dice: _status(429, "TooManyRequests", **({"Retry-After": "0"} if dice.random() < 0.5 else {})),
    "500": lambda _dice: _status(500, "InternalError"),
    "503": lambda _dice: _status(503, "ServiceUnavailable"),
    "410": lambda _dice: _status(410, "Expired"),
}


class Storm:
    """Chooses rules for a ``share`` of all requests. ``faults`` counts what it did, by name."""

    def __init__(self, seed: str, *, share: float) -> None:
        """Take the seed: the same one does the same to the same requests."""
        self._dice = Random(seed)  # noqa: S311 - weather, no secret
        self._share = share
        self._lock = threading.Lock()
        self.faults: Counter[str] = Counter()

    def chosen(self, request: str) -> Rule | None:
        """Return what happens to a request, None when nothing does."""
        with self._lock:
            if self._dice.random() >= self._share:
                return None
            name = self._dice.choice(list(FAULTS))
            if name == "sent twice" and request.startswith(_READS):
                name = "delayed"
            self.faults[name] += 1
            return FAULTS[name](self._dice)
