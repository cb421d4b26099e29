# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Texts as they are written into a Compose file: dollars doubled, and variables in the place of secrets. Pure.

https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..mask import mask_command, mask_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_OTHER = re.compile(r"[^A-Za-z0-9_]+")


def escape(text: str) -> str:
    """Return a text that Compose reads as it is."""
    return text.replace("$", "$$")


class Placeholders:
    """Puts variables in the place of secrets, and knows what they stand for.

    A variable is required: without its value a file cannot be deployed with an empty password by mistake.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.values: dict[str, str] = {}

    def environment(self, service: str, variables: Mapping[str, str], secret: Iterable[str]) -> dict[str, str]:
        """Return variables of a service; ``secret`` are names of those that are secrets, whatever they are called."""
        names = frozenset(secret)
        return {name: self._written(service, name, value, is_secret=name in names) for name, value in variables.items()}

    def labels(self, service: str, labels: Mapping[str, str]) -> dict[str, str]:
        """Return labels of a service."""
        return {name: self._written(service, f"label_{name}", value) for name, value in labels.items()}

    def words(self, service: str, words: Sequence[str], what: str) -> list[str]:
        """Return the words of a command; one that holds a secret is a variable as a whole."""
        masked = mask_command(words)
        return [
            escape(word) if word == shown else self._variable(service, f"{what}_{number}", word)
            for number, (word, shown) in enumerate(zip(words, masked))
        ]

    def _written(self, service: str, name: str, value: str, *, is_secret: bool = False) -> str:
        if value and (is_secret or mask_value(name, value) != value):
            return self._variable(service, name, value)
        return escape(value)

    def _variable(self, service: str, name: str, value: str) -> str:
        """Return a reference to a variable: the name itself if no other service has another value for it."""
        plain = _identifier(name)
        if self.values.setdefault(plain, value) != value:
            plain = _identifier(f"{service}_{name}").upper()
            while self.values.setdefault(plain, value) != value:
                plain += "_"
        return f"${{{plain}:?}}"


def _identifier(name: str) -> str:
    word = _OTHER.sub("_", name)
    return word if word[:1].isalpha() or word.startswith("_") else f"_{word}"
