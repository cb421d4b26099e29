# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Telling of a deployment without its secrets: in errors, and in what was there before. Pure."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ..mask import MASK, mask_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import NekzusError


def without_secrets(error: NekzusError, secrets: Sequence[str]) -> NekzusError:
    """Return the error with the values hidden that nothing may print, in its message, its hint and its details."""
    error.message = mask_text(error.message, secrets)
    error.hint = mask_text(error.hint, secrets) if error.hint else error.hint
    error.details = {key: hidden(value, secrets) for key, value in error.details.items()}
    return error


def hidden(value: Any, secrets: Sequence[str]) -> Any:
    """Return a document with secrets hidden wherever they stand."""
    if isinstance(value, str):
        return mask_text(value, secrets)
    if isinstance(value, dict):
        return {key: hidden(item, secrets) for key, item in value.items()}
    return [hidden(item, secrets) for item in value] if isinstance(value, (list, tuple)) else value


def hidden_alike(before: Any, after: Any) -> Any:
    """Return what was before, with texts hidden where those of ``after`` have something hidden.

    A secret that was changed is none of those that the task knows any more.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        return {key: hidden_alike(value, after.get(key)) for key, value in before.items()}
    if isinstance(before, list) and isinstance(after, list):
        pairs = list(zip_longest(before, after))[: len(before)]
        return [hidden_alike(value, other) for value, other in pairs]
    is_secret = isinstance(before, str) and isinstance(after, str) and MASK in after and before != after
    return MASK if is_secret else before
