# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The template of a task, as the options have it: read on the controller, or written into the task."""

from __future__ import annotations

import base64
import binascii
import posixpath
from typing import TYPE_CHECKING, Any

from ._runtime.errors import InvalidConfigError, InvalidTemplateError
from ._runtime.toolbox.document import Document
from ._runtime.toolbox.order import parse_toolbox_order
from ._runtime.toolbox.template import check_catalogued, read_template
from ._yaml_read import read_documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._runtime.toolbox.order import ToolboxOrder
    from ._runtime.toolbox.template import Template

# How a file that is no text is written into an option.
BASE64 = "base64:"


def load_order(params: Mapping[str, Any]) -> ToolboxOrder:
    """Return what the options of a task ask, with its template."""
    return parse_toolbox_order(params, load_template(params))


def load_template(params: Mapping[str, Any]) -> Template | None:
    """Return the template that a task gives, None without one.

    Raises InvalidTemplateError for what is none, with its place.
    """
    definition, service, source = params.get("definition"), params.get("service"), params.get("src")
    if definition is None:
        if service or source:
            hint = (
                "call it as nekzus.runtime.nekzus_toolbox_deploy, so that its action reads templates on the controller"
            )
            raise InvalidConfigError("the template was not read", hint=hint)
        return None
    title = posixpath.basename(source.rstrip("/")) if source else service or "definition"
    files = {posixpath.normpath(path): _content(path, text) for path, text in (params.get("files") or {}).items()}
    try:
        template = read_template(_documents(definition, title), title=title, files=files)
        if service:
            check_catalogued(template)
    except InvalidTemplateError as error:
        error.within(op="read", target="the template")
        raise
    return template


def load_catalogue(params: Mapping[str, Any]) -> dict[str, Template]:
    """Return the templates of a catalogue by name. Raises InvalidTemplateError for one that lacks what one shows."""
    found = {}
    try:
        for name, text in sorted((params.get("definitions") or {}).items()):
            template = read_template(_documents(text, name), title=name)
            check_catalogued(template)
            found[name] = template
    except InvalidTemplateError as error:
        error.within(op="read", target="the catalogue")
        raise
    return found


def _documents(definition: Any, title: str) -> tuple[Document, ...]:
    if isinstance(definition, str):
        return read_documents(definition, name=title)
    parts = definition if isinstance(definition, list) else [definition]
    return tuple(Document(title, part) for part in parts)


def _content(path: str, text: Any) -> bytes:
    if not isinstance(text, str):
        raise InvalidConfigError(f"files: {path} is no text", hint=f"write a text, or {BASE64} and base64")
    if not text.startswith(BASE64):
        return text.encode()
    try:
        return base64.b64decode(text[len(BASE64) :], validate=True)
    except binascii.Error as error:
        raise InvalidConfigError(f"files: {path} is no base64", hint="see what has written it") from error
