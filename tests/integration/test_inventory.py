# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory over two daemons and two contexts of a cluster."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from .inventory import Places, listed, listing_run, write
from .manifests import deployment
from .proxy import Proxy
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine
    from .inventory import Listing
    from .yard import Yard

LIST = "^GET /containers/json"
# A second of a connection's time is long enough for what answers, and short enough to wait for what does not.
SHORT, LONG = "2s", 20.0


@pytest.fixture(scope="module")
def whole(controller: Controller, places: Places) -> Listing:
    """List all of them once."""
    return listed(controller, places.options())


def test_daemons_and_contexts_are_one_inventory(whole: Listing, places: Places) -> None:
    names = places.names
    assert sorted(whole.hosts) == sorted(names.values())
    assert whole.warnings == 0
    for name in ("edge", "lab", "east", "west"):
        assert whole.groups[f"endpoint_{name}"] == [names[name]]
        assert whole.hosts[names[name]]["nekzus_endpoint"] == name
    assert sorted(whole.groups["docker"]) == sorted((names["edge"], names["lab"]))
    assert sorted(whole.groups["kubernetes"]) == sorted((names["east"], names["west"]))
    assert sorted(whole.groups["state_running"]) == sorted(names.values())
    namespace = places.spaces["east"].namespace.replace("-", "_")
    assert whole.groups[f"namespace_{namespace}"] == [names["east"]]


def test_the_graph_shows_them_by_group(controller: Controller, places: Places) -> None:
    graph = listing_run(controller, places.options(), "--graph")
    assert graph.code == 0
    lines = graph.output.splitlines()
    assert lines[0] == "@all:"
    for name, host in places.names.items():
        assert lines[lines.index(f"  |--@endpoint_{name}:") + 1] == f"  |  |--{host}"


def test_variables_are_those_of_the_module_in_plain_json(
    controller: Controller, whole: Listing, places: Places
) -> None:
    edge = places.endpoints["edge"]
    info = {"docker_host": edge["docker_host"], "name": places.edge.name("web")}
    run = controller.play([{"name": "info", "nekzus.runtime.nekzus_container_info": info}])
    (container,) = run.task("info").result["containers"]
    expected = {f"nekzus_{key}": value for key, value in container.items() if key != "status"}
    found = dict(whole.hosts[places.names["edge"]])
    assert found.pop("nekzus_status").startswith("Up ")
    assert found.pop("nekzus_endpoint") == "edge"
    assert found == expected
    assert "__ansible" not in json.dumps(whole.hosts)


def test_one_runtime_of_each_kind_needs_no_endpoints(controller: Controller, places: Places) -> None:
    east = places.endpoints["east"]
    options = {"filters": places.options()["filters"], "include_stopped": True}
    runtimes = {"kubernetes": east["kubernetes"]}
    environment = {"DOCKER_HOST": places.endpoints["edge"]["docker_host"], "KUBECONFIG": east["kubeconfig"]}
    places.spaces["east"].make(deployment("idle", 0))
    found = listed(controller, {**options, "runtimes": runtimes}, **environment)
    namespace = places.spaces["east"].namespace
    assert sorted(found.hosts) == sorted((places.edge.name("web"), f"web.{namespace}", f"idle.deployment.{namespace}"))
    assert found.groups["owner_deployment_idle"] == [f"idle.deployment.{namespace}"]


def test_hosts_are_chosen_and_built_on(controller: Controller, places: Places) -> None:
    options = places.options(
        hostname="{{ nekzus_endpoint }}-{{ nekzus_name.split('-') | last }}",
        keyed_groups=[{"key": "nekzus_labels.tier", "prefix": "tier"}],
        compose={"place": "nekzus_endpoint ~ '/' ~ nekzus_name"},
        namespaces=[places.spaces["west"].namespace, places.spaces["east"].namespace],
        exclude=[f"{places.lab.prefix}-*"],
    )
    for name in ("east", "west"):
        options["endpoints"] = [
            {**one, "kubernetes": {"context": name}} if one["name"] == name else one for one in options["endpoints"]
        ]
    options["label_selectors"] = ["app=web"]
    found = listed(controller, options)
    # Both contexts are of one cluster, and see both namespaces.
    assert len(found.hosts) == 4
    assert sorted(found.groups["tier_front"]) == sorted(found.hosts)
    assert all(variables["place"] == f"{variables['nekzus_endpoint']}/web" for variables in found.hosts.values())


