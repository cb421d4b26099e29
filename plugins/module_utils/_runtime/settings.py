# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The keys of the runtimes configuration, and how the value of each is read. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Callable, NoReturn
from urllib.parse import urlsplit

from .duration import parse_duration
from .errors import InvalidConfigError, InvalidTargetError
from .listed import texts
from .mask import mask_urls
from .target import check_namespace
from .types import RuntimeType

_DOCKER_SCHEMES = ("unix", "tcp", "ssh", "http", "https")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_TRUE = frozenset(("1", "true", "yes", "on", "y", "t"))
_FALSE = frozenset(("0", "false", "no", "off", "n", "f", ""))

Parser = Callable[[str, Any], Any]


def read_section(path: str, document: Any, parsers: Mapping[str, Parser]) -> dict[str, Any]:
    """Return the parsed values of a section; None and "" mean not given."""
    if document is None:
        return {}
    check_keys(path, document, parsers)
    return {key: parsers[key](f"{path}.{key}", value) for key, value in document.items() if value not in (None, "", {})}


def check_keys(path: str, document: Any, keys: Iterable[str]) -> None:
    """Raise InvalidConfigError for what is no dictionary of these keys; with the nearest for one that is none."""
    known = list(keys)
    if not isinstance(document, Mapping):
        refuse(path, f"must be a dictionary, not a {type(document).__name__}", f"its keys are {', '.join(known)}")
    for key in document:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
            refuse(f"{path}.{key}" if path else str(key), "is not a key", hint)


def overlay(
    values: dict[str, Any],
    sources: Mapping[str, tuple[str, Any]],
    parsers: Mapping[str, Parser],
    *,
    replace: bool = True,
) -> None:
    """Put values from elsewhere (key: its name there, and the value) over or under the ones that are there."""
    for key, (name, value) in sources.items():
        if value not in (None, "", {}) and (replace or key not in values):
            values[key] = parsers[key](name, value)


def refuse(path: str, message: str, hint: str) -> NoReturn:
    """Raise InvalidConfigError for the key at a path."""
    error = f"{path} {message}"
    raise InvalidConfigError(error, hint=hint)


def _text(path: str, value: Any) -> str:
    if not isinstance(value, str):
        refuse(path, f"must be a text, not {value!r}", "write it in quotes")
    return value


def _secret(path: str, value: Any) -> str:
    if not isinstance(value, str):
        refuse(path, "must be a text", "write it in quotes")
    return value


def _boolean(path: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        refuse(path, f"must be true or false, not {value!r}", "use true or false")
    return word in _TRUE


def _duration(path: str, value: Any) -> float:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise InvalidConfigError(f"{path}: {error}", hint="write 30s, 1m30s, 500ms, or a number of seconds") from error


def _timeout(path: str, value: Any) -> float:
    seconds = _duration(path, value)
    if not seconds:
        refuse(path, "must be more than 0", "write 30s, 1m30s, 500ms, or a number of seconds")
    return seconds


def _runtime(path: str, value: Any) -> RuntimeType:
    words = [item.value for item in RuntimeType]
    if value not in words:
        refuse(path, f"must be one of {', '.join(words)}, not {value!r}", "use docker or kubernetes")
    return RuntimeType(value)


def _namespaces(path: str, value: Any) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        refuse(path, f"must be a list of names, not {value!r}", "write [prod, staging]")
    try:
        return tuple(map(check_namespace, texts({path: names}, path)))
    except InvalidTargetError as error:
        raise InvalidConfigError(f"{path}: {error.message}", hint=error.hint) from error


def _socket(path: str, value: Any) -> str:
    text = _text(path, value).strip()
    scheme, separator, rest = text.partition("://")
    if not separator and text.startswith("/"):
        return f"unix://{text}"
    if scheme not in _DOCKER_SCHEMES or not rest or not _has_good_port(text):
        hint = "write unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST"
        refuse(path, f"is not the address of a Docker daemon: {mask_urls(text)!r}", hint)
    return text


def _has_good_port(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def _kubeconfig(path: str, value: Any) -> Any:
    if not isinstance(value, (str, Mapping)):
        refuse(path, "must be a path or a dictionary", "give the path of a kubeconfig, or its content")
    if isinstance(value, str) and "\n" in value:  # which no message may quote
        refuse(path, "is the text of a kubeconfig", "give its path, or the dictionary that from_yaml makes of the text")
    return value


def _server(path: str, value: Any) -> str:
    text = _text(path, value).strip()
    if not text.startswith(("https://", "http://")) or not urlsplit(text).netloc or not _has_good_port(text):
        refuse(path, f"is not the URL of an API server: {mask_urls(text)!r}", "write https://HOST:6443")
    return text


def _name(path: str, value: Any) -> str:
    text = _text(path, value)
    if not _NAME.fullmatch(text):
        refuse(path, f"is not a name for hosts and groups: {text!r}", "use letters, digits, . - and _")
    return text


def _section(_path: str, value: Any) -> Any:
    return value


# What has sections or shortcuts is read again, as a document of one runtime.
ENDPOINT: Mapping[str, Parser] = {
    "name": _name,
    "docker": _section,
    "docker_host": _section,
    "kubernetes": _section,
    "kubeconfig": _section,
    "context": _section,
}
DOCUMENT: Mapping[str, Parser] = {"primary": _runtime, "docker": _section, "kubernetes": _section}
DOCKER: Mapping[str, Parser] = {
    "enabled": _boolean,
    "socket_path": _socket,
    "tls": _section,
    "timeout": _timeout,
}
TLS: Mapping[str, Parser] = {
    "ca_path": _text,
    "client_cert": _text,
    "client_key": _text,
    "validate_certs": _boolean,
    "hostname": _text,
}
KUBERNETES: Mapping[str, Parser] = {
    "enabled": _boolean,
    "kubeconfig": _kubeconfig,
    "context": _text,
    "host": _server,
    "api_key": _secret,
    "ca_cert": _text,
    "client_cert": _text,
    "client_key": _text,
    "validate_certs": _boolean,
    "proxy": _text,
    "impersonate_user": _text,
    "namespaces": _namespaces,
    "metrics_server": _boolean,
    "metrics_cache_ttl": _duration,
    "timeout": _timeout,
}
