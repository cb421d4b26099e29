# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an account can be for: sets of operations that are granted together. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .listed import texts
from .types import Word

if TYPE_CHECKING:
    from collections.abc import Mapping


class Feature(Word):
    """A set of operations. Each stands for itself: what it takes to find containers is in all of them."""

    READ = "read"
    LIFECYCLE = "lifecycle"
    STATS = "stats"
    EXPORT = "export"
    TOOLBOX = "toolbox"


def parse_features(params: Mapping[str, Any]) -> tuple[Feature, ...]:
    """Return the features that a task names, each once, in their own order."""
    named = set(texts(params, "features"))
    return tuple(feature for feature in Feature if feature.value in named)
