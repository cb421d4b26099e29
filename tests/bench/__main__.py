# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure, and write the report. To be started by scripts/bench."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ..integration.controller import ROOT, link_checkout
from .entries import entries
from .machine import this_machine
from .playing import Playing
from .report import report, section_text
from .setting import TIMES, Setting

REPORT = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Do all of it and write the report, or some of it and print that."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure ours beside its peers.")
    parser.add_argument(
        "word", nargs="?", default="", help="only what has this in its title; prints and writes nothing"
    )
    parser.add_argument("--times", type=int, default=TIMES, help="how often each runs; other than that writes nothing")
    parser.add_argument("--largest", type=int, help="how far curves go; with that nothing is written")
    given = parser.parse_args()
    chosen = entries(given.word)
    if not chosen:
        parser.error(f"nothing has {given.word!r} in its title")
    whole = not given.word and given.times == TIMES and given.largest is None
    sections = []
    with tempfile.TemporaryDirectory() as home:
        setting = Setting(Playing(Path(home), collections=link_checkout()), times=given.times, largest=given.largest)
        for number, entry in enumerate(chosen, start=1):
            sys.stderr.write(f"bench: {number} of {len(chosen)}: {entry.title}\n")
            sections.append(entry.section(setting))
            if not whole:
                sys.stdout.write(f"{section_text(sections[-1])}\n\n")
    if whole:
        REPORT.write_text(report(sections, machine=this_machine(), times=given.times), encoding="utf-8")
        sys.stdout.write(f"{REPORT}\n")


if __name__ == "__main__":
    main()
