# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What one task has learned, kept for the tasks after it: files in a folder that only its user may change."""

from __future__ import annotations

import errno
import json
import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..private_file import write_private

if TYPE_CHECKING:
    from ..interfaces import Clock

_FOLDER = "nekzus"
_PRIVATE_FOLDER = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
# A folder keeps no more than a day of what nobody has asked for again.
_LONGEST = 86400
_OURS = (".json", ".tmp")
_NO_CACHE = "set XDG_CACHE_HOME to a folder of the user that runs the module, or metrics_cache_ttl to 0s"


def cache_folder() -> Path:
    """Return where this user's cache is: https://specifications.freedesktop.org/basedir-spec/latest/."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path(os.path.expanduser("~/.cache"))) / _FOLDER  # noqa: PTH111 - never fails


class Cache:
    """Values by key, for ``ttl`` seconds (0: none is kept) after they were put. Any number of processes may share it.

    It never fails: what cannot be trusted, read or written is told in ``warnings``.
    """

    def __init__(self, folder: Path, *, ttl: float, clock: Clock) -> None:
        """Take the folder, which is made when something is put."""
        self.warnings: list[str] = []
        self._folder = folder
        self._ttl = ttl
        self._clock = clock

    def get(self, key: str) -> Any:
        """Return the value of a key, or None."""
        if self._ttl <= 0 or not self._is_ours():
            return None
        document = self._read(self._place(key))
        # What was made in the future was made by a clock that has been set since.
        if document and 0 <= self._clock.time() - document["made"] < self._ttl:
            return document["value"]
        return None

    def put(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold."""
        if self._ttl <= 0:
            return
        if not self._folder.is_absolute():
            self._warn(f"nothing is kept for later tasks, the user has no home: {_NO_CACHE}")
            return
        content = json.dumps({"made": self._clock.time(), "value": value}, separators=(",", ":")).encode()
        place = self._place(key)
        try:
            self._folder.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self._folder.mkdir(_PRIVATE_FOLDER)
            if self._is_ours():
                write_private(place, content)
                self._tidy(place.stat().st_mtime)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._warn(f"nothing is kept for later tasks in {self._folder} ({reason}): {_NO_CACHE}")

    def _place(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()}.json"

    def _is_ours(self) -> bool:
        """Tell whether the folder is there and nobody else can have put anything into it."""
        try:
            found = self._folder.lstat()
        except FileNotFoundError:
            return False
        except OSError as error:
            self._warn(f"the cache {self._folder} is not used ({error.strerror}): {_NO_CACHE}")
            return False
        wrong = _distrust(found) if stat.S_ISDIR(found.st_mode) else "it is no folder"
        if wrong:
            self._warn(f"the cache {self._folder} is not used, for {wrong}: remove it, or {_NO_CACHE}")
        return not wrong

    def _read(self, place: Path) -> dict[str, Any] | None:
        """Return what a file holds, None for one that is not there or not to be trusted."""
        try:
            # A link is not followed, and a pipe not waited for.
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._ignore(place, "it is a link" if error.errno == errno.ELOOP else str(error.strerror))
            return None
        try:
            found = os.fstat(descriptor)
            wrong = _distrust(found) if stat.S_ISREG(found.st_mode) else "it is no file"
            document = None if wrong else _document(descriptor)
        finally:
            os.close(descriptor)
        if document is None:
            self._ignore(place, wrong or "it is damaged")
        return document

    def _tidy(self, now: float) -> None:
        """Remove what is old by the clock of the file system."""
        for file in self._folder.iterdir():
            with suppress(OSError):  # another process may have done so
                if file.suffix in _OURS and file.lstat().st_mtime < now - _LONGEST:
                    file.unlink()

    def _ignore(self, place: Path, reason: str) -> None:
        self._warn(f"the cache file {place} is ignored, for {reason}: remove it")

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def _distrust(found: os.stat_result) -> str:
    """Return why what is kept there may be somebody else's, or nothing."""
    if found.st_uid != os.geteuid():
        return "it belongs to another user"
    return "others may write to it" if found.st_mode & _OTHERS_WRITE else ""


def _document(descriptor: int) -> dict[str, Any] | None:
    """Return what an open file holds, None for what no cache has written."""
    try:
        with open(descriptor, "rb", closefd=False) as file:
            document = json.loads(file.read())
    except (ValueError, RecursionError, OSError):
        return None
    is_whole = isinstance(document, dict) and isinstance(document.get("made"), (int, float)) and "value" in document
    return document if is_whole else None
