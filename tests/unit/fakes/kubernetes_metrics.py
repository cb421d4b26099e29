# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pods in memory use, as Metrics Server would tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import mapping, objects, text
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# How long a pod has to run before it has a sample, and over how long CPU is measured.
FIRST_SAMPLE, WINDOW = 15, 10
CPU, MEMORY = "250m", "64Mi"


class Meter:
    """Measures pods.

    ``usage`` is the CPU and memory of each container by the beginning of its pod's name, where it is not what every
    container uses; pods whose names begin with one of ``unmeasured`` have no samples.
    """

    def __init__(self) -> None:
        """Begin with pods that all use the same."""
        self.usage: dict[str, Mapping[str, tuple[str, str]]] = {}
        self.unmeasured: set[str] = set()

    def samples(self, pods: Iterable[Document], *, moment: float) -> list[Document]:
        """Return the PodMetrics of the pods that have been running for long enough."""
        return [self._sample(pod, moment) for pod in pods if self._has_one(pod, moment)]

    def _has_one(self, pod: Document, moment: float) -> bool:
        running = [one for one in objects(pod, "status", "containerStatuses") if "running" in mapping(one, "state")]
        is_old = text(pod, "status", "startTime") <= stamp(moment - FIRST_SAMPLE)
        return bool(running) and is_old and not any(_begins(pod, name) for name in self.unmeasured)

    def _sample(self, pod: Document, moment: float) -> Document:
        known = next((used for name, used in self.usage.items() if _begins(pod, name)), {})
        names = [text(one, "name") for one in objects(pod, "spec", "containers")]
        return {
            "metadata": {key: pod["metadata"].get(key) for key in ("name", "namespace", "labels")},
            "timestamp": stamp(moment),
            "window": f"{WINDOW}s",
            "containers": [
                {"name": name, "usage": dict(zip(("cpu", "memory"), known.get(name, (CPU, MEMORY))))} for name in names
            ],
        }


def _begins(pod: Document, name: str) -> bool:
    return f"{text(pod, 'metadata', 'name')}-".startswith(f"{name}-")
