# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory makes of containers, through the real plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, POD
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.inventory.inventory_run import InventoryRun

DEAD = RuntimeUnavailableError("nothing answers at tcp://dead:2375", hint="start it")
EDGE = {"name": "edge", "docker_host": "/edge.sock"}
LAB = {"name": "lab", "docker_host": "/lab.sock"}
PROD = {"name": "prod", "kubernetes": {"host": "https://prod:6443"}}
GONE = {"name": "gone", "docker_host": "tcp://dead:2375"}


def place(run: InventoryRun) -> None:
    """Have what the endpoints above mean."""
    run.docker("web", "db", at="unix:///edge.sock")
    run.docker("web", at="unix:///lab.sock")
    run.cluster().cluster.add(POD, pod("web-0", namespace="shop", labels={"app": "web"}))
    run.fakes["tcp://dead:2375"] = DEAD


def test_a_container_is_a_host_with_what_is_known_of_it(listed: InventoryRun) -> None:
    listed.docker("web", labels={"com.docker.compose.project": "shop", "tier": "front"})
    found = listed()
    assert list(found.hosts) == ["web"]
    variables = found.hosts["web"]
    assert all(name.startswith("nekzus_") for name in variables)
    told = {"endpoint": "docker", "address": "docker/web", "runtime": "docker", "name": "web", "state": "running"}
    assert {name: variables[f"nekzus_{name}"] for name in told} == told
    assert variables["nekzus_labels"] == {"com.docker.compose.project": "shop", "tier": "front"}
    groups = ("docker", "endpoint_docker", "state_running", "compose_shop")
    assert {name: found.groups[name] for name in groups} == {name: ["web"] for name in groups}
    assert found.warnings == []


def test_endpoints_are_listed_together_each_under_its_name(listed: InventoryRun) -> None:
    place(listed)
    found = listed(endpoints=[EDGE, LAB, PROD])
    assert list(found.hosts) == ["db.edge", "web.edge", "web.lab", "web-0.shop.prod"]
    assert found.groups["docker"] == ["db.edge", "web.edge", "web.lab"]
    assert found.groups["kubernetes"] == found.groups["namespace_shop"] == ["web-0.shop.prod"]
    assert found.groups["endpoint_edge"] == ["db.edge", "web.edge"]
    assert found.hosts["web.lab"]["nekzus_endpoint"] == "lab"


def test_a_dead_endpoint_is_one_warning_and_the_others_are_there(listed: InventoryRun) -> None:
    place(listed)
    found = listed(endpoints=[EDGE, GONE, LAB, PROD])
    assert list(found.hosts) == ["db.edge", "web.edge", "web.lab", "web-0.shop.prod"]
    assert found.warnings == ["endpoint gone is left out: docker: nothing answers at tcp://dead:2375. Hint: start it."]


@pytest.mark.parametrize("more", [{"strict_endpoints": True, "endpoints": [EDGE, GONE]}, {"endpoints": [GONE]}])
def test_it_fails_when_it_has_to_be_complete_or_would_be_empty(listed: InventoryRun, more: dict[str, Any]) -> None:
    place(listed)
    with pytest.raises(AnsibleError, match=r"of \d endpoints do not answer\. gone: docker: nothing answers.*start it"):
        listed(**more)


def test_the_one_runtime_that_does_not_answer_is_told_as_a_module_would(listed: InventoryRun) -> None:
    listed.fakes["unix:///var/run/docker.sock"] = DEAD
    with pytest.raises(AnsibleError) as failure:
        listed()
    assert str(failure.value) == "docker: nothing answers at tcp://dead:2375. Hint: start it."


def test_without_endpoints_a_cluster_counts_as_soon_as_it_is_said_where(listed: InventoryRun) -> None:
    place(listed)
    listed.docker("web")
    assert list(listed().hosts) == ["web"]
    found = listed(runtimes={"kubernetes": {"host": "https://prod:6443"}})
    assert list(found.hosts) == ["web", "web-0.shop"]
    assert list(listed(runtime="kubernetes", runtimes={"kubernetes": {"host": "https://prod:6443"}}).hosts) == [
        "web-0.shop"
    ]


