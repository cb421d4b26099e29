# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields of an object are ours and which are others', as ``managedFields`` has it. A list is one value.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.call import FIELD_MANAGER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import mapping, objects, text

if TYPE_CHECKING:
    from collections.abc import Mapping

Fields = dict[str, Any]
# What names an object, and is nobody's.
_NAMES = ("apiVersion", "kind", "status")
_NAMES_IN_METADATA = ("name", "namespace", "uid", "managedFields", "resourceVersion", "generation", "creationTimestamp")


def said(body: Mapping[str, Any]) -> Fields:
    """Return what a body, or an object, says beside its name."""
    found = {key: value for key, value in body.items() if key not in _NAMES}
    found["metadata"] = {key: value for key, value in found["metadata"].items() if key not in _NAMES_IN_METADATA}
    return found


def ours(document: Mapping[str, Any]) -> Fields:
    """Return the fields of an object that are ours, because we have applied them."""
    return _of(document, "Apply")


def theirs(document: Mapping[str, Any]) -> Fields:
    """Return the fields of an object that are somebody's who has changed them, be it us by another way."""
    return _of(document, "Update")


def _of(document: Mapping[str, Any], operation: str) -> Fields:
    found = objects(document, "metadata", "managedFields")
    return next((dict(mapping(one, "fieldsV1")) for one in found if text(one, "operation") == operation), {})


def applied_fields(before: Mapping[str, Any], after: Mapping[str, Any], body: Mapping[str, Any]) -> list[Fields]:
    """Return whose fields are whose when a body has been applied."""
    return _entries(_fields(said(body)), _unchanged(theirs(before), before, after))


def updated_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Fields]:
    """Return whose fields are whose when somebody has changed an object: what has changed is theirs alone."""
    changed = _changed(said(before), said(after))
    kept = _unchanged(theirs(before), before, after)
    return _entries(_unchanged(ours(before), before, after), _united(kept, changed))


def _entries(applied: Fields, updated: Fields) -> list[Fields]:
    kind = {"fieldsType": "FieldsV1"}
    found = [{"manager": FIELD_MANAGER, "operation": "Apply", **kind, "fieldsV1": applied}]
    return [*found, {"manager": "else", "operation": "Update", **kind, "fieldsV1": updated}] if updated else found


def _fields(value: Any) -> Fields:
    return {f"f:{key}": _fields(each) for key, each in value.items()} if isinstance(value, dict) else {}


def _changed(before: Any, after: Any) -> Fields:
    found: Fields = {}
    for key, value in after.items():
        was = before.get(key) if isinstance(before, dict) else None
        if was != value:
            found[f"f:{key}"] = _changed(was, value) if isinstance(value, dict) else {}
    return found


def _united(one: Fields, other: Fields) -> Fields:
    return {key: _united(one.get(key, {}), other.get(key, {})) for key in (*one, *other)}


def _unchanged(fields: Mapping[str, Any], before: Any, after: Any) -> Fields:
    found: Fields = {}
    for key, inner in fields.items():
        name = key[len("f:") :]
        if isinstance(after, dict) and name in after:
            if inner:
                found[key] = _unchanged(inner, before[name], after[name])
            elif before[name] == after[name]:
                found[key] = {}
    return found
