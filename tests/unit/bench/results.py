# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that nobody had to wait for."""

from __future__ import annotations

from ansible_collections.nekzus.runtime.tests.bench.race import Result
from ansible_collections.nekzus.runtime.tests.bench.run import Run


def result(name: str, *seconds: float, requests: int | None = None, mebibytes: int = 10) -> Result:
    """Return that of some runs, each with half as much CPU as wall clock."""
    made = None if requests is None else [f"GET /{number}" for number in range(requests)]
    return Result(name, [Run(each, each / 2, mebibytes * 2**20) for each in seconds], made)
