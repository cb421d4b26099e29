# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What server-side apply makes of an object, and the fields in which others have said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_fields import (
    Fields,
    applied_fields,
    ours,
    said,
    theirs,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = ("name", "namespace")


def applied(there: Mapping[str, Any] | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merge patch that applying a body is; of what is not there yet, the whole object."""
    wanted = said(body)
    if not there:
        named = {name: body["metadata"][name] for name in _NAMES if name in body["metadata"]}
        metadata = {**wanted["metadata"], **named}
        return {**wanted, "metadata": {**metadata, "managedFields": applied_fields({}, {}, body)}}
    patch = _patch(there, ours(there), theirs(there), wanted)
    fields = applied_fields(there, merged(there, patch), body)
    return {**patch, "metadata": {**(patch.get("metadata") or {}), "managedFields": fields}}


def contested(there: Mapping[str, Any] | None, body: Mapping[str, Any]) -> list[str]:
    """Return the fields in which others have said something else than a body does."""
    return list(_contested(there, ours(there), said(body), "")) if there else []


def managed(fields: list[str]) -> list[dict[str, str]]:
    """Return the causes of a refusal over fields."""
    return [{"reason": "FieldManagerConflict", "field": field, "message": 'conflict with "else"'} for field in fields]


def _patch(there: Any, own: Fields, others: Fields, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wanted, and None for what is ours alone and not wanted any more."""
    patch: dict[str, Any] = {}
    for field in own:
        key = field[len("f:") :]
        if key in there and key not in wanted:
            inner, held = own[field], others.get(field)
            is_shared = isinstance(there[key], dict) and any(f"f:{one}" not in inner for one in there[key])
            if inner and (is_shared or held):
                patch[key] = _patch(there[key], inner, held or {}, {})
            elif held is None:
                patch[key] = None
    for key, value in wanted.items():
        before, field = there.get(key), f"f:{key}"
        inside = before if isinstance(before, dict) else {}
        patch[key] = _patch(inside, own.get(field, {}), others.get(field, {}), value) if _is_map(value) else value
    return patch


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


def _contested(there: Any, own: Fields | None, wanted: Any, path: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(there, dict):
        for key, value in wanted.items():
            if key in there:
                yield from _contested(there[key], own.get(f"f:{key}") if own else None, value, f"{path}.{key}")
    elif there != wanted and own is None:
        yield path
