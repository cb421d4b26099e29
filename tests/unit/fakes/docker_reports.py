# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a FakeDocker tells of a container: what it has written, and what it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock

NEVER = "0001-01-01T00:00:00Z"
NANO = 10**9
CORES = 2


class Written(NamedTuple):
    """A line of a container's log: its moment, what was written with its newline, and the stream (2: stderr)."""

    moment: str
    content: bytes
    stream: int = 1


def frame(stream: int, content: bytes) -> bytes:
    """Return a frame as a daemon sends it."""
    return bytes([stream, 0, 0, 0]) + len(content).to_bytes(4, "big") + content


def lines_of(text: str, *, since: float) -> list[Written]:
    """Return a text as a log of lines, a thousandth of a second apart."""
    lines = text.encode("utf-8", "surrogateescape").splitlines(keepends=True)
    return [Written(moment_of(since + number / 1000), line) for number, line in enumerate(lines, 1)]


class Body:
    """A ByteStream of a log: what there is, and with a follower what comes later."""

    def __init__(
        self, lines: Sequence[Written], later: Sequence[tuple[float, Written]], clock: FakeClock, *, terminal: bool
    ) -> None:
        """Take the lines, and those to come with the seconds until then."""
        self._lines = lines
        self._later = later
        self._clock = clock
        self._terminal = terminal
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield what there is in two pieces, and the rest when its time has come."""
        sent = b"".join(map(self._sent, self._lines))
        middle = len(sent) // 2
        yield sent[:middle]
        yield sent[middle:]
        for seconds, line in self._later:
            self._clock.sleep(seconds)
            if self.closed:
                return
            yield self._sent(line)

    def _sent(self, line: Written) -> bytes:
        content = line.moment.encode() + b" " + line.content
        return content if self._terminal else frame(line.stream, content)

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def part(lines: Sequence[Written], span: LogSpan) -> list[Written]:
    """Return the part of a log that is asked for; lines are counted before the end of the span is looked at."""
    found = [line for line in lines if line.moment >= span.since]
    found = found if span.tail is None else found[len(found) - min(span.tail, len(found)) :]
    return [line for line in found if not span.until or line.moment <= span.until]


def idle(name: str, identifier: str) -> dict[str, Any]:
    """Return what a daemon says of what a container uses that does not run."""
    nothing = {"cpu_usage": {"total_usage": 0}}
    return {
        "read": NEVER,
        "preread": NEVER,
        "pids_stats": {},
        "blkio_stats": {"io_service_bytes_recursive": None},
        "cpu_stats": nothing,
        "precpu_stats": nothing,
        "memory_stats": {},
        "name": f"/{name}",
        "id": identifier,
    }


def busy(name: str, identifier: str, *, moment: float, seconds: float, cores: float) -> dict[str, Any]:
    """Return a sample of a container that has run for so many seconds, using so much of the CPU all the time."""
    return {
        **idle(name, identifier),
        "read": moment_of(moment),
        "pids_stats": {"current": 3},
        "cpu_stats": {
            "cpu_usage": {"total_usage": int(seconds * cores * NANO)},
            "system_cpu_usage": int(moment * CORES * NANO),
            "online_cpus": CORES,
        },
        "memory_stats": {"usage": 3_000_000, "limit": 8_000_000, "stats": {"total_inactive_file": 1_000_000}},
        "networks": {"eth0": {"rx_bytes": 100, "tx_bytes": 10}, "eth1": {"rx_bytes": 1, "tx_bytes": 2}},
    }
