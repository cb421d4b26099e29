# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What deployments have that belongs to no namespace: two of one name, in two namespaces, do not share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .cluster import path_of
from .kubernetes_deployment import KubernetesDeployment

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .space import Space

KIND, VERSION = "PriorityClass", "scheduling.k8s.io/v1"


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    yield found
    found.cluster.delete(path_of(VERSION, KIND, name=found.name))
    found.clear()


def test_a_deployment_of_the_same_name_in_another_namespace_is_another_one(place: KubernetesDeployment) -> None:
    content = ({"apiVersion": VERSION, "kind": KIND, "metadata": {"name": place.name}, "value": 1},)
    place.deploy(content=content)
    assert place.told(content=content) == []
    with pytest.raises(ConflictError, match=f"of the deployment {place.space.namespace}/{place.name}"):
        place.plan(content=content, namespace="default")
    assert place.plan(state="absent", namespace="default").changes == ()
    place.deploy(state="absent")
    assert place.cluster.find(path_of(VERSION, KIND, name=place.name)) is None
