# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The frames in which a daemon sends stdout and stderr through one connection. Pure.

After https://docs.docker.com/reference/api/engine/ (ContainerAttach, stream format): the stream, three zeros, and the
size of the content in four bytes, the greatest first.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from ..errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What comes of stdin is shown where it was echoed.
_STREAMS = ("stdout", "stdout", "stderr")
_ERROR = 3
_HEADER = Struct(">B3sI")
_ZEROS = bytes(3)


def read_frames(chunks: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the stream and the content of each frame, from chunks of any size; of an incomplete last one what came.

    Raises ApiError for an error that the daemon sends in a frame, and for what are no frames.
    """
    unpack, head = _HEADER.unpack_from, _HEADER.size
    rest = b""
    for chunk in chunks:
        data = rest + chunk if rest else chunk
        place, end = 0, len(data)
        while end - place >= head:
            number, zeros, size = unpack(data, place)
            if zeros != _ZEROS or number >= _ERROR:
                _check(number, zeros)
            begin = place + head
            if end - begin < size:
                break
            place = begin + size
            if number < _ERROR:
                yield _STREAMS[number], data[begin:place]
            else:
                raise _told(data[begin:place])
        rest = data[place:]
    if rest:
        number, zeros, _size = unpack(rest.ljust(head, b"\0"))
        _check(number, zeros)
        if number == _ERROR:
            raise _told(rest[head:])
        if len(rest) > head:
            yield _STREAMS[number], rest[head:]


def _check(number: int, zeros: bytes) -> None:
    if number > _ERROR or zeros != _ZEROS:
        hint = "see whether the address is that of a Docker daemon"
        raise ApiError("what the daemon sent is no multiplexed stream of stdout and stderr", hint=hint)


def _told(content: bytes) -> ApiError:
    words = " ".join(content.decode("utf-8", "replace").split())
    return ApiError(f"the daemon ended the log: {words}", hint="see the daemon's log")
