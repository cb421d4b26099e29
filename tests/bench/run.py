# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One command that is run to its end, and what it cost."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LAUNCHER = Path(__file__).resolve().parent / "launcher.py"
LONGEST = 300


class NotDoneError(Exception):
    """A command did not do the work that it was measured for."""


@dataclass(frozen=True)
class Command:
    """What is run: its words, and all of its environment."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """What one run cost: ``cpu_seconds`` with those of all it waited for, ``peak_bytes`` of the largest of them."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str = ""


def measure(command: Command) -> Run:
    """Run a command and measure it. Raises NotDoneError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        ended = subprocess.run(  # noqa: S603 - the commands are the benchmark's own
            [sys.executable, "-I", "-S", str(LAUNCHER), str(report), *command.words],
            env=command.environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LONGEST,
            check=False,
        )
        if ended.returncode:
            raise NotDoneError(f"{' '.join(command.words)} ended with {ended.returncode}:\n{ended.stdout[-4000:]}")
        wall, cpu, peak = report.read_text(encoding="ascii").split()
    return Run(float(wall), float(cpu), int(peak), ended.stdout)
