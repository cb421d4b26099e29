# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays that run inside the containers of an inventory, by the connection plugins of other collections."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from .certificates import Authority
from .conftest import missing
from .inventory import listed, write
from .manifests import deployment, pod, pod_spec
from .proxy import Proxy
from .python_image import KUBE_IMAGE, give_python_to_nodes, make_python_image
from .service_account import kubeconfig_of, make_account, rule
from .ways import MissingError

if TYPE_CHECKING:
    from pathlib import Path

    from .cluster import Cluster
    from .controller import Controller, Run
    from .docker_yard import DockerYard
    from .engine import DockerEngine
    from .inventory import Places
    from .space import Space
    from .yard import Yard

PING = "ansible.builtin.ping"
# What the environment of the controller says of a Python is not so in a container.
INSIDE = {"ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3"}


def raw(controller: Controller, options: dict[str, Any], pattern: str, command: str, **environment: str) -> Run:
    """Run a command inside the hosts of an inventory that a pattern means."""
    file = str(write(controller, {"connection": "exec", **options}))
    return controller.command("ansible", "-i", file, pattern, "-m", "raw", "-a", command, **environment)


def test_a_command_runs_inside_of_containers_and_pods_at_once(controller: Controller, places: Places) -> None:
    run = raw(controller, places.options(), "all", "echo I am $(hostname)", ANSIBLE_FORKS="4")
    assert run.code == 0, run.output
    said = dict(re.findall(r"^(\S+) \| CHANGED .*\nI am (\S+)$", run.output, re.MULTILINE))
    assert set(said) == set(places.names.values())
    for name in ("east", "west"):
        assert said[places.names[name]] == "web"
    for name, yard in (("edge", places.edge), ("lab", places.lab)):
        assert said[places.names[name]] == yard.id("web")[:12]


def test_variables_of_a_connection_hold_no_secret(controller: Controller, places: Places) -> None:
    found = listed(controller, places.options(connection="exec"))
    east = found.hosts[places.names["east"]]
    assert east["ansible_connection"] == "kubernetes.core.kubectl"
    assert (east["ansible_kubectl_context"], east["ansible_kubectl_token"]) == ("east", "")
    edge = found.hosts[places.names["edge"]]
    own = {key: value for key, value in edge.items() if key.startswith("ansible_")}
    assert own == {
        "ansible_connection": "community.docker.docker_api",
        "ansible_docker_docker_host": places.endpoints["edge"]["docker_host"],
        "ansible_host": places.edge.name("web"),
    }
    assert "__ansible" not in json.dumps(found.hosts)


