# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API server of the benchmarks as its owner has it: started, reached directly or through a proxy, and ended."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..integration.controller import link_checkout
from ..integration.proxy import Proxy
from .track import Counter, Track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from typing_extensions import Self

_MODULE = "ansible_collections.nekzus.runtime.tests.bench.api_server"


class ApiProcess:
    """A cluster of so many pods, to be used in a with statement."""

    def __init__(self, pods: int) -> None:
        """Take how many pods there are."""
        self._pods = pods
        self._port = 0
        self._folder = tempfile.TemporaryDirectory(prefix="nkz-")

    def __enter__(self) -> Self:
        """Start it, and return when it answers."""
        self._process = subprocess.Popen(  # noqa: S603 - the command is our own
            (sys.executable, "-m", _MODULE, str(self._pods)),
            env={**os.environ, "PYTHONPATH": str(link_checkout())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the API server has ended"
        self._port = int(line)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.communicate()
        self._folder.cleanup()

    @property
    def track(self) -> Track:
        """The way to it; its address is the path of a kubeconfig."""
        return Track(str(self._kubeconfig("direct", self._port)), self._counter)

    @contextlib.contextmanager
    def _counter(self) -> Iterator[Counter]:
        with _PlainProxy(self._port) as proxy:
            yield Counter(str(self._kubeconfig("counted", proxy.port)), proxy.requests)

    def _kubeconfig(self, name: str, port: int) -> Path:
        file = Path(self._folder.name) / name
        file.write_text(json.dumps(_kubeconfig(f"http://127.0.0.1:{port}")), encoding="utf-8")
        return file


class _PlainProxy(Proxy):
    """A proxy in front of a port of this machine, on one of its own."""

    def __init__(self, port: int) -> None:
        super().__init__("", port=0)
        self._port = port

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port)


def _kubeconfig(url: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "bench", "cluster": {"server": url}}],
        "users": [{"name": "bench", "user": {}}],
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench", "namespace": "default"}}],
        "current-context": "bench",
    }
