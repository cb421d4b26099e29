# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a cluster of any size, each as large as in a real one. Pure.

``pattern.json`` is what a real API server (1.20) says of a Deployment, its ReplicaSet and pod, the node, and what they
use. Here are many of them, as text: what tells one from the others is put into the text of the pattern.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .served import DEPLOYMENT, NAMESPACE, NODE, NODE_METRICS, POD, POD_METRICS, REPLICA_SET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .served import Kind

PODS_OF_A_DEPLOYMENT, PODS_OF_A_NODE, NAMESPACES = 10, 100, 20
_PATTERN: Mapping[str, Any] = json.loads(Path(__file__).with_name("pattern.json").read_text(encoding="utf-8"))
_POD_UID, _REPLICA_SET_UID, _DEPLOYMENT_UID = (
    _PATTERN[kind]["metadata"]["uid"] for kind in ("pod", "replica_set", "deployment")
)
# In namespaces that a selection does not pass over as the cluster's own.
_NAMESPACE, _NAME, _HASH, _SUFFIX, _NODE, _ADDRESS = "shop", "web-0000", "5b999bbbc4", "rspr8", "node-1", "10.97.0.2"
_CPU, _MEMORY, _MOMENT, _WINDOW = '"1374482n"', '"696Ki"', "20:27:26Z", '"10s"'


@dataclass(frozen=True)
class Item:
    """One object as JSON: whole, its metadata alone, and as a row of the table that kubectl prints."""

    namespace: str
    name: str
    body: bytes
    metadata: bytes = b""
    row: bytes = b""


class Form:
    """A pattern of objects, to be filled in."""

    def __init__(self, document: Mapping[str, Any], *, cells: Iterable[object] = ()) -> None:
        """Take the object that is the pattern, and what a table says of it."""
        metadata = document["metadata"]
        partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
        row = {"cells": list(cells), "object": partial}
        # Tabs are in no JSON, so that all three are filled in at once.
        self._text = "\t".join(json.dumps(each, separators=(",", ":")) for each in (document, partial, row))

    def item(self, namespace: str, name: str, changes: Mapping[str, str]) -> Item:
        """Return one with other words than the pattern's."""
        text = self._text
        for old, new in changes.items():
            text = text.replace(old, new)
        return Item(namespace, name, *text.encode().split(b"\t"))


def population(pods: int) -> dict[Kind, list[Item]]:
    """Return the objects of a cluster with so many pods, in the order of the API: by namespace and name.

    Ten pods are of a Deployment, which has a ReplicaSet of an earlier rollout besides.
    """
    forms = {
        POD: Form(
            _PATTERN["pod"],
            cells=(f"{_NAME}-{_HASH}-{_SUFFIX}", "1/1", "Running", 0, "5d", _ADDRESS, _NODE, "<none>", "<none>"),
        ),
        POD_METRICS: Form(_PATTERN["pod_metrics"]),
        NODE: Form(_PATTERN["node"]),
        NODE_METRICS: Form(_PATTERN["node_metrics"]),
        DEPLOYMENT: Form(_PATTERN["deployment"]),
        REPLICA_SET: Form(_PATTERN["replica_set"]),
    }
    left = Form(_left_behind(_PATTERN["replica_set"]))
    found: dict[Kind, list[Item]] = {kind: [] for kind in (*forms, NAMESPACE)}
    for number in range(-(-pods // PODS_OF_A_DEPLOYMENT)):
        app = _App(number)
        found[DEPLOYMENT].append(forms[DEPLOYMENT].item(app.namespace, app.name, app.words(app.hash)))
        for form, word in ((forms[REPLICA_SET], app.hash), (left, app.earlier)):
            found[REPLICA_SET].append(form.item(app.namespace, f"{app.name}-{word}", app.words(word)))
        for place in range(number * PODS_OF_A_DEPLOYMENT, min(pods, (number + 1) * PODS_OF_A_DEPLOYMENT)):
            words = {**app.words(app.hash), **_words_of_pod(place)}
            name = f"{app.name}-{app.hash}-{words[_SUFFIX]}"
            found[POD].append(forms[POD].item(app.namespace, name, words))
            found[POD_METRICS].append(forms[POD_METRICS].item(app.namespace, name, words))
    for number in range(-(-pods // PODS_OF_A_NODE)):
        node = f"node-{number}"
        found[NODE].append(forms[NODE].item("", node, {_NODE: node}))
        found[NODE_METRICS].append(forms[NODE_METRICS].item("", node, {_NODE: node}))
    for namespace in sorted({item.namespace for item in found[POD]}):
        body = {"metadata": {"name": namespace}, "spec": {}, "status": {"phase": "Active"}}
        found[NAMESPACE].append(Form(body).item("", namespace, {}))
    return {kind: sorted(items, key=lambda item: (item.namespace, item.name)) for kind, items in found.items()}


class _App:
    """What tells one Deployment and what is of it from the others."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.namespace = f"{_NAMESPACE}-{number % NAMESPACES:02}"
        self.name = f"web-{number:04}"
        self.hash, self.earlier = _digits(f"now {number}", 10), _digits(f"earlier {number}", 10)

    def words(self, template_hash: str) -> dict[str, str]:
        """Return what is to be in the place of the pattern's words."""
        return {
            f'"{_NAMESPACE}"': f'"{self.namespace}"',
            _NAME: self.name,
            _HASH: template_hash,
            _DEPLOYMENT_UID: _uid("deployment", self.number),
            _REPLICA_SET_UID: _uid(f"replica set {template_hash}", self.number),
        }


def _words_of_pod(number: int) -> dict[str, str]:
    return {
        _SUFFIX: _digits(f"pod {number}", 5),
        _POD_UID: _uid("pod", number),
        _NODE: f"node-{number // PODS_OF_A_NODE}",
        _ADDRESS: f"10.{128 + number // 65536}.{number // 256 % 256}.{number % 256}",
        # Hardly two pods use the same, and they are not measured at one moment.
        _CPU: f'"{number * 1009 + 1374482}n"',
        _MEMORY: f'"{number + 696}Ki"',
        _MOMENT: f"20:27:{number % 15:02}Z",
        _WINDOW: f'"{10 + number % 10}.{number % 1000:03}s"',
    }


def _left_behind(replica_set: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ReplicaSet as a rollout leaves it."""
    status = {"replicas": 0, "observedGeneration": 2}
    return {**replica_set, "spec": {**replica_set["spec"], "replicas": 0}, "status": status}


def _digits(key: str, count: int) -> str:
    return sha256(key.encode()).hexdigest()[:count]


def _uid(key: str, number: int) -> str:
    found = _digits(f"{key} {number}", 32)
    return "-".join((found[:8], found[8:12], found[12:16], found[16:20], found[20:]))
