# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies behind an exception."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.causes import (
    causes,
    innermost,
    one_line,
    tls_words,
)


class OuterError(Exception):
    """What a library raises."""


class WithReasonError(Exception):
    """What urllib3 raises: it keeps the cause as its reason."""

    def __init__(self, reason: Exception) -> None:
        """Keep it."""
        super().__init__("see the reason")
        self.reason = reason


def wrapped() -> OuterError:
    refused = ConnectionRefusedError(111, "refused")
    error = OuterError(WithReasonError(refused))
    error.__context__, error.__cause__ = refused, TimeoutError("too long")
    return error


def test_everything_that_an_exception_wraps_is_found_once() -> None:
    kinds = [type(one).__name__ for one in causes(wrapped())]
    assert kinds[0] == "OuterError"
    assert sorted(kinds[1:]) == ["ConnectionRefusedError", "TimeoutError", "WithReasonError"]


def test_exceptions_that_wrap_each_other_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__context__ = second, first
    assert list(causes(first)) == [first, second]


@pytest.mark.parametrize(
    ("names", "found"),
    [({"OSError"}, "ConnectionRefusedError"), ({"OuterError"}, "OuterError"), ({"KeyError"}, "NoneType")],
)
def test_the_innermost_of_a_class_or_of_its_heirs_is_the_cause(names: set[str], found: str) -> None:
    chain = [OuterError("outer"), ConnectionResetError("inner"), ConnectionRefusedError("innermost")]
    assert type(innermost(chain, frozenset(names))).__name__ == found


def test_words_are_told_on_one_line_without_a_stop_and_without_passwords() -> None:
    assert one_line("no way\n  to http://me:t0p@host.") == "no way to http://me:********@host"


class TlsFailureError(Exception):
    """What the standard library raises: its parts are attributes, which it does not let us set."""

    def __init__(self, words: str = "", *, reason: str | None = None, verify_message: str = "") -> None:
        """Take the words and the parts."""
        super().__init__(words)
        self.reason, self.verify_message = reason, verify_message


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TlsFailureError("x", verify_message="certificate has expired"), "certificate has expired"),
        (
            TlsFailureError(reason="TLSV1_ALERT_UNKNOWN_CA"),
            "the server does not accept our certificate (unknown ca)",
        ),
        (
            TlsFailureError(reason="TLSV13_ALERT_CERTIFICATE_REQUIRED"),
            "the server does not accept our certificate (certificate required)",
        ),
        (TlsFailureError(reason="SSLV3_ALERT_HANDSHAKE_FAILURE"), "SSLV3_ALERT_HANDSHAKE_FAILURE"),
        (
            TlsFailureError("EOF occurred in violation of protocol (_ssl.c:2427)"),
            "the server has hung up, as it does on who shows no certificate or one that it does not accept",
        ),
        (
            TlsFailureError("wrong version number at https://me:hunter2@host"),
            "wrong version number at https://me:********@host",
        ),
    ],
    ids=lambda one: str(one)[:40],
)
def test_a_failure_of_tls_is_told_in_words(error: Exception, words: str) -> None:
    assert tls_words(error) == words
