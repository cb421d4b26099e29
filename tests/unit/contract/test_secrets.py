# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must never be told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import having
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, view

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
ENV = (f"DB_PASSWORD={SECRET}", "PLAIN=visible", "DSN_URL=postgres://shop:pa55word@db/shop")


def test_the_log_lines_of_a_failure_hide_the_containers_secrets(backend: Backend) -> None:
    backend.create("web", State.STOPPED, exits_after=0, env=ENV, logs=f"login as shop:{SECRET}\nbye {SECRET}\n")
    (result,) = carry_out(backend, Desired.STARTED, named("web"))
    assert result.failure is not None
    told = json.dumps(as_json(result))
    assert SECRET not in told
    assert result.failure["details"]["logs"] == ["login as shop:********", "bye ********"]


@having(Trait.HEALTH)
def test_the_words_of_a_health_check_hide_the_containers_secrets(backend: Backend) -> None:
    backend.create("web", State.STOPPED, env=ENV, health=((0, "unhealthy"),), probe_output=f"bad {SECRET}")
    (result,) = carry_out(backend, Desired.STARTED, named("web"))
    assert result.failure is not None
    assert "unhealthy: bad ********" in result.failure["message"]


def test_details_mask_the_environment_and_keep_what_is_no_secret(backend: Backend) -> None:
    backend.create("web", env=ENV)
    details = view(backend, named("web"), inspect=True)[0].details
    assert details is not None
    assert details.config.env["DB_PASSWORD"] == MASK
    assert details.config.env["PLAIN"] == "visible"
    assert details.config.env["DSN_URL"] == "postgres://shop:********@db/shop"
    assert details.config.containers[0].env == details.config.env


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("server", f"--password={SECRET}"), id="flag with a value"),
        pytest.param(("server", "--token", SECRET), id="flag before its value"),
        pytest.param(("env", f"API_KEY={SECRET}", "server"), id="assignment"),
        pytest.param(("server", f"redis://:{SECRET}@cache/0"), id="URL"),
        pytest.param(("sh", "-c", f"DB_PASSWORD={SECRET} exec server"), id="assignment in a shell line"),
        pytest.param(("sh", "-c", f"export DB_PASSWORD='{SECRET}'; server"), id="quoted assignment in a shell line"),
        pytest.param(("sh", "-c", f"exec server --password {SECRET} -v"), id="flag in a shell line"),
    ],
)
def test_details_and_raw_mask_the_command_line(backend: Backend, command: tuple[str, ...]) -> None:
    backend.create("web", command=command)
    details = view(backend, named("web"), inspect=True)[0].details
    assert details is not None
    assert details.config.cmd == command[:1]
    assert SECRET not in json.dumps(as_json(details))


def test_a_secret_of_the_environment_is_hidden_in_the_command_line_too(backend: Backend) -> None:
    backend.create("web", env=ENV, command=("server", SECRET, "-v"))
    details = view(backend, named("web"), inspect=True)[0].details
    assert details is not None
    assert details.config.args == ("********", "-v")
    assert SECRET not in json.dumps(as_json(details))


@having(Trait.HEALTH)
def test_a_secret_of_the_environment_is_hidden_in_the_probes_too(backend: Backend) -> None:
    backend.create("web", env=ENV, health=((0, "unhealthy"),), probe_output=f"bad {SECRET}")
    details = view(backend, named("web"), inspect=True)[0].details
    assert details is not None
    assert SECRET not in json.dumps(as_json(details))
