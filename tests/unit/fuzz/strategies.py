# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words, documents and bytes as nobody would write them, made of what somebody has written."""

from __future__ import annotations

from typing import Any

from ansible_collections.nekzus.runtime.tests.unit.fakes.damage import STRANGE, Wound, damaged, places
from hypothesis import strategies as st

_EDGES = (
    "",
    " ",
    "/",
    "//",
    ":",
    "=",
    "-1",
    "0",
    "1e400",
    "\u00b2",
    "\u0663",
    "9" * 5000,
    "\0",
    "\u00e9",
    "~",
    "~no-such-user/x",
)
_PIECES = ("web", "docker", "kubernetes", "prod", "app", "10m", "1.5Gi", "2026-01-31T12:00:00Z", "in (a,b)", "{{ x }}")
WORDS = st.one_of(
    st.sampled_from((*_EDGES, *_PIECES)),
    st.text(max_size=12),
    st.lists(st.sampled_from((*_EDGES, *_PIECES, "/", ",", ".", "!", "(", ")", "%", "{{")), max_size=4).map("".join),
)
SCALARS: st.SearchStrategy[Any] = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from((10**400, -(10**400)))
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
)


def mutated(document: Any) -> st.SearchStrategy[Any]:
    """Return documents that differ from one in up to three places."""
    found = sorted(set(places(document)), key=str)
    wounds = st.builds(Wound, st.sampled_from(found), st.sampled_from(STRANGE) | WORDS)
    return st.lists(wounds, min_size=1, max_size=3).map(lambda each: _with(document, each))


def _with(document: Any, wounds: list[Wound]) -> Any:
    for wound in wounds:
        document = damaged(document, wound)
    return document


def torn(content: bytes) -> st.SearchStrategy[bytes]:
    """Return bytes of which a part is missing, is there twice, or is something else."""
    places_of = st.integers(0, len(content))
    return st.builds(
        lambda begin, end, between: content[:begin] + between + content[end:],
        places_of,
        places_of,
        st.binary(max_size=9),
    )


def chunks(content: bytes) -> st.SearchStrategy[list[bytes]]:
    """Return the same bytes in pieces."""

    def cut(ends: list[int]) -> list[bytes]:
        bounds = [0, *sorted(ends), len(content)]
        return [content[begin:end] for begin, end in zip(bounds, bounds[1:])]

    return st.lists(st.integers(0, len(content)), max_size=6).map(cut)
