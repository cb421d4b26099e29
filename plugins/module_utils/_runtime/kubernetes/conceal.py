# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is written down without its secrets, and what to call those that are hidden. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..mask import MASK, mask_value
from ..shape import mapping, text
from . import convert
from .kinds import CONFIG_MAP, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A server refuses these unless they are JSON: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
_JSON = {".dockercfg": f'{{"{MASK}": {{}}}}', ".dockerconfigjson": f'{{"auths": {{"{MASK}": {{}}}}}}'}
_LINES = ("command", "args")


def concealed(document: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return an object with its secrets masked, and the names of what that hides: of a Secret all its keys.

    The values of a Secret become a ``stringData`` of masks, for all to see that they are still to be filled in.
    """
    kind = text(document, "kind")
    keys = sorted({**mapping(document, "data"), **mapping(document, "stringData")}) if kind == SECRET.kind else []
    if kind == SECRET.kind:
        document = {key: value for key, value in document.items() if key not in ("data", "stringData")}
    masked = convert.masked(document)
    data = mapping(document, "data")
    if kind == CONFIG_MAP.kind and data:
        masked["data"] = {key: mask_value(key, one) if isinstance(one, str) else one for key, one in data.items()}
    names = tuple(dict.fromkeys((*keys, *_hidden(document, masked))))
    return {**masked, **({"stringData": {key: _JSON.get(key, MASK) for key in keys}} if keys else {})}, names


def _hidden(before: Any, after: Any, name: str = "") -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, dict):
        own = text(before, "name")
        for key, value in before.items():
            if key in _LINES and value != after[key]:
                yield f"the command line of {own}" if own else "a command line"
            else:
                yield from _hidden(value, after[key], own if key == "value" and own else key)
    elif isinstance(before, list):
        for one, hidden in zip(before, after):
            yield from _hidden(one, hidden, name)
    else:
        yield name
