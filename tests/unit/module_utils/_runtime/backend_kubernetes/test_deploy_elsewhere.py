# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deployment on Kubernetes has outside of its own namespace, and what goes together with its kind."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError, UnsupportedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import CONFIG_MAP, NAMESPACE
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE

from .shop import Shop, told

FAR = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "far", "namespace": "common"}, "data": {"a": "1"}}
DATA: dict[str, Any] = {
    "apiVersion": DATABASE.api_version,
    "kind": DATABASE.kind,
    "metadata": {"name": "data"},
    "spec": {"members": 0},
}


@pytest.fixture
def shop() -> Shop:
    """Return a cluster with three namespaces."""
    shop = Shop()
    for name in ("common", "other"):
        shop.api.cluster.add(NAMESPACE, {"metadata": {"name": name}})
    return shop


def far(shop: Shop) -> dict[str, Any]:
    return shop.api.get(CONFIG_MAP, "common", "far")


def test_what_is_elsewhere_says_of_which_namespace_it_is(shop: Shop) -> None:
    shop.deploy(content=(FAR,))
    assert far(shop)["metadata"]["labels"]["nekzus.io/service-namespace"] == "default"
    assert told(shop.plan(content=(FAR,))) == []


def test_a_deployment_of_the_same_name_in_another_namespace_is_another_one(shop: Shop) -> None:
    shop.deploy(content=(FAR,))
    with pytest.raises(ConflictError, match="ConfigMap common/far of the deployment default/shop"):
        shop.plan(content=(FAR,), namespace="other")
    shop.bare("absent", namespace="other")
    assert far(shop)["data"] == {"a": "1"}


def test_what_goes_with_its_kind_is_gone(shop: Shop) -> None:
    shop.deploy(content=(DATA,))
    gone = UnsupportedError("the API server has no databases")
    shop.api.before("DELETE", lambda: shop.api.fail("GET", gone, kind="databases", nth=0), kind="databases")
    shop.bare("absent")
    assert shop.objects() == []
