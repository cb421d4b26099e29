# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests tell at their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .unit.tally import added

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what the weather was like, and what became of each operation in it: see test_chaos.py."""
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.getreports(outcome)]
    told = [one for report in reports if report.when == "call" for one in report.user_properties]
    for sheet in added(str(text) for name, text in told if name == "chaos"):
        for line in sheet.lines():
            terminalreporter.write_line(line)
