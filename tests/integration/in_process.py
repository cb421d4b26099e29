# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets tests import the collection itself, as the unit tests do: for what is below the modules."""

from __future__ import annotations

import importlib.util
import os
import sys

from .controller import link_checkout


def importable() -> bool:
    """Tell whether somebody has set the import up already."""
    try:
        return importlib.util.find_spec("ansible_collections.nekzus.runtime") is not None
    except ModuleNotFoundError:
        return False


def make_importable() -> None:
    """Make this checkout importable as ansible_collections.nekzus.runtime."""
    if importable():
        return
    for name in [each for each in sys.modules if each.partition(".")[0] == "ansible_collections"]:
        del sys.modules[name]
    from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder  # noqa: PLC0415 - only now

    tree = str(link_checkout())
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = tree
    _AnsibleCollectionFinder(paths=[tree])._install()
