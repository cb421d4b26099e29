# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task wants of logs, as its options say it. Pure, given the time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import InvalidConfigError
from ..moment import is_before, parse_moment
from .log import LogChoice, LogSpan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .log import LogLine

ALL = "all"
# As many digits as the integers of both runtimes surely hold, and so many of a text in a message.
_DIGITS, _SHOWN = 18, 40
# Podman makes room for as many lines as it is asked for, before it looks how many there are.
_COUNTED = 1_000_000
# A week: connections cannot be waited for much longer.
LONGEST_WAIT = 7 * 86400
_SEE = "see ansible-doc for the options"


@dataclass(frozen=True)
class LogQuery:
    """``tail`` lines of each log (None: all) of those that ``grep`` finds, in ``max_bytes`` for a target.

    With ``wait_for`` a line is waited for, at most ``wait_timeout`` seconds.
    """

    choice: LogChoice = field(default_factory=LogChoice)
    tail: int | None = None
    since: str = ""
    until: str = ""
    grep: re.Pattern[str] | None = None
    max_bytes: int = 1024 * 1024
    wait_for: re.Pattern[str] | None = None
    wait_timeout: float = 120.0

    @property
    def span(self) -> LogSpan:
        """What to ask a runtime for: it can count lines only where none are passed over, and not too many."""
        counted = self.grep is None and not self.until and self.wait_for is None
        is_few = self.tail is not None and self.tail <= _COUNTED
        return LogSpan(self.tail if counted and is_few else None, self.since, self.until)

    def takes(self, line: LogLine) -> bool:
        """Tell whether a line is one of those wanted."""
        return self._covers(line) and (self.grep is None or _finds(self.grep, line))

    def may_miss(self, line: LogLine) -> bool:
        """Tell whether a line may be one of those wanted for what of it was too long to be read."""
        return line.cut and self._covers(line) and not self.takes(line)

    def _covers(self, line: LogLine) -> bool:
        """Tell whether a line is of the time asked for. A runtime may be content with the second of a moment."""
        return not line.time or not (is_before(line.time, self.since) or (self.until and line.time > self.until))

    def awaits(self, line: LogLine) -> bool:
        """Tell whether a line is the one waited for."""
        return self.wait_for is not None and _finds(self.wait_for, line)


def _finds(pattern: re.Pattern[str], line: LogLine) -> bool:
    return pattern.search(line.message.decode("utf-8", "replace")) is not None


def parse_log_query(params: Mapping[str, Any], *, now: float) -> LogQuery:
    """Return what a task's options mean at a time (seconds since 1970). Raises InvalidConfigError that names one."""
    if params["container"] and params["all_containers"]:
        raise InvalidConfigError("the task says both container and all_containers", hint="give one of them")
    wait_for = _pattern(params, "wait_for")
    if wait_for and (params["until"] or params["previous"]):
        key = "until" if params["until"] else "previous"
        raise InvalidConfigError(f"wait_for and {key} exclude each other", hint="what is over brings no new line")
    since, until = _moment(params, "since", now), _moment(params, "until", now)
    if since and until and until < since:
        raise InvalidConfigError("until is before since", hint="with durations, since is the greater one")
    return LogQuery(
        choice=LogChoice(params["container"] or "", params["all_containers"], params["previous"]),
        tail=_tail(params["tail"]),
        since=since,
        until=until,
        grep=_pattern(params, "grep"),
        max_bytes=_at_least_one(params, "max_bytes"),
        wait_for=wait_for,
        wait_timeout=_wait_timeout(params),
    )


def _tail(value: Any) -> int | None:
    text = str(value).strip()
    if text.lower() == ALL:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        message = f"tail must be a number of lines or all, not {text[:_SHOWN]!r}"
        raise InvalidConfigError(message, hint="write 100, or all")
    return int(text)


def _moment(params: Mapping[str, Any], key: str, now: float) -> str:
    if params[key] in (None, ""):
        return ""
    try:
        return parse_moment(params[key], now=now)
    except ValueError as error:
        hint = "write 10m or 1h30m (ago), 2026-01-31T12:00:00Z, or seconds since 1970"
        raise InvalidConfigError(f"{key}: {error}", hint=hint) from error


def _pattern(params: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    if params[key] in (None, ""):
        return None
    try:
        return re.compile(params[key])
    except (re.error, OverflowError, RecursionError) as error:
        hint = "see https://docs.python.org/3/library/re.html#regular-expression-syntax"
        raise InvalidConfigError(f"{key} is not a regular expression: {error}", hint=hint) from error


def _at_least_one(params: Mapping[str, Any], key: str) -> int:
    value = int(params[key])
    if value < 1:
        raise InvalidConfigError(f"{key} must be at least 1, not {value}", hint=_SEE)
    return value


def _wait_timeout(params: Mapping[str, Any]) -> int:
    seconds = _at_least_one(params, "wait_timeout")
    if seconds > LONGEST_WAIT:
        raise InvalidConfigError(f"wait_timeout must be at most {LONGEST_WAIT} (a week), not {seconds}", hint=_SEE)
    return seconds
