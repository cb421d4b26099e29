# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A path as a user writes it."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InvalidConfigError

# What file systems take of a name, and the system of a path, in bytes.
_LONGEST_NAME, _LONGEST = 255, 4095
_SHOWN = 60


def user_path(written: str) -> Path:
    """Return a path, of which ``~`` is the user's home where he has one.

    Raises InvalidConfigError for what no path can be: the system would raise what nobody expects.
    """
    # Path.expanduser fails where there is no such user, or no home.
    path = Path(os.path.expanduser(written))  # noqa: PTH111
    try:
        encoded = os.fsencode(path)
    except UnicodeEncodeError:
        encoded = b"\0"
    longest = max(map(len, encoded.split(os.fsencode(os.sep))))
    if b"\0" in encoded or longest > _LONGEST_NAME or len(encoded) > _LONGEST:
        message = f"{written[:_SHOWN]!r} cannot be the path of a file"
        raise InvalidConfigError(message, hint=f"no name in it may have more than {_LONGEST_NAME} bytes, nor a 0")
    return path
