# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which values are secrets, and how they are hidden. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MASK = "********"

_SECRET_WORDS = frozenset(
    {"apikey", "auth", "authorization", "cred", "credential", "credentials", "creds", "dsn", "key", "keys", "pass"}
    | {"passphrase", "passwd", "password", "passwords", "pat", "pin", "pw", "pwd", "salt", "secret", "secrets"}
    | {"token", "tokens"}
)
# Names that contain a secret word but hold a place or a fact about it, never the secret.
_PLAIN_ENDINGS = frozenset(
    {"enabled", "expiry", "file", "files", "length", "lifetime", "method", "mode", "name", "path", "timeout", "ttl"}
    | {"type", "url"}
)
# A word may be two run together (DBPASS, ENCRYPTIONKEY), but not every word that ends so is.
_SECRET_TAILS = ("password", "passwd", "secret", "token", "pass", "key")
_PLAIN_WORDS = frozenset({"bypass", "compass", "donkey", "hotkey", "monkey", "turkey"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_USERINFO = re.compile(r"(?P<head>\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/@:]*:)(?P<secret>[^\s/@]+)(?=@)")
_FLAG = re.compile(r"(?P<flag>--?[A-Za-z][\w.-]*)(?P<equals>=)?(?P<value>.*)", re.DOTALL)
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.DOTALL)
# The same inside one word: the line that ``sh -c`` gets.
_SHELL_VALUE = r"(?P<value>'[^']*'|\"[^\"]*\"|[^\s;&|'\"]+)"
_SHELL_ASSIGNMENT = re.compile(r"(?P<head>(?P<name>[A-Za-z_][\w.-]*)=)" + _SHELL_VALUE)
_SHELL_FLAG = re.compile(r"(?P<head>(?P<name>--?[A-Za-z][\w.-]*)\s+)(?!-)" + _SHELL_VALUE)

# Shorter values (``1``, ``yes``) would blank half of any text they are searched in.
SEARCHABLE_LENGTH = 4


def is_secret_name(name: str) -> bool:
    """Tell whether a variable or flag so named holds a secret: ``DB_PASSWORD`` does, ``DB_PASSWORD_FILE`` not."""
    words = [word.lower() for word in _WORDS.findall(name)]
    # PWD and OLDPWD are the shell's working directories, DB_PWD is a password.
    if not words or words[-1] in _PLAIN_ENDINGS or words == ["pwd"]:
        return False
    return any(word in _SECRET_WORDS or word.endswith(_SECRET_TAILS) for word in set(words) - _PLAIN_WORDS)


def mask_urls(text: str) -> str:
    """Hide the password of every URL in a text."""
    return _USERINFO.sub(lambda found: found.group("head") + MASK, text)


def mask_value(name: str, value: str) -> str:
    """Hide a variable's value when its name says that it is a secret, else ``token=x`` and URLs' passwords in it."""
    if value and is_secret_name(name):
        return MASK
    return mask_urls(_SHELL_ASSIGNMENT.sub(_mask_found, value))


def split_env(env: Iterable[str]) -> dict[str, str]:
    """Return the variables of a list of ``NAME=value``; one without a value is empty."""
    pairs = (item.partition("=") for item in env)
    return {name: value for name, _equals, value in pairs}


def mask_env(env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with secrets hidden."""
    return {name: mask_value(name, value) for name, value in env.items()}


def mask_command(words: Sequence[str]) -> tuple[str, ...]:
    """Return a command line with secrets hidden: ``--password=x``, ``--token x``, ``API_KEY=x`` and URLs."""
    masked: list[str] = []
    hide_next = False
    for word in words:
        flag = _FLAG.fullmatch(word)
        if hide_next and not flag:
            masked.append(MASK)
        else:
            masked.append(_mask_word(word))
        hide_next = bool(flag and not flag.group("equals") and is_secret_name(flag.group("flag")))
    return tuple(masked)


def _mask_word(word: str) -> str:
    flag = _FLAG.fullmatch(word)
    if flag and flag.group("equals") and flag.group("value") and is_secret_name(flag.group("flag")):
        return f"{flag.group('flag')}={MASK}"
    assignment = _ASSIGNMENT.fullmatch(word)
    if assignment and assignment.group("value") and is_secret_name(assignment.group("name")):
        return f"{assignment.group('name')}={MASK}"
    return mask_urls(_SHELL_FLAG.sub(_mask_found, _SHELL_ASSIGNMENT.sub(_mask_found, word)))


def _mask_found(found: re.Match[str]) -> str:
    return found.group("head") + MASK if is_secret_name(found.group("name")) else found.group(0)


def secret_values(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values that must not appear anywhere, longest first so that none hides part of another."""
    found = {value for name, value in env.items() if len(value) >= SEARCHABLE_LENGTH and is_secret_name(name)}
    found.update(match.group("secret") for value in env.values() for match in _USERINFO.finditer(value))
    return tuple(sorted(found, key=len, reverse=True))


def mask_text(text: str, secrets: Iterable[str]) -> str:
    """Return a text with the given secrets, and the passwords of URLs, hidden."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return mask_urls(text)


def mask_line(line: str, secrets: Iterable[str]) -> str:
    """Return a line that a container has written with the given secrets hidden, and what looks like one (token=x)."""
    return _SHELL_ASSIGNMENT.sub(_mask_found, mask_text(line, secrets))


def find_secrets(document: Any) -> tuple[str, ...]:
    """Return the strings under a secret-looking key anywhere in a document, a kubeconfig say, and URLs' passwords."""
    if isinstance(document, Mapping):
        secrets: list[str] = []
        if is_secret_name(str(document.get("name", ""))):  # one of a list of variables
            secrets.extend(value for value in (document.get("value"),) if isinstance(value, str) and value)
        for name, value in document.items():
            if isinstance(value, str) and value and _is_secret_key(str(name)):
                secrets.append(value)
            else:
                secrets.extend(find_secrets(value))
        return tuple(secrets)
    if isinstance(document, (list, tuple)):
        return tuple(secret for item in document for secret in find_secrets(item))
    return tuple(found.group("secret") for found in _USERINFO.finditer(document)) if isinstance(document, str) else ()


def _is_secret_key(name: str) -> bool:
    """Tell it for a kubeconfig too: ``client-key-data`` is a secret, ``client-key`` a path."""
    return name == "client-key-data" or (name != "client-key" and is_secret_name(name))