@contextmanager
def black_hole() -> Iterator[int]:
    """Yield a port to which connections hang: its queue is full, and nobody accepts any."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _number in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_a_dead_endpoint_costs_its_own_time_and_one_warning(controller: Controller, places: Places) -> None:
    with black_hole() as port:
        dead = {"name": "dead", "docker": {"socket_path": f"tcp://127.0.0.1:{port}", "timeout": SHORT}}
        options = places.options("edge", "lab", "east")
        options["endpoints"].insert(1, dead)
        begun = time.monotonic()
        found = listed(controller, options)
        took = time.monotonic() - begun
    assert sorted(found.hosts) == sorted(places.names[name] for name in ("edge", "lab", "east"))
    assert found.warnings == 1, found.output
    text = " ".join(found.output.split())
    assert "endpoint dead is left out: docker: cannot connect to tcp://127.0.0.1:" in text
    assert text.count("Hint: ") == 1
    # One after the other they would take as long as well; but a second try of the dead one would not.
    assert took < LONG


def test_one_dead_endpoint_is_enough_when_all_have_to_answer(controller: Controller, places: Places) -> None:
    dead = {"name": "dead", "docker_host": "tcp://127.0.0.1:1"}
    options = places.options("edge", strict_endpoints=True)
    options["endpoints"].append(dead)
    ended = listing_run(controller, options, "--list")
    assert ended.code != 0
    assert "1 of 2 endpoints do not answer. dead: docker: cannot connect to tcp://127.0.0.1:1" in ended.output


def test_a_mistake_is_one_sentence_with_a_remedy(controller: Controller, places: Places) -> None:
    options = places.options("edge")
    options["endpoints"][0]["dokcer_host"] = options["endpoints"][0].pop("docker_host")
    ended = listing_run(controller, options, "--list")
    assert ended.code != 0
    assert "endpoints[0].dokcer_host is not a key. Hint: did you mean docker_host?" in ended.output


def test_many_containers_are_one_list_and_no_inspection(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    docker_yard.create(*(f"web-{number}" for number in range(30)))
    with docker_engine.proxy() as proxy:
        selection = {"label_selectors": [f"nekzus-test-of={docker_yard.prefix}"], "include_stopped": True}
        found = listed(controller, {"docker_host": proxy.url, **selection})
        assert len(found.hosts) == 30
        assert [request.partition("?")[0] for request in proxy.requests] == ["GET /version", "GET /containers/json"]


def test_a_container_that_vanishes_between_list_and_inspection_is_left_out(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    docker_yard.create("web", "db", "cache")
    selection = {"label_selectors": [f"nekzus-test-of={docker_yard.prefix}"], "include_stopped": True}
    with Proxy(docker_engine.url, Rule(LIST, answered=lambda: docker_yard.remove("db"))) as proxy:
        found = listed(controller, {"docker_host": proxy.url, "details": True, **selection})
    assert sorted(found.hosts) == [docker_yard.name("cache"), docker_yard.name("web")]
    assert found.warnings == 0
    assert all(variables["nekzus_config"]["args"] for variables in found.hosts.values())


def test_a_second_run_with_the_cache_asks_nothing(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path
) -> None:
    one_yard.run("web")
    cache = {"ANSIBLE_INVENTORY_CACHE": "True", "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile"}
    environment = {**cache, "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(tmp_path / "cache")}
    name = one_yard.name("web")
    with one_engine.proxy() as proxy:
        file = str(write(controller, {"docker_host": proxy.url, "filters": {"name": [name]}}))

        def hosts(*arguments: str) -> str:
            return controller.command("ansible-inventory", "-i", file, "--graph", *arguments, **environment).output

        first = hosts()
        assert f"--{name}\n" in first
        asked = len(proxy.requests)
        assert hosts() == first
        assert len(proxy.requests) == asked
        assert hosts("--flush-cache") == first
        assert len(proxy.requests) == 2 * asked


PWN = "{{ lookup('pipe', 'touch FILE') }}"


def test_a_label_that_looks_like_a_template_is_a_text(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard, tmp_path: Path
) -> None:
    text = PWN.replace("FILE", str(tmp_path / "pwned"))
    docker_yard.run("web", labels={"foo": text, text: "bar", "com.docker.compose.project": text})
    options: dict[str, Any] = {
        "docker_host": docker_engine.url,
        "filters": {"name": [docker_yard.name("web")]},
        "details": True,
        "hostname": "x{{ nekzus_labels.foo }}",
        "compose": {"copied": "nekzus_labels.foo", "all_of_them": "nekzus_labels", "longer": "nekzus_labels.foo ~ '!'"},
        "groups": {"found": "nekzus_labels.foo is search('lookup')"},
        "keyed_groups": [{"key": "nekzus_labels"}, {"key": "nekzus_labels.foo", "prefix": "foo"}],
    }
    found = listed(controller, options)
    (name,) = found.groups["found"]
    told = found.hosts[name]["nekzus_labels"]["foo"]
    assert text in (told, told["__ansible_unsafe"])

    file = str(write(controller, options))
    shown = "{{ [nekzus_labels.foo, copied, all_of_them, longer, inventory_hostname, group_names] | to_json }}"
    tasks = [
        {"name": "show", "ansible.builtin.debug": {"msg": shown}},
        {"name": "show variables", "ansible.builtin.debug": {"var": "hostvars[inventory_hostname]"}},
        {"name": "set", "ansible.builtin.set_fact": {"again": "{{ nekzus_labels }}"}},
        {"name": "write", "ansible.builtin.copy": {"content": "{{ again.foo }}", "dest": str(tmp_path / "written")}},
    ]
    play = [{"hosts": "found", "gather_facts": False, "connection": "local", "tasks": tasks}]
    (tmp_path / "play.json").write_text(json.dumps(play))
    run = controller.command("ansible-playbook", "-i", file, str(tmp_path / "play.json"))
    assert run.code == 0, run.output
    assert text in str(run.task("show").result["msg"])
    assert (tmp_path / "written").read_text() == text
    assert not (tmp_path / "pwned").exists()
