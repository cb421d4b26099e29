# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that is run to its end."""

from __future__ import annotations

import subprocess
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
