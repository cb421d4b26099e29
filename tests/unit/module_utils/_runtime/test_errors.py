# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error a user can meet."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import errors
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError

# As the contract lists them: playbooks branch on these words, which never change.
CODES = [
    "missing_library",
    "runtime_not_found",
    "runtime_unavailable",
    "invalid_target",
    "invalid_config",
    "ambiguous",
    "container_not_found",
    "permission_denied",
    "metrics_unavailable",
    "unsupported",
    "conflict",
    "timeout",
    "not_ready",
    "invalid_template",
    "api_error",
]


def test_there_is_one_class_for_every_code_and_no_other() -> None:
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, NekzusError)]
    assert sorted(one.code for one in classes if one is not NekzusError) == sorted(CODES)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        pytest.param({}, "it is gone.", id="message"),
        pytest.param({"hint": "look"}, "it is gone. Hint: look.", id="hint"),
        pytest.param({"hint": "did you mean web?"}, "it is gone. Hint: did you mean web?", id="a hint that asks"),
        pytest.param({"runtime": "docker"}, "docker: it is gone.", id="runtime"),
        pytest.param({"op": "stop", "target": "web"}, "cannot stop web: it is gone.", id="op and target"),
        pytest.param({"op": "stop"}, "cannot stop: it is gone.", id="op"),
        pytest.param({"target": "web"}, "it is gone.", id="a target without an op"),
        pytest.param(
            {"runtime": "docker", "op": "stop", "target": "web", "hint": "list the containers"},
            "docker: cannot stop web: it is gone. Hint: list the containers.",
            id="everything",
        ),
    ],
)
def test_an_error_is_one_sentence_and_a_hint(parts: dict[str, str], text: str) -> None:
    assert str(NekzusError("it is gone", **parts)) == text  # type: ignore[arg-type]


def test_a_full_stop_is_not_doubled() -> None:
    assert str(NekzusError("it is gone.")) == "it is gone."


def test_where_it_happened_is_filled_in_only_where_it_is_not_known() -> None:
    error = NekzusError("x", op="connect to").within(runtime="docker", op="stop", target="web")
    assert (error.runtime, error.op, error.target) == ("docker", "connect to", "web")


def test_a_failure_has_all_parts() -> None:
    error = NekzusError("it is gone", runtime="docker", op="stop", target="web", hint="look", details={"exit_code": 0})
    assert error.failure() == {
        "code": "api_error",
        "message": "docker: cannot stop web: it is gone",
        "runtime": "docker",
        "op": "stop",
        "target": "web",
        "hint": "look",
        "details": {"exit_code": 0},
    }


def test_a_failure_has_no_details_when_there_are_none() -> None:
    assert "details" not in NekzusError("x").failure()
