# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API server of the benchmarks as its owner has it: started, asked for the requests that it got, and ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..integration.controller import link_checkout

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

_MODULE = "ansible_collections.nekzus.runtime.tests.bench.api_server"


class ApiProcess:
    """A cluster of so many pods, to be used in a with statement."""

    def __init__(self, pods: int) -> None:
        """Take how many pods there are."""
        self.pods = pods
        self.url = ""
        self._folder = tempfile.TemporaryDirectory(prefix="nkz-")
        self.kubeconfig = Path(self._folder.name) / "kubeconfig"

    def __enter__(self) -> Self:
        """Start it, and return when it answers."""
        self._process = subprocess.Popen(  # noqa: S603 - the command is our own
            (sys.executable, "-m", _MODULE, str(self.pods)),
            env={**os.environ, "PYTHONPATH": str(link_checkout())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = f"http://127.0.0.1:{int(self._line())}"
        self.kubeconfig.write_text(json.dumps(_kubeconfig(self.url)), encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.communicate()
        self._folder.cleanup()

    def requests(self) -> list[str]:
        """Return the requests since it was asked last, as ``METHOD path``."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: list[str] = json.loads(self._line())
        return found

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the API server has ended"
        return line


def _kubeconfig(url: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "bench", "cluster": {"server": url}}],
        "users": [{"name": "bench", "user": {}}],
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench", "namespace": "default"}}],
        "current-context": "bench",
    }
