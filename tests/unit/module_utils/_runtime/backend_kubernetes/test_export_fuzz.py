# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an object is like, it can be written down, and its secrets stay hidden."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.belonging import (
    certificates,
    leads_to,
    needs_of,
    pod_labels,
    scales,
    serves,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.blueprint import blueprint, losses
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.conceal import concealed
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    AUTOSCALER,
    CONFIG_MAP,
    CRON_JOB,
    DEPLOYMENT,
    INGRESS,
    JOB,
    POD,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    VOLUME_CLAIM,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = (
    *(POD, DEPLOYMENT, STATEFUL_SET, JOB, CRON_JOB, DATABASE, SERVICE, CONFIG_MAP, SECRET, VOLUME_CLAIM),
    *(SERVICE_ACCOUNT, INGRESS, AUTOSCALER),
)
KEYS = st.sampled_from(
    (
        *(
            "metadata",
            "labels",
            "annotations",
            "spec",
            "template",
            "jobTemplate",
            "containers",
            "initContainers",
            "env",
        ),
        *("name", "value", "valueFrom", "secretKeyRef", "command", "args", "volumes", "volumeMounts", "secret"),
        *("selector", "ports", "clusterIP", "type", "tolerations", "imagePullSecrets", "serviceAccountName", "tls"),
        *("http", "paths", "backend", "service", "scaleTargetRef", "volumeClaimTemplates", "manualSelector", "rules"),
        *("configMap", "serviceName", "API_TOKEN", "env"),
    )
)
TEXTS = ("web", "default", "None", "NodePort", "API_TOKEN", "redis://:hunter2@cache/0", "--token=hunter2", "")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)
DOCUMENTS = st.dictionaries(st.sampled_from(("metadata", "spec", "data", "status", "type", "secrets")), VALUES)
FUZZ = settings(deadline=None, derandomize=True, database=None, max_examples=300)


def outside(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Secret without its values, which are told in another way."""
    return {key: value for key, value in document.items() if key not in ("data", "stringData")}


@FUZZ
@given(st.sampled_from(KINDS), DOCUMENTS)
def test_any_object_has_a_blueprint_which_is_its_own(resource: Resource, document: Mapping[str, Any]) -> None:
    before = json.dumps(document)
    piece = Piece(resource, document)
    made = blueprint(piece)
    assert list(made)[:3] == ["apiVersion", "kind", "metadata"]
    assert blueprint(Piece(resource, made)) == made
    assert all(isinstance(one, str) for one in losses(piece))
    assert json.dumps(document) == before


@FUZZ
@given(st.sampled_from(KINDS), DOCUMENTS)
def test_what_is_masked_of_any_object_is_named(resource: Resource, document: Mapping[str, Any]) -> None:
    made = blueprint(Piece(resource, document))
    shown, names = concealed(made)
    hidden = outside(shown) != outside(made) or "stringData" in shown if resource == SECRET else shown != made
    assert bool(names) is hidden
    assert concealed(shown)[0] == shown
    assert json.loads(json.dumps(shown)) == shown


@FUZZ
@given(st.sampled_from(KINDS), DOCUMENTS, DOCUMENTS)
def test_what_belongs_to_any_object_can_be_told(
    resource: Resource, document: Mapping[str, Any], other: Mapping[str, Any]
) -> None:
    piece = Piece(resource, document)
    assert all(need.name for need in needs_of(piece))
    found = (serves(other, piece, pod_labels(piece)), leads_to(other, {"web"}), scales(other, piece))
    assert all(isinstance(one, bool) for one in found)
    assert isinstance(certificates(other), list)
