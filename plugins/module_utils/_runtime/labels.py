# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Label selectors as Kubernetes writes them. Pure.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import InvalidTargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What stands inside parentheses belongs to a set.
_SEPARATOR = re.compile(r"[,\n](?![^(]*\))")
_KEY = r"(?P<key>[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)"
_EQUALITY = re.compile(_KEY + r"\s*(?P<operator>==|=|!=)\s*(?P<value>[^\s,()=!]*)")
_SET = re.compile(_KEY + r"\s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)")
_EXISTS = re.compile(r"(?P<operator>!?)\s*" + _KEY)


@dataclass(frozen=True)
class Requirement:
    """One condition. ``operator`` is one of ``in notin exists absent``; equality is a set of one."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether the labels fulfil it; a label that is not there fulfils ``notin``, as in Kubernetes."""
        if self.operator == "exists":
            return self.key in labels
        if self.operator == "absent":
            return self.key not in labels
        inside = labels.get(self.key) in self.values
        return inside if self.operator == "in" else not inside

    def __str__(self) -> str:
        """Print as Kubernetes' API takes it."""
        if self.operator == "exists":
            return self.key
        if self.operator == "absent":
            return f"!{self.key}"
        return f"{self.key} {self.operator} ({','.join(self.values)})"


def parse_labels(selectors: Iterable[str]) -> tuple[Requirement, ...]:
    """Return the requirements of selectors such as ``app=web``, ``tier!=db``, ``env in (a,b)``, ``app``, ``!app``.

    The list may have been split at any comma, as Ansible does with a flat string: it is joined first. Each line may
    be a selector.
    Raises InvalidTargetError for one that is not a selector.
    """
    texts = (text.strip() for text in _SEPARATOR.split(",".join(selectors)))
    return tuple(_parse(text) for text in texts if text)


def _parse(text: str) -> Requirement:
    in_set = _SET.fullmatch(text)
    if in_set:
        values = tuple(sorted(value.strip() for value in in_set.group("values").split(",")))
        return Requirement(in_set.group("key"), in_set.group("operator"), values)
    equality = _EQUALITY.fullmatch(text)
    if equality:
        operator = "notin" if equality.group("operator") == "!=" else "in"
        return Requirement(equality.group("key"), operator, (equality.group("value"),))
    exists = _EXISTS.fullmatch(text)
    if exists:
        return Requirement(exists.group("key"), "absent" if exists.group("operator") else "exists")
    raise InvalidTargetError(
        f"{text!r} is not a label selector",
        op="select",
        target="by label_selectors",
        hint="use key=value, key!=value, key in (a,b), key notin (a,b), key or !key",
    )