def test_the_flat_options_say_where_too(listed: InventoryRun) -> None:
    place(listed)
    listed.fakes["/kube"] = listed.fakes["https://prod:6443"]
    assert list(listed(docker_host="/edge.sock", kubeconfig="/kube").hosts) == ["db", "web", "web-0.shop"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"endpoints": []}, "endpoints must be a list of at least one"),
        (
            {"endpoints": [{"name": "a", "dokcer": {}}]},
            r"endpoints\[0\]\.dokcer is not a key.*mean docker",
        ),
        ({"endpoints": [EDGE], "docker_host": "/b"}, "endpoints and docker_host are both given"),
        ({"endpionts": [EDGE]}, "endpionts is not a key. Hint: did you mean endpoints"),
        ({"filters": {"nam": ["a"]}}, "filters.nam is not a key. Hint: did you mean name"),
        ({"filters": {"status": ["runing"]}}, "value of status must be one or more of.*runing"),
        ({"label_selectors": ["a b"]}, "'a b' is not a label selector"),
        ({"namespaces": ["A_b"]}, "'A_b' is not a namespace"),
        ({"runtime": "kubernetes"}, "no kubernetes is enabled"),
        ({"runtimes": {"dokcer": {}}}, r"runtimes\.dokcer is not a key"),
        (
            {"endpoints": [{"name": "a", "kubeconfig": {"a": "b"}}], "connection": "exec"},
            "endpoint a: a kubeconfig that",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    listed: InventoryRun, options: dict[str, Any], message: str
) -> None:
    fake = listed.docker("web", at="unix:///edge.sock")
    with pytest.raises(AnsibleError, match=message):
        listed(**options)
    assert fake.calls == []


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("a.nekzus.yml", True),
        ("a.nekzus.yaml", True),
        ("a.containers.yml", True),
        ("a.containers.yaml", True),
        ("nekzus.yml", True),
        ("containers.yml", True),
        ("mynekzus.yml", False),
        ("a.yml", False),
        ("a.nekzus.json", False),
    ],
)
def test_a_file_is_ours_by_its_name(listed: InventoryRun, name: str, ours: bool) -> None:  # noqa: FBT001 - a table
    from ansible.plugins.loader import inventory_loader  # noqa: PLC0415 - as inventory_run does

    listed.name = name
    assert inventory_loader.get("nekzus.runtime.containers").verify_file(listed.write()) is ours


def test_only_what_runs_is_listed_unless_more_is_asked_for(listed: InventoryRun) -> None:
    fake = listed.docker("web")
    fake.add("old", state="exited")
    fake.add("held", state="paused")
    assert list(listed().hosts) == ["held", "web"]
    assert list(listed(include_stopped=True).hosts) == ["held", "old", "web"]
    assert list(listed(filters={"status": ["stopped"]}).hosts) == ["old"]
    assert list(listed(filters={"status": "stopped,running"}).hosts) == ["old", "web"]


def test_a_workload_without_pods_is_a_host_of_its_own(listed: InventoryRun) -> None:
    cluster = listed.cluster().cluster
    cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", namespace="shop", replicas=0))
    found = listed(endpoints=[PROD], include_stopped=True)
    assert list(found.hosts) == ["web.deployment.shop.prod"]
    assert found.groups["state_stopped"] == found.groups["owner_deployment_web"] == ["web.deployment.shop.prod"]
    assert listed(endpoints=[PROD]).hosts == {}


def test_containers_are_selected_as_in_all_modules(listed: InventoryRun) -> None:
    fake = listed.docker("web", "db", labels={"tier": "a"})
    fake.add("other", labels={"tier": "b"}, image="nginx:1")
    assert list(listed(label_selectors=["tier=a"]).hosts) == ["db", "web"]
    assert list(listed(label_selectors="tier in (a,b)", exclude=["db"]).hosts) == ["other", "web"]
    assert list(listed(filters={"image": "nginx", "name": ["*"]}).hosts) == ["other"]


def test_namespaces_restrict_clusters_only(listed: InventoryRun) -> None:
    place(listed)
    prod = listed.cluster().cluster
    for name, namespace in (("web-0", "shop"), ("mx-0", "mail")):
        prod.add(POD, pod(name, namespace=namespace))
    assert list(listed(endpoints=[LAB, PROD], namespaces=["mail"]).hosts) == ["web.lab", "mx-0.mail.prod"]


def test_nothing_is_looked_into_unless_details_are_asked_for(listed: InventoryRun) -> None:
    fake = listed.docker("web", "db", env=("TOKEN=s3cr3t-value", "A=b"))
    assert "nekzus_config" not in listed().hosts["web"]
    assert [str(call) for call in fake.calls] == ["list"]
    found = listed(details=True)
    assert found.hosts["web"]["nekzus_config"]["env"] == {"TOKEN": "********", "A": "b"}
    assert {"nekzus_mounts", "nekzus_network_settings"} <= set(found.hosts["db"])


def test_a_container_that_vanishes_between_list_and_inspection_is_no_host(listed: InventoryRun) -> None:
    fake = listed.docker("web", "db", "cache")
    fake.before("inspect", happen=lambda: fake.remove("db"))
    found = listed(details=True)
    assert list(found.hosts) == ["cache", "web"]
    assert found.warnings == []


