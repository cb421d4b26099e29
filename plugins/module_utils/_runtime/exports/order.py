# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task asks to be written down, and where to. Pure, but for looking whether ``dest`` is a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import InvalidConfigError
from ..types import RuntimeType
from ..user_path import user_path
from .exported import ExportChoice, ExportKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COMPOSE, _VARIABLES = "compose.yml", ".env"


@dataclass(frozen=True)
class ExportPlace:
    """The files of one export: its documents, and what their variables stand for."""

    documents: Path
    variables: Path


@dataclass(frozen=True)
class ExportOrder:
    """What to write down; ``dest`` is a file, or a folder for a file of each runtime and namespace."""

    choice: ExportChoice = field(default_factory=ExportChoice)
    dest: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether several exports have a place each."""
        return self.dest.endswith(os.sep) or user_path(self.dest).is_dir()

    def place(self, runtime: RuntimeType, namespace: str) -> ExportPlace:
        """Return where an export is written.

        In a folder that is what the docker command and this collection take for a project of Compose, and for each
        namespace one file of manifests.
        """
        base = user_path(self.dest)
        if not self.is_folder:
            return ExportPlace(base, base.with_suffix(".env"))
        name = _COMPOSE if runtime is RuntimeType.DOCKER else f"{namespace}.yml"
        return ExportPlace(base / name, base / _VARIABLES)


def parse_export_order(params: Mapping[str, Any]) -> ExportOrder:
    """Return what a task's options ask. Raises InvalidConfigError for what cannot be."""
    dest = params.get("dest") or ""
    if params["include_secret_values"] and not dest:
        hint = "set dest: the values are written into private files, a task's result is shown and logged"
        raise InvalidConfigError("include_secret_values needs dest", hint=hint)
    choice = ExportChoice(
        kinds=frozenset(map(ExportKind, params["include"])),
        secret_values=params["include_secret_values"],
        external=params["external"],
    )
    return ExportOrder(choice, dest)
