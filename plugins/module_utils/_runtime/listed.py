# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Lists as tasks give them: a text was split at its commas, with the blanks and line ends around them kept. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .errors import InvalidConfigError, InvalidTargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# No name, glob or label begins so.
_JSON = re.compile(r"\[\s*[\"']")


def elements(values: Iterable[Any]) -> tuple[str, ...]:
    """Return the elements of a list without blanks around them; each line is an element, an empty one is none."""
    lines = (line.strip() for value in values for line in str(value).split("\n"))
    return tuple(line for line in lines if line)


def texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the elements of a list that may be missing or None. Raises InvalidConfigError for the text of JSON."""
    return check_no_json(key, elements(values.get(key) or ()))


def restriction(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the elements of a list that leaves out what is not in it.

    Raises InvalidTargetError when it has only empty ones: what says nothing must not come to mean everything.
    """
    found = texts(values, key)
    if values.get(key) and not found:
        raise InvalidTargetError(f"{key} has nothing in it", hint=f"name at least one, or leave {key} away")
    return found


def check_no_json(key: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the elements as they are; raises InvalidConfigError when one is a piece of the text of a JSON list."""
    for element in found:
        if _JSON.match(element):
            raise InvalidConfigError(
                f"{key} is the text of a list, not a list", hint="give a list, or a text with commas"
            )
    return found
