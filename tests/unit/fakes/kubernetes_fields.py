# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields of an object are ours, as a server keeps it in ``managedFields``. A list is one value.

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
_NAMES = ("apiVersion", "kind")
_NAMES_IN_METADATA = ("name", "namespace", "uid", "managedFields")


def said(body: Mapping[str, Any]) -> Fields:
    """Return what a body says beside the name of its object."""
    found = {key: value for key, value in body.items() if key not in _NAMES}
    found["metadata"] = {key: value for key, value in found["metadata"].items() if key not in _NAMES_IN_METADATA}
    return found


def entry_of(body: Mapping[str, Any]) -> Fields:
    """Return who has said what a body says: us, by applying it."""
    return {"manager": FIELD_MANAGER, "operation": "Apply", "fieldsType": "FieldsV1", "fieldsV1": _fields(said(body))}


def _fields(value: Any) -> Fields:
    return {f"f:{key}": _fields(each) for key, each in value.items()} if isinstance(value, dict) else {}


def owned(document: Mapping[str, Any] | None) -> Fields:
    """Return the fields of an object that are ours."""
    found = objects(document, "metadata", "managedFields")
    return next((dict(mapping(one, "fieldsV1")) for one in found if text(one, "manager") == FIELD_MANAGER), {})


def disowned(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Fields]:
    """Return who has said what, when somebody else has made one object of another: what they changed is theirs."""
    left = _unchanged(owned(before), before, after)
    return [{**one, "fieldsV1": left} for one in objects(before, "metadata", "managedFields")]


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
