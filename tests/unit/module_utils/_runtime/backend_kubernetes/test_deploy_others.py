# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying manifests in a cluster, and what others have there: orders, conflicts, and what is not to be touched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    InvalidTargetError,
    InvalidTemplateError,
    NotReadyError,
    PermissionDeniedError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    ROLE_BINDING,
    SERVICE,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE, ROLLOUT, pod_spec
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload as object_of
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CRASHES, Life

from .shop import DB, GREEN, JOB_SERVICE, Shop, told

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource

Manifest = dict[str, Any]
OTHERS: dict[str, Any] = {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 1}]}}


@pytest.fixture
def shop() -> Shop:
    """Return an empty cluster."""
    return Shop()


def workload(resource: Resource, name: str, **spec: Any) -> Manifest:
    """Return the manifest of a workload."""
    found = object_of(resource, name, spec=spec)
    metadata = {"name": name}
    return {"apiVersion": resource.api_version, "kind": resource.kind, **found, "metadata": metadata}


def config(name: str = "conf", **data: str) -> Manifest:
    """Return the manifest of a ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data or {"a": "1"}}


DATABASE_OF_ITS_KIND = {
    "apiVersion": DATABASE.api_version,
    "kind": DATABASE.kind,
    "metadata": {"name": "data"},
    "spec": {"members": 0},
}


def test_pods_are_waited_for_when_all_is_there_that_others_make_of_it(shop: Shop) -> None:
    shop.deploy(content=(workload(DEPLOYMENT, "web"), DATABASE_OF_ITS_KIND, config()))
    words = [str(call) for call in shop.api.writes if call.kind in ("configmaps", "deployments", "databases")]
    assert words[1:-1] == [
        "APPLY configmaps/conf",
        "APPLY deployments/web",
        "APPLY databases/data",
        "PATCH deployments/web",
    ]


def test_what_others_say_of_an_object_is_left_alone(shop: Shop) -> None:
    shop.deploy(content=(config(),))
    shop.api.cluster.edit(CONFIG_MAP, "conf", {"data": {"b": "2"}, "metadata": {"labels": {"owner": "them"}}})
    assert shop.told(content=(config(),)) == []
    shop.deploy(content=(config(a="3"),))
    assert shop.get(CONFIG_MAP, "conf")["data"] == {"a": "3", "b": "2"}


def test_fields_that_others_have_set_otherwise_are_named_all_at_once(shop: Shop) -> None:
    content = (config(), config("more"))
    shop.deploy(content=content)
    for name in ("conf", "more"):
        shop.api.cluster.edit(CONFIG_MAP, name, {"data": {"a": "theirs"}})
    written = len(shop.api.writes)
    with pytest.raises(ConflictError) as refusal:
        shop.plan(content=content)
    assert all(f"ConfigMap default/{name}: else has set" in refusal.value.message for name in ("conf", "more"))
    assert "take_over" in (refusal.value.hint or "")
    assert len(shop.api.writes) == written
    shop.deploy(content=content, take_over=True)
    assert shop.get(CONFIG_MAP, "more")["data"] == {"a": "1"}


def test_pods_that_a_workload_has_made_are_no_objects_of_the_template(shop: Shop) -> None:
    lone = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lone"}, "spec": pod_spec()}
    content = (workload(DEPLOYMENT, "web"), lone)
    shop.deploy(content=content)
    assert shop.told(content=content) == []
    assert shop.told(content=content[:1]) == ["Pod lone removed"]
    shop.deploy(content=content[:1])
    assert len(shop.api.cluster.pods_of("web")) == 1


def test_what_cannot_be_stopped_is_named(shop: Shop) -> None:
    shop.deploy(content=(workload(DAEMON_SET, "agents"), workload(DEPLOYMENT, "web")))
    with pytest.raises(UnsupportedError, match="no way to stop DaemonSet default/agents"):
        shop.bare("stopped")
    assert shop.get(DEPLOYMENT, "web")["spec"]["replicas"] == 1


@pytest.mark.parametrize("resource", [STATEFUL_SET, REPLICA_SET, DEPLOYMENT])
def test_whatever_has_a_count_is_stopped_and_started_without_its_template(shop: Shop, resource: Resource) -> None:
    shop.deploy(content=(workload(resource, "web", replicas=2), config()))
    assert shop.told(state="stopped", content=None) == [f"{resource.kind} web stopped"]
    shop.bare("stopped")
    assert shop.get(resource, "web")["spec"]["replicas"] == 0
    assert shop.told(state="stopped", content=None) == []
    found = shop.bare("started")
    assert found is not None
    assert [(one.name, one.ready, one.replicas) for one in found.containers] == [("web", True, 2)]


def test_a_job_that_has_failed_is_made_anew(shop: Shop) -> None:
    shop.lives["default", "once"] = Life(exits_after=1, exit_code=3)
    content = (workload(JOB, "once", backoffLimit=0),)
    shop.deploy(content=content, wait=False)
    shop.clock.sleep(5)
    assert shop.told(content=content) == ["Job once recreated"]
    shop.lives["default", "once"] = Life(exits_after=1)
    shop.deploy(content=content)
    assert shop.told(content=content) == []


def test_a_custom_kind_that_has_a_scale_is_a_container_of_the_deployment(shop: Shop) -> None:
    rollout = {"apiVersion": ROLLOUT.api_version, "kind": ROLLOUT.kind, "metadata": {"name": "web"}}
    content = ({**rollout, "spec": {"size": 1, "template": object_of(ROLLOUT, "web")["spec"]["template"]}},)
    shop.deploy(content=content)
    (found,) = shop.deployer.deployed("shop")
    (one,) = found.containers
    assert (one.address, one.state, one.replicas) == ("kubernetes/default/rollout.example.com/web", "running", 1)
    assert shop.told(content=content) == []
    with pytest.raises(UnsupportedError, match="no way to stop Rollout default/web"):
        shop.bare("stopped")


def test_a_cron_job_begins_suspended_and_is_let_go_when_all_is_there(shop: Shop) -> None:
    shop.deploy(content=(workload(CRON_JOB, "nightly", suspend=False),))
    (applied,) = [call for call in shop.api.writes if call.verb == "APPLY" and call.kind == "cronjobs"]
    assert applied.detail["body"]["spec"]["suspend"] is True
    assert shop.get(CRON_JOB, "nightly")["spec"]["suspend"] is False
    shop.bare("stopped")
    assert shop.get(CRON_JOB, "nightly")["spec"]["suspend"] is True


def test_what_the_cluster_does_not_take_is_told_with_the_object(shop: Shop) -> None:
    error = ApiError("it is invalid", details={"causes": ["spec.ports: Required value"]})
    shop.api.fail("DRY-RUN", error, kind="services")
    shop.api.fail("TRY", error, kind="services")
    with pytest.raises(ApiError, match="Service default/db: it is invalid"):
        shop.plan()
    assert shop.api.writes == []


def test_who_is_bound_to_another_role_is_bound_anew(shop: Shop) -> None:
    def binding(role: str) -> Manifest:
        made = {"apiVersion": ROLE_BINDING.api_version, "kind": "RoleBinding", "metadata": {"name": "it"}}
        return {**made, "roleRef": {"kind": "Role", "name": role}}

    shop.deploy(content=(binding("one"),))
    shop.api.fail("TRY", ApiError("roleRef: Invalid value: cannot change roleRef"), kind="rolebindings")
    assert shop.told(content=(binding("two"),)) == ["RoleBinding it recreated"]


def test_what_would_lose_something_is_not_made_anew(shop: Shop) -> None:
    shop.deploy(content=(workload(STATEFUL_SET, "db", replicas=1),))
    words = "spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden"
    shop.api.fail("TRY", ApiError(words), kind="statefulsets")
    with pytest.raises(ApiError, match="StatefulSet default/db: spec: Forbidden") as refusal:
        shop.plan(content=(workload(STATEFUL_SET, "db", replicas=1, serviceName="other"),))
    assert "remove it with state=absent" in str(refusal.value.hint)


def test_a_right_that_is_missing_is_told_with_the_object(shop: Shop) -> None:
    error = PermissionDeniedError("forbidden", hint="grant patch on services in namespace default")
    for verb in ("DRY-RUN", "TRY"):
        shop.api.fail(verb, error, kind="services")
    with pytest.raises(PermissionDeniedError, match="Service default/db: forbidden") as refusal:
        shop.plan()
    assert refusal.value.hint == "grant patch on services in namespace default"


def test_an_object_of_somebody_else_is_in_the_way(shop: Shop) -> None:
    shop.api.cluster.add(SERVICE, {**OTHERS, "metadata": {"name": "web", "namespace": "default"}})
    before = shop.get(SERVICE, "web")
    with pytest.raises(ConflictError, match="already a Service default/web that this collection has not made"):
        shop.plan()
    shop.bare("absent", remove_volumes=True)
    assert shop.get(SERVICE, "web") == before


def test_an_object_of_another_deployment_is_in_the_way(shop: Shop) -> None:
    shop.deploy()
    other = replace(shop.wish(), name="other", content=replace(shop.wish().content, name="other"))  # type: ignore[type-var]
    with pytest.raises(ConflictError, match="Service default/web of the deployment shop"):
        shop.deployer.plan(other)


def test_what_is_about_to_go_is_waited_for_by_whoever_deploys(shop: Shop) -> None:
    shop.deploy()
    shop.api.cluster.edit(SERVICE, "web", {"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}})
    with pytest.raises(ConflictError, match="Service default/web is being deleted"):
        shop.plan()


def test_a_namespace_that_is_not_there_is_named(shop: Shop) -> None:
    with pytest.raises(InvalidTargetError, match="there is no namespace nowhere"):
        shop.plan(namespace="nowhere")


def test_a_deployer_keeps_to_its_namespaces(shop: Shop) -> None:
    deployer = shop.another(("prod", "test"))
    for ask in (
        lambda: deployer.plan(shop.wish()),
        lambda: deployer.deployed("shop", ("default",)),
        lambda: deployer.plan(
            shop.wish(namespace="prod", content=(config() | {"metadata": {"name": "a", "namespace": "x"}},))
        ),
    ):
        with pytest.raises(InvalidTargetError, match=r"is not one of runtimes\.kubernetes\.namespaces"):
            ask()
    home = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}}
    with pytest.raises(InvalidTargetError, match="Namespace new belongs to no namespace"):
        deployer.plan(shop.wish(namespace="prod", content=(home,)))


def test_a_template_without_objects_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidTemplateError, match="the template has no objects"):
        shop.plan(content=())


def test_one_that_crashes_is_repaired_by_an_update(shop: Shop) -> None:
    shop.lives["default", "shop-web"] = CRASHES
    with pytest.raises(NotReadyError):
        shop.deploy()
    shop.deploy(wait=False)
    shop.clock.sleep(30)
    assert shop.pods("web")
    # The pod that crashes is there until the new one is ready.
    shop.lives["default", "shop-web"] = Life(ready_after=3)
    found = shop.deploy(JOB_SERVICE, DB, GREEN)
    assert found is not None
    assert found.status == "running"


def test_a_first_deployment_that_was_interrupted_is_gone_on_with(shop: Shop) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    shop.api.before("PATCH", interrupt, kind="deployments", name="shop-db")
    # Nothing can be taken back either: the process is gone.
    shop.api.before("DELETE", interrupt, nth=0)
    with pytest.raises(KeyboardInterrupt):
        shop.deploy()
    shop.api.forget_scripts()
    plan = shop.plan()
    assert plan.first
    found = shop.deployer.execute(plan)
    assert found is not None
    assert found.status == "running"
    assert told(shop.plan()) == []
    assert len(shop.api.cluster.store.all(POD)) >= 2
