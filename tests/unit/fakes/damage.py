# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server whose answers are damaged: a field is gone, or holds null or what nobody has announced."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Union

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError, NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Key = Union[str, int]


class Gone:
    """What is put in the place of a field that is to be missing."""

    def __repr__(self) -> str:
        """Print as a word."""
        return "GONE"


GONE = Gone()
# What may come in the place of anything: each kind of value that JSON has, and some at its borders.
STRANGE: tuple[Any, ...] = (
    *(GONE, None, True, 0, -1, 2.5, 10**30, float("inf"), "", "x", "NaN", "1e400", "-1", "\u00b2", "9" * 5000),
    *([], [None], ["x"], [{}], [[]], {}, {"x": None}, {"x": "y"}, {"name": "x", "x": {}}),
)


@dataclass(frozen=True)
class Wound:
    """What is put at a place of an answer. ``answer`` counts from 0; None is every one that has such a place."""

    place: tuple[Key, ...]
    put: Any = GONE
    answer: int | None = None


def places(document: Any, before: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """Yield every place in a document but the document itself."""
    pairs: Sequence[tuple[Key, Any]] = ()
    if isinstance(document, dict):
        pairs = list(document.items())
    elif isinstance(document, list):
        pairs = list(enumerate(document))
    for key, value in pairs:
        yield (*before, key)
        yield from places(value, (*before, key))


def damaged(document: Any, wound: Wound) -> Any:
    """Return a copy of a document with one wound, or as it is where it has no such place."""
    copied = deepcopy(document)
    found = copied
    for key in wound.place[:-1]:
        found = found[key] if _has(found, key) else None
    last = wound.place[-1]
    if _has(found, last) and wound.put is GONE:
        del found[last]
    elif _has(found, last):
        found[last] = deepcopy(wound.put)
    return copied


def _has(document: Any, key: Key) -> bool:
    if isinstance(document, list):
        return isinstance(key, int) and key < len(document)
    return isinstance(document, dict) and key in document


class Damaged:
    """A client of either runtime over another one: what that answers is remembered in ``answers``, and wounded.

    What makes so little sense that a fake stumbles over it is refused, as a server does.
    """

    def __init__(self, client: Any, wounds: Sequence[Wound] = ()) -> None:
        """Take a client, and what is to be done to its answers."""
        self._client = client
        self._wounds = wounds
        self.answers: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the client's, or a call of its, whose answer is wounded."""
        found = getattr(self._client, name)
        return self._wounding(found) if callable(found) else found

    def dry_run(self) -> Damaged:
        """Return the client of dry runs of a cluster, whose answers are among these."""
        dry = Damaged(self._client.dry_run(), self._wounds)
        dry.answers = self.answers
        return dry

    def list(self, resource: Any, namespace: str = "", *, convert: Callable[[Any], Any], **options: Any) -> Any:
        """Return what is made of wounded objects of a cluster."""
        found = _asked(lambda: self._client.list(resource, namespace, convert=lambda one: one, **options))
        return Collection([convert(self._wounded(one)) for one in found.items], found.version, found.complete)

    def watch(self, *arguments: Any, **options: Any) -> Any:
        """Yield wounded events of a cluster."""
        happening = self._client.watch(*arguments, **options)
        while True:
            event = _asked(lambda: next(happening, None))
            if event is None:
                return
            yield event[0], self._wounded(event[1])

    def open_logs(self, *arguments: Any, **options: Any) -> Any:
        """Return a log as it is: it is no document."""
        return _asked(lambda: self._client.open_logs(*arguments, **options))

    def _wounding(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*arguments: Any, **options: Any) -> Any:
            found = _asked(lambda: call(*arguments, **options))
            if isinstance(found, list):
                return [self._wounded(one) for one in found]
            return self._wounded(found) if isinstance(found, dict) else found

        return answer

    def _wounded(self, document: Any) -> Any:
        number = len(self.answers)
        self.answers.append(deepcopy(document))
        for wound in self._wounds:
            if wound.answer in (None, number):
                document = damaged(document, wound)
        return document


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except NekzusError as error:  # those of a fake say less than ours
        error.hint = error.hint or "see what the server says"
        raise
    except Exception as error:
        message, hint = f"the request makes no sense (HTTP 400): {error!r}", "see the log of the server"
        raise ApiError(message, hint=hint) from error
