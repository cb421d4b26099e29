# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The body of an HTTP answer as it comes, which can be ended while somebody waits for more of it.

Answers are those of urllib3, which both SDKs are built on; nothing has to be imported for it.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .errors import NekzusError


class ResponseStream:
    """A ByteStream over an answer of urllib3."""

    def __init__(self, response: Any, translate: Callable[[Exception], NekzusError | None]) -> None:
        """Take an answer whose body is yet to be read, and what makes our errors of exceptions: None is but the end."""
        self._response = response
        self._translate = translate
        self._is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield each piece as soon as it has come. Raises NekzusError when the connection breaks."""
        try:
            yield from self._response.stream()
        except Exception as error:
            meant = None if self._is_closed else self._translate(error)
            if meant:
                raise meant from error

    def close(self) -> None:
        """End it: closing alone would leave who waits for more waiting until the connection times out."""
        self._is_closed = True
        # It may have ended by itself, or be no socket, as with ssh://.
        with suppress(Exception), socket.socket(fileno=os.dup(self._response.fileno())) as connection:
            connection.shutdown(socket.SHUT_RDWR)
        with suppress(Exception):  # another thread may be reading
            self._response.close()
