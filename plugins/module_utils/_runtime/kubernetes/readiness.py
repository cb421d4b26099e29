# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Whether an object is of use, by what it says of itself. Pure.

https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import number, objects, text
from .kinds import DEFINITION, NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .kinds import Resource

# What a kind says when it is of use; custom kinds that say neither of the last are taken as they are.
_ESTABLISHED, _READY = "Established", ("Ready", "Available")


def is_of_use(resource: Resource, document: Mapping[str, Any]) -> bool:
    """Tell whether an object that makes no pods is of use: of most kinds, to be there is enough."""
    if resource.rule == NAMESPACE.rule:
        return text(document, "status", "phase") == "Active"
    conditions = {text(one, "type"): text(one, "status") for one in objects(document, "status", "conditions")}
    if resource.rule == DEFINITION.rule:
        return conditions.get(_ESTABLISHED) == "True"
    if not resource.custom:
        return True
    if not is_seen(document):
        return False
    return all(conditions[name] == "True" for name in _READY if name in conditions)


def is_seen(document: Mapping[str, Any]) -> bool:
    """Tell whether its controller has seen what is said of an object now, or does not say."""
    seen = number(document, "status", "observedGeneration")
    return seen is None or seen >= (number(document, "metadata", "generation") or 0)


def trouble_of(document: Mapping[str, Any]) -> str:
    """Return what an object says of why it is not of use, or nothing."""
    for condition in objects(document, "status", "conditions"):
        if text(condition, "status") == "False" and text(condition, "message"):
            return f"{text(condition, 'type')} is False, {' '.join(text(condition, 'message').split())}"
    return ""
