# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a cluster makes of a template otherwise than a daemon would: told, never silent. Pure."""

from __future__ import annotations

from ..errors import UnsupportedError


class Told:
    """Collects warnings, and what cannot be had, of one rendering."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._warnings: dict[str, None] = {}
        self._refused: dict[str, None] = {}

    def warn(self, key: str, message: str) -> None:
        """Note what is not as the template says, where that does not change what the service does."""
        self._warnings[f"{key}: {message}"] = None

    def refuse(self, key: str, reason: str) -> None:
        """Note what would change what the service does, or how it is protected."""
        self._refused[f"{key} ({reason})"] = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings, each once."""
        return tuple(self._warnings)

    def check(self) -> None:
        """Raise UnsupportedError for all that cannot be had."""
        if self._refused:
            message = f"Kubernetes has nothing for {', '.join(self._refused)}"
            raise UnsupportedError(message, hint="leave it out, or deploy to Docker")
