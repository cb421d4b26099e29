# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compose projects as manifests: the objects, their names and their order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidTemplateError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    FileMount,
    HealthCheck,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    RestartPolicy,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    NetworkSpec,
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import (
    found,
    names,
    pod_of,
    rendered,
    warnings_of,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import DEFAULT, web

DB = ServiceSpec("db", "postgres", networks=DEFAULT)


def test_a_plain_service_is_a_deployment_and_the_service_of_its_name() -> None:
    labels = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}
    assert rendered(web()).documents == (
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web", "labels": labels},
            "spec": {
                "selector": labels,
                "type": "ClusterIP",
                "clusterIP": "None",
                "publishNotReadyAddresses": True,
            },
        },
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "shop-web", "labels": labels, "annotations": {"nekzus.io/main": "true"}},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": labels},
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
                "minReadySeconds": 2,
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {
                        "containers": [{"name": "web", "image": "nginx", "imagePullPolicy": "IfNotPresent"}],
                        "automountServiceAccountToken": False,
                        "enableServiceLinks": False,
                    },
                },
            },
        },
    )


def test_a_health_check_says_when_a_pod_is_of_use_and_without_one_it_runs_for_a_moment() -> None:
    checked = web(healthcheck=HealthCheck(("CMD", "true")))
    for service, seconds in ((checked, None), (web(healthcheck=HealthCheck(("NONE",))), 2), (web(), 2)):
        assert found(rendered(service), "Deployment", "shop-web")["spec"].get("minReadySeconds") == seconds


def test_the_main_service_is_marked_and_told() -> None:
    rendering = rendered(DB, web())
    assert rendering.main == "shop-web"
    assert "annotations" not in found(rendering, "Deployment", "shop-db")["metadata"]


def test_a_service_that_has_to_end_first_is_a_job() -> None:
    job = ServiceSpec("job", "busybox", ports=(PortSpec(80, 80),))
    rendering = rendered(job, web(depends_on=(Dependency("job", Condition.COMPLETED),)))
    spec_of_job = found(rendering, "Job", "shop-job")["spec"]
    assert (spec_of_job["backoffLimit"], spec_of_job["template"]["spec"]["restartPolicy"]) == (0, "Never")
    assert names(rendering, "Deployment") == ["shop-web"]
    assert names(rendering, "Service") == ["web"]


@pytest.mark.parametrize(
    ("policy", "limit"),
    [(RestartPolicy("on-failure", 2), 2), (RestartPolicy("on-failure"), 6), (RestartPolicy("always"), 6)],
)
def test_a_job_tries_as_often_as_the_template_says(policy: RestartPolicy, limit: int) -> None:
    job = ServiceSpec("job", "busybox", restart=policy)
    rendering = rendered(job, web(depends_on=(Dependency("job", Condition.COMPLETED),)))
    assert found(rendering, "Job", "shop-job")["spec"]["backoffLimit"] == limit


@pytest.mark.parametrize("name", ["no", "on-failure"])
def test_that_what_ends_runs_again_is_told_when_the_template_says_otherwise(name: str) -> None:
    told = f"services.web.restart: {name} is not heeded, a workload runs again when it has ended"
    assert warnings_of(web(restart=RestartPolicy(name), keys=("image", "restart"))) == (told,)
    assert warnings_of(web(restart=RestartPolicy("no"), keys=("image",))) == ()


def test_services_start_in_waves() -> None:
    services = (
        DB,
        ServiceSpec("cache", "redis"),
        ServiceSpec("app", "app", depends_on=(Dependency("db"),)),
        web(depends_on=(Dependency("app"), Dependency("cache"))),
    )
    assert rendered(*services).order == (("shop-db", "shop-cache"), ("shop-app",), ("shop-web",))


def test_who_keeps_files_has_no_two_pods_at_once() -> None:
    for volume in (VolumeSpec("data"), VolumeSpec("data", name="kept", external=True)):
        service = web(mounts=(MountSpec(MountType.VOLUME, "/data", "data"),))
        found_one = found(rendered(service, volumes=(volume,)), "Deployment", "shop-web")
        assert found_one["spec"]["strategy"] == {"type": "Recreate"}


