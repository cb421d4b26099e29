# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What server-side apply makes of an object, and the fields in which others have said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_fields import entry_of, owned, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = ("name", "namespace")


def applied(there: Mapping[str, Any] | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merge patch that applying a body is; of what is not there yet, the whole object."""
    wanted = said(body)
    if not there:
        named = {name: body["metadata"][name] for name in _NAMES if name in body["metadata"]}
        metadata = {**wanted["metadata"], **named}
        return {**wanted, "metadata": {**metadata, "managedFields": [entry_of(body)]}}
    patch = _patch(there, owned(there), wanted)
    return {**patch, "metadata": {**(patch.get("metadata") or {}), "managedFields": [entry_of(body)]}}


def contested(there: Mapping[str, Any] | None, body: Mapping[str, Any]) -> list[str]:
    """Return the fields in which others have said something else than a body does."""
    return list(_contested(there, owned(there), said(body), "")) if there else []


def managed(fields: list[str]) -> list[dict[str, str]]:
    """Return the causes of a refusal over fields."""
    return [{"reason": "FieldManagerConflict", "field": field, "message": 'conflict with "else"'} for field in fields]


def _patch(there: Mapping[str, Any], ours: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wanted, and None for what is ours and not wanted any more."""
    patch: dict[str, Any] = {}
    for key in [field[len("f:") :] for field in ours]:
        if key in there and key not in wanted:
            inner = ours[f"f:{key}"]
            is_shared = isinstance(there[key], dict) and any(f"f:{one}" not in inner for one in there[key])
            patch[key] = _patch(there[key], inner, {}) if inner and is_shared else None
    for key, value in wanted.items():
        before = there.get(key)
        inner = ours.get(f"f:{key}", {})
        patch[key] = _patch(before if isinstance(before, dict) else {}, inner, value) if _is_map(value) else value
    return patch


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


def _contested(there: Any, ours: Mapping[str, Any] | None, wanted: Any, path: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(there, dict):
        for key, value in wanted.items():
            if key in there:
                yield from _contested(there[key], ours.get(f"f:{key}") if ours else None, value, f"{path}.{key}")
    elif there != wanted and ours is None:
        yield path
