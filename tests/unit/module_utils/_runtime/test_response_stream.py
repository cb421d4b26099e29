# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a real HTTP server as they come, and as they are ended."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.response_stream import ResponseStream
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Answer, PlainServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError

    Opening = Callable[..., ResponseStream]

PIECES = (b"one\n", b"\xff\x00", b"x" * 200_000)
# Far longer than a test waits, and than what is ended promptly takes.
LONG, PROMPT = 30.0, 5.0


@pytest.fixture
def server() -> Iterator[PlainServer]:
    with PlainServer() as running:
        yield running


def broken(error: Exception) -> NekzusError:
    return RuntimeUnavailableError(f"it broke: {type(error).__name__}")


@pytest.fixture
def opened(server: PlainServer) -> Opening:
    """Return what asks for ``/log`` and returns the answer's body."""
    urllib3 = pytest.importorskip("urllib3")
    pool = urllib3.PoolManager()

    def ask(answer: Answer, translate: Any = broken, *, timeout: float = LONG) -> ResponseStream:
        server.answer("GET /log", answer)
        response = pool.request("GET", f"{server.url}/log", preload_content=False, retries=False, timeout=timeout)
        return ResponseStream(response, translate)

    return ask


def test_pieces_come_as_they_are_sent(opened: Opening) -> None:
    stream = opened(Answer(chunks=PIECES))
    assert b"".join(stream) == b"".join(PIECES)
    stream.close()


def test_a_piece_comes_before_the_next_is_there(opened: Opening) -> None:
    stream = opened(Answer(chunks=(b"now\n", b"later\n"), pause=LONG))
    begun = time.monotonic()
    assert next(iter(stream)) == b"now\n"
    assert time.monotonic() - begun < PROMPT
    stream.close()


@pytest.mark.parametrize("body", [b"", b"one\ntwo\n", b"x" * 200_000])
def test_an_answer_of_known_length_comes_whole(opened: Opening, body: bytes) -> None:
    assert b"".join(opened(Answer(body=body))) == body


def test_an_answer_that_breaks_off_is_an_error_after_what_came(opened: Opening) -> None:
    pieces = iter(opened(Answer(chunks=(b"one\n",), breaks=True)))
    assert next(pieces) == b"one\n"
    with pytest.raises(RuntimeUnavailableError, match="it broke: ProtocolError") as refusal:
        next(pieces)
    assert refusal.value.__cause__ is not None


def test_silence_is_an_error_or_the_end_as_its_owner_says(opened: Opening) -> None:
    silent = Answer(chunks=(b"one\n", b"two\n"), pause=LONG)
    with pytest.raises(RuntimeUnavailableError, match="it broke: ReadTimeoutError"):
        list(opened(silent, timeout=0.1))
    assert list(opened(silent, lambda _error: None, timeout=0.1)) == [b"one\n"]


def test_who_waits_for_more_gets_no_more_once_it_is_closed_elsewhere(opened: Opening) -> None:
    stream = opened(Answer(chunks=(b"one\n", b"two\n"), pause=LONG))
    came, outcome = threading.Event(), []

    def read() -> None:
        for piece in stream:
            outcome.append(piece)
            came.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert came.wait(PROMPT)
    stream.close()
    reader.join(PROMPT)
    assert not reader.is_alive()
    assert outcome == [b"one\n"]


def test_a_stream_may_be_closed_before_it_is_read_twice_and_after_its_end(opened: Opening) -> None:
    unread = opened(Answer(chunks=PIECES))
    unread.close()
    unread.close()
    assert list(unread) == []
    read = opened(Answer(chunks=(b"one\n",)))
    assert list(read) == [b"one\n"]
    read.close()
