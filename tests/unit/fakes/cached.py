# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cache as tasks use it one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.cache import Cache

if TYPE_CHECKING:
    from pathlib import Path

TTL = 30.0
VALUE = {"prod/web": ["2026-01-31T12:00:00Z", "10s", [["app", "250m", "64Mi"]]]}


def another(cache: Cache, **changes: Any) -> Cache:
    """Return the cache of the next task."""
    return Cache(cache._folder, **{"ttl": TTL, "clock": cache._clock, **changes})


def kept(cache: Cache) -> Path:
    """Keep a value and return its file."""
    cache.put("key", VALUE)
    (file,) = cache._folder.iterdir()
    assert cache.warnings == []
    return file
