# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Objects of a deployment as a diff may show them: without secrets, and without what the server fills in. Pure."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..mask import MASK, SEARCHABLE_LENGTH, is_secret_name
from ..shape import mapping, text_mapping
from ..toolbox.hiding import hidden
from . import convert
from .kinds import SECRET
from .said import bare
from .wanted import SALT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .piece import Piece

_CHANGED = f"{MASK} (changed)"
_SECRET_PARTS = ("data", "stringData")


def shown(
    kind: str, document: Mapping[str, Any], secrets: Sequence[str], *, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return an object as it may be shown; of the values of a Secret only which differ from those ``before``."""
    found = bare(document)
    if kind == "Secret":
        found = _unsalted(found)
        parts = {key: _hidden(mapping(found, key), mapping(before, key)) for key in _SECRET_PARTS if key in found}
        found = {**found, **parts}
    elif kind == "ConfigMap":
        data = mapping(found, "data")
        masked = {key: MASK if is_secret_name(key) else value for key, value in data.items()}
        found = {**found, "data": masked} if data else found
    masked_document: dict[str, Any] = hidden(convert.masked(found), secrets)
    return masked_document


def kept_secrets(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Return the values that the Secrets among the objects of a deployment have, those of before a change."""
    values = [value for piece in pieces if piece.resource.rule == SECRET.rule for value in _values(piece)]
    return tuple(value for value in values if len(value) >= SEARCHABLE_LENGTH)


def _values(piece: Piece) -> Iterator[str]:
    for encoded in text_mapping(piece.document, "data").values():
        with suppress(ValueError):  # what is no base64 is no value
            yield base64.b64decode(encoded).decode("utf-8", "replace").strip()


def _unsalted(document: dict[str, Any]) -> dict[str, Any]:
    """Return a Secret without its salt: with that, passwords could be tried on the checksum of who uses it."""
    metadata = mapping(document, "metadata")
    notes = mapping(metadata, "annotations")
    if SALT not in notes:
        return document
    return {**document, "metadata": {**metadata, "annotations": {**notes, SALT: MASK}}}


def _hidden(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    return {key: _CHANGED if before and before.get(key) != value else MASK for key, value in values.items()}
