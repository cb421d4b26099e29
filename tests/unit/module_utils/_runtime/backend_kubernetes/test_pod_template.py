# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as a pod: what its container runs, has and may use, and what is told or refused of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import UnsupportedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Device,
    DeviceRequest,
    HealthCheck,
    Logging,
    PortSpec,
    PullPolicy,
    Resources,
    Ulimit,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import (
    container_of,
    found,
    pod_of,
    rendered,
    warnings_of,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import web

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec


def refusal_of(service: ServiceSpec) -> str:
    """Return what is said of a service that a cluster cannot run."""
    with pytest.raises(UnsupportedError) as refusal:
        rendered(service)
    assert refusal.value.hint == "leave it out, or deploy to Docker"
    return refusal.value.message


@pytest.mark.parametrize(
    ("entrypoint", "command", "expected"),
    [
        (None, None, {}),
        (None, ("a", "b"), {"args": ["a", "b"]}),
        (("sh", "-c"), None, {"command": ["sh", "-c"]}),
        (("sh", "-c"), ("run",), {"command": ["sh", "-c"], "args": ["run"]}),
        (("sh",), (), {"command": ["sh"]}),
        # Without the entrypoint of the image the command is run itself.
        ((), ("run", "it"), {"command": ["run", "it"]}),
    ],
)
def test_it_runs_what_a_daemon_would_run(
    entrypoint: tuple[str, ...] | None, command: tuple[str, ...] | None, expected: dict[str, list[str]]
) -> None:
    container = container_of(web(entrypoint=entrypoint, command=command))
    assert {key: container[key] for key in ("command", "args") if key in container} == expected


def test_an_empty_command_or_entrypoint_alone_is_refused() -> None:
    assert "services.web.command (an empty one takes an entrypoint)" in refusal_of(web(command=()))
    assert "services.web.entrypoint (an empty one takes a command)" in refusal_of(web(entrypoint=()))
    assert "services.web.entrypoint (an empty one takes a command)" in refusal_of(web(entrypoint=(), command=()))


def test_the_kubelet_finds_no_variables_of_its_own_in_words() -> None:
    service = web(command=("echo", "$(HOME)", "$$HOME", "$HOME", "a$"), environment={"A": "$(B)"})
    container = container_of(service)
    assert container["args"] == ["echo", "$$(HOME)", "$$$HOME", "$HOME", "a$"]
    assert container["env"] == [{"name": "A", "value": "$$(B)"}]


def test_secret_variables_are_those_of_a_secret() -> None:
    service = web(environment={"A": "1", "KEY": "geheim"}, secret=frozenset({"KEY"}))
    assert container_of(service)["env"] == [
        {"name": "A", "value": "1"},
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "shop-web-secret", "key": "KEY"}}},
    ]


@pytest.mark.parametrize(
    ("policy", "word"),
    [(PullPolicy.ALWAYS, "Always"), (PullPolicy.MISSING, "IfNotPresent"), (PullPolicy.NEVER, "Never")],
)
def test_an_image_is_pulled_as_the_template_says(policy: PullPolicy, word: str) -> None:
    assert container_of(web(pull_policy=policy))["imagePullPolicy"] == word


def test_a_container_has_each_of_its_ports_once() -> None:
    service = web(ports=(PortSpec(80, 8080), PortSpec(80, 8081), PortSpec(53, protocol="udp")), expose=(PortSpec(80),))
    assert container_of(service)["ports"] == [
        {"containerPort": 80, "protocol": "TCP"},
        {"containerPort": 53, "protocol": "UDP"},
    ]


@pytest.mark.parametrize(
    ("resources", "limits", "requests"),
    [
        (Resources(cpus=0.5, memory=1 << 26), {"cpu": "500m", "memory": "67108864"}, {"cpu": "0", "memory": "0"}),
        (Resources(cpus=1, reserved_cpus=0.25), {"cpu": "1000m"}, {"cpu": "250m"}),
        (Resources(reserved_memory=1 << 20), None, {"memory": "1048576"}),
        (Resources(cpu_quota=50_000), {"cpu": "500m"}, {"cpu": "0"}),
        (Resources(cpu_quota=50_000, cpu_period=25_000), {"cpu": "2000m"}, {"cpu": "0"}),
        (Resources(cpu_quota=-1), None, None),
        (Resources(cpus=0.0001), {"cpu": "1m"}, {"cpu": "0"}),
        (Resources(cpus=0, memory=0), None, None),
    ],
)
def test_a_limit_reserves_nothing_by_itself(
    resources: Resources, limits: dict[str, str] | None, requests: dict[str, str] | None
) -> None:
    given = container_of(web(resources=resources)).get("resources", {})
    assert (given.get("limits"), given.get("requests")) == (limits, requests)


