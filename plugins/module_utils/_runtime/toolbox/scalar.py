# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a plain scalar of YAML means, by the core schema of YAML 1.2. Pure.

https://yaml.org/spec/1.2.2/#103-core-schema, with numbers such as 0440 read as octal ones, as Compose does.
"""

from __future__ import annotations

import re
from typing import Union

Scalar = Union[str, int, float, bool, None]

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {
    word: value for value in (True, False) for text in (str(value),) for word in (text, text.lower(), text.upper())
}
_DECIMAL = re.compile(r"[-+]?(0|[1-9]\d*)", re.ASCII)
_BASED = re.compile(r"(?P<sign>[-+]?)0(?P<base>[xob]?)(?P<digits>[0-9a-fA-F]+)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", re.ASCII)
_INFINITE = re.compile(r"(?P<sign>[-+]?)\.(inf|Inf|INF)", re.ASCII)
_NO_NUMBER = frozenset((".nan", ".NaN", ".NAN"))
_BASES = {"x": 16, "o": 8, "": 8, "b": 2}
# Beyond this Python refuses to read a number: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_LONGEST_NUMBER = 400


class Plain(str):
    """A plain scalar with a variable in it: what it means shows when the variable has its value."""

    __slots__ = ()


def resolve(text: str) -> Scalar:
    """Return the value that a plain scalar stands for."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _DECIMAL.fullmatch(text):
        return int(text)
    based = _BASED.fullmatch(text)
    if based:
        try:
            return int(based.group("sign") + based.group("digits"), _BASES[based.group("base")])
        except ValueError:  # 089 is no octal number
            pass
    if _FLOAT.fullmatch(text):
        return float(text)
    infinite = _INFINITE.fullmatch(text)
    if infinite:
        return float(infinite.group("sign") + "inf")
    return float("nan") if text in _NO_NUMBER else text


def print_scalar(value: Scalar) -> str:
    """Return a scalar as the text that Compose makes of it where it wants one: true, 80, 1.5, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
