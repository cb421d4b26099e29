# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an operation is carried out, as the options say it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.options import (
    LifecycleOptions,
    parse_options,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RestartMethod

DEFAULTS: dict[str, Any] = {
    "timeout": None,
    "wait": True,
    "wait_timeout": 120,
    "max_concurrent": 5,
    "continue_on_error": True,
    "replicas": None,
    "restart_method": "auto",
    "force": False,
}


def test_the_defaults_are_those_of_the_modules() -> None:
    assert parse_options(DEFAULTS) == LifecycleOptions()


def test_every_option_is_read() -> None:
    given = {
        "timeout": 300,
        "wait": False,
        "wait_timeout": 1,
        "max_concurrent": 1,
        "continue_on_error": False,
        "replicas": 3,
        "restart_method": "rollout",
        "force": True,
    }
    assert parse_options(given) == LifecycleOptions(
        timeout=300,
        wait=False,
        wait_timeout=1,
        max_concurrent=1,
        continue_on_error=False,
        replicas=3,
        restart_method=RestartMethod.ROLLOUT,
        force=True,
    )


@pytest.mark.parametrize("timeout", [1, 300])
def test_the_ends_of_the_range_are_in_it(timeout: int) -> None:
    assert parse_options({**DEFAULTS, "timeout": timeout}).grace == timeout


@pytest.mark.parametrize(
    ("name", "value"),
    [("timeout", 0), ("timeout", 301), ("timeout", -1), ("wait_timeout", 0), ("max_concurrent", 0), ("replicas", 0)],
)
def test_what_is_out_of_its_range_is_refused_by_name(name: str, value: int) -> None:
    with pytest.raises(InvalidConfigError, match=f"{name} is {value}") as refusal:
        parse_options({**DEFAULTS, name: value})
    assert refusal.value.hint


def test_without_a_timeout_the_grace_is_the_runtimes_own() -> None:
    assert parse_options(DEFAULTS).grace is None


@pytest.mark.parametrize("timeout", [None, 300])
def test_force_leaves_no_grace(timeout: int | None) -> None:
    assert parse_options({**DEFAULTS, "timeout": timeout, "force": True}).grace == 0
