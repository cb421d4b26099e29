# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Writing YAML that every reader takes for the same: those of YAML 1.1, of 1.2, and Compose's own."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ._runtime.toolbox.scalar import resolve
from ._yaml_read import check_library

with suppress(ImportError):  # who reads YAML says what is missing
    import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Lines are not folded: a command is easier to read, and to find, as it is.
_WIDTH = 2**31 - 1
# What ends a line for readers of YAML 1.1 alone, and what no text can begin with.
_BREAKS = frozenset("\x85\u2028\u2029\ufeff")


def write_documents(documents: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of documents, their keys in the order that they have. Raises MissingLibraryError."""
    check_library()
    text: str = yaml.dump_all(
        documents, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
    return text


def _dumper() -> Any:
    """Return a Dumper that writes texts so that they are read as texts, and repeats what is there twice."""

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - anchors are for people who write by hand
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - PyYAML's own
            # Lists stand below their key, as in most files that people write.
            return super().increase_indent(flow, False)  # noqa: FBT003 - PyYAML's own

    Dumper.add_representer(str, _text)
    return Dumper


def _text(dumper: Any, value: str) -> Any:
    # What a block cannot hold, blanks at the end of a line say, is written in quotation marks after all.
    style = "|" if "\n" in value else "'" if _is_misread(value) else None
    if not _BREAKS.isdisjoint(value):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _is_misread(value: str) -> bool:
    """Tell whether a reader takes a text for something else when it has no quotation marks; PyYAML knows YAML 1.1."""
    return resolve(value) != value or value in ("y", "Y", "n", "N")
