# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Logs as files on the host."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import InvalidConfigError
from .private_file import write_private

# What separates the parts of an address, none of which has an underscore on Kubernetes.
_OTHER = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True)
class LogFiles:
    """Where logs are written: ``dest`` is the file of the only one, or the folder of files named by address."""

    dest: str
    one: bool

    def path(self, address: str) -> Path:
        """Return the file for the log of a container."""
        base = Path(self.dest).expanduser()
        if self.one and not self.dest.endswith(os.sep) and not base.is_dir():
            return base
        return base / f"{_OTHER.sub('_', address)}.log"

    def put(self, address: str, content: bytes, *, write: bool) -> bool:
        """Write a log, and tell whether that changes its file, or without ``write`` would.

        Raises InvalidConfigError when it cannot be written, or without ``write`` could not.
        """
        path = self.path(address)
        try:
            _check_kind(path)
            if _has(path, content):
                return False
            _check_place(path)
            if write:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_private(path, content)
        except OSError as error:
            hint = "give dest a path that the user of the module may write"
            raise InvalidConfigError(f"{path}: {error.strerror or error}", op="write", hint=hint) from error
        return True


def _has(path: Path, content: bytes) -> bool:
    with suppress(OSError):
        return path.read_bytes() == content
    return False


def _check_kind(path: Path) -> None:
    """Raise OSError for what is no file: a device or a pipe must neither be read nor replaced."""
    if path.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is there and is no file")


def _check_place(path: Path) -> None:
    """Raise the OSError that writing a file would meet, as far as can be seen without."""
    there = next(folder for folder in path.parents if os.path.lexists(folder))
    if not there.is_dir():
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(there, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
