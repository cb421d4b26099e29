# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading JSON that may lack fields, or hold null where a list belongs, as both runtimes' APIs do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The class that nearly all have is asked for first: asking an abstract one takes several times as long.
_OBJECTS = (dict, Mapping)
# Those of the numbers that a machine counts with.
_DIGITS = 18


def mapping(document: Any, *path: str) -> Mapping[str, Any]:
    """Return the object at a path, or an empty one."""
    found = _at(document, path)
    return found if isinstance(found, _OBJECTS) else {}


def objects(document: Any, *path: str) -> list[Mapping[str, Any]]:
    """Return the objects of the list at a path."""
    found = _at(document, path)
    return [item for item in found if isinstance(item, _OBJECTS)] if isinstance(found, list) else []


def text(document: Any, *path: str) -> str:
    """Return the text at a path, or an empty one."""
    found = _at(document, path)
    return found if isinstance(found, str) else ""


def texts(document: Any, *path: str) -> tuple[str, ...]:
    """Return the texts of the list at a path; a single text is a list of one."""
    found = _at(document, path)
    if isinstance(found, str):
        return (found,)
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


def text_mapping(document: Any, *path: str) -> dict[str, str]:
    """Return the object at a path with its values as texts."""
    return {str(key): "" if value is None else str(value) for key, value in mapping(document, *path).items()}


def number(document: Any, *path: str) -> int | None:
    """Return the whole number at a path, or None."""
    found = _at(document, path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def flag(document: Any, *path: str) -> bool:
    """Tell whether there is a true at a path."""
    return _at(document, path) is True


def whole(written: str) -> int | None:
    """Return the number that a text of plain digits is, or None; one with more of them than any count has is none."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _DIGITS else None


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(document, _OBJECTS):
            return None
        document = document.get(key)
    return document
