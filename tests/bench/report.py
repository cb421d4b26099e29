# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report, as Markdown."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from .section import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .machine import Machine
    from .section import Section
    from .verdict import Verdict


def report(sections: Sequence[Section], *, machine: Machine, times: int) -> str:
    """Return all of it."""
    parts = [_beginning(machine, times), _summary(sections), *map(section_text, sections)]
    return "\n\n".join(parts) + "\n"


def section_text(section: Section) -> str:
    """Return one section: the work, the figures, and the goals."""
    parts = [f"## {section.title}", _wrapped(section.work), table_text(section.table)]
    if section.verdicts:
        parts.append("\n".join(map(_verdict, section.verdicts)))
    return "\n\n".join(parts)


def table_text(table: Table) -> str:
    """Return a table; the columns are as wide as what is in them."""
    rows = [table.headings, *table.lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.headings))]
    lines = [_row(row, widths) for row in rows]
    return "\n".join([lines[0], _row(["-" * width for width in widths], widths), *lines[1:]])


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _verdict(verdict: Verdict) -> str:
    met = verdict.judgement.met
    reason = f" {verdict.reason}" if verdict.reason and not met else ""
    text = f"- {'Met' if met else '**Not met**'}: {verdict.goal}. Measured: {verdict.judgement.figures}.{reason}"
    return _wrapped(text, indent="  ")


def _wrapped(text: str, *, indent: str = "") -> str:
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _beginning(machine: Machine, times: int) -> str:
    measured = (
        f"`make bench` has measured this on {machine.day:%d %B %Y}, on a machine with {machine.cores} cores and "
        f"{machine.memory_bytes / 2**30:.0f} GiB of memory ({machine.system}), the engines on the same machine. It was "
        "written by the command, not by hand."
    )
    return f"""\
# Benchmarks

{_wrapped(measured)}

All contestants of a table do the same work on the same engine in the same run, in turn: each once, then each again.
A figure is the median of {times} runs, of 3 where sizes grow, with the least and the most in brackets. Each run is
checked for having done its work.

- *wall* is from the start of the command to its end. What is Ansible's is a play of one task (`gather_facts: false`) by
  `ansible-playbook`, so that its start is in it; an empty module tells how much that is.
- *CPU* is that of the command and of all it has waited for, *peak* the memory of the largest of its processes.
- *requests* are counted in one more run, through a proxy in front of the engine.
- *ratio* is to the first of the table.

{_wrapped(f"Versions: {', '.join(machine.versions)}.")}"""


def _summary(sections: Sequence[Section]) -> str:
    lines = [
        (section.title, verdict.goal, verdict.judgement.figures, "met" if verdict.judgement.met else "**not met**")
        for section in sections
        for verdict in section.verdicts
    ]
    met = sum(verdict.judgement.met for section in sections for verdict in section.verdicts)
    return f"## Goals\n\n{met} of {len(lines)} are met.\n\n{table_text(Table(('work', 'goal', 'measured', ''), lines))}"
