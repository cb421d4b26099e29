# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What lies behind an exception of a library. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .mask import mask_urls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
