# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the feature toolbox grants is enough to deploy, and deploying asks for all of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .cluster import ApiProxy
from .manifests import IMAGE
from .service_account import kubeconfig_of, make_account
from .yard import LIVES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller, Run
    from .space import Space

ACCOUNT = "nekzus.runtime.nekzus_account"
DEPLOY, INFO = "nekzus.runtime.nekzus_toolbox_deploy", "nekzus.runtime.nekzus_toolbox_info"
COMPOSE: dict[str, Any] = {
    "services": {
        "job": {"image": IMAGE, "command": ["true"], "restart": "no"},
        "web": {
            "image": IMAGE,
            "command": ["sh", "-c", LIVES],
            "environment": {"COLOUR": "${COLOUR:-red}", "API_TOKEN": "geheimsache"},
            "configs": [{"source": "page", "target": "/page"}],
            "ports": ["80:8080"],
            "stop_grace_period": "1s",
            "depends_on": {"job": {"condition": "service_completed_successfully"}},
        },
        # What waits for a volume that nobody provides is not waited for.
        "store": {"image": IMAGE, "command": ["true"], "volumes": ["data:/data"], "deploy": {"replicas": 0}},
    },
    "configs": {"page": {"content": "hello"}},
    "volumes": {"data": {}},
}
_CONTAINERS = [{"name": "main", "image": IMAGE, "command": ["sh", "-c", LIVES]}]
# What is asked for the sake of a failure, or of not having to look again and again; and what the first write needs.
SPARED = {"events.list", "pods/log.get", "pods.watch"}
# What is looked at to find containers, which is in every feature.
FOUND = (
    "pods",
    "replicasets",
    "replicationcontrollers",
    "deployments",
    "statefulsets",
    "daemonsets",
    "jobs",
    "cronjobs",
)
VERBS = {"PATCH": "patch", "POST": "create", "DELETE": "delete"}


def manifests(batch: str) -> str:
    """Return manifests of the further kinds."""
    pod = {
        "metadata": {"labels": {"app": "it"}},
        "spec": {"containers": _CONTAINERS, "terminationGracePeriodSeconds": 1},
    }
    spec = {"selector": {"matchLabels": {"app": "it"}}, "template": pod}
    backend = {"service": {"name": "none", "port": {"number": 80}}}
    job = {"spec": {"template": {"spec": {"containers": _CONTAINERS, "restartPolicy": "Never"}}}}
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("apps/v1", "StatefulSet", {**spec, "serviceName": "none", "replicas": 1}),
        ("apps/v1", "DaemonSet", spec),
        (batch, "CronJob", {"schedule": "0 0 1 1 *", "jobTemplate": job}),
        ("networking.k8s.io/v1", "Ingress", {"defaultBackend": backend}),
    ]
    return yaml.safe_dump_all(
        {"apiVersion": version, "kind": kind, "metadata": {"name": "it"}, "spec": body} for version, kind, body in kinds
    )


def tasks(space: Space, options: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a life of two deployments."""
    batch = "batch/v1" if space.cluster.version >= (1, 21) else "batch/v1beta1"
    place = {**options, "namespace": space.namespace}
    compose = {**place, "service_name": f"{name}-c", "definition": COMPOSE}
    of_kinds = {**place, "service_name": f"{name}-m", "definition": manifests(batch)}
    return [
        {"name": "deploy", DEPLOY: compose},
        {"name": "deploy again", DEPLOY: compose},
        {"name": "update", DEPLOY: {**compose, "env": {"COLOUR": "blue"}}},
        {"name": "stop", DEPLOY: {**place, "service_name": f"{name}-c", "state": "stopped"}},
        {"name": "start", DEPLOY: {**place, "service_name": f"{name}-c", "state": "started"}},
        {"name": "list", INFO: {**options, "namespaces": [space.namespace]}},
        {"name": "remove", DEPLOY: {**place, "service_name": f"{name}-c", "state": "absent", "remove_volumes": True}},
        {"name": "deploy kinds", DEPLOY: of_kinds},
        {"name": "remove kinds", DEPLOY: {**place, "service_name": f"{name}-m", "state": "absent"}},
    ]


def granted(controller: Controller, space: Space) -> list[dict[str, Any]]:
    """Ask what the feature would grant; nothing is made."""
    options = {**space.options, "name": "any", "features": ["toolbox"], "namespaces": [space.namespace]}
    run = controller.play([{"name": "ask", "check_mode": True, ACCOUNT: options}])
    rules: list[dict[str, Any]] = run.task("ask").result["account"]["grants"][0]["rules"]
    return rules


def check(run: Run) -> None:
    """Assert that everything was done."""
    told = {task.name: task.status for task in run.tasks}
    assert told == dict.fromkeys(told, "ok"), [task.result.get("msg") for task in run.tasks if task.status != "ok"]
    changed = [task.name for task in run.tasks if task.result["changed"]]
    assert changed == ["deploy", "update", "stop", "start", "remove", "deploy kinds", "remove kinds"]


@pytest.fixture(scope="module")
def rules(controller: Controller, space: Space) -> list[dict[str, Any]]:
    return granted(controller, space)


def test_an_account_with_the_feature_toolbox_deploys(
    controller: Controller, space: Space, rules: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("account") / "kubeconfig"
    kubeconfig = kubeconfig_of(space, make_account(space, "deployer", rules), file)
    run = controller.play(tasks(space, {"runtime": "kubernetes", "kubeconfig": kubeconfig}, "mine"))
    check(run)
    assert not [words for task in run.tasks for words in task.result.get("warnings", ()) if "grant" in str(words)]


def asked(request: str) -> str:
    """Return a request as the rule that it takes: ``deployments.patch``."""
    method, path = request.split(" ", 1)
    found = re.match(r"/apis?/.*?/namespaces/[^/?]+/(?P<kind>[a-z]+)(?P<name>/[^/?]+)?(?P<sub>/[a-z]+)?", path)
    if not found:
        return ""
    verb = VERBS.get(method) or ("get" if found.group("name") else "watch" if "watch=" in path else "list")
    return f"{found.group('kind')}{found.group('sub') or ''}.{verb}"


def test_deploying_asks_for_all_that_the_feature_grants(
    controller: Controller, space: Space, rules: list[dict[str, Any]]
) -> None:
    """What is written first is a PATCH as well, which takes the right to create besides."""
    with ApiProxy(space.cluster) as proxy:
        options = {"runtime": "kubernetes", "runtimes": {"kubernetes": {"host": proxy.url}}}
        check(controller.play(tasks(space, options, "theirs")))
    used = {asked(request) for request in proxy.requests} - {""}
    used |= {f"{rule.partition('.')[0]}.create" for rule in used if rule.endswith(".patch")}
    held = {f"{name}.{verb}" for rule in rules for name in rule["resources"] for verb in rule["verbs"]}
    finding = {f"{name}.{verb}" for name in FOUND for verb in ("get", "list")}
    assert used <= held
    assert held - used <= SPARED | finding
