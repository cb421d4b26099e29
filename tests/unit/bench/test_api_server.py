# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API server of the benchmarks answers as a real one does."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import kinds
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.client import connect
from ansible_collections.nekzus.runtime.tests.bench.api_process import ApiProcess
from ansible_collections.nekzus.runtime.tests.bench.api_server import Site

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(1250)


def ask(site: Site, path: str, *, accept: str = "", **query: str) -> Any:
    status, body = site.answer(path, query, accept)
    assert status == 200, body
    return json.loads(body)


def test_pages_are_the_whole_list_and_the_last_one_says_so(site: Site) -> None:
    first = ask(site, "/api/v1/pods", limit="500")
    second = ask(site, "/api/v1/pods", limit="500", **{"continue": first["metadata"]["continue"]})
    third = ask(site, "/api/v1/pods", limit="500", **{"continue": second["metadata"]["continue"]})
    assert [len(page["items"]) for page in (first, second, third)] == [500, 500, 250]
    assert first["metadata"]["remainingItemCount"] == 750
    assert "continue" not in third["metadata"]
    paged = [item for page in (first, second, third) for item in page["items"]]
    assert paged == ask(site, "/api/v1/pods")["items"]


def test_a_list_as_long_as_its_page_is_one_page(site: Site) -> None:
    assert "continue" not in ask(site, "/api/v1/pods", limit="1250")["metadata"]


def test_metrics_come_in_one_answer_whatever_page_is_asked_for(site: Site) -> None:
    assert len(ask(site, "/apis/metrics.k8s.io/v1beta1/pods", limit="500")["items"]) == 1250


def test_a_namespace_has_its_own_objects_only(site: Site) -> None:
    found = ask(site, "/api/v1/namespaces/shop-07/pods")["items"]
    assert {item["metadata"]["namespace"] for item in found} == {"shop-07"}
    assert len(found) == 60


def test_one_object_says_its_kind(site: Site) -> None:
    name = ask(site, "/api/v1/namespaces/shop-07/pods", limit="1")["items"][0]["metadata"]["name"]
    found = ask(site, f"/api/v1/namespaces/shop-07/pods/{name}")
    assert (found["kind"], found["apiVersion"], found["metadata"]["name"]) == ("Pod", "v1", name)


def test_what_is_not_there_is_not_found(site: Site) -> None:
    for path in ("/api/v1/namespaces/shop-07/pods/none", "/apis/example.org/v1/herds"):
        status, body = site.answer(path, {})
        assert (status, json.loads(body)["reason"]) == (404, "NotFound")


def test_it_refuses_to_select_rather_than_to_answer_with_everything(site: Site) -> None:
    for query in ({"labelSelector": "app=web"}, {"fieldSelector": "spec.nodeName=node-1"}, {"watch": "1"}):
        assert site.answer("/api/v1/pods", query)[0] == 400
    assert len(ask(site, "/api/v1/nodes", fieldSelector="metadata.name=node-3")["items"]) == 1


def test_a_table_has_a_row_for_each_pod(site: Site) -> None:
    table = ask(site, "/api/v1/pods", accept=TABLE, limit="500")
    assert table["kind"] == "Table"
    assert len(table["rows"]) == 500
    assert all(len(row["cells"]) == len(table["columnDefinitions"]) for row in table["rows"])


def test_metadata_is_all_there_is_of_objects_when_no_more_is_asked_for(site: Site) -> None:
    found = ask(site, "/apis/apps/v1/replicasets", accept=METADATA)
    assert found["kind"] == "PartialObjectMetadataList"
    assert {frozenset(item) for item in found["items"]} == {frozenset(("kind", "apiVersion", "metadata"))}


def test_everything_that_is_served_is_discovered(site: Site) -> None:
    for group in ask(site, "/apis")["groups"]:
        version = group["preferredVersion"]["groupVersion"]
        for resource in ask(site, f"/apis/{version}")["resources"]:
            assert ask(site, f"/apis/{version}/{resource['name']}")["kind"].startswith(resource["kind"])


def test_it_is_a_process_that_our_client_reads_directly_and_through_a_proxy_that_counts() -> None:
    with ApiProcess(1001) as api, api.track.counter() as counter:
        for kubeconfig in (api.track.address, counter.address):
            client = connect(KubernetesConfig(kubeconfig=kubeconfig), clock=time)
            names = client.list(kinds.POD, convert=lambda pod: pod["metadata"]["name"]).items
            client.close()
            assert len(set(names)) == 1001
        assert counter.requests == [
            "GET /api/v1/pods?limit=500",
            "GET /api/v1/pods?limit=500&continue=500",
            "GET /api/v1/pods?limit=500&continue=1000",
        ]
