# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A container as it is found to be written down. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class FoundContainer:
    """The inspections of a container and of its image, which is empty when the daemon does not have it any more.

    ``service`` is what it is called in the file.
    """

    id: str
    name: str
    service: str
    document: Mapping[str, Any] = field(repr=False)
    image: Mapping[str, Any] = field(repr=False)

    def called(self, service: str) -> FoundContainer:
        """Return it under another name of a service."""
        return replace(self, service=service)
