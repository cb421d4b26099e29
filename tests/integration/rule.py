# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to requests on their way through a proxy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Rule:
    """What happens to requests whose ``METHOD path`` the pattern is found in: after ``skip``, to ``times`` of them.

    In this order: the delay passes, the callback is called, and the connection is closed, or the request answered with
    what the callback returned if that is bytes, or with the status and the message (as it is when it is bytes), or else
    handed on, ``twice`` as when a connection breaks and a client asks again. Then ``answered`` is called before the
    answer is passed on, which breaks off after ``pieces`` of it, in the middle of the next one when it is ``torn``.
    """

    pattern: str
    times: int = 1_000_000
    skip: int = 0
    callback: Callable[[], object] | None = None
    delay: float = 0.0
    status: int | None = None
    message: str | bytes = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False
    answered: Callable[[], object] | None = None
    pieces: int | None = None
    torn: bool = False
    twice: bool = False

    def chosen(self, request: str) -> Rule | None:
        """Return itself when it is for this request."""
        return self if self.takes(request) else None

    def takes(self, request: str) -> bool:
        """Tell whether it is for this request, and count it."""
        if not self.times or not re.search(self.pattern, request):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Chooser(Protocol):
    """What says what happens to a request: a rule, or something that makes one up."""

    def chosen(self, request: str) -> Rule | None:
        """Return the rule for a request, None to let it pass."""
