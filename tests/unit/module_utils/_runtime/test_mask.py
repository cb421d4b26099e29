# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values are secrets, and how they are hidden."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import mask


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("PASSWORD", True),
        ("DB_PASSWORD", True),
        ("dbPassword", True),
        ("PGPASSWORD", True),
        ("MYSQL_PWD", True),
        ("API_KEY", True),
        ("APIKEY", True),
        ("GITHUB_TOKEN", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("client-secret", True),
        ("--password", True),
        ("PASSWORD1", True),
        ("DBPASS", True),
        ("ENCRYPTIONKEY", True),
        ("PASSWORD_FILE", False),
        ("TOKEN_URL", False),
        ("SECRET_NAME", False),
        ("PWD", False),
        ("OLDPWD", False),
        ("PATH", False),
        ("MONKEY", False),
        ("AUTHOR", False),
        ("Authorization", True),
        ("authorization-mode", False),
        ("KEYBOARD", False),
        ("COMPASS", False),
        ("BYPASS_CACHE", False),
        ("", False),
        ("_", False),
    ],
)
def test_a_name_tells_whether_its_value_is_secret(name: str, *, secret: bool) -> None:
    assert mask.is_secret_name(name) is secret


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://shop:pa55@db/x", "postgres://shop:********@db/x"),
        ("redis://:pa55@cache", "redis://:********@cache"),
        ("see http://a:b@c and https://d:e@f.", "see http://a:********@c and https://d:********@f."),
        ("http://host:80/a@b", "http://host:80/a@b"),
        ("ssh://me@host", "ssh://me@host"),
        ("nothing here", "nothing here"),
    ],
)
def test_the_password_of_a_url_is_hidden(text: str, masked: str) -> None:
    assert mask.mask_urls(text) == masked


def test_an_environment_keeps_its_names() -> None:
    env = mask.split_env(["A=1", "B", "C=x=y", "DB_PASSWORD=p", "EMPTY_TOKEN=", "URL=http://a:b@c"])
    assert env == {"A": "1", "B": "", "C": "x=y", "DB_PASSWORD": "p", "EMPTY_TOKEN": "", "URL": "http://a:b@c"}
    assert mask.mask_env(env) == {
        "A": "1",
        "B": "",
        "C": "x=y",
        "DB_PASSWORD": "********",
        "EMPTY_TOKEN": "",
        "URL": "http://a:********@c",
    }


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        (["server", "--port", "80"], ["server", "--port", "80"]),
        (["server", "--password=x", "-v"], ["server", "--password=********", "-v"]),
        (["server", "--password", "x", "-v"], ["server", "--password", "********", "-v"]),
        (["server", "--password", "--verbose"], ["server", "--password", "--verbose"]),
        (["server", "-token", "x"], ["server", "-token", "********"]),
        (["env", "API_KEY=x", "A=b"], ["env", "API_KEY=********", "A=b"]),
        (["curl", "http://a:b@c"], ["curl", "http://a:********@c"]),
        (["server", "--password-file", "/x"], ["server", "--password-file", "/x"]),
        (["sh", "-c", "export API_KEY=x; run"], ["sh", "-c", "export API_KEY=********; run"]),
        (["sh", "-c", "run --token x --user me"], ["sh", "-c", "run --token ******** --user me"]),
        (["sh", "-c", "run --token 'a b' && x"], ["sh", "-c", "run --token ******** && x"]),
        (["sh", "-c", 'A=b TOKEN="a b" run'], ["sh", "-c", "A=b TOKEN=******** run"]),
        ([], []),
    ],
)
def test_a_command_line_is_masked(words: list[str], masked: list[str]) -> None:
    assert mask.mask_command(words) == tuple(masked)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("https://hooks.example/x?token=abc&room=1", "https://hooks.example/x?token=********&room=1"),
        ("host=db password=abc dbname=shop", "host=db password=******** dbname=shop"),
        ("a=b", "a=b"),
    ],
)
def test_a_secret_inside_a_plain_variable_is_hidden(value: str, masked: str) -> None:
    assert mask.mask_value("PLAIN", value) == masked


def test_a_password_that_looks_like_a_flag_is_hidden() -> None:
    assert "-h4rd" not in mask.mask_command(["server", "--password=-h4rd"])[1]


def test_secrets_are_found_longest_first_and_short_ones_left_out() -> None:
    env = {"A_TOKEN": "abcd", "B_TOKEN": "abcdef", "C_TOKEN": "abc", "PLAIN": "abcdefgh", "U": "http://a:url-pass@c"}
    assert mask.secret_values(env) == ("url-pass", "abcdef", "abcd")
    assert mask.mask_text("abcdef abcd abcdefgh", ["abcdef", "abcd"]) == "******** ******** ********gh"


@pytest.mark.parametrize(
    ("document", "secrets"),
    [
        pytest.param({"users": [{"name": "me", "user": {"token": "t"}}]}, ("t",), id="token"),
        pytest.param({"user": {"client-key-data": "k", "client-key": "/path"}}, ("k",), id="key data, not its path"),
        pytest.param({"user": {"password": "p", "username": "u"}}, ("p",), id="password"),
        pytest.param({"auth-provider": {"config": {"refresh-token": "r"}}}, ("r",), id="deep down"),
        pytest.param({"api_key": ["a", {"api_key": "b"}]}, ("b",), id="lists"),
        pytest.param({"token": "", "password": None}, (), id="empty"),
        pytest.param(
            {"exec": {"env": [{"name": "A_TOKEN", "value": "t"}, {"name": "HOME", "value": "/"}]}},
            ("t",),
            id="variables",
        ),
        pytest.param({"proxy": "http://me:p@proxy", "host": "https://h"}, ("p",), id="password of an address"),
        pytest.param("text", (), id="no document"),
        pytest.param(None, (), id="nothing"),
    ],
)
def test_the_secrets_of_a_document_are_found(document: Any, secrets: tuple[str, ...]) -> None:
    assert mask.find_secrets(document) == secrets


def test_a_line_hides_what_is_known_and_what_looks_like_a_secret() -> None:
    line = "login me:hunter2 at http://me:pass1@db with api_key=abc retries=3"
    assert mask.mask_line(line, ("hunter2",)) == (
        f"login me:{mask.MASK} at http://me:{mask.MASK}@db with api_key={mask.MASK} retries=3"
    )