@pytest.mark.parametrize(
    ("request_", "count", "told"),
    [
        (DeviceRequest(capabilities=("gpu",), count=2), "2", ()),
        (DeviceRequest(driver="nvidia", capabilities=("gpu",), ids=("a", "b", "c")), "3", ()),
        (
            DeviceRequest(capabilities=("gpu",), count=-1),
            "1",
            ("services.web.deploy.resources.reservations.devices: all is one GPU here",),
        ),
    ],
)
def test_gpus_are_those_of_the_device_plugin(request_: DeviceRequest, count: str, told: tuple[str, ...]) -> None:
    service = web(device_requests=(request_,))
    assert container_of(service)["resources"]["limits"] == {"nvidia.com/gpu": count}
    assert warnings_of(service) == told


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"devices": (Device("/dev/fuse", "/dev/fuse"),)}, "devices"),
        ({"device_requests": (DeviceRequest(driver="amd", capabilities=("gpu",)),)}, "deploy.resources"),
        ({"device_requests": (DeviceRequest(capabilities=("tpu",)),)}, "deploy.resources"),
        ({"network_mode": "none"}, "network_mode"),
        ({"network_mode": "service:db"}, "network_mode"),
        ({"network_mode": "container:old"}, "network_mode"),
        ({"pid": "service:db"}, "pid"),
        ({"ipc": "container:old"}, "ipc"),
        ({"user": "postgres"}, "user"),
        ({"user": "1000:staff"}, "user"),
        ({"group_add": ("audio",)}, "group_add"),
        ({"security_opt": ("apparmor:mine",)}, "security_opt"),
        ({"security_opt": ("seccomp:/profile.json",)}, "security_opt"),
    ],
)
def test_what_would_change_what_it_does_is_refused(values: dict[str, Any], key: str) -> None:
    message = refusal_of(web(**values))
    assert message.startswith(f"Kubernetes has nothing for services.web.{key}")


def test_all_that_is_refused_is_named_at_once() -> None:
    message = refusal_of(web(devices=(Device("/dev/fuse", "/dev/fuse"),), pid="service:db", user="postgres"))
    assert all(f"services.web.{key} (" in message for key in ("devices", "pid", "user"))


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"cgroup": "host"}, "cgroup"),
        ({"cgroup_parent": "/a"}, "cgroup_parent"),
        ({"device_cgroup_rules": ("c 1:3 mr",)}, "device_cgroup_rules"),
        ({"domainname": "example.org"}, "domainname"),
        ({"isolation": "default"}, "isolation"),
        ({"logging": Logging("local")}, "logging"),
        ({"mac_address": "02:42:ac:11:00:02"}, "mac_address"),
        ({"oom_kill_disable": True}, "oom_kill_disable"),
        ({"oom_score_adj": 5}, "oom_score_adj"),
        ({"storage_opt": {"size": "1G"}}, "storage_opt"),
        ({"ulimits": (Ulimit("nofile", 1, 2),)}, "ulimits"),
        ({"userns_mode": "host"}, "userns_mode"),
        ({"uts": "host"}, "uts"),
        ({"resources": Resources(pids=5)}, "pids_limit"),
        ({"resources": Resources(memory_swap=-1)}, "memswap_limit"),
        ({"resources": Resources(memory_swappiness=0)}, "mem_swappiness"),
        ({"resources": Resources(cpu_shares=5)}, "cpu_shares"),
        ({"resources": Resources(cpuset="0")}, "cpuset"),
        ({"stop_signal": "SIGINT"}, "stop_signal"),
        ({"external_links": (("old", "elder"),)}, "external_links"),
        ({"hostname": "Not_A_Label"}, "hostname"),
        ({"extra_hosts": (("far", "host-gateway"),)}, "extra_hosts"),
        ({"labels": {"not a name": "x"}}, "labels.not a name"),
        ({"healthcheck": HealthCheck(interval=5)}, "healthcheck"),
        ({"security_opt": ("label:disable",)}, "security_opt"),
    ],
)
def test_what_is_otherwise_here_is_told(values: dict[str, Any], key: str) -> None:
    (told,) = warnings_of(web(**values))
    assert told.startswith(f"services.web.{key}: ")


@pytest.mark.parametrize("signal", ["", "SIGTERM", "TERM", "15"])
def test_the_signal_that_is_sent_anyway_is_not_told(signal: str) -> None:
    assert warnings_of(web(stop_signal=signal)) == ()


def test_a_pod_has_what_a_container_of_a_daemon_would_have() -> None:
    service = web(
        hostname="front",
        extra_hosts=(("far", "10.1.2.3"), ("farther", "10.1.2.3"), ("six", "fd00::1")),
        dns=("9.9.9.9",),
        dns_search=("example.org",),
        dns_opt=("ndots:1", "rotate"),
        init=True,
        pid="host",
        ipc="host",
        runtime="gvisor",
        stop_grace_period=1.5,
        platform="linux/arm64/v8",
        tty=True,
        stdin_open=True,
        working_dir="/srv",
    )
    pod = pod_of(service)
    (container,) = pod.pop("containers")
    assert pod == {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "hostPID": True,
        "hostIPC": True,
        "shareProcessNamespace": True,
        "hostname": "front",
        "hostAliases": [{"ip": "10.1.2.3", "hostnames": ["far", "farther"]}, {"ip": "fd00::1", "hostnames": ["six"]}],
        "dnsConfig": {
            "nameservers": ["9.9.9.9"],
            "searches": ["example.org"],
            "options": [{"name": "ndots", "value": "1"}, {"name": "rotate"}],
        },
        "nodeSelector": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"},
        "terminationGracePeriodSeconds": 2,
        "runtimeClassName": "gvisor",
    }
    assert (container["tty"], container["stdin"], container["workingDir"]) == (True, True, "/srv")


def test_the_usual_runtime_needs_no_class() -> None:
    assert "runtimeClassName" not in pod_of(web(runtime="runc"))


def test_labels_are_annotations_of_the_pod() -> None:
    service = web(labels={"traefik.enable": "true", "long": "x" * 100}, annotations={"example.org/a": "b"})
    template = found(rendered(service), "Deployment", "shop-web")["spec"]["template"]
    assert template["metadata"]["annotations"] == {
        "traefik.enable": "true",
        "long": "x" * 100,
        "example.org/a": "b",
    }
