# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Files that are put into a container before it is started, as the archives that Docker's API takes. Pure."""

from __future__ import annotations

import hashlib
import io
import posixpath
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER_MODE, _FILE_MODE = 0o755, 0o444


@dataclass(frozen=True)
class PlacedFile:
    """One file of a container, at an absolute path. ``uid`` and ``gid`` are numbers.

    Of one that ``is_hidden`` nothing is told but where it is: short secrets can be guessed from a digest.
    """

    path: str
    content: bytes = field(repr=False)
    uid: int = 0
    gid: int = 0
    mode: int = _FILE_MODE
    is_hidden: bool = False

    @property
    def summary(self) -> str:
        """What tells it apart from another: everything of it, its content as a digest."""
        digest = hashlib.sha256(self.content).hexdigest()
        return f"{self.path} {self.uid}:{self.gid} {self.mode:o} {digest}"


def folders_above(path: str) -> list[str]:
    """Return the folders that a file is in, the innermost first, without the root."""
    found = []
    folder = posixpath.dirname(path)
    while folder != "/":
        found.append(folder)
        folder = posixpath.dirname(folder)
    return found


def archive_of(file: PlacedFile, *, base: str, folders: Sequence[str]) -> bytes:
    """Return an archive to be unpacked in the folder ``base``: the ``folders`` below it that are missing, and the file.

    A folder in an archive would change one that is there: https://github.com/moby/moby/blob/master/pkg/archive.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for folder in sorted(folders):
            member = tarfile.TarInfo(posixpath.relpath(folder, base))
            member.type, member.mode = tarfile.DIRTYPE, _FOLDER_MODE
            archive.addfile(member)
        member = tarfile.TarInfo(posixpath.relpath(file.path, base))
        member.size, member.mode, member.uid, member.gid = len(file.content), file.mode, file.uid, file.gid
        archive.addfile(member, io.BytesIO(file.content))
    return buffer.getvalue()
