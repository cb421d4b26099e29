# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Leaves room for what a temporary file's name has besides: a name has at most 255 bytes.
_LONGEST_NAME = 48
PRIVATE = 0o600


def write_private(path: str | os.PathLike[str], content: bytes) -> None:
    """Put a file with this content and mode 0600 in the place of whatever file or link is there.

    Whoever reads it at any time, after a crash as well, finds the old content or the new one. Raises OSError.
    """
    place = Path(path)
    descriptor, made = tempfile.mkstemp(prefix=f".{place.name[:_LONGEST_NAME]}.", suffix=".tmp", dir=place.parent)
    temporary = Path(made)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, PRIVATE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
