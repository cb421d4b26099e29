# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts are templates: those that a user wrote are, those that a container has are not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable

import ansible.template

# From ansible-core 2.19 on, a text is no template unless it is trusted. Before, it is one unless it is marked. What is
# neither trusted nor marked, or is marked, is no plain text in the JSON of ansible-inventory.
_TRUST = "trust_as_template"
_TEMPLATE = re.compile(r"[{}]")


def as_text(value: Any) -> Any:
    """Return a value of which nothing is ever evaluated: what could not be a template anyway is trusted to be none."""
    return _mapped(value, lambda text: _distrusted(text) if _TEMPLATE.search(text) else _trusted(text))


def as_template(value: Any) -> Any:
    """Return a value in which every text is a template."""
    return _mapped(value, _trusted)


def _has_trust() -> bool:
    return hasattr(ansible.template, _TRUST)


def _trusted(text: str) -> str:
    trusted: str = getattr(ansible.template, _TRUST)(text) if _has_trust() else text
    return trusted


def _distrusted(text: str) -> str:
    if _has_trust():
        return text
    # Deprecated where it is not needed.
    from ansible.utils.unsafe_proxy import wrap_var  # noqa: PLC0415

    marked: str = wrap_var(text)
    return marked


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {_mapped(key, change): _mapped(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(item, change) for item in value]
    return value
