# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What we have said of an object, as its record of who set what tells it. Pure.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..shape import mapping, objects, text
from .call import FIELD_MANAGER

if TYPE_CHECKING:
    from collections.abc import Mapping

# What the server says of an object, and a comparison of what it is does not heed.
_SERVERS = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink")


def said_by_us(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an object that we have set by applying it: what has to be applied to have them again.

    Of one that we have never applied, that is all but what the server says.
    """
    fields: Mapping[str, Any] = {}
    for entry in objects(document, "metadata", "managedFields"):
        if text(entry, "manager") == FIELD_MANAGER and text(entry, "operation") == "Apply":
            fields = mapping(entry, "fieldsV1")
    found = _picked(document, fields) if fields else bare(document)
    said = found if isinstance(found, dict) else {}
    named = {key: value for key, value in mapping(document, "metadata").items() if key in ("name", "namespace")}
    return {**said, "metadata": {**mapping(said, "metadata"), **named}}


def _picked(value: Any, fields: Mapping[str, Any]) -> Any:
    """Return the parts of a value that the fields name; one that names no parts means all of it."""
    parts = {key: mapping(fields, key) for key in fields if key != "."}
    if not parts:
        return value
    if isinstance(value, list):
        return [_picked(item, parts[key]) for item, key in ((item, _key_of(item, parts)) for item in value) if key]
    if not isinstance(value, dict):
        return value
    named = {key[len("f:") :]: inner for key, inner in parts.items() if key.startswith("f:")}
    return {key: _picked(value[key], inner) for key, inner in named.items() if key in value}


def _key_of(item: Any, parts: Mapping[str, Any]) -> str:
    """Return the field that means an item of a list: by its keys, or by its value."""
    for key in parts:
        kind, _colon, written = key.partition(":")
        wanted = _read(written) if kind in ("k", "v") else None
        if kind == "v" and wanted == item:
            return key
        if kind == "k" and isinstance(item, dict) and isinstance(wanted, dict) and wanted.items() <= item.items():
            return key
    return ""


def _read(written: str) -> Any:
    """Return the value that the name of a field has, None for one that nobody can read."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def bare(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without what the server alone says of it, to compare it with another."""
    metadata = {key: value for key, value in mapping(document, "metadata").items() if key not in _SERVERS and value}
    body = {key: value for key, value in document.items() if key not in ("status", "apiVersion", "kind", "metadata")}
    return {**body, "metadata": metadata}
