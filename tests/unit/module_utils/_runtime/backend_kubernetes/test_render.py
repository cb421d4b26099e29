# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compose projects as manifests: nothing that a template says is left out silently."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidTemplateError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox import parts, spec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    Device,
    DeviceRequest,
    FileMount,
    HealthCheck,
    Logging,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
    PullPolicy,
    Resources,
    RestartPolicy,
    Ulimit,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    NetworkSpec,
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import (
    DEFAULT,
    found,
    names,
    pod_of,
    rendered,
    warnings_of,
    web,
)

DB = ServiceSpec("db", "postgres", networks=DEFAULT)
# Another value than the usual one, for every field.
OTHERS: dict[str, Any] = {
    "name": "other",
    "image": "other",
    "command": ("run", "it"),
    "entrypoint": ("sh",),
    "environment": {"A": "1"},
    "labels": {"a": "1"},
    "annotations": {"a": "1"},
    "ports": (PortSpec(80, 8080),),
    "expose": (PortSpec(81),),
    "mounts": (MountSpec(MountType.VOLUME, "/data", "data"),),
    "files": (FileMount("conf", "/etc/conf"),),
    "networks": (*DEFAULT, NetworkAttachment("back", aliases=("behind",))),
    "network_mode": "host",
    "depends_on": (Dependency("db"),),
    "external_links": (("old", "elder"),),
    "healthcheck": HealthCheck(("CMD", "true")),
    "replicas": 2,
    "resources": Resources(cpus=0.5),
    "ulimits": (Ulimit("nofile", 10, 20),),
    "user": "1000",
    "group_add": ("100",),
    "working_dir": "/srv",
    "hostname": "front",
    "domainname": "example.org",
    "container_name": "front",
    "extra_hosts": (("far", "10.1.2.3"),),
    "dns": ("9.9.9.9",),
    "dns_search": ("example.org",),
    "dns_opt": ("ndots:1",),
    "mac_address": "02:42:ac:11:00:02",
    "cap_add": ("NET_ADMIN",),
    "cap_drop": ("ALL",),
    "privileged": True,
    "read_only": True,
    "security_opt": ("no-new-privileges:true",),
    "sysctls": {"net.core.somaxconn": "1024"},
    "devices": (Device("/dev/fuse", "/dev/fuse"),),
    "device_requests": (DeviceRequest(capabilities=("gpu",)),),
    "device_cgroup_rules": ("c 1:3 mr",),
    "storage_opt": {"size": "1G"},
    "init": True,
    "tty": True,
    "stdin_open": True,
    "ipc": "host",
    "pid": "host",
    "uts": "host",
    "cgroup": "host",
    "cgroup_parent": "/parent",
    "userns_mode": "host",
    "isolation": "default",
    "runtime": "runsc",
    "oom_kill_disable": True,
    "oom_score_adj": 100,
    "logging": Logging("local"),
    "stop_signal": "SIGINT",
    "stop_grace_period": 1.5,
    "pull_policy": PullPolicy.ALWAYS,
    "platform": "linux/arm64",
}
# What matters together with another field only, and has a test of its own.
TOGETHER = {"keys", "secret", "restart", "links"}


def outcome(service: ServiceSpec) -> tuple[Any, ...]:
    """Return all that is seen of a service: its manifests, their order and what is told, or that it is refused."""
    try:
        rendering = rendered(DB, service)
    except UnsupportedError as error:
        return (error.message,)
    return rendering.documents, rendering.order, rendering.warnings


def test_every_field_of_a_service_is_known_here() -> None:
    assert set(OTHERS) | TOGETHER == {each.name for each in fields(ServiceSpec)}


@pytest.mark.parametrize("name", OTHERS)
def test_every_field_of_a_service_makes_a_difference(name: str) -> None:
    one, other = web(), replace(web(), **{name: OTHERS[name]})
    if name == "network_mode":
        one, other = replace(one, networks=()), replace(other, networks=())
    assert outcome(one) != outcome(other)


