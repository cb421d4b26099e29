# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all contestants on a cluster have in common: they get it by the path of a kubeconfig."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .api_process import ApiProcess
from .docker_field import EMPTY
from .race import Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .playing import Playing
    from .run import Command
    from .setting import Setting
    from .track import Track

RAW = Path(__file__).resolve().parent / "raw_kubernetes.py"
_CHECKS = ("done", "before")


@dataclass(frozen=True)
class KubernetesField:
    """A cluster, and how commands are made for it."""

    track: Track
    playing: Playing

    def empty(self) -> Contestant:
        """Return a play whose module does nothing."""
        return Contestant(EMPTY, lambda _kubeconfig: self.playing.task("ansible.builtin.ping", {}), counted=False)

    def ours(self, name: str, module: str, options: Mapping[str, Any], **rest: Any) -> Contestant:
        """Return a play of one task of ours; see Playing.task."""
        return self.task(name, module, {"runtime": "kubernetes", **options}, **rest)

    def task(self, name: str, module: str, options: Mapping[str, Any], **rest: Any) -> Contestant:
        """Return a play of one task; see Playing.task."""
        checks = {key: rest.pop(key) for key in _CHECKS if key in rest}

        def command(kubeconfig: str) -> Command:
            return self.playing.task(module, {**options, "kubeconfig": kubeconfig}, **rest)

        return Contestant(name, command, **checks)

    def client(self, name: str, *words: str, **checks: Any) -> Contestant:
        """Return Kubernetes' own command line, which may be a script of several."""
        return Contestant(name, lambda kubeconfig: self.playing.command(*words, KUBECONFIG=kubeconfig), **checks)

    def raw(self, *paths: str, **checks: Any) -> Contestant:
        """Return plain requests for lists."""
        words = (sys.executable, "-I", str(RAW))
        return Contestant("raw HTTP", lambda kubeconfig: self.playing.command(*words, kubeconfig, *paths), **checks)


@contextlib.contextmanager
def fleet(setting: Setting, pods: int) -> Iterator[KubernetesField]:
    """Serve a cluster of so many pods, in which nothing runs."""
    with ApiProcess(pods) as api:
        yield KubernetesField(api.track, setting.playing)
