# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A YAML document as data, and where in its file each part stands. No behaviour of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Union

from ..errors import InvalidTemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Place = tuple[int, int]

Path = tuple[Union[str, int], ...]
# A message that names more than these helps nobody.
_LISTED = 20
# What to do about what is wrong where nothing better is known.
CORRECT = "correct the template at that place"


@dataclass(frozen=True)
class Document:
    """The data of one document of the file ``name``.

    ``places`` has line and column, both from 1, by path; nothing for what never was text.
    """

    name: str
    data: Any = field(repr=False)
    places: Mapping[Path, Place] = field(default_factory=dict, repr=False)

    def where(self, path: Path) -> str:
        """Return where a path, or the nearest part around it, stands: ``compose.yaml, line 3, column 5``."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place:
                return f"{self.name}, line {place[0]}, column {place[1]}"
        return self.name


def print_path(path: Path) -> str:
    """Return a path as messages print it: ``services.web.ports[0]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text


class Problems:
    """What is wrong with a document, collected so that all of it can be told at once."""

    def __init__(self, document: Document) -> None:
        """Take the document that it is about."""
        self._document = document
        self._found: dict[str, str | None] = {}

    def add(self, path: Path, message: str, hint: str | None = None) -> None:
        """Note what is wrong at a path, and what to do about it."""
        place = print_path(path)
        told = f"{place}: {message}" if place else message
        # Keys and values are the template's own, and may hold anything.
        self._found.setdefault(" ".join(f"{told} ({self._document.where(path)})".split()), hint)

    def check(self) -> None:
        """Raise InvalidTemplateError when there is anything."""
        if self._found:
            listed = [*self._found][:_LISTED]
            more = len(self._found) - len(listed)
            message = "; ".join(listed) + (f"; and {more} more" if more else "")
            raise InvalidTemplateError(message, hint=_joined(self._found.values()))


def _joined(hints: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(hint for hint in hints if hint)) or CORRECT
