# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Files on the host that a task keeps as they are asked for."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from .errors import InvalidConfigError
from .private_file import PRIVATE, write_private

if TYPE_CHECKING:
    from pathlib import Path


def keep_file(path: Path, content: bytes, *, write: bool) -> bool:
    """Have a private file with this content, and tell whether that changes it, or without ``write`` would.

    It is written whole or not at all. Raises InvalidConfigError when it cannot be written, or without ``write`` could
    not.
    """
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
        return stat.S_IMODE(path.stat().st_mode) == PRIVATE and path.read_bytes() == content
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
