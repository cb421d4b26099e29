# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is documented of modules and their options, for the tests that see whether it agrees with the code."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ansible_collections.nekzus.runtime.plugins"
SHAPE = ("type", "elements", "choices", "default", "aliases", "required")
Document = dict[str, Any]


def documentation(module: str, part: str = "DOCUMENTATION") -> Document:
    """Return a part of what a module documents."""
    loaded: Document = yaml.safe_load(getattr(importlib.import_module(f"{PACKAGE}.modules.{module}"), part))
    return loaded


def fragment(section: str) -> Document:
    """Return the options of a fragment."""
    source = importlib.import_module(f"{PACKAGE}.doc_fragments._{section}").ModuleDocFragment
    options: Document = yaml.safe_load(source.DOCUMENTATION)["options"]
    return options


def shape_of(option: Document, nested: str) -> Document:
    """Return what a specification and its documentation have in common of an option."""
    shape: Document = {key: option[key] for key in SHAPE if option.get(key) not in (None, False, [])}
    if option.get("type") == "bool" and "default" in option:
        shape["default"] = option["default"]
    if option.get(nested):
        shape["options"] = {name: shape_of(each, nested) for name, each in option[nested].items()}
    return shape


def source(path: str) -> str:
    """Return the text of a file, by its path from module_utils."""
    return (ROOT / "plugins" / "module_utils" / path).read_text(encoding="utf-8")
