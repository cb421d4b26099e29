# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is measured, in the order of the report. A file of more of it is one more line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import docker_curves, docker_inventory, docker_rows, fleet_rows, kubernetes_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .section import Entry

FILES = (docker_rows, docker_inventory, docker_curves, kubernetes_rows, fleet_rows)


def entries(word: str = "") -> Sequence[Entry]:
    """Return those whose title has the word in it."""
    return [entry for file in FILES for entry in file.entries() if word.lower() in entry.title.lower()]
