# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every task's result into a file, as one line of JSON each."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):  # type: ignore[misc,unused-ignore] # Ansible is only partly annotated
    """Beside what is printed, so that tests can look at results and at the output as it is."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        """Record it."""
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Ansible's signature
        """Record it, ignored or not."""
        self._write("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Record it."""
        self._write("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Record it."""
        self._write("unreachable", result)

    def _write(self, status: str, result: Any) -> None:
        line = {"name": result._task.name, "status": status, "result": result._result}
        with Path(os.environ["NEKZUS_TEST_RECORD"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")
