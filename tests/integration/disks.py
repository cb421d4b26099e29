# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes of a class of storage of their own: a cluster for tests may have none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .cluster import path_of
from .estate import volume
from .yard import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cluster import Cluster


@contextmanager
def disks(cluster: Cluster, storage: str, count: int) -> Iterator[str]:
    """Have so many volumes of a class of storage, and return that; whoever claims one keeps it."""
    names = [f"{storage}-{number}" for number in range(count)]
    paths = [path_of("v1", "PersistentVolume", name=name) for name in names]
    each(cluster.delete, paths)
    try:
        each(lambda name: cluster.create(volume(name, storage)), names)
        yield storage
    finally:
        each(cluster.delete, paths)
