# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers write in tests of logs, as scripts."""

from __future__ import annotations

from .yard import LIVES

MIB = 1024 * 1024
# Colours, a template, no UTF-8, an empty line, one of a MiB, two that daemons keep in parts, one without an end.
STRANGE = (
    "printf '\\033[31mred\\033[0m\\n'; echo '{{ 7*7 }}'; printf 'bad \\377\\376 bytes\\n'; echo; "
    f"head -c {MIB} /dev/zero | tr '\\0' x; echo; for size in 16384 32768; do head -c $size /dev/zero | tr '\\0' y; "
    "echo; done; printf 'no end'"
)
# More than a second lies between two of them: Podman tells no more of a line's moment.
TICKS = f"for tick in 0 1 2 3 4 5; do echo tick $tick; sleep 1.1; done; {LIVES}"
