# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The environment of a service: its own, and that of its env files. Pure.

https://github.com/compose-spec/compose-spec/blob/main/05-services.md#environment
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..mask import MASK, is_secret_name, mask_urls
from .dotenv import parse_dotenv
from .variables import Interpolation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .node import Node

# Shorter ones are in half of all values.
_SHORTEST = 4
# What Compose itself takes variables from.
DOT_ENV = ".env"


def read_environment(
    node: Node, values: Mapping[str, str], files: Mapping[str, bytes], given: Mapping[str, str], warnings: list[str]
) -> dict[str, str]:
    """Return the variables of a service; one without a value gets it from those of the template, or is left out.

    The file ``.env``, in which people keep what a task gives, is what is ``given`` when it is not beside the template.
    """
    found: dict[str, str | None] = {}
    for path, is_required, item in _env_files(node.get("env_file")):
        content = files.get(posixpath.normpath(path))
        if content is None and posixpath.normpath(path) == DOT_ENV:
            found.update(given)
            warnings.append(f"services.{node.key}.env_file: {path} is not beside the template, env of the task is used")
        elif content is None:
            if is_required:
                hint = "put it there, give the variables as environment, or say required: false"
                item.bad(f"the file {path} is not beside the template", hint)
        else:
            known = {**values, **{key: text for key, text in found.items() if text}}
            found.update(_read_file(item, content, known))
    found.update(node.get("environment").pairs())
    whole = {key: values.get(key) if text is None else text for key, text in found.items()}
    return {key: text for key, text in whole.items() if text is not None}


def _env_files(node: Node) -> Iterator[tuple[str, bool, Node]]:
    for item in [node] if isinstance(node.value, str) else node.items():
        if item.is_mapping:
            item.check_keys(("path", "required", "format"))
            word = item.get("format").choice(("raw",))
            if word:
                item.get("format").bad("this is not supported")
            yield item.get("path").text(), item.get("required").flag_or_none() is not False, item
        else:
            yield item.text(), True, item


def _read_file(node: Node, content: bytes, values: Mapping[str, str]) -> dict[str, str | None]:
    def fill(text: str, known: Mapping[str, str]) -> str:
        filled: str = Interpolation({**values, **known}, node.problems).fill(text, node.path)
        return filled

    try:
        return parse_dotenv(content.decode(), fill)
    except UnicodeDecodeError:
        node.bad("the file is not UTF-8")
    except ValueError as error:
        node.bad(str(error))
    return {}


def secret_names(environment: Mapping[str, str], secrets: Iterable[str]) -> frozenset[str]:
    """Return the variables that hold a secret: by their name, by a password in an address, or by one that is known."""
    return frozenset(
        name for name, value in environment.items() if value and (is_secret_name(name) or holds_secret(value, secrets))
    )


def holds_secret(value: str, secrets: Iterable[str]) -> bool:
    """Tell whether a text holds a password in an address, or a secret that is known."""
    return MASK in mask_urls(value) or any(len(secret) >= _SHORTEST and secret in value for secret in secrets)
