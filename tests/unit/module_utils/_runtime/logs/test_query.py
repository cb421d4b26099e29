# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants of logs, and what it cannot want."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice, LogLine, LogSpan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.query import LogQuery, parse_log_query
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of

NOW = 1_790_000_000.0
ONE, TWO, THREE = (f"2026-01-31T12:00:0{second}.000000000Z" for second in (1, 2, 3))
DEFAULTS: dict[str, Any] = {
    "tail": "100",
    "since": None,
    "until": None,
    "container": None,
    "all_containers": False,
    "previous": False,
    "grep": None,
    "max_bytes": 1024,
    "wait_for": None,
    "wait_timeout": 60,
}


def query(**params: Any) -> LogQuery:
    return parse_log_query({**DEFAULTS, **params}, now=NOW)


def line(message: bytes = b"hello", time: str = TWO) -> LogLine:
    return LogLine(time, "stdout", message)


def test_options_are_what_they_say() -> None:
    assert query() == LogQuery(tail=100, max_bytes=1024, wait_timeout=60)
    assert query(container="app", previous=True).choice == LogChoice("app", previous=True)
    assert query(all_containers=True).choice == LogChoice(all_containers=True)


@pytest.mark.parametrize(
    ("value", "tail"), [("5", 5), (7, 7), ("0", 0), (" 12 ", 12), ("all", None), ("ALL", None), (" All ", None)]
)
def test_a_tail_is_a_number_or_all(value: Any, tail: int | None) -> None:
    assert query(tail=value).tail == tail


@pytest.mark.parametrize(
    ("params", "span"),
    [
        ({}, LogSpan(100)),
        ({"tail": "all"}, LogSpan()),
        ({"since": ONE}, LogSpan(100, ONE)),
        ({"tail": 10**6}, LogSpan(10**6)),
        ({"tail": 10**18 - 1}, LogSpan()),
        # Who passes lines over has to count them itself.
        ({"until": TWO}, LogSpan(None, "", TWO)),
        ({"grep": "x"}, LogSpan()),
        ({"wait_for": "x"}, LogSpan()),
        ({"since": "10m"}, LogSpan(100, moment_of(NOW - 600))),
    ],
)
def test_a_runtime_counts_lines_where_none_are_passed_over_and_they_are_not_too_many(
    params: dict[str, Any], span: LogSpan
) -> None:
    assert query(**params).span == span


@pytest.mark.parametrize(
    ("params", "times"),
    [
        ({}, [ONE, TWO, THREE, ""]),
        ({"since": TWO}, [TWO, THREE, ""]),
        ({"until": TWO}, [ONE, TWO, ""]),
        ({"since": TWO, "until": TWO}, [TWO, ""]),
        # What is told to the second alone may have been later in it.
        ({"since": "2026-01-31T12:00:02.500000000Z"}, [TWO, THREE, ""]),
    ],
)
def test_a_line_is_taken_between_two_moments_or_when_it_has_none(params: dict[str, Any], times: list[str]) -> None:
    wanted = query(**params)
    assert [time for time in (ONE, TWO, THREE, "") if wanted.takes(line(time=time))] == times


def test_a_line_is_taken_to_the_nanosecond() -> None:
    before, after = (f"2026-01-31T12:00:02.00000000{digit}Z" for digit in (1, 3))
    wanted = query(since="2026-01-31T12:00:02.000000002Z")
    assert [wanted.takes(line(time=time)) for time in (before, after)] == [False, True]
    wanted = query(until="2026-01-31T12:00:02.000000002Z")
    assert [wanted.takes(line(time=time)) for time in (before, after)] == [True, False]


@pytest.mark.parametrize(
    ("pattern", "message", "found"),
    [
        ("ell", b"hello", True),
        ("^ell", b"hello", False),
        ("(?i)HELLO$", b"hello", True),
        ("gr\u00fc\u00df", "gr\u00fc\u00df dich".encode(), True),
        ("caf.?$", b"caf\xff", True),
        (r"\{\{ 7\*7 \}\}", b"{{ 7*7 }}", True),
        ("^$", b"", True),
    ],
)
def test_a_pattern_is_looked_for_anywhere_in_a_line(*, pattern: str, message: bytes, found: bool) -> None:
    assert query(grep=pattern).takes(line(message)) is found
    assert query(wait_for=pattern).awaits(line(message)) is found


def test_nothing_is_waited_for_without_a_pattern() -> None:
    assert not query().awaits(line())
    # What is waited for is not what is taken.
    assert query(wait_for="x").takes(line())


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"container": "app", "all_containers": True}, "both container and all_containers"),
        ({"wait_for": "x", "until": ONE}, "wait_for and until exclude each other"),
        ({"wait_for": "x", "previous": True}, "wait_for and previous exclude each other"),
        ({"since": TWO, "until": ONE}, "until is before since"),
        ({"since": "5m", "until": "10m"}, "until is before since"),
        ({"tail": "-1"}, "tail must be a number of lines or all, not '-1'"),
        ({"tail": "many"}, "tail must be a number of lines or all, not 'many'"),
        ({"tail": "1.5"}, "tail must be a number of lines or all, not '1.5'"),
        ({"tail": "1" * 19}, "tail must be a number of lines or all, not '1111111111111111111'"),
        ({"tail": "1" * 5000}, f"tail must be a number of lines or all, not '{'1' * 40}'"),
        ({"tail": "\u0663"}, "tail must be a number of lines or all"),
        ({"since": "yesterday"}, "since: 'yesterday' is neither a duration nor a time"),
        ({"until": "-5m"}, "until: '-5m' is neither a duration nor a time"),
        ({"grep": "("}, "grep is not a regular expression"),
        ({"wait_for": "[a"}, "wait_for is not a regular expression"),
        ({"grep": "a{99999999999999999999}"}, "grep is not a regular expression: the repetition number is too large"),
        ({"grep": "(" * 3000}, "grep is not a regular expression"),
        ({"max_bytes": 0}, "max_bytes must be at least 1, not 0"),
        ({"wait_timeout": -3}, "wait_timeout must be at least 1, not -3"),
        ({"wait_timeout": 604801}, "wait_timeout must be at most 604800 (a week), not 604801"),
    ],
)
def test_an_error_names_its_option_and_says_what_to_write(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        query(**params)
    assert words in refusal.value.message
    assert refusal.value.hint