# Of each part of a service: one with nothing but what it has to have, and another value for every other field.
PARTS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "Dependency": ("depends_on", Dependency("db"), {"service": "job", "condition": Condition.COMPLETED}),
    "PortSpec": (
        "ports",
        PortSpec(80),
        {
            "target": 81,
            "published": 8080,
            "protocol": "udp",
            "host_ip": "127.0.0.1",
            "name": "http",
            "app_protocol": "http",
        },
    ),
    "MountSpec": (
        "mounts",
        MountSpec(MountType.VOLUME, "/data", "data"),
        {
            "type": MountType.TMPFS,
            "target": "/other",
            "source": "more",
            "read_only": True,
            "subpath": "below",
            "propagation": "rslave",
        },
    ),
    "FileMount": (
        "files",
        FileMount("conf", "/etc/conf"),
        {"source": "token", "target": "/etc/other", "uid": 7, "gid": 8, "mode": 0o400},
    ),
    "NetworkAttachment": (
        "networks",
        NetworkAttachment("default"),
        {
            "aliases": ("front",),
            "ipv4_address": "10.1.1.1",
            "ipv6_address": "fd00::1",
            "mac_address": "02:42:ac:11:00:02",
            "link_local_ips": ("169.254.1.1",),
            "driver_opts": {"a": "b"},
        },
    ),
    "HealthCheck": (
        "healthcheck",
        HealthCheck(("CMD", "true")),
        {"test": ("CMD", "false"), "interval": 7.0, "timeout": 7.0, "retries": 7, "start_interval": 2.0},
    ),
    "Resources": (
        "resources",
        Resources(cpu_period=50_000, cpu_quota=10_000),
        {
            "cpus": 0.5,
            "memory": 1 << 26,
            "pids": 50,
            "reserved_cpus": 0.1,
            "reserved_memory": 1 << 25,
            "memory_swap": 1 << 27,
            "memory_swappiness": 0,
            "shm_size": 1 << 20,
            "cpu_shares": 512,
            "cpu_period": 20_000,
            "cpu_quota": 20_000,
            "cpuset": "0",
        },
    ),
}
# What makes no difference in a cluster, and why.
WITHOUT_EFFECT = {
    "Dependency.required": "the ones that are missing are left out when the template is read",
    "Dependency.restart": "pods find what they depend on under the same address when that is made anew",
    "MountSpec.nocopy": "a claim is never filled from the image",
    "MountSpec.create_host_path": "the kubelet makes what is not there",
    "MountSpec.selinux": "the kubelet labels volumes itself",
    "MountSpec.size": "it is that of a tmpfs, see test_pod_files.py",
    "MountSpec.mode": "likewise",
    "MountSpec.key": "it is for messages",
    "FileMount.secret": "the file itself says it",
    "NetworkAttachment.network": "all networks are one",
    "NetworkAttachment.priority": "a pod has one network",
    "HealthCheck.start_period": "nothing ends a container that is not well yet",
}


def test_every_part_of_a_service_is_known_here() -> None:
    every = {f"{name}.{each.name}" for name in PARTS for each in fields(getattr(parts, name))}
    assert {f"{name}.{key}" for name, (_key, _one, others) in PARTS.items() for key in others} | set(
        WITHOUT_EFFECT
    ) == every


@pytest.mark.parametrize(
    ("part", "field"), [(name, key) for name, (_key, _one, others) in PARTS.items() for key in others]
)
def test_every_field_of_a_part_makes_a_difference(part: str, field: str) -> None:
    key, one, others = PARTS[part]
    other = replace(one, **{field: others[field]})
    values = [value if key in ("healthcheck", "resources") else (value,) for value in (one, other)]
    job = ServiceSpec("job", "busybox", depends_on=(Dependency("db"),))
    volumes = (VolumeSpec("data"), VolumeSpec("more"))
    first, second = (rendered(DB, job, web(**{key: value}), volumes=volumes) for value in values)
    assert (first.documents, first.order, first.warnings) != (second.documents, second.order, second.warnings)


def test_every_part_of_a_template_is_told_of() -> None:
    known = {*PARTS, "Condition", "MountType", "PullPolicy", "RestartPolicy", "Ulimit", "Logging", "Device"}
    declared = {
        name for name, value in vars(parts).items() if isinstance(value, type) and value.__module__ == parts.__name__
    }
    assert declared == {*known, "DeviceRequest"}
    assert {
        name for name, value in vars(spec).items() if isinstance(value, type) and value.__module__ == spec.__name__
    } == {*("ServiceSpec", "NetworkSpec", "VolumeSpec", "FileSpec", "Project")}


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
