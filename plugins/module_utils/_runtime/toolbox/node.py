# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A part of a template, taken as what its key wants: what does not fit is noted, and told with all the rest. Pure."""

from __future__ import annotations

import difflib
import re
import shlex
from typing import TYPE_CHECKING, Any

from ..duration import parse_duration
from .scalar import Plain, print_scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .document import Path, Problems

# https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-byte-values, 1024 to the next.
_SIZE = re.compile(r"(?P<number>\d{1,18}(\.\d+)?)\s*(?P<unit>[kmgtp]?)(i?b|i)?", re.ASCII | re.IGNORECASE)
_UNITS = {unit: 1024**power for power, unit in enumerate(("", "k", "m", "g", "t", "p"))}
_BOOLEANS = {"true": True, "yes": True, "on": True, "y": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "n": False,
    "0": False,
}
_WHOLE = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d{1,18}(\.\d*)?|\.\d+)", re.ASCII)


class Node:
    """A value and its path. What it is taken as when it does not fit is empty or None, and the problem is noted."""

    def __init__(self, value: Any, path: Path, problems: Problems) -> None:
        """Take a value of a template, where it is, and where to note what is wrong with it."""
        self.value = value
        self.path = path
        self.problems = problems

    def __bool__(self) -> bool:
        """Tell whether the template says anything here."""
        return self.value is not None

    @property
    def key(self) -> str:
        """The last step of its path."""
        return str(self.path[-1]) if self.path else ""

    def bad(self, message: str, hint: str | None = None) -> None:
        """Note what is wrong with it."""
        self.problems.add(self.path, message, hint)

    def get(self, key: str) -> Node:
        """Return the part under a key of a mapping, an empty one when there is none."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(found, (*self.path, key), self.problems)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield the keys and parts of a mapping."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.get(key)
        elif self.value is not None:
            self.bad("this has to be a mapping")

    def items(self) -> Iterator[Node]:
        """Yield the parts of a list."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield Node(item, (*self.path, index), self.problems)
        elif self.value is not None:
            self.bad("this has to be a list")

    @property
    def is_mapping(self) -> bool:
        """Whether it is in the long form."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.value, list)

    def text(self) -> str:
        """Take it as a text; numbers and booleans are printed as Compose prints them."""
        if isinstance(self.value, (dict, list)):
            self.bad("this has to be a text")
            return ""
        return str(self.value) if isinstance(self.value, Plain) else print_scalar(self.value)

    def texts(self) -> tuple[str, ...]:
        """Take it as a list of texts; a single one is a list of one."""
        if isinstance(self.value, (str, int, float)):
            return (self.text(),)
        return tuple(item.text() for item in self.items())

    def words(self) -> tuple[str, ...] | None:
        """Take it as a command: a list, or a line that is split as a shell would. None is what the image has."""
        if not isinstance(self.value, str):
            return self.texts() if self else None
        try:
            return tuple(shlex.split(self.value))
        except ValueError:
            self.bad("a quotation mark is not closed")
            return None

    def pairs(self) -> dict[str, str | None]:
        """Take it as variables or labels: a mapping, or a list of ``NAME=VALUE``. None is one without a value."""
        if self.is_list:
            halves = [item.text().partition("=") for item in self.items()]
            return {name: value if equals else None for name, equals, value in halves if name}
        return {key: item.text() if item else None for key, item in self.entries()}

    def text_pairs(self) -> dict[str, str]:
        """Take it as ``pairs`` of which one without a value is empty."""
        return {key: value or "" for key, value in self.pairs().items()}

    def flag(self) -> bool:
        """Take it as a boolean."""
        return bool(self.flag_or_none())

    def flag_or_none(self) -> bool | None:
        """Take it as a boolean, None when it is not said."""
        if isinstance(self.value, bool):
            return self.value
        if not self:
            return None
        found = _BOOLEANS.get(print_scalar(self.value).lower()) if not isinstance(self.value, (dict, list)) else None
        if found is None:
            self.bad("this has to be true or false")
        return found

    def whole(self) -> int | None:
        """Take it as a whole number."""
        number = self.number()
        if number is not None and number != int(number):
            self.bad("this has to be a whole number")
            return None
        return None if number is None else int(number)

    def number(self) -> float | None:
        """Take it as a number."""
        if not self:
            return None
        text = "" if isinstance(self.value, (dict, list, bool)) else print_scalar(self.value).strip()
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        self.bad("this has to be a number")
        return None

    def size(self) -> int | None:
        """Take it as bytes: a number, or 512m, 1.5gb. -1, where it means no limit, stays."""
        if not self:
            return None
        text = "" if isinstance(self.value, (dict, list, bool)) else print_scalar(self.value).strip()
        found = _SIZE.fullmatch(text)
        if found:
            return int(float(found.group("number")) * _UNITS[found.group("unit").lower()])
        if text == "-1":
            return -1
        self.bad("this has to be a size, such as 512m or 1.5gb")
        return None

    def seconds(self) -> float | None:
        """Take it as a duration."""
        if not self:
            return None
        try:
            return parse_duration(self.value)
        except ValueError:
            self.bad("this has to be a duration, such as 1m30s")
            return None

    def mode(self) -> int | None:
        """Take it as the mode of a file: 0440 as a number, which YAML has read as an octal one, or as a text."""
        if not isinstance(self.value, str):
            return self.whole()
        try:
            return int(self.value, 8)
        except ValueError:
            self.bad("this has to be a mode, such as 0440")
            return None

    def choice(self, known: Collection[str]) -> str:
        """Take it as one of some words, empty when it is not said."""
        word = self.text()
        if word and word not in known:
            self.bad(f"{word} is not one of {', '.join(sorted(known))}")
            return ""
        return word

    def check_keys(self, known: Collection[str]) -> None:
        """Note every key of a mapping that is not known; those that begin with x- are anybody's own."""
        for key, item in self.entries():
            if key not in known and not key.startswith("x-"):
                near = difflib.get_close_matches(key, sorted(known), n=1)
                item.bad("this key is not known", f"{key} may be meant as {near[0]}" if near else None)
