# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of operations in bad weather: counted, added up over processes, and shown as a table."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


# Of all requests, in which something goes wrong. The next tries of one that fails meet the same weather.
SHARE = 0.25
# With what a task may fail then.
CODES = frozenset(
    {
        "api_error",
        "conflict",
        "container_not_found",
        "metrics_unavailable",
        "not_ready",
        "runtime_unavailable",
        "timeout",
    }
)


@dataclass
class Tally:
    """One operation: how often it was done, how often it said that it could not, and what was wrong.

    ``excused`` is what was wrong because the engine itself is broken.
    """

    runs: int = 0
    failed: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)

    def count(self, faults: Mapping[str, int], *, failed: bool, wrong: str, excuse: str = "") -> None:
        """Add one run."""
        self.runs += 1
        self.failed += failed
        self.faults.update(faults)
        if wrong and excuse:
            self.excused.append(f"{excuse}: {wrong}")
        elif wrong:
            self.violations.append(f"{wrong} ({dict(faults)})")

    def add(self, other: Tally) -> None:
        """Add what another process has counted."""
        self.runs += other.runs
        self.failed += other.failed
        self.faults.update(other.faults)
        self.violations.extend(other.violations)
        self.excused.extend(other.excused)


class Sheet:
    """The tallies of an engine's operations."""

    def __init__(self, engine: str, operations: Iterable[str] = ()) -> None:
        """Begin with nothing done."""
        self.engine = engine
        self.tallies = {name: Tally() for name in operations}

    @property
    def whole(self) -> Tally:
        """All of it."""
        total = Tally()
        for one in self.tallies.values():
            total.add(one)
        return total

    def text(self) -> str:
        """Return it to be read by another process."""
        tallies = {name: vars(one) for name, one in self.tallies.items()}
        return json.dumps({"engine": self.engine, "tallies": tallies}, indent=1)

    def add(self, other: Sheet) -> None:
        """Add what another process has counted."""
        for name, one in other.tallies.items():
            self.tallies.setdefault(name, Tally()).add(one)

    def lines(self) -> list[str]:
        """Return a table."""
        whole = self.whole
        rows = [*self.tallies.items(), (f"all of {self.engine}", whole)]
        width = max(len(name) for name, _one in rows)
        heads = f"{'chaos on ' + self.engine:{width}} {'runs':>7} {'failed':>7} {'faults':>7} {'violations':>10}"
        counts = ", ".join(f"{name} {count}" for name, count in sorted(whole.faults.items()))
        return [
            heads,
            *(
                f"{name:{width}} {one.runs:7} {one.failed:7} {one.faults.total():7} {len(one.violations):10}"
                for name, one in rows
            ),
            f"faults: {counts}",
            *(f"the engine's own: {one}" for one in whole.excused),
        ]


def read(text: str) -> Sheet:
    """Return what another process has counted."""
    document = json.loads(text)
    sheet = Sheet(document["engine"])
    for name, one in document["tallies"].items():
        sheet.tallies[name] = Tally(**{**one, "faults": Counter(one["faults"])})
    return sheet


def added(texts: Iterable[str]) -> list[Sheet]:
    """Return the sheets of all processes, added up for each engine."""
    sheets: dict[str, Sheet] = {}
    for one in map(read, texts):
        sheets.setdefault(one.engine, Sheet(one.engine)).add(one)
    return list(sheets.values())
