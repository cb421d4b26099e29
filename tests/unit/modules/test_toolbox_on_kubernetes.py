# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_toolbox_deploy and nekzus_toolbox_info on a cluster, through their real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    NAMESPACE,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import IMAGE, NAME, SECRET, SHOP, shop
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

HERE: dict[str, Any] = {"service_name": NAME, "namespace": "prod"}
WANTED: dict[str, Any] = {**HERE, "definition": SHOP, "env": {"DB_PASSWORD": SECRET}}
MANIFESTS = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
data:
  text: ${GREETING:-hello}
  shell: $HOME
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: greeter
spec:
  replicas: 2
  selector:
    matchLabels: {app: greeter}
  template:
    metadata:
      labels: {app: greeter}
    spec:
      containers:
      - name: greeter
        image: busybox:stable
"""


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    """Return a cluster with a namespace."""
    found = FakeKubernetes(docker.clock)
    found.cluster.add(NAMESPACE, {"metadata": {"name": "prod"}})
    return found


@pytest.fixture
def deploy(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    return ModuleRun("nekzus_toolbox_deploy", docker, monkeypatch, kubernetes)


@pytest.fixture
def info(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    return ModuleRun("nekzus_toolbox_info", docker, monkeypatch, kubernetes)


def test_a_compose_file_is_deployed_and_told_whole(deploy: ModuleRun, kubernetes: FakeKubernetes) -> None:
    result = deploy(**WANTED).success
    hosts = [one.pop("host") for one in result["service"]["endpoints"]]
    assert all(host.startswith("10.96.0.") for host in hosts)
    common = {"image": IMAGE, "state": "running", "status": "1/1 ready", "ready": True, "replicas": 1}
    address = "kubernetes/prod/deployment/shop"
    assert result["service"] == {
        "name": NAME,
        "runtime": "kubernetes",
        "namespace": "prod",
        "template": "",
        "status": "running",
        "image": IMAGE,
        "containers": [
            {"service": "db", "address": f"{address}-db", "name": "shop-db", **common},
            {"service": "web", "address": f"{address}-web", "name": "shop-web", **common},
        ],
        "endpoints": [
            {"service": "db", "port": 5432, "protocol": "udp", "url": None},
            {"service": "web", "port": 8080, "protocol": "tcp", "url": f"http://{hosts[1]}:8080"},
        ],
        "volumes": ["shop-data"],
        "env": {"COLOUR": "blue", "DB_PASSWORD": "********"},
    }
    assert {(one["namespace"], one["action"]) for one in result["changes"]} == {("prod", "created")}
    assert [f"{one['kind']} {one['name']}" for one in result["changes"]] == [
        "Secret shop-db-secret",
        "Secret shop-web-secret",
        "PersistentVolumeClaim shop-data",
        "Service db",
        "Service web",
        "Deployment shop-db",
        "Deployment shop-web",
    ]
    assert kubernetes.closed


def test_a_namespace_means_the_cluster(deploy: ModuleRun, docker: FakeDocker) -> None:
    assert deploy(**WANTED).success["service"]["runtime"] == "kubernetes"
    assert docker.calls == []


def test_the_same_again_changes_nothing(deploy: ModuleRun, kubernetes: FakeKubernetes) -> None:
    deploy(**WANTED)
    written = len(kubernetes.writes)
    for state in ("present", "started"):
        again = deploy(**WANTED, state=state).success
        assert (again["changed"], again["changes"]) == (False, [])
    assert len(kubernetes.writes) == written


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"env": {"DB_PASSWORD": SECRET, "COLOUR": "green"}}, id="a value"),
        pytest.param({"env": {"DB_PASSWORD": "another-secret"}}, id="a secret"),
        pytest.param({"definition": shop(cache={})}, id="one more"),
        pytest.param({"definition": shop(without="web")}, id="one less"),
        pytest.param({"replicas": 3}, id="replicas"),
        pytest.param({"state": "stopped"}, id="stopped"),
        pytest.param({"state": "absent", "remove_volumes": True}, id="absent"),
    ],
)
def test_check_mode_predicts_and_writes_nothing(
    deploy: ModuleRun, kubernetes: FakeKubernetes, change: dict[str, Any]
) -> None:
    deploy(**WANTED)
    written = len(kubernetes.writes)
    predicted = deploy(check=True, diff=True, **{**WANTED, **change}).success
    assert len(kubernetes.writes) == written
    done = deploy(diff=True, **{**WANTED, **change}).success
    assert predicted["changed"] is done["changed"] is bool(change)
    assert (predicted["changes"], predicted["diff"]) == (done["changes"], done["diff"])
    for key in ("status", "image", "volumes", "env"):
        assert (predicted["service"] or {}).get(key) == (done["service"] or {}).get(key), key


def test_it_is_stopped_started_and_removed_without_its_template(deploy: ModuleRun, kubernetes: FakeKubernetes) -> None:
    deploy(**WANTED)
    for state, status, count in (("stopped", "stopped", 0), ("started", "running", 1)):
        result = deploy(**HERE, state=state, diff=True).success
        assert result["service"]["status"] == status
        assert result["diff"]["after"] == {
            f"Deployment prod/shop-{name}": {"spec": {"replicas": count}} for name in ("db", "web")
        }
        assert deploy(**HERE, state=state).success["changed"] is False
    removed = deploy(**HERE, state="absent").success
    assert (removed["changed"], removed["service"]) == (True, None)
    assert deploy(**HERE, state="absent").success["changed"] is False
    assert kubernetes.cluster.store.all(DEPLOYMENT) == []


def test_manifests_are_deployed_with_their_variables(deploy: ModuleRun, kubernetes: FakeKubernetes) -> None:
    result = deploy(**HERE, definition=MANIFESTS, env={"GREETING": "good day"}).success
    assert [(one["name"], one["replicas"]) for one in result["service"]["containers"]] == [("greeter", 2)]
    assert result["service"]["status"] == "running"
    data = kubernetes.cluster.document(CONFIG_MAP, "greeting", "prod")["data"]
    assert data == {"text": "good day", "shell": "$HOME"}
    again = deploy(**HERE, definition=MANIFESTS, env={"GREETING": "good day"}).success
    assert again["changed"] is False
    changed = deploy(**HERE, definition=MANIFESTS).success
    assert changed["changes"] == [{"kind": "ConfigMap", "namespace": "prod", "name": "greeting", "action": "changed"}]


def test_what_somebody_else_has_set_is_taken_over_only_when_the_task_says_so(
    deploy: ModuleRun, kubernetes: FakeKubernetes
) -> None:
    deploy(**HERE, definition=MANIFESTS)
    kubernetes.cluster.edit(CONFIG_MAP, "greeting", {"data": {"text": "theirs"}}, "prod")
    failure = deploy(**HERE, definition=MANIFESTS).failure
    assert failure["code"] == "conflict"
    assert "take_over" in failure["hint"]
    assert "data.text" in failure["message"]
    assert deploy(**HERE, definition=MANIFESTS, take_over=True).success["changed"] is True
    assert kubernetes.cluster.document(CONFIG_MAP, "greeting", "prod")["data"]["text"] == "hello"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        pytest.param({**WANTED, "namespace": "nowhere"}, "invalid_target", "namespace nowhere", id="no namespace"),
        pytest.param(
            {**WANTED, "runtimes": {"kubernetes": {"namespaces": ["dev"]}}}, "invalid_target", "prod", id="another one"
        ),
        pytest.param(
            {**HERE, "definition": "apiVersion: example.org/v1\nkind: Nothing\nmetadata: {name: x}\n"},
            "unsupported",
            "Nothing",
            id="a kind that is none",
        ),
        pytest.param(
            {**HERE, "definition": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"},
            "invalid_template",
            "metadata.name",
            id="no name",
        ),
        pytest.param(
            {**HERE, "definition": MANIFESTS.replace("${GREETING:-hello}", "${GREETING:?what to say}")},
            "invalid_template",
            "GREETING (what to say)",
            id="a variable without a value",
        ),
        pytest.param(
            {**HERE, "definition": MANIFESTS.replace("      containers:", "      hostPID: true\n      containers:")},
            "invalid_template",
            "greeter.hostPID",
            id="a privilege",
        ),
        pytest.param(
            {
                **HERE,
                "definition": shop(web={"devices": ["/dev/x"]}),
                "allow_privileged": True,
                "env": {"DB_PASSWORD": SECRET},
            },
            "unsupported",
            "services.web.devices",
            id="what a cluster has not",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    deploy: ModuleRun, kubernetes: FakeKubernetes, options: dict[str, Any], code: str, words: str
) -> None:
    for check in (True, False):
        outcome = deploy(check=check, **options)
        assert outcome.failure["code"] == code, outcome.result["msg"]
        assert words in outcome.failure["message"]
        assert outcome.failure["hint"]
    assert kubernetes.writes == []


def test_what_is_in_the_way_is_named(deploy: ModuleRun, kubernetes: FakeKubernetes) -> None:
    kubernetes.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "shop-web", namespace="prod"))
    failure = deploy(**WANTED).failure
    assert (failure["code"], failure["op"], failure["target"]) == ("conflict", "deploy", NAME)
    assert "Deployment prod/shop-web" in failure["message"]
    assert kubernetes.writes == []


def test_warnings_name_what_is_not_as_the_template_says(deploy: ModuleRun) -> None:
    outcome = deploy(**{**WANTED, "definition": shop(web={"restart": "no"})})
    assert outcome.success["changed"] is True
    assert any("services.web.restart" in warning for warning in outcome.warnings)


def test_what_is_deployed_is_listed_in_some_namespaces_or_all(
    deploy: ModuleRun, info: ModuleRun, kubernetes: FakeKubernetes
) -> None:
    kubernetes.cluster.add(NAMESPACE, {"metadata": {"name": "dev"}})
    made = {name: deploy(**{**WANTED, "namespace": name}).success["service"] for name in ("prod", "dev")}

    def listed(**options: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = info(catalog=False, runtime="kubernetes", **options).success["services"]
        return found

    assert listed() == [made["dev"], made["prod"]]
    assert listed(namespace="prod") == listed(namespaces=["prod"]) == [made["prod"]]
    assert listed(namespaces=["prod", "dev"], service_name="other") == []
