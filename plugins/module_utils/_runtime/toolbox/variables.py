# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Variables in templates, by the rules of Compose. Pure.

https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from ..mask import is_secret_name
from ..types import Word
from .scalar import Plain, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .document import Path, Problems

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
# Nobody reads more.
DEEPEST = 20
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """A variable in a text. ``operator`` is one of ``- :- ? :? + :+``, or empty; ``operand`` is what follows it."""

    name: str
    operator: str = ""
    operand: tuple[Part, ...] = ()

    @property
    def is_required(self) -> bool:
        """Whether it is an error when the variable has no value."""
        return "?" in self.operator


Part = Union[str, Reference]


def parse_text(text: str, *, braces_only: bool = False) -> tuple[Part, ...]:
    """Return the parts of a text: literal ones, and references to variables.

    With ``braces_only``, as manifests have them, ``${NAME}`` alone is a reference, and ``$${`` stands for ``${``.
    Raises ValueError with what is wrong with it, without the text itself, which may hold a secret.
    """
    return _Parser(text, braces_only=braces_only).parts()


class _Parser:
    def __init__(self, text: str, *, braces_only: bool) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._braces_only = braces_only

    def parts(self, *, inside: bool = False) -> tuple[Part, ...]:
        """Return all parts to the end, or ``inside`` of braces to the one that closes them."""
        found: list[Part] = []
        while self._at < len(self._text):
            if inside and self._text[self._at] == "}":
                return tuple(found)
            part = self._reference() if self._text[self._at] == "$" else self._literal("$}" if inside else "$")
            if isinstance(part, str) and found and isinstance(found[-1], str):
                found[-1] += part
            else:
                found.append(part)
        if inside:
            msg = "the braces of a variable are not closed"
            raise ValueError(msg)
        return tuple(found)

    def _literal(self, ends: str) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in ends:
            self._at += 1
        return self._text[start : self._at]

    def _reference(self) -> Part:
        rest = self._text[self._at : self._at + 3]
        if self._braces_only and not rest.startswith("${"):
            return self._take(2, "$") if rest == "$${" else self._take(1, "$")
        if rest.startswith("$$"):
            return self._take(2, "$")
        if rest.startswith("${"):
            return self._braced()
        name = _NAME.match(self._text, self._at + 1)
        if not name:
            msg = "a single $ begins no variable, a literal one is written $$"
            raise ValueError(msg)
        self._at = name.end()
        return Reference(name.group())

    def _take(self, length: int, meant: str) -> str:
        self._at += length
        if meant == "$" and length > 1 and self._braces_only:
            self._at += 1
            return "${"
        return meant

    def _braced(self) -> Reference:
        name = _NAME.match(self._text, self._at + 2)
        if not name:
            msg = "no name of a variable comes after ${"
            raise ValueError(msg)
        self._at = name.end()
        operator = _OPERATOR.match(self._text, self._at)
        if operator:
            self._at = operator.end()
        elif self._text[self._at : self._at + 1] != "}":
            msg = f"${{{name.group()} is followed by neither }} nor an operator"
            raise ValueError(msg)
        self._depth += 1
        if self._depth > DEEPEST:
            msg = f"variables are nested deeper than {DEEPEST} levels"
            raise ValueError(msg)
        operand = self.parts(inside=True)
        self._depth -= 1
        self._at += 1
        return Reference(name.group(), operator.group() if operator else "", operand)


class Interpolation:
    """Fills variables in, and notes which have no value."""

    def __init__(self, values: Mapping[str, str], problems: Problems, *, braces_only: bool = False) -> None:
        """Take what variables stand for, and where to note what is wrong."""
        self._values = values
        self._problems = problems
        self._braces_only = braces_only
        self.unset: dict[str, None] = {}
        self.missing: dict[str, str] = {}

    def fill(self, value: Any, path: Path = ()) -> Any:
        """Return data with all variables in its texts filled in; keys are left as they are."""
        if isinstance(value, dict):
            return {key: self.fill(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, (*path, index)) for index, item in enumerate(value)]
        return self._text(value, path) if isinstance(value, str) and "$" in value else value

    def _text(self, text: str, path: Path) -> Any:
        try:
            filled = self._filled(parse_text(text, braces_only=self._braces_only))
        except ValueError as error:
            self._problems.add(path, str(error))
            return text
        # What a plain scalar of a manifest means is seen when it is complete; Compose casts by what a key takes.
        return resolve(filled) if self._braces_only and isinstance(text, Plain) else filled

    def _filled(self, parts: Iterable[Part]) -> str:
        return "".join(part if isinstance(part, str) else self._value(part) for part in parts)

    def _value(self, found: Reference) -> str:
        value = self._values.get(found.name)
        is_there = bool(value) if found.operator.startswith(":") else value is not None
        if found.operator.endswith("+"):
            return self._filled(found.operand) if is_there else ""
        if is_there:
            return value or ""
        if found.operator.endswith("-"):
            return self._filled(found.operand)
        if found.is_required:
            self.missing.setdefault(found.name, self._filled(found.operand))
        elif value is None:
            self.unset[found.name] = None
        return ""


class VariableType(Word):
    """What a variable holds, for who asks a user for it."""

    PASSWORD = "password"  # noqa: S105 - a word
    NUMBER = "number"
    URL = "url"
    TEXT = "text"


@dataclass(frozen=True)
class Variable:
    """A variable of a template. ``default`` is None when there is none, or one that depends on others."""

    name: str
    type: VariableType
    required: bool
    default: str | None = None
    description: str = ""


def find_variables(data: Any, *, braces_only: bool = False) -> tuple[Variable, ...]:
    """Return the variables in the texts of data, each once, in the order in which they come.

    One is required if anything of it is; its description is the message of that. Texts that cannot be read are left to
    the interpolation to tell.
    """
    found: dict[str, list[Reference]] = {}
    for text in _texts(data):
        try:
            parts = parse_text(text, braces_only=braces_only)
        except ValueError:
            continue
        for reference in _references(parts):
            found.setdefault(reference.name, []).append(reference)
    return tuple(_variable(name, references) for name, references in found.items())


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _texts(item)
    elif isinstance(data, str) and "$" in data:
        yield data


def _references(parts: Iterable[Part]) -> Iterator[Reference]:
    for part in parts:
        if isinstance(part, Reference):
            yield part
            yield from _references(part.operand)


def _variable(name: str, references: list[Reference]) -> Variable:
    required = [one for one in references if one.is_required]
    defaults = [_literal(one.operand) for one in references if one.operator.endswith("-")]
    default = next((text for text in defaults if text is not None), None)
    description = next((text for text in (_literal(one.operand) for one in required) if text), "")
    return Variable(name, _type_of(name, default), bool(required), default, description)


def _literal(parts: tuple[Part, ...]) -> str | None:
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else None


def _type_of(name: str, default: str | None) -> VariableType:
    words = name.upper().split("_")
    if is_secret_name(name):
        return VariableType.PASSWORD
    if "URL" in words or "URI" in words or _URL.match(default or ""):
        return VariableType.URL
    if "PORT" in words or (default or "").isdigit():
        return VariableType.NUMBER
    return VariableType.TEXT