def test_a_module_runs_inside_of_a_container(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    try:
        image = make_python_image(docker_engine.url)
    except MissingError as error:
        missing(docker_engine.name, str(error))
    name = docker_yard.name("snake")
    docker_yard.of_image(image).run("snake")
    options = {"docker_host": docker_engine.url, "filters": {"name": [name]}, "connection": "exec"}
    file = str(write(controller, options))
    run = controller.command("ansible", "-i", file, "all", "-m", PING, **INSIDE)
    assert (run.code, [task.status for task in run.tasks]) == (0, ["ok"]), run.output
    assert run.tasks[0].result["ping"] == "pong"


def test_a_module_runs_inside_of_a_pod(controller: Controller, cluster: Cluster, space: Space) -> None:
    try:
        give_python_to_nodes(cluster.kubeconfig)
        space.make(pod("snake", pod_spec(image=KUBE_IMAGE)))
        space.await_ready("snake")
    except (MissingError, AssertionError) as error:
        missing("kubernetes", f"no pod with Python: {error}")
    options = {"endpoints": [{"name": "prod", "kubeconfig": str(space.kubeconfig)}], "namespaces": [space.namespace]}
    file = str(write(controller, {**options, "connection": "exec", "filters": {"name": ["snake"]}}))
    run = controller.command("ansible", "-i", file, "all", "-m", PING, **INSIDE)
    assert (run.code, [task.status for task in run.tasks]) == (0, ["ok"]), run.output
    assert run.tasks[0].result["ping"] == "pong"


def test_the_main_container_of_a_pod_is_the_one_that_is_meant(controller: Controller, space: Space) -> None:
    spec = pod_spec()
    second = {**spec["containers"][0], "name": "second", "env": [{"name": "WHO", "value": "second"}]}
    annotations = {"kubectl.kubernetes.io/default-container": "second"}
    space.make(pod("two", {**spec, "containers": [*spec["containers"], second]}, annotations=annotations))
    space.await_ready("two")
    options = {"kubeconfig": str(space.kubeconfig), "namespaces": [space.namespace], "runtime": "kubernetes"}
    run = raw(controller, {**options, "filters": {"name": ["two"]}}, "all", "echo I am $WHO")
    assert "I am second\n" in run.output, run.output


def test_a_workload_without_pods_is_reached_when_it_has_one(controller: Controller, space: Space) -> None:
    space.make(deployment("later", 0))
    place = {"kubeconfig": str(space.kubeconfig), "namespaces": [space.namespace], "runtime": "kubernetes"}
    selection = {"include_stopped": True, "filters": {"name": ["later*"], "owner_kind": ["Deployment"]}}
    cache = {"ANSIBLE_INVENTORY_CACHE": "True", "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile"}
    environment = {**cache, "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(controller.home / "later")}
    file = str(write(controller, {**place, **selection, "connection": "exec"}))
    name = f"later.deployment.{space.namespace}"
    assert name in controller.command("ansible-inventory", "-i", file, "--graph", **environment).output
    space.cluster.patch(space.path("Deployment", "later"), {"spec": {"replicas": 1}})
    space.await_ready("later")
    run = controller.command("ansible", "-i", file, name, "-m", "raw", "-a", "hostname", **environment)
    assert run.code == 0, run.output
    assert f"\n{space.pod_names('later')[0]}\n" in run.output


def test_a_token_stays_in_the_environment(controller: Controller, space: Space, tmp_path: Path) -> None:
    rules = [rule("pods", "list", "get"), rule("pods/exec", "create")]
    token = make_account(space, "player", rules)
    space.make(pod("token"))
    space.await_ready("token")
    configuration = space.cluster.configuration
    kubernetes = {"host": configuration.host, "ca_cert": configuration.ssl_ca_cert, "namespaces": [space.namespace]}
    options = {
        "endpoints": [{"name": "prod", "kubernetes": kubernetes}],
        "connection": "exec",
        "filters": {"name": ["token"]},
    }
    # As AWX has it, whose word on certificates kubectl's connection plugin would not survive.
    environment = {"K8S_AUTH_API_KEY": token, "K8S_AUTH_VERIFY_SSL": "True"}
    found = listed(controller, options, **environment)
    assert list(found.hosts) == [f"token.{space.namespace}.prod"]
    assert token not in json.dumps(found.hosts) + found.output
    run = raw(controller, options, "all", "echo I am $(hostname)", **environment)
    assert "I am token" in run.output, run.output

    # Another cluster's credentials in the environment are not sent to one that is known by its file.
    other = kubeconfig_of(space, token, tmp_path / "kubeconfig")
    options["endpoints"] = [{"name": "prod", "kubeconfig": other, "kubernetes": {"namespaces": [space.namespace]}}]
    foreign = {"K8S_AUTH_API_KEY": "not-for-you", "K8S_AUTH_HOST": "https://127.0.0.1:1"}
    run = raw(controller, options, "all", "echo I am $(hostname)", **foreign)
    assert "I am token" in run.output, run.output


def test_a_container_behind_tls_is_reached(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path
) -> None:
    one_yard.run("web")
    authority = Authority(tmp_path)
    ours = authority.issue("cert")
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(one_engine.url, tls=authority.server("127.0.0.1"), port=0))
        files = {"ca_path": str(authority.path), "client_cert": str(ours.certificate), "client_key": str(ours.key)}
        edge = {"name": "edge", "docker": {"socket_path": proxy.url, "tls": files}}
        run = raw(controller, {"endpoints": [edge], "filters": {"name": [one_yard.name("web")]}}, "all", "echo I am in")
    assert "I am in" in run.output, run.output
