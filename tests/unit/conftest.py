# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make this checkout importable as ansible_collections.nekzus.runtime, wherever it lies."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
TREE = ROOT / ".cache" / "collections"


def importable() -> bool:
    """Tell whether somebody (ansible-test does) has set the import up already."""
    try:
        return importlib.util.find_spec("ansible_collections.nekzus.runtime") is not None
    except ModuleNotFoundError:
        return False


def link_checkout() -> None:
    """Put the checkout where Ansible looks for collections; pytest's workers all do so at once."""
    link = TREE / "ansible_collections" / "nekzus" / "runtime"
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to(os.path.relpath(ROOT, link.parent))


if not importable():
    for name in [n for n in sys.modules if n.partition(".")[0] == "ansible_collections"]:
        del sys.modules[name]
    from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

    link_checkout()
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(TREE)
    _AnsibleCollectionFinder(paths=[str(TREE)])._install()


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests would keep for later tasks away from those of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
