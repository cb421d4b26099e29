# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The population of the benchmarks is what a cluster holds."""

from __future__ import annotations

import json

from ansible_collections.nekzus.runtime.tests.bench.population import population
from ansible_collections.nekzus.runtime.tests.bench.served import (
    DEPLOYMENT,
    NAMESPACE,
    NODE,
    POD,
    POD_METRICS,
    REPLICA_SET,
)

FLEET = population(1005)


def test_there_are_as_many_pods_as_asked_for_and_none_is_there_twice() -> None:
    assert len({item.name for item in FLEET[POD]}) == 1005
    assert len({json.loads(item.body)["metadata"]["uid"] for item in FLEET[POD]}) == 1005


def test_every_pod_has_a_metric_and_is_on_a_node() -> None:
    assert [item.name for item in FLEET[POD_METRICS]] == [item.name for item in FLEET[POD]]
    nodes = {item.name for item in FLEET[NODE]}
    assert {json.loads(item.body)["spec"]["nodeName"] for item in FLEET[POD]} == nodes
    assert len(nodes) == 11


def test_pods_belong_to_their_replica_set_and_that_to_its_deployment() -> None:
    owners = {
        kind: {json.loads(item.body)["metadata"]["uid"]: item.name for item in FLEET[kind]}
        for kind in (DEPLOYMENT, REPLICA_SET)
    }
    assert len(owners[DEPLOYMENT]) == 101
    assert len(owners[REPLICA_SET]) == 202
    for kind, owner in ((POD, REPLICA_SET), (REPLICA_SET, DEPLOYMENT)):
        for item in FLEET[kind]:
            (reference,) = json.loads(item.body)["metadata"]["ownerReferences"]
            assert owners[owner][reference["uid"]] == reference["name"]
            assert item.name.startswith(f"{reference['name']}-")


def test_a_pod_is_as_large_as_a_real_one() -> None:
    assert all(5000 < len(item.body) < 7000 for item in FLEET[POD])


def test_objects_are_in_the_order_of_the_api() -> None:
    places = [(item.namespace, item.name) for item in FLEET[POD]]
    assert places == sorted(places)
    assert [item.name for item in FLEET[NAMESPACE]] == sorted({namespace for namespace, _name in places})
    assert len(FLEET[NAMESPACE]) == 20


def test_nothing_of_the_pattern_is_left_in_a_pod() -> None:
    for item in FLEET[POD][1:]:
        for word in (b"5b999bbbc4", b"rspr8", b"11b19a11-b24a-4050-b23f-1e02214dd9bf", b'"10.97.0.2"', b"1374482n"):
            assert word not in item.body + item.metadata + item.row


def test_its_metadata_and_its_row_are_those_of_the_object() -> None:
    for item in FLEET[POD]:
        body, metadata, row = (json.loads(text) for text in (item.body, item.metadata, item.row))
        assert metadata["metadata"] == row["object"]["metadata"] == body["metadata"]
        assert row["cells"][0] == item.name
        assert row["cells"][6] == body["spec"]["nodeName"]
