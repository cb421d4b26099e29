# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What lies behind an exception of a library. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .mask import mask_urls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What a server tells of the certificate of its client: https://www.rfc-editor.org/rfc/rfc8446#section-6.2
_ABOUT_OURS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all it wraps: as cause or context, as an argument, or as urllib3's reason."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting.extend((link.__cause__, link.__context__, getattr(link, "reason", None), *link.args))


def innermost(chain: Sequence[BaseException], names: frozenset[str]) -> BaseException | None:
    """Return the innermost exception of a class of one of these names: the cause, the others are wrapped around it."""
    fitting = (link for link in reversed(chain) if names & {kind.__name__ for kind in type(link).__mro__})
    return next(fitting, None)


def one_line(words: object) -> str:
    """Return a text on one line, without a full stop and without the passwords of URLs."""
    return mask_urls(" ".join(str(words).split())).rstrip(".")


def tls_words(error: BaseException) -> str:
    """Return why TLS has failed: what we have against the other side's certificate, or it against ours."""
    against = getattr(error, "verify_message", "")
    if against:
        return one_line(against)
    words = one_line(getattr(error, "reason", "") or error)
    _library, is_told, told = words.partition("ALERT_")
    if is_told and any(word in told for word in _ABOUT_OURS):
        return f"the server does not accept our certificate ({told.replace('_', ' ').lower()})"
    # It tells so once more than one may read what it says, and may be gone by then.
    if "EOF" in words:
        return "the server has hung up, as it does on who shows no certificate or one that it does not accept"
    return words
