# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pod's and a workload's objects, in the core's words."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.details import (
    Mount,
    Network,
    NetworkSettings,
    Resources,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import CRON_JOB, DEPLOYMENT
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import read_workload
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Owner, Port, State

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def document() -> dict[str, Any]:
    """Return a pod of a Deployment as an API server has it."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "web-7c9f-x2x4z",
            "namespace": "prod",
            "uid": "1",
            "resourceVersion": "7",
            "creationTimestamp": "2026-01-02T03:04:05Z",
            "labels": {"app": "web", "pod-template-hash": "7c9f", "com.docker.compose.project": "shop"},
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7c9f", "uid": "2", "controller": True}
            ],
        },
        "spec": {
            "nodeName": "node-1",
            "hostname": "web",
            "securityContext": {"runAsUser": 1000},
            "containers": [
                {
                    "name": "app",
                    "image": "nginx:1.27",
                    "command": ["nginx"],
                    "args": ["-g", "daemon off;"],
                    "workingDir": "/srv",
                    "ports": [
                        {"containerPort": 80, "hostPort": 8080, "protocol": "TCP"},
                        {"containerPort": 53, "protocol": "UDP"},
                    ],
                    "env": [
                        {"name": "PLAIN", "value": "visible"},
                        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
                        {"name": "MODE", "valueFrom": {"configMapKeyRef": {"name": "web", "key": "mode"}}},
                        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
                        {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
                        {"name": "EMPTY"},
                    ],
                    "resources": {"limits": {"cpu": "500m", "memory": "64Mi"}, "requests": {"cpu": "0.1"}},
                    "volumeMounts": [
                        {"name": "data", "mountPath": "/data"},
                        {"name": "config", "mountPath": "/etc/web", "readOnly": True},
                        {"name": "tmp", "mountPath": "/scratch"},
                    ],
                },
                {"name": "side", "image": "busybox", "securityContext": {"runAsUser": 0}},
            ],
            "volumes": [
                {"name": "data", "persistentVolumeClaim": {"claimName": "web-data"}},
                {"name": "config", "configMap": {"name": "web"}},
                {"name": "tmp", "emptyDir": {}},
            ],
        },
        "status": {
            "phase": "Running",
            "podIP": "10.0.0.7",
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [
                {"name": "app", "restartCount": 1, "state": {"running": {}}},
                {"name": "side", "restartCount": 2, "state": {"running": {}}},
            ],
        },
    }


def test_a_pod_is_a_container() -> None:
    found = convert.container(document())
    assert as_json(found) == {
        "address": "kubernetes/prod/web-7c9f-x2x4z",
        "id": "web-7c9f-x2x4z",
        "short_id": "web-7c9f-x2x4z",
        "runtime": "kubernetes",
        "namespace": "prod",
        "name": "web-7c9f-x2x4z",
        "image": "nginx:1.27",
        "state": "running",
        "status": "Running",
        "created": "2026-01-02T03:04:05Z",
        "ports": [
            {"ip": "10.0.0.7", "private_port": 53, "public_port": None, "protocol": "udp"},
            {"ip": "10.0.0.7", "private_port": 80, "public_port": 8080, "protocol": "tcp"},
        ],
        "labels": {"app": "web", "pod-template-hash": "7c9f", "com.docker.compose.project": "shop"},
        "owner": {"kind": "Deployment", "name": "web", "api_version": "apps/v1"},
        "compose_project": "shop",
        "node": "node-1",
        "restarts": 3,
        "ready": True,
    }
    assert found.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def test_the_details_of_a_pod() -> None:
    details = convert.details(document())
    assert (details.restarts, details.ready) == (3, True)
    assert details.config.env == {
        "PLAIN": "visible",
        "PASSWORD": "(secret db, key password)",
        "MODE": "(config map web, key mode)",
        "NODE": "(field spec.nodeName)",
        "CPU": "(field limits.cpu)",
        "EMPTY": "",
    }
    assert (details.config.cmd, details.config.args) == (("nginx",), ("-g", "daemon off;"))
    assert (details.config.user, details.config.working_dir) == ("1000", "/srv")
    app, side = details.config.containers
    assert (app.name, app.limits, app.requests) == ("app", Resources(0.5, 64 * 1024**2), Resources(0.1, None))
    assert (side.name, side.image, side.user, side.limits) == ("side", "busybox", "0", Resources())
    assert details.network_settings == NetworkSettings(
        "pod", "web", "10.0.0.7", (Network("pod", "10.0.0.7", None, None),)
    )
    assert details.mounts == (
        Mount("persistentVolumeClaim", "data", "web-data", "/data", read_only=False),
        Mount("configMap", "config", "web", "/etc/web", read_only=True),
        Mount("emptyDir", "tmp", "", "/scratch", read_only=False),
    )
    assert details.raw == document()


def deployment() -> dict[str, Any]:
    return {
        "metadata": {"name": "web", "namespace": "prod", "labels": {"team": "a"}},
        "spec": {"replicas": 0, "template": {"metadata": {"labels": {"app": "web"}}, "spec": document()["spec"]}},
    }


def test_a_workload_stands_for_its_pods() -> None:
    found = convert.workload_container(read_workload(DEPLOYMENT, deployment()))
    assert (found.address, found.id, found.name) == ("kubernetes/prod/deployment/web", "web", "web")
    assert (found.state, found.image, found.ready) == (State.STOPPED, "nginx:1.27", False)
    assert found.labels == {"team": "a", "app": "web"}
    assert found.owner == Owner("Deployment", "web", "apps/v1")
    assert found.ports[0] == Port(None, 53, None, "udp")
    assert (found.node, found.restarts) == (None, None)


def test_the_details_of_a_workload_are_those_of_its_pods_template() -> None:
    details = convert.details(deployment())
    assert details.config.cmd == ("nginx",)
    assert (details.restarts, details.ready, details.network_settings.ip_address) == (None, None, None)


def test_the_pods_of_a_cron_job_stand_in_the_template_of_its_jobs() -> None:
    cron_job = {"spec": {"jobTemplate": {"spec": {"template": {"spec": document()["spec"]}}}}}
    assert convert.workload_container(read_workload(CRON_JOB, cron_job)).image == "nginx:1.27"
    assert convert.details(cron_job).config.args == ("-g", "daemon off;")


def test_a_pod_on_the_network_of_its_node_says_so() -> None:
    found = document()
    found["spec"]["hostNetwork"] = True
    assert convert.details(found).network_settings.mode == "host"


@pytest.mark.parametrize(
    "broken", [{}, {"metadata": None, "spec": None, "status": None}, {"spec": {"containers": [{}]}}]
)
def test_any_object_is_converted(broken: dict[str, Any]) -> None:
    assert convert.container(broken).state is State.PENDING
    assert convert.details(broken).config.env == {}


def with_container(**fields: Any) -> dict[str, Any]:
    found = document()
    found["spec"]["containers"][0].update(fields)
    return found


def applied(found: dict[str, Any]) -> dict[str, Any]:
    """Return the object with what was applied in the annotation that kubectl writes."""
    found["metadata"]["annotations"] = {LAST_APPLIED: json.dumps({"spec": found["spec"]})}
    return found


def two_of_one_name() -> dict[str, Any]:
    found = with_container(env=[{"name": "PASSWORD", "value": SECRET}], args=["serve", SECRET])
    found["spec"]["containers"][1]["env"] = [{"name": "PASSWORD", "value": "another-one"}]
    return found


def of_the_preparation() -> dict[str, Any]:
    found = document()
    found["spec"]["initContainers"] = [{"name": "init", "env": [{"name": "TOKEN", "value": SECRET}]}]
    found["status"]["message"] = f"could not log in with {SECRET}"
    return found


HIDDEN = [
    pytest.param(with_container(env=[{"name": "DB_PASSWORD", "value": SECRET}]), id="variable"),
    pytest.param(applied(with_container(env=[{"name": "DB_PASSWORD", "value": SECRET}])), id="variable, as applied"),
    pytest.param(with_container(args=[f"--password={SECRET}"]), id="command line"),
    pytest.param(applied(with_container(args=[f"--password={SECRET}"])), id="command line, as applied"),
    pytest.param(with_container(command=["mysql", "--password"], args=[SECRET]), id="flag and value apart"),
    pytest.param(with_container(env=[{"name": "URL", "value": f"http://me:{SECRET}@db/"}]), id="URL"),
    pytest.param(
        with_container(livenessProbe={"exec": {"command": ["check", f"--token={SECRET}"]}}), id="command of a probe"
    ),
    pytest.param(
        with_container(
            livenessProbe={"httpGet": {"httpHeaders": [{"name": "Authorization", "value": f"Bearer {SECRET}"}]}}
        ),
        id="header of a probe",
    ),
    pytest.param(two_of_one_name(), id="variables of one name"),
    pytest.param(of_the_preparation(), id="variable of an init container"),
]


@pytest.mark.parametrize("found", HIDDEN)
def test_no_secret_shows_in_any_result(found: dict[str, Any]) -> None:
    assert SECRET in json.dumps(found)
    assert SECRET not in json.dumps(as_json(convert.details(found)))
    assert SECRET not in json.dumps(convert.masked(found))
    # Who deletes the object for good has to know that what is returned of it is not all.
    assert convert.secret_names(found)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            with_container(env=[{"name": "TOKEN", "value": SECRET}], args=[f"--key={SECRET}"]),
            ("TOKEN", "the command line of app"),
        ),
        (
            with_container(livenessProbe={"exec": {"command": [f"--token={SECRET}"]}}),
            ("the passwords in its manifest",),
        ),
    ],
)
def test_what_would_be_hidden_is_told_without_telling_it(found: dict[str, Any], told: tuple[str, ...]) -> None:
    assert convert.secret_names(found) == told


@pytest.mark.parametrize("command", ["serve", [1, "serve"], None, [], {"a": "b"}])
def test_what_is_no_command_line_keeps_its_form(command: Any) -> None:
    assert convert.masked({"spec": {"command": command}}) == {"spec": {"command": command}}


def test_what_holds_no_secret_is_as_it_was() -> None:
    found = applied(document())
    assert convert.masked(found) == found
    assert convert.secret_names(found) == ()


def test_the_secrets_of_all_containers_are_looked_for_in_log_lines() -> None:
    assert set(convert.environment_secrets(two_of_one_name())) == {SECRET, "another-one"}