def test_a_container_that_cannot_be_inspected_is_a_host_without_details_and_a_warning(listed: InventoryRun) -> None:
    fake = listed.docker("web", "db")
    fake.fail("inspect", ApiError("driver failed", hint="see its log"), name="web")
    found = listed(details=True)
    assert list(found.hosts) == ["db", "web"]
    assert "nekzus_config" not in found.hosts["web"]
    (warning,) = found.warnings
    assert warning.startswith("endpoint docker: 1 could not be inspected, the first of them web: ")
    assert "driver failed. Hint: see its log." in warning


def test_what_a_cluster_does_not_show_is_told(listed: InventoryRun) -> None:
    place(listed)
    listed.fakes["https://prod:6443"].fail("LIST", PermissionDeniedError("no", hint="grant list"), kind="deployments")  # type: ignore[union-attr]
    found = listed(endpoints=[PROD], include_stopped=True)
    assert list(found.hosts) == ["web-0.shop.prod"]
    assert found.warnings == ["endpoint prod: workloads that are stopped may be missing from the list: grant list"]


def test_hosts_are_called_as_the_template_says(listed: InventoryRun) -> None:
    place(listed)
    found = listed(endpoints=[EDGE, LAB], hostname="{{ nekzus_endpoint }}-{{ nekzus_name | upper }}/x")
    assert list(found.hosts) == ["edge-DB_x", "edge-WEB_x", "lab-WEB_x"]


def test_names_that_several_containers_have_are_told_apart_and_told(listed: InventoryRun) -> None:
    place(listed)
    found = listed(endpoints=[EDGE, LAB], hostname="{{ nekzus_name }}")
    assert list(found.hosts) == ["db", "web.edge", "web.lab"]
    (warning,) = found.warnings
    assert "the name web is taken or not one container's alone, which is called web.edge instead (2 " in warning


def test_a_template_that_says_nothing_of_a_container_leaves_it_its_own_name(listed: InventoryRun) -> None:
    fake = listed.docker("web")
    fake.add("db", labels={"host": "main"})
    assert list(listed(hostname="{{ nekzus_labels.host }}").hosts) == ["main", "web"]
    assert list(listed(hostname="{{ nekzus_compose_project | default('', true) }}").hosts) == ["db", "web"]
    with pytest.raises(AnsibleError, match=r"cannot tell the hostname of web\.docker"):
        listed(hostname="{{ nekzus_labels.host }}", strict=True)


def test_a_template_that_is_none_fails(listed: InventoryRun) -> None:
    listed.docker("web")
    with pytest.raises(AnsibleError, match="template"):
        listed(hostname="{{ nekzus_name")


@pytest.mark.parametrize("name", ["localhost", "all", "ungrouped", "docker", "state_running", "mine", "wanted"])
def test_a_container_does_not_become_what_its_name_means_elsewhere(listed: InventoryRun, name: str) -> None:
    inventory = InventoryData()
    inventory.add_group("mine")
    listed.docker(name)
    found = listed(inventory=inventory, connection="exec", groups={"wanted": "true"})
    assert list(found.hosts) == [f"{name}.docker"]
    assert found.hosts[f"{name}.docker"]["ansible_host"] == name
    assert all("ansible_connection" not in group.get_vars() for group in inventory.groups.values())
    localhost = inventory.get_host("localhost")
    assert localhost
    assert localhost.address == "127.0.0.1"


def test_groups_and_variables_are_constructed(listed: InventoryRun) -> None:
    place(listed)
    found = listed(
        endpoints=[EDGE, PROD],
        compose={"both": "nekzus_name ~ '@' ~ nekzus_endpoint"},
        groups={"webs": "nekzus_name.startswith('web')"},
        keyed_groups=[{"key": "nekzus_image", "prefix": "image"}, {"key": "nekzus_endpoint"}],
        leading_separator=False,
    )
    assert found.hosts["web.edge"]["both"] == "web@edge"
    assert found.groups["webs"] == ["web.edge", "web-0.shop.prod"]
    assert found.groups["image_busybox_stable"] == list(found.hosts)
    assert found.groups["edge"] == ["db.edge", "web.edge"]


def test_constructing_is_strict_when_told_so(listed: InventoryRun) -> None:
    listed.docker("web")
    assert "a" not in listed(compose={"a": "nekzus_labels.none"}).hosts["web"]
    with pytest.raises(AnsibleError, match="Could not set a for host web"):
        listed(compose={"a": "nekzus_labels.none"}, strict=True)
