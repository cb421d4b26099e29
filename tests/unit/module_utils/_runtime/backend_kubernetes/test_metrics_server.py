# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics API over the real library, against a real HTTP server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import container
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD, POD_METRICS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import (
    KubernetesRuntime,
    open_runtime,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.stats import STATS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import UNMEASURED, Usage
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import BROKEN, Answer

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer

PODS = "GET /apis/metrics.k8s.io/v1beta1/namespaces/NS/pods"
FLEET = 5000
FORBIDDEN = 'pods.metrics.k8s.io is forbidden: User "jane" cannot list resource "pods" in API group "metrics.k8s.io"'


def metrics(namespace: str, *names: str) -> Answer:
    """Return a PodMetricsList, which has no kinds, versions or pages."""
    items = [
        {
            "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
            "timestamp": "2026-01-31T12:00:00Z",
            "window": "15.5s",
            "containers": [{"name": "app", "usage": {"cpu": f"{number}m", "memory": f"{number}Mi"}}],
        }
        for number, name in enumerate(names)
    ]
    return Answer(body={"kind": "PodMetricsList", "metadata": {}, "items": items})


def a_pod(name: str, namespace: str = "prod") -> Container:
    bounds = {"limits": {"cpu": "1", "memory": "1Gi"}}
    statuses = [{"name": "app", "state": {"running": {}}, "started": True}]
    return container(
        {
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"nodeName": "node-1", "containers": [{"name": "app", "resources": bounds}]},
            "status": {"phase": "Running", "containerStatuses": statuses},
        }
    )


@pytest.fixture
def client(server: PlainServer, clock: FakeClock) -> KubernetesClient:
    pytest.importorskip("kubernetes")
    return seam.connect(KubernetesConfig(host=server.url, api_key="t0p-s3cret", timeout=5), clock=clock)


@pytest.fixture
def runtime(client: KubernetesClient, clock: FakeClock) -> KubernetesRuntime:
    return KubernetesRuntime(client, clock=clock)


def test_five_thousand_pods_are_one_request(server: PlainServer, runtime: KubernetesRuntime) -> None:
    names = [f"web-{number}" for number in range(FLEET)]
    server.answer(PODS.replace("NS", "prod"), metrics("prod", *names))
    found = runtime.role(STATS).collect([a_pod(name) for name in names])
    assert len(server.requests) == 1
    usages = [one for one in found.results if isinstance(one, Usage)]
    assert [one.memory.used_bytes for one in usages] == [number * 2**20 for number in range(FLEET)]
    assert {one.window_seconds for one in usages} == {15.5}
    assert {str(one.timestamp) for one in usages} == {"2026-01-31 12:00:00+00:00"}


def test_one_namespace_that_may_not_be_read_does_not_hide_the_others(
    server: PlainServer, runtime: KubernetesRuntime
) -> None:
    server.answer(PODS.replace("NS", "prod"), metrics("prod", "web"))
    server.answer(PODS.replace("NS", "dev"), Answer(403, {"code": 403, "message": FORBIDDEN}))
    found = runtime.role(STATS).collect([a_pod("web"), a_pod("web", "dev")])
    assert found.results[0] != UNMEASURED
    assert found.results[1] == UNMEASURED
    assert found.unavailable
    assert found.unavailable.hint == "grant list on pods.metrics.k8s.io in namespace dev"


@pytest.mark.parametrize(
    ("answer", "words", "hint"),
    [
        (Answer(404, b"404 page not found"), "the cluster has no metrics", "install Metrics Server"),
        (
            Answer(503, {"code": 503, "message": "service unavailable"}),
            "the server of metrics.k8s.io does not answer: service unavailable",
            "see kubectl get apiservice v1beta1.metrics.k8s.io",
        ),
        (Answer(500, b"oops"), "oops", "see the log"),
        (Answer(200, b"<html>"), "not Kubernetes", "check kubeconfig"),
        (BROKEN, "broke", "see whether"),
    ],
    ids=["not installed", "down", "failing", "something else", "cut off"],
)
def test_a_server_without_good_answers_is_no_failure(
    server: PlainServer, runtime: KubernetesRuntime, answer: Answer, words: str, hint: str
) -> None:
    server.answer(PODS.replace("NS", "prod"), answer)
    found = runtime.role(STATS).collect([a_pod("web")])
    assert found.results == (UNMEASURED,)
    assert found.unavailable
    assert found.unavailable.code == "metrics_unavailable"
    assert words in found.unavailable.message
    assert hint in str(found.unavailable.hint)


def test_an_old_server_that_finds_no_pods_has_no_samples(server: PlainServer, runtime: KubernetesRuntime) -> None:
    details = {"name": "prod/", "kind": "pods"}
    server.answer(PODS.replace("NS", "prod"), Answer(404, {"code": 404, "message": "not found", "details": details}))
    found = runtime.role(STATS).collect([a_pod("web")])
    assert found.unavailable
    assert found.unavailable.message == "there is no sample yet of prod/web"


def test_what_can_be_done_without_is_not_waited_for_long(
    server: PlainServer, client: KubernetesClient, clock: FakeClock
) -> None:
    server.answer("GET /api/v1/pods", Answer(body={"items": []}))
    server.answer("GET /apis/metrics.k8s.io/v1beta1/pods", Answer(503))
    client.list(POD, convert=dict)
    with pytest.raises(RuntimeUnavailableError):
        client.list(POD_METRICS, convert=dict)
    assert clock.slept < 1


def test_that_it_is_down_says_nothing_of_the_api_server(
    server: PlainServer, client: KubernetesClient, clock: FakeClock
) -> None:
    server.answer("GET /api/v1/pods", Answer(body={"items": []}), *[BROKEN] * 7, Answer(body={"items": []}))
    server.answer("GET /apis/metrics.k8s.io/v1beta1/pods", Answer(503))
    client.list(POD, convert=dict)
    with pytest.raises(RuntimeUnavailableError):
        client.list(POD_METRICS, convert=dict)
    client.list(POD, convert=dict)  # which is waited for as patiently as before
    assert clock.slept > 20


def test_what_is_configured_reaches_the_requests(
    server: PlainServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    server.answer(PODS.replace("NS", "prod"), metrics("prod", "web"))

    def requests(**config: Any) -> int:
        before = len(server.requests)
        opened = open_runtime(KubernetesConfig(host=server.url, api_key="t0p-s3cret", timeout=5, **config), clock=time)
        opened.role(STATS).collect([a_pod("web")])
        return len(server.requests) - before

    assert requests(metrics_cache_ttl=0.0) == 1
    assert not (tmp_path / "kept").exists()
    assert [requests(), requests(), requests(metrics_cache_ttl=0.0), requests(metrics_server=False)] == [1, 0, 1, 0]
    written = [file.read_text(encoding="utf-8") + file.name for file in (tmp_path / "kept" / "nekzus").iterdir()]
    assert len(written) == 1
    assert "t0p-s3cret" not in written[0]
