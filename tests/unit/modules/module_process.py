# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module through its real main() in this process, feeding it as Ansible does (ansible-core 2.17 and later)."""

from __future__ import annotations

import json
import sys
import syslog
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings

if TYPE_CHECKING:
    from collections.abc import Mapping

PLUGINS = "ansible_collections.nekzus.runtime.plugins"


@dataclass(frozen=True)
class Outcome:
    """How a module ended. ``log`` is what went to the system's log, ``everything`` all it let out."""

    code: int
    result: dict[str, Any]
    everything: str
    log: list[str]

    @property
    def warnings(self) -> list[str]:
        """The warnings as texts; ansible-core 2.19 and later wraps them up."""
        found = self.result.get("warnings", [])
        return [one["event"]["msg"] if isinstance(one, dict) else one for one in found]

    @property
    def failure(self) -> dict[str, Any]:
        """The failure; there has to be one, with its message, and no traceback."""
        assert self.code == 1
        assert self.result["failed"] is True
        assert "Traceback" not in self.everything
        assert "exception" not in self.result
        assert self.result["msg"]
        failure: dict[str, Any] = self.result["failure"]
        assert set(failure) - {"details"} == {"code", "message", "runtime", "op", "target", "hint"}
        return failure

    @property
    def success(self) -> dict[str, Any]:
        """The result; the module must not have failed."""
        assert self.code == 0, self.everything
        assert "failed" not in self.result
        assert "failure" not in self.result
        return self.result


def run_main(name: str, arguments: Mapping[str, Any], patch: pytest.MonkeyPatch) -> Outcome:
    """Run a module with the options of a task, and those of Ansible's own; what is patched for it stays patched."""
    out, err, log = StringIO(), StringIO(), list[str]()
    _feed(patch, arguments)
    patch.setattr(basic, "has_journal", False)
    patch.setattr(syslog, "syslog", lambda _priority, message: log.append(message))
    patch.setattr(sys, "stdout", out)
    patch.setattr(sys, "stderr", err)
    with pytest.raises(SystemExit) as end:
        import_module(f"{PLUGINS}.modules.{name}").main()
    printed = out.getvalue()
    code = end.value.code
    assert isinstance(code, int)
    return Outcome(code, json.loads(printed), "\n".join((printed, err.getvalue(), *log)), log)


def _feed(patch: pytest.MonkeyPatch, arguments: Mapping[str, Any]) -> None:
    patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": dict(arguments)}).encode())
    if hasattr(basic, "_ANSIBLE_PROFILE"):  # from ansible-core 2.19 on
        patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy")
    # A module's process is no controller's, where warnings go to the screen (from ansible-core 2.19 on).
    if "ansible.module_utils._internal" in sys.modules:
        patch.setattr(sys.modules["ansible.module_utils._internal"], "is_controller", False)
    # Warnings pile up in a process; a module has one of its own.
    for pile in ("_global_warnings", "_global_deprecations"):
        getattr(warnings, pile).clear()
