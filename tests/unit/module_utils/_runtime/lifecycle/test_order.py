# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lifecycle task asks for."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.order import parse_order
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired

PARAMS: dict[str, Any] = {
    "name": "web",
    "state": "stopped",
    "all": False,
    "timeout": 10,
    "wait": True,
    "wait_timeout": 120,
    "max_concurrent": 5,
    "continue_on_error": True,
    "replicas": None,
    "restart_method": "auto",
    "force": False,
}


def test_an_order_says_what_and_which_and_how() -> None:
    order = parse_order({**PARAMS, "timeout": 42})
    assert order.desired is Desired.STOPPED
    assert [target.name for target in order.request.targets] == ["web"]
    assert order.options.timeout == 42


@pytest.mark.parametrize(
    ("change", "code"),
    [({"name": None}, "invalid_target"), ({"all": True}, "invalid_target"), ({"timeout": 0}, "invalid_config")],
)
def test_an_order_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(NekzusError) as refusal:
        parse_order({**PARAMS, **change})
    assert refusal.value.code == code
