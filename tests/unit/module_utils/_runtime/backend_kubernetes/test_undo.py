# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking back a deployment that fails: what was there is there again, and what keeps it from being is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    NotReadyError,
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod_spec
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CRASHES

from .shop import DB, GREEN, JOB_SERVICE, WEB, WHOLE, Shop


@pytest.fixture
def shop() -> Shop:
    """Return an empty cluster."""
    return Shop()


def test_what_was_there_is_left_as_it_was_when_an_update_crashes(shop: Shop) -> None:
    shop.deploy()
    before = shop.pods("web")

    def crash() -> None:
        # Before it is ready: else what was there would leave for it.
        shop.lives["default", "shop-web"] = replace(CRASHES, ready_after=99)

    shop.api.before("APPLY", crash, kind="deployments", name="shop-web")
    with pytest.raises(NotReadyError, match="what was there before is back"):
        shop.deploy(JOB_SERVICE, DB, GREEN)
    assert shop.pods("web") == before
    assert shop.objects() == WHOLE
    assert shop.told(JOB_SERVICE, DB, WEB) == []


def test_what_keeps_something_from_being_taken_back_is_told(shop: Shop) -> None:
    shop.deploy()

    def refuse() -> None:
        raise PermissionDeniedError("patch is not allowed any more")

    def crash() -> None:
        shop.lives["default", "shop-web"] = replace(CRASHES, ready_after=99)
        shop.api.before("APPLY", refuse, kind="deployments", name="shop-web")

    shop.api.before("APPLY", crash, kind="deployments", name="shop-web")
    told = "not all could be taken back: Deployment default/shop-web: .*patch is not allowed any more"
    with pytest.raises(NotReadyError, match=told):
        shop.deploy(JOB_SERVICE, DB, GREEN)


def test_what_is_back_and_not_up_is_told_with_the_reason(shop: Shop) -> None:
    shop.deploy()
    shop.lives["default", "shop-web"] = CRASHES
    for pod in shop.api.cluster.store.all(POD):
        if pod["metadata"]["name"].startswith("shop-web-"):
            shop.api.cluster.delete(POD, pod)
    told = "what was there before was put back, and is not up: Deployment default/shop-web: .*not running after 30 s"
    with pytest.raises(NotReadyError, match=told):
        shop.deploy(JOB_SERVICE, DB, GREEN)


@pytest.mark.parametrize("words", ["change fields other than `spec.containers[*].image`", "add or remove containers"])
def test_a_pod_that_was_made_anew_is_back_when_its_successor_has_gone(shop: Shop, words: str) -> None:
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lone"}}
    shop.deploy(content=({**body, "spec": pod_spec()},))
    other = {**body, "spec": {**pod_spec(), "hostname": "other"}}
    shop.api.fail("TRY", ApiError(f"Forbidden: pod updates may not {words}"), kind="pods", name="lone")
    shop.lives["default", "lone"] = replace(CRASHES, terminates_after=5)
    with pytest.raises(NotReadyError, match="what was there before is back"):
        shop.deploy(content=(other,))
    found = shop.get(POD, "lone")
    assert "hostname" not in found["spec"]
    assert "deletionTimestamp" not in found["metadata"]


def test_a_job_that_was_made_anew_is_said_to_run_again(shop: Shop) -> None:
    shop.deploy()
    job = replace(JOB_SERVICE, environment={"STEP": "2"})
    shop.api.fail("TRY", ApiError("spec.template: field is immutable"), kind="jobs", name="shop-job")

    def crash() -> None:
        shop.lives["default", "shop-web"] = replace(CRASHES, ready_after=99)

    shop.api.before("APPLY", crash, kind="deployments", name="shop-web")
    told = "what was there before is back, but for Job default/shop-job, which the next deployment runs again"
    with pytest.raises(NotReadyError, match=told):
        shop.deploy(job, DB, GREEN)
    assert shop.told(JOB_SERVICE, DB, WEB) == ["Job shop-job created"]
