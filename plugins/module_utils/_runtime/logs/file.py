# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Logs as files on the host."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..kept_file import keep_file
from ..user_path import user_path

if TYPE_CHECKING:
    from pathlib import Path

# What separates the parts of an address, none of which has an underscore on Kubernetes.
_OTHER = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True)
class LogFiles:
    """Where logs are written: ``dest`` is the file of the only one, or the folder of files named by address."""

    dest: str
    one: bool

    def path(self, address: str) -> Path:
        """Return the file for the log of a container."""
        base = user_path(self.dest)
        if self.one and not self.dest.endswith(os.sep) and not base.is_dir():
            return base
        return base / f"{_OTHER.sub('_', address)}.log"

    def put(self, address: str, content: bytes, *, write: bool) -> bool:
        """Write a log, and tell whether that changes its file, or without ``write`` would. Raises as ``keep_file``."""
        return keep_file(self.path(address), content, write=write)
