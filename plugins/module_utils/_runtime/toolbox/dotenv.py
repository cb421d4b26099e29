# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The variables of an env file, as Compose reads and writes it. Pure.

https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Callable

    Fill = Callable[..., str]

_LINE = re.compile(
    r"\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*(?:[=:][ \t]*"
    r"(?P<value>'(?:\\'|[^'])*'|\"(?:\\.|[^\"\\])*\"|[^\r\n]*))?[ \t]*(?:#[^\r\n]*)?[ \t]*(?:\r?\n|\Z)",
    re.ASCII,
)
_SKIPPED = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_COMMENT = re.compile(r"(^|\s)#.*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_QUOTED = re.compile(r"\\(?='|$)")
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}


def parse_dotenv(text: str, fill: Fill) -> dict[str, str | None]:
    """Return the variables of a text; None is one that is named alone, whose value comes from elsewhere.

    ``fill(text, known=...)`` fills variables in, of which it gets those so far; values in single quotes are left as
    they are. Raises ValueError with the number of the line that cannot be read.
    """
    found: dict[str, str | None] = {}
    at = 0
    while at < len(text):
        skipped = _SKIPPED.match(text, at)
        if skipped and skipped.end() > at:
            at = skipped.end()
            continue
        line = _LINE.match(text, at)
        if not line or line.end() == at:
            msg = f"line {text.count(chr(10), 0, at) + 1} is no NAME=VALUE"
            raise ValueError(msg)
        value = line.group("value")
        known = {name: text for name, text in found.items() if text is not None}
        found[line.group("name")] = None if value is None else _value(value, partial(fill, known=known))
        at = line.end()
    return found


def _value(value: str, fill: Callable[[str], str]) -> str:
    if value.startswith("'") and value.endswith("'") and len(value) > 1:
        return value[1:-1].replace("\\'", "'")
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        return fill(_ESCAPE.sub(lambda found: _MEANT.get(found.group(1), found.group(1)), value[1:-1]))
    return fill(_COMMENT.sub("", value).strip())


def print_dotenv(variables: Mapping[str, str]) -> str:
    """Return the text of an env file with these variables, by name."""
    return "".join(f"{name}={_printed(value)}\n" for name, value in sorted(variables.items()))


def _printed(value: str) -> str:
    if not value:
        return ""
    if not _QUOTED.search(value):
        quoted = value.replace("'", "\\'")
        return f"'{quoted}'"
    # What would end a text in single quotes at the wrong place.
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'