def test_others_reach_a_service_by_all_its_names_and_ports() -> None:
    ports = (PortSpec(8080, 80), PortSpec(53, protocol="udp", name="dns", app_protocol="dns"))
    service = web(
        ports=ports,
        expose=(PortSpec(9000),),
        networks=(NetworkAttachment("default", aliases=("front", "Not A Label")),),
        container_name="box",
    )
    rendering = rendered(service, replace(DB, links=(("web", "shopfront"),)))
    assert names(rendering, "Service") == ["web", "front", "shopfront", "box", "db"]
    assert found(rendering, "Service", "front")["spec"]["ports"] == [
        {"name": "tcp-8080", "port": 8080, "targetPort": 8080, "protocol": "TCP"},
        {"name": "tcp-80", "port": 80, "targetPort": 8080, "protocol": "TCP"},
        {"name": "dns", "port": 53, "targetPort": 53, "protocol": "UDP", "appProtocol": "dns"},
        {"name": "tcp-9000", "port": 9000, "targetPort": 9000, "protocol": "TCP"},
    ]
    assert rendering.warnings == ("services.web.networks.aliases: Not A Label is no DNS label",)


def test_who_is_on_the_network_of_the_node_is_reached_there() -> None:
    service = web(networks=(), network_mode="host", ports=(PortSpec(80, 80),))
    assert names(rendered(service), "Service") == []
    spec_of_pod = pod_of(service)
    assert (spec_of_pod["hostNetwork"], spec_of_pod["dnsPolicy"]) == (True, "ClusterFirstWithHostNet")


def test_two_of_one_name_and_names_that_are_too_long_are_refused() -> None:
    with pytest.raises(InvalidTemplateError) as refusal:
        rendered(ServiceSpec("a_b", "x"), ServiceSpec("a.b", "x"), ServiceSpec("w" * 60, "x"))
    assert "services.a_b and services.a.b are both called shop-a-b" in refusal.value.message
    assert f"services.{'w' * 60}: shop-{'w' * 60} is no name of at most 63" in refusal.value.message


def test_an_alias_that_is_the_name_of_another_service_is_refused() -> None:
    service = web(networks=(NetworkAttachment("default", aliases=("db",)),))
    with pytest.raises(InvalidTemplateError, match=r"services.db and services.web as db are both called db"):
        rendered(DB, service)


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        ((NetworkSpec("default"),), ()),
        ((NetworkSpec("lan", external=True),), ("networks.lan: pods reach all others by their Services",)),
        ((NetworkSpec("back", internal=True),), ("networks.back.internal: pods reach the outside",)),
        ((NetworkSpec("wide", driver="macvlan"),), ("networks.wide: the cluster's own network is taken",)),
        ((NetworkSpec("wide", pools=({"subnet": "10.1.0.0/16"},)),), ("networks.wide: the cluster's own network",)),
        ((NetworkSpec("wide", enable_ipv6=True),), ("networks.wide: the cluster's own network is taken",)),
        ((NetworkSpec("wide", ipam_driver="x"),), ("networks.wide: the cluster's own network is taken",)),
        ((NetworkSpec("wide", driver_opts={"a": "b"}),), ("networks.wide: the cluster's own network is taken",)),
        ((NetworkSpec("a"), NetworkSpec("b")), ("networks: a, b are one network here",)),
    ],
)
def test_what_networks_do_not_do_here_is_told(networks: tuple[NetworkSpec, ...], told: tuple[str, ...]) -> None:
    warnings = rendered(web(), networks=networks).warnings
    assert len(warnings) == len(told)
    assert all(one.startswith(begin) for one, begin in zip(warnings, told))


def test_secrets_are_in_secrets_only_and_not_told_by_what_is_rendered() -> None:
    service = web(
        environment={"DB_PASSWORD": "geheimsache", "COLOUR": "blue"},
        secret=frozenset({"DB_PASSWORD"}),
        files=(FileMount("token", "/run/token", secret=True),),
    )
    rendering = rendered(service)
    assert "geheim" not in repr(rendering)
    assert "Z2VoZWlt" not in repr([each for each in rendering.documents if each["kind"] != "Secret"])
    assert "geheim" not in repr(rendering.documents)
    assert found(rendering, "Secret", "shop-web-secret")["data"] == {
        "DB_PASSWORD": "Z2VoZWltc2FjaGU=",
        "token": "Z2VoZWlt",
    }


def test_a_secret_file_and_a_secret_variable_of_one_name_have_each_their_own_value() -> None:
    service = web(
        environment={"token": "other"},
        secret=frozenset({"token"}),
        files=(FileMount("token", "/run/token", secret=True),),
    )
    rendering = rendered(service, files=(FileSpec("token", b"geheim", secret=True),))
    assert found(rendering, "Secret", "shop-web-secret")["data"] == {"token": "b3RoZXI=", "token.file": "Z2VoZWlt"}
    (volume,) = found(rendering, "Deployment", "shop-web")["spec"]["template"]["spec"]["volumes"]
    assert volume["secret"]["items"] == [{"key": "token.file", "path": "token"}]
