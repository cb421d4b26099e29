# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes: one that is run to its end, and one that is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 300


def run(
    *command: str, cwd: str = "/", environment: Mapping[str, str] | None = None, check: bool = True
) -> tuple[int, str]:
    """Return how a command ended and all it printed; with ``check`` it must have succeeded."""
    ended = subprocess.run(  # noqa: S603 - the commands are the tests' own
        command,
        env=environment,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert ended.returncode == 0 or not check, ended.stdout
    return ended.returncode, ended.stdout


def kill_client(port: int) -> None:
    """Kill the process whose connection comes from this port of 127.0.0.1, as the kernel does when memory is short."""
    local = f"0100007F:{port:04X}"
    rows = (row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines())
    inodes = {row[9] for row in rows if row[1] == local}
    assert inodes, f"nobody is connected from port {port}"
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):  # it may end meanwhile
            links = {str(file.readlink()) for file in folder.iterdir()}
            if links & {f"socket:[{inode}]" for inode in inodes}:
                os.kill(int(folder.parent.name), signal.SIGKILL)
