# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells one account on a cluster from another, without telling anything of it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import SECRET, document, load, written

if TYPE_CHECKING:
    from pathlib import Path

HOST = {"host": "https://prod:6443", "api_key": SECRET}


def encoded(content: str) -> str:
    return base64.b64encode(content.encode()).decode()


def identity(**config: Any) -> str:
    return load(**config).identity


def test_it_stays_the_same_from_task_to_task(home: Path) -> None:
    assert identity(**HOST) == identity(**HOST)
    user = {"client-certificate-data": encoded("jane"), "client-key-data": encoded(SECRET)}
    inline = document(**user)
    assert identity(kubeconfig=inline) == identity(kubeconfig=written(home / "config", inline))


def test_it_is_the_same_however_the_account_is_told() -> None:
    assert identity(kubeconfig=document()) == identity(**HOST)


@pytest.mark.parametrize(
    "change",
    [
        {"host": "https://test:6443"},
        {"host": "https://prod:7443"},
        {"api_key": "another"},
        {"impersonate_user": "jane"},
        {"proxy": "http://proxy:3128"},
    ],
    ids=str,
)
def test_it_differs_with_the_server_the_way_to_it_and_who_asks(change: dict[str, str]) -> None:
    assert identity(**{**HOST, **change}) != identity(**HOST)


@pytest.mark.parametrize("key", ["client_cert", "ca_cert"])
def test_it_differs_with_what_a_certificate_says_and_not_with_where_it_is(home: Path, key: str) -> None:
    files = [written(home / name, content) for name, content in (("a", "jane"), ("b", "jane"), ("c", "joe"))]
    jane, same, joe = (identity(host="https://prod:6443", **{key: file}) for file in files)
    assert jane == same
    assert jane != joe


def test_users_with_passwords_are_told_apart() -> None:
    jane, joe = (document(username=name, password=SECRET) for name in ("jane", "joe"))
    assert identity(kubeconfig=jane) != identity(kubeconfig=joe)


def test_it_shows_nothing_of_the_account() -> None:
    told = identity(**HOST, impersonate_user="jane")
    assert len(told) == 64
    assert set(told) <= set("0123456789abcdef")
