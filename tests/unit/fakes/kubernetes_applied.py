# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who said what of an object: what server-side apply makes of one, and what others have said otherwise."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Key = tuple[str, str, str]
# What is not a field of the object but names it.
_NAMES = ("apiVersion", "kind")
_NAMES_IN_METADATA = ("name", "namespace", "uid")


class Applied:
    """What was said of each object last. A list is one value, as most are in the objects that we apply."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._said: dict[Key, dict[str, Any]] = {}

    def take(
        self, key: Key, there: Mapping[str, Any] | None, body: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[str]]:
        """Return the merge patch that a body is, and the fields in which others said something else since."""
        said, wanted = self._said.get(key, {}), _fields(body)
        if not there:
            named = {name: body["metadata"][name] for name in _NAMES_IN_METADATA if name in body["metadata"]}
            metadata = {**wanted.get("metadata", {}), **named}
            metadata.pop("uid", None)
            return {**wanted, "metadata": metadata}, []
        return _patch(said, wanted), list(_contested(there, said, wanted, ""))

    def keep(self, key: Key, body: Mapping[str, Any]) -> None:
        """Remember what was said."""
        self._said[key] = _fields(body)


def managed(fields: list[str]) -> list[dict[str, str]]:
    """Return the causes of a refusal over fields."""
    return [{"reason": "FieldManagerConflict", "field": field, "message": 'conflict with "else"'} for field in fields]


def _fields(body: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: deepcopy(value) for key, value in body.items() if key not in _NAMES}
    said["metadata"] = {key: value for key, value in said["metadata"].items() if key not in _NAMES_IN_METADATA}
    return said


def _patch(said: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wanted, and None for what was said before and is not wanted now."""
    patch: dict[str, Any] = dict.fromkeys(key for key in said if key not in wanted)
    for key, value in wanted.items():
        before = said.get(key)
        patch[key] = _patch(before if isinstance(before, dict) else {}, value) if isinstance(value, dict) else value
    return patch


def _contested(there: Any, said: Any, wanted: Any, path: str) -> Iterator[str]:
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if isinstance(there, dict) and key in there:
                before = said.get(key) if isinstance(said, dict) else None
                yield from _contested(there[key], before, value, f"{path}.{key}")
    elif there not in (wanted, said):
        yield path
