# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One object of a runtime, and what becomes of it. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .types import INTERNAL, Word

if TYPE_CHECKING:
    from collections.abc import Mapping


class ObjectAction(Word):
    """What becomes of an object."""

    CREATED = "created"
    CHANGED = "changed"
    RECREATED = "recreated"
    REMOVED = "removed"
    STARTED = "started"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ObjectChange:
    """One object, and what becomes of it; ``namespace`` is None for an object of the whole cluster.

    ``before`` and ``after`` are what we say of it, None where there is none of it; ``uid`` is that of the one that
    is there.
    """

    kind: str
    namespace: str | None
    name: str
    action: ObjectAction
    before: Mapping[str, Any] | None = field(default=None, metadata=INTERNAL)
    after: Mapping[str, Any] | None = field(default=None, metadata=INTERNAL)
    uid: str = field(default="", metadata=INTERNAL)

    @property
    def title(self) -> str:
        """The object as a diff names it: ``Role prod/nekzus:ops:bot:read``."""
        return f"{self.kind} " + "/".join(part for part in (self.namespace, self.name) if part)
