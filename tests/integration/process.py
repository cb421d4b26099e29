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


def kill_client(port: int, *, server: int) -> None:
    """Kill the process of ours that is connected from one port of 127.0.0.1 to another.

    As the kernel does when memory is short. Another process may have the same port, for another server.
    """
    ends = [f"0100007F:{number:04X}" for number in (port, server)]
    rows = (row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines())
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1:3] == ends}
    killed = [process for process in _descendants(os.getpid()) if sockets & _open_files(process)]
    for process in killed:
        os.kill(process, signal.SIGKILL)
    assert killed, f"nobody is connected from port {port} to {server}"


def kill_command(word: str) -> None:
    """Kill the command of ours that has a word in its line, and all that comes of it, as a machine that fails does."""
    found = [process for process in _descendants(os.getpid()) if word in _command(process)]
    assert found, f"no {word} runs"
    for process in dict.fromkeys([*found, *(each for one in found for each in _descendants(one))]):
        with contextlib.suppress(ProcessLookupError):  # it may end meanwhile
            os.kill(process, signal.SIGKILL)


def _command(process: int) -> str:
    with contextlib.suppress(OSError):  # it may end meanwhile
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8", errors="replace")
    return ""


def _descendants(ancestor: int) -> list[int]:
    """Return the processes that come of one."""
    parents: dict[int, int] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it may end meanwhile
            parents[int(file.parent.name)] = int(file.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    found = [ancestor]
    for process in found:  # which grows
        found += [child for child, parent in parents.items() if parent == process]
    return found[1:]


def _open_files(process: int) -> set[str]:
    links: set[str] = set()
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):  # it may be closed meanwhile
                links.add(str(file.readlink()))
    return links
