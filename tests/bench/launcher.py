# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one command, and write down what it cost: python launcher.py REPORT COMMAND ARGUMENT...

Linux counts as the peak of a process what the one was as large as that started it. So this one is small: it imports
nothing but the standard library, and little of that.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> int:
    """Write the wall clock's seconds, those of the processor, and the peak in bytes; return how the command ended."""
    report, command = sys.argv[1], sys.argv[2:]
    begun = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _child, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    with open(report, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib would make this process larger
        file.write(f"{wall} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss * 1024}")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
