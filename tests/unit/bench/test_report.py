# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report is Markdown that says what was measured, and what that means."""

from __future__ import annotations

import datetime as dt

from ansible_collections.nekzus.runtime.tests.bench import curve, row
from ansible_collections.nekzus.runtime.tests.bench.entries import entries
from ansible_collections.nekzus.runtime.tests.bench.machine import Machine, this_machine
from ansible_collections.nekzus.runtime.tests.bench.report import report, section_text
from ansible_collections.nekzus.runtime.tests.bench.section import Section, Table
from ansible_collections.nekzus.runtime.tests.bench.verdict import Judgement, Verdict
from ansible_collections.nekzus.runtime.tests.unit.bench.results import result

MACHINE = Machine(dt.date(2026, 1, 31), 2, 8 * 2**30, "Linux 6.1", ("Python 3.11", "Docker Engine 20.10"))
MISSED = Verdict("at most 1 s", Judgement("2.00 s", met=False), "It waits for a disk.")
MET = Verdict("one request", Judgement("1", met=True), "Never said.")
SECTION = Section("Read a log", "One line.", Table(("", "s"), [("ours", "2.00")]), [MISSED, MET])


def test_a_section_says_why_a_goal_is_missed_and_nothing_of_the_kind_when_it_is_met() -> None:
    assert section_text(SECTION).splitlines() == [
        "## Read a log",
        "",
        "One line.",
        "",
        "|      | s    |",
        "| ---- | ---- |",
        "| ours | 2.00 |",
        "",
        "- **Not met**: at most 1 s. Measured: 2.00 s. It waits for a disk.",
        "- Met: one request. Measured: 1.",
    ]


def test_what_is_long_is_wrapped() -> None:
    long = Section("Long", "word " * 50, SECTION.table, [Verdict("goal " * 50, Judgement("1 s", met=True))])
    lines = section_text(long).splitlines()
    assert max(map(len, lines)) <= 120
    assert lines[-1].startswith("  goal")


def test_the_report_begins_with_the_machine_and_all_goals() -> None:
    text = report([SECTION], machine=MACHINE, times=5)
    assert "31 January 2026, on a machine with 2 cores and 8 GiB of memory (Linux 6.1)" in " ".join(text.split())
    assert "\n1 of 2 are met.\n" in text
    assert "the median of 5 runs" in text
    assert "Versions: Python 3.11, Docker Engine 20.10." in text
    assert "| Read a log | at most 1 s | 2.00 s   | **not met** |\n| Read a log | one request | 1        | met" in text
    assert text.endswith(f"{section_text(SECTION)}\n")


def test_a_row_compares_everybody_with_the_first() -> None:
    results = {"ours": result("ours", 1.0, 2.0, 4.0, requests=3, mebibytes=64), "theirs": result("theirs", 5.0)}
    table = row.table(results)
    assert table.headings == ("", "wall, s", "ratio", "CPU, s", "peak, MiB", "requests")
    assert table.lines == [
        ("ours", "2.00 (1.00 to 4.00)", "1.00", "1.00", "64", "3"),
        ("theirs", "5.00 (5.00 to 5.00)", "2.50", "2.50", "10", "-"),
    ]


def test_a_curve_says_what_each_more_costs_than_the_smallest_size() -> None:
    results = {
        10: {"ours": result("ours", 1.0), "theirs": result("theirs", 2.0)},
        110: {"ours": result("ours", 1.5)},
    }
    assert [line[:4] for line in curve.table(results).lines] == [
        ("10", "ours", "1.00 (1.00 to 1.00)", ""),
        ("110", "ours", "1.50 (1.50 to 1.50)", "5.0"),
        ("10", "theirs", "2.00 (2.00 to 2.00)", ""),
    ]


def test_the_machine_is_this_one() -> None:
    found = this_machine()
    assert found.cores >= 1
    assert found.memory_bytes > 2**20
    assert {one.rpartition(" ")[0] for one in found.versions} >= {"nekzus.runtime", "community.docker", "ansible-core"}


def test_what_is_measured_is_chosen_by_a_word_of_its_title() -> None:
    assert [entry.title for entry in entries("restart 20")] == ["Restart 20 containers"]
    titles = [entry.title for entry in entries()]
    assert len(set(titles)) == len(titles)
