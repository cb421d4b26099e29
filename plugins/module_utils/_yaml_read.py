# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading YAML as Compose does. With ``_yaml_write.py`` all that knows PyYAML."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ._runtime.errors import InvalidTemplateError, MissingLibraryError
from ._runtime.toolbox.document import CORRECT, Document
from ._runtime.toolbox.scalar import Plain, resolve

try:
    import yaml
except ImportError as error:
    IMPORT_ERROR: str = str(error)
else:
    IMPORT_ERROR = ""

if TYPE_CHECKING:
    from ._runtime.toolbox.document import Path

LARGEST = 1024 * 1024
# With all aliases written out. The biggest of public Compose files have a few thousand.
MOST_NODES = 100_000
DEEPEST = 100
_TAG = "tag:yaml.org,2002:"
_PLAIN = "plain"
_MERGE = "<<"


def read_documents(text: str, *, name: str) -> tuple[Document, ...]:
    """Return the documents of a text; an empty one is None.

    Raises InvalidTemplateError with line and column for what is no YAML, and for what would become too big; and
    MissingLibraryError without PyYAML.
    """
    check_library()
    check_size(len(text.encode("utf-8", "surrogatepass")), name=name)
    # One that tells what is written without quotation marks, and takes the C library where there is one.
    loader = type("Loader", (getattr(yaml, "CBaseLoader", yaml.BaseLoader),), {"resolve": _resolve})
    try:
        _check_depth(text, loader, name)
        nodes = list(yaml.compose_all(text, Loader=loader))
    except yaml.YAMLError as error:
        raise _invalid(error, text, name) from error
    return tuple(_Builder(name).document(node) for node in nodes)


def check_library() -> None:
    """Raise MissingLibraryError without PyYAML."""
    if IMPORT_ERROR:
        hint = f"install it for the Python that runs the module: {sys.executable} -m pip install pyyaml"
        raise MissingLibraryError(f"the Python library yaml cannot be imported ({IMPORT_ERROR})", hint=hint)


def _resolve(_loader: Any, kind: type, _value: Any, implicit: Any) -> str:
    """Return the tag of a node that has none of its own."""
    if kind is yaml.ScalarNode:
        return _PLAIN if implicit[0] else f"{_TAG}str"
    return f"{_TAG}map" if kind is yaml.MappingNode else f"{_TAG}seq"


def check_size(size: int, *, name: str, what: str = "a template", largest: int = LARGEST) -> None:
    """Raise InvalidTemplateError for a template of too many bytes, before anybody works on it."""
    if size > largest:
        message = f"{name} has {size} bytes, {what} may have {largest}"
        raise InvalidTemplateError(message, hint="put data into volumes or images, not into a template")


def _check_depth(text: str, loader: Any, name: str) -> None:
    """Raise for a document nested so deep that those who walk through it would fall."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _bad(f"is nested deeper than {DEEPEST} levels", event.start_mark, name)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _bad(message: str, mark: Any, name: str) -> InvalidTemplateError:
    return InvalidTemplateError(f"{name}, line {mark.line + 1}, column {mark.column + 1}: {message}", hint=CORRECT)


def _invalid(error: Any, text: str, name: str) -> InvalidTemplateError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark:
        told = _bad(f"this is no YAML: {error.problem or error.context}", mark, name)
        if "\t" in "".join(text.splitlines()[mark.line : mark.line + 1]):
            told.hint = "tabs cannot indent YAML"
        return told
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return InvalidTemplateError(f"{name}: this is no YAML: {' '.join(str(error).split())}", hint=CORRECT)
    before = text[:position]
    line, column = before.count("\n") + 1, position - before.rfind("\n")
    message = f"{name}, line {line}, column {column}: there is a character that YAML does not allow"
    return InvalidTemplateError(message, hint=CORRECT)


class _Builder:
    """Makes data of the nodes of one document."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._places: dict[Path, tuple[int, int]] = {}
        self._sizes: dict[int, int] = {}
        self._open: set[int] = set()

    def document(self, node: Any) -> Document:
        if self._size(node) > MOST_NODES:
            raise _bad(f"with its aliases written out it has more than {MOST_NODES} parts", node.start_mark, self._name)
        return Document(self._name, self._value(node, ()), self._places)

    def _size(self, node: Any) -> int:
        """Return of how many nodes a node is when every alias in it is written out."""
        if id(node) in self._open:
            raise _bad("an alias is inside of what it stands for", node.start_mark, self._name)
        if id(node) not in self._sizes:
            self._open.add(id(node))
            self._sizes[id(node)] = 1 + sum(self._size(child) for child in _children(node))
            self._open.discard(id(node))
        return self._sizes[id(node)]

    def _value(self, node: Any, path: Path) -> Any:
        self._places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        kind = node.tag[len(_TAG) :] if node.tag.startswith(_TAG) else ""
        if isinstance(node, yaml.MappingNode) and kind == "map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and kind == "seq":
            return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]
        if node.tag == _PLAIN:
            return Plain(node.value) if "$" in node.value else resolve(node.value)
        if isinstance(node, yaml.ScalarNode) and kind == "str":
            return node.value
        if isinstance(node, yaml.ScalarNode) and kind in ("int", "float", "bool", "null"):
            return resolve(node.value)
        raise _bad(f"the tag {node.tag.replace(_TAG, '!!')} is not known", node.start_mark, self._name)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: list[Any] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _bad("a key is a list or a mapping", key.start_mark, self._name)
            if key.value == _MERGE and key.tag == _PLAIN:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                continue
            if key.value in found:
                raise _bad(f"the key {key.value} is there twice", key.start_mark, self._name)
            found[key.value] = self._value(value, (*path, key.value))
            self._places[(*path, key.value)] = (key.start_mark.line + 1, key.start_mark.column + 1)
        for value in merged:
            self._merge(found, value, path)
        return found

    def _merge(self, found: dict[str, Any], node: Any, path: Path) -> None:
        """Add what a merge key brings; what is there already wins: https://yaml.org/type/merge.html."""
        brought = self._value(node, path)
        if not isinstance(brought, dict):
            raise _bad("a merge key takes a mapping, or a list of such", node.start_mark, self._name)
        for key, value in brought.items():
            found.setdefault(key, value)


def _children(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []
