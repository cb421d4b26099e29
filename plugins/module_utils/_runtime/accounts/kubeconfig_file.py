# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The kubeconfig of an account as a file on the host: private, and never in the place of anybody else's."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from typing import Any

from ..errors import ConflictError, InvalidConfigError
from ..private_file import PRIVATE, write_private
from ..shape import mapping, objects, text
from ..user_path import user_path

# The extension of a kubeconfig that says whose it is, and what was asked for when it was made.
MARK = "nekzus.io/account"


def mark_of(kubeconfig: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a kubeconfig of ours says of itself; of any other it is empty."""
    return next((mapping(one, "extension") for one in objects(kubeconfig, "extensions") if one.get("name") == MARK), {})


class KubeconfigFile:
    """A file that has the kubeconfig of one account, or is yet to be."""

    def __init__(self, path: str) -> None:
        """Take its path."""
        self.path = user_path(path)

    def read(self, user: str) -> Mapping[str, Any] | None:
        """Return the kubeconfig in it, or None when there is no file or an empty one.

        Raises ConflictError for a file with anything else but the kubeconfig of that user.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._useless("read", error) from error
        if not content.strip():
            return None
        document = _parsed(content)
        if text(mark_of(document), "user") != user:
            message = f"kubeconfig_dest: {self.path} has something else in it than the kubeconfig of this account"
            raise ConflictError(message, hint="give another path, or remove the file")
        return document

    def put(self, kubeconfig: Mapping[str, Any], kept: Mapping[str, Any] | None, *, write: bool) -> bool:
        """Write a kubeconfig over the one that is kept, and tell whether that changes the file, or would."""
        if kept == kubeconfig and stat.S_IMODE(self.path.stat().st_mode) == PRIVATE:
            return False
        if write:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_private(self.path, json.dumps(kubeconfig, indent=2).encode() + b"\n")
            except OSError as error:
                raise self._useless("written", error) from error
        return True

    def remove(self, kept: Mapping[str, Any] | None, *, write: bool) -> bool:
        """Remove the file of a kubeconfig that is kept, and tell whether there is one."""
        if kept is None:
            return False
        if write:
            try:
                self.path.unlink(missing_ok=True)
            except OSError as error:
                raise self._useless("removed", error) from error
        return True

    def _useless(self, verb: str, error: OSError) -> InvalidConfigError:
        message = f"kubeconfig_dest: {self.path} cannot be {verb}: {error.strerror or error}"
        return InvalidConfigError(message, hint="give the path of a file that the user of the module may write")


def _parsed(content: bytes) -> Mapping[str, Any]:
    """Return the object in a file of JSON, as which we write; of any other content an empty one."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, Mapping) else {}
