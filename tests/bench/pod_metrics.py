# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes to read what 5,000 pods use: python tests/bench/pod_metrics.py, with the collection importable.

It prints the best of five of each: the answer of the metrics API fetched from this machine and made short, all of it
from one call to the end, and the same from the cache.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.client import connect
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import container
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD_METRICS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.metrics import _pack
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.stats import KubernetesStats
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.cache import Cache
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Answer, PlainServer

FLEET, TIMES = 5000, 5


def item(number: int) -> dict[str, Any]:
    """Return a PodMetrics of two containers, as large as they usually are."""
    labels = {"app": f"web-{number % 50}", "pod-template-hash": "8fc47756c", "team": "shop", "tier": "frontend"}
    used = {"cpu": f"{number * 1000 + 7}n", "memory": f"{number + 400}Ki"}
    return {
        "metadata": {
            "name": f"web-{number}-8fc47756c-x{number}",
            "namespace": "prod",
            "creationTimestamp": "2026-01-31T12:00:04Z",
            "labels": labels,
        },
        "timestamp": f"2026-01-31T12:00:{number % 15:02}Z",
        "window": f"{10 + number % 10}.{number % 1000:03}s",
        "containers": [{"name": name, "usage": used} for name in ("app", "proxy")],
    }


def pod(name: str) -> Any:
    """Return a pod that has a metric."""
    parts = [{"name": name, "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}} for name in ("app", "proxy")]
    state: dict[str, Any] = {"state": {"running": {}}, "started": True}
    statuses = [{"name": name, **state} for name in ("app", "proxy")]
    return container(
        {
            "metadata": {"name": name, "namespace": "prod"},
            "spec": {"nodeName": "node-1", "containers": parts},
            "status": {"phase": "Running", "containerStatuses": statuses},
        }
    )


def best(work: Callable[[], object]) -> float:
    """Return the shortest of some times."""
    times = []
    for _time in range(TIMES):
        gc.collect()
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    """Print the times."""
    items = [item(number) for number in range(FLEET)]
    body = json.dumps({"kind": "PodMetricsList", "metadata": {}, "items": items}).encode()
    pods = [pod(each["metadata"]["name"]) for each in items]
    with PlainServer() as server, tempfile.TemporaryDirectory() as folder:
        server.answer("GET /apis/metrics.k8s.io/v1beta1/namespaces/prod/pods", Answer(body=body))
        client = connect(KubernetesConfig(host=server.url), clock=time)
        read = best(lambda: client.list(POD_METRICS, "prod", convert=_pack))

        def collect(ttl: float) -> None:
            stats = KubernetesStats(client, cache=Cache(Path(folder) / "nekzus", ttl=ttl, clock=time))
            assert stats.collect(pods).unavailable is None

        asked = best(lambda: collect(0))
        collect(600)
        kept = best(lambda: collect(600))
    sys.stdout.write(f"{FLEET} PodMetrics, {len(body) / 2**20:.1f} MiB\n")
    for words, seconds in (("fetched and parsed", read), ("measured", asked), ("measured from the cache", kept)):
        sys.stdout.write(f"{words:<24}{seconds:6.3f} s\n")


if __name__ == "__main__":
    main()
