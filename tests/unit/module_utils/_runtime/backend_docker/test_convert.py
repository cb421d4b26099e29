# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Docker's objects as the core's: what a real Docker 20.10 and a real Podman 4.3 answered, and junk."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.details import ContainerDetails, Mount, Resources
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Port, RuntimeType, State
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

Recorded = Callable[[str], Any]
ENGINES = ["docker", "podman"]
every_engine = pytest.mark.parametrize("engine", ENGINES)


def listed(recorded: Recorded, engine: str) -> dict[str, Container]:
    return {one.name: one for one in map(convert.container, recorded(f"{engine}_list"))}


def inspected(recorded: Recorded, engine: str, name: str) -> ContainerDetails:
    return convert.details(recorded(f"{engine}_inspect")[name])


STATES = {
    "web": (State.RUNNING, True),
    "healthy": (State.RUNNING, True),
    "unhealthy": (State.RUNNING, False),
    "frozen": (State.PAUSED, False),
    "done": (State.STOPPED, False),
    "fresh": (State.STOPPED, False),
    "loop": (State.RESTARTING, False),
    "db": (State.RUNNING, True),
}
# Podman 4.3 has no word for a container between two tries, and its list does not tell health.
PODMANS = dict.fromkeys(("web", "db", "loop", "unhealthy", "healthy"), (State.RUNNING, None))


@every_engine
def test_the_state_of_every_recorded_container_is_told(recorded: Recorded, engine: str) -> None:
    expected = {**STATES, **(PODMANS if engine == "podman" else {"linked": (State.RUNNING, True)})}
    found = {name: (one.state, one.ready) for name, one in listed(recorded, engine).items()}
    assert found == expected


@every_engine
def test_a_recorded_container_is_converted_whole(recorded: Recorded, engine: str) -> None:
    web = listed(recorded, engine)["web"]
    (record,) = [one for one in recorded(f"{engine}_list") if "/web" in one["Names"]]
    assert (web.address, web.runtime, web.namespace) == ("docker/web", RuntimeType.DOCKER, "")
    assert (web.id, web.short_id) == (record["Id"], record["Id"][:12])
    assert web.image.endswith("busybox:stable")
    assert web.status.startswith("Up")
    assert web.created == datetime.fromtimestamp(record["Created"], tz=timezone.utc)
    assert web.labels["motto"] == "{{ 1 + 1 }}"
    assert (web.compose_project, web.owner, web.node, web.restarts) == ("shop", None, None, None)


@pytest.mark.parametrize(("engine", "unpublished"), [("docker", (Port(None, 9000, None, "tcp"),)), ("podman", ())])
def test_ports_are_sorted(recorded: Recorded, engine: str, unpublished: tuple[Port, ...]) -> None:
    assert listed(recorded, engine)["web"].ports == (
        Port("127.0.0.1", 53, 18081, "udp"),
        Port("127.0.0.1", 80, 18080, "tcp"),
        *unpublished,
    )


def test_a_links_alias_is_not_taken_for_the_name(recorded: Recorded) -> None:
    names = next(one["Names"] for one in recorded("docker_list") if "/web" in one["Names"])
    assert names == ["/linked/alias", "/web"]
    assert "web" in listed(recorded, "docker")


@every_engine
def test_the_details_of_a_recorded_container_are_converted(recorded: Recorded, engine: str) -> None:
    details = inspected(recorded, engine, "web")
    assert details.restarts == 0
    assert (details.config.cmd, details.config.args) == (("sh",), ("-c", "sleep 1000", "--token=********"))
    assert (details.config.user, details.config.working_dir) == ("0:0", "/tmp")  # noqa: S108 - of the container
    assert details.config.env["PLAIN"] == "visible"
    assert details.config.containers[0].name == "web"
    assert details.network_settings.hostname == "webhost"
    assert details.network_settings.ip_address
    assert details.network_settings.networks[0].name in ("bridge", "podman")
    conf, data = details.mounts[:2]
    assert conf == Mount("bind", None, "/srv/conf", "/conf", read_only=True)
    assert (data.type, data.name, data.destination, data.read_only) == ("volume", "shopdata", "/data", False)


@every_engine
def test_no_recorded_secret_is_told(recorded: Recorded, engine: str) -> None:
    document = recorded(f"{engine}_inspect")["web"]
    secrets = ("hunter2hunter2", "s3cr3tpw", "abcdefgh")
    assert all(secret in json.dumps(document) for secret in secrets)
    told = json.dumps(as_json(convert.details(document)))
    assert not [secret for secret in secrets if secret in told]


@every_engine
def test_masking_leaves_the_runtimes_object_as_it_is_otherwise(recorded: Recorded, engine: str) -> None:
    document = recorded(f"{engine}_inspect")["unhealthy"]
    before = json.dumps(document)
    raw = convert.details(document).raw
    assert json.dumps(document) == before
    assert raw["State"] == document["State"]
    assert raw["HostConfig"] == document["HostConfig"]
    assert raw["Config"] == document["Config"]


@every_engine
def test_a_network_of_ones_own_is_told_with_its_aliases(recorded: Recorded, engine: str) -> None:
    (network,) = inspected(recorded, engine, "db").network_settings.networks
    assert network.name == "backnet"
    assert "database" in network.aliases
    assert network.ip_address
    assert network.mac_address


@every_engine
def test_restarts_are_counted(recorded: Recorded, engine: str) -> None:
    assert (inspected(recorded, engine, "loop").restarts or 0) > 2


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("created", State.STOPPED),
        ("running", State.RUNNING),
        ("paused", State.PAUSED),
        ("restarting", State.RESTARTING),
        ("removing", State.STOPPED),
        ("exited", State.STOPPED),
        ("dead", State.FAILED),
        ("configured", State.STOPPED),
        ("stopping", State.RUNNING),
        ("Running", State.RUNNING),
        ("hibernating", State.PENDING),
        ("", State.PENDING),
    ],
)
def test_docker_and_podmans_words_have_a_state(word: str, state: State) -> None:
    assert convert.state_of(word) is state


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"Names": None, "Id": "f" * 64}, "name", "f" * 12),
        ({"Names": ["/other/alias"], "Id": "f" * 64}, "name", "f" * 12),
        ({"Names": ["web"]}, "name", "web"),
        ({"Labels": None}, "labels", {}),
        ({"Labels": {"a": None, "b": 1}}, "labels", {"a": "", "b": "1"}),
        ({"Ports": None}, "ports", ()),
        ({"Ports": [None, {"PrivatePort": 80, "Type": "tcp"}]}, "ports", (Port(None, 80, None, "tcp"),)),
        ({"Created": None}, "created", None),
        ({"Created": "2026-01-01"}, "created", None),
        ({"Created": 10**20}, "created", None),
        ({"Created": True}, "created", None),
        ({"State": "running", "Status": ""}, "status", "running"),
        ({"State": "running", "Status": "Up 1 second (health: starting)"}, "ready", False),
        ({"State": "running", "Status": "Up 1 second (healthy)"}, "ready", True),
        ({"State": "running", "Status": "Up 1 second", "Config": None}, "ready", None),
        ({"State": "exited", "Status": "Exited (0)", "Config": None}, "ready", False),
        ({}, "image", ""),
        ({}, "state", State.PENDING),
    ],
)
def test_a_list_entry_may_lack_anything(record: Mapping[str, Any], field: str, expected: Any) -> None:
    assert getattr(convert.container(record), field) == expected


@pytest.mark.parametrize(
    ("state", "ready"),
    [
        ({"Status": "running"}, True),
        ({"Status": "running", "Health": {"Status": "healthy"}}, True),
        ({"Status": "running", "Health": {"Status": "none"}}, True),
        ({"Status": "running", "Health": {"Status": "starting"}}, False),
        ({"Status": "running", "Health": {"Status": "unhealthy"}}, False),
        ({"Status": "paused", "Running": True}, False),
        ({"Status": "exited"}, False),
        ({}, False),
    ],
)
def test_an_inspection_tells_whether_it_is_ready(state: Mapping[str, Any], *, ready: bool) -> None:
    assert convert.details({"State": state}).ready is ready


NO_LIMITS = Resources()


@pytest.mark.parametrize(
    ("host", "limits", "requests"),
    [
        ({"NanoCpus": 1_500_000_000}, Resources(cpu_cores=1.5), NO_LIMITS),
        ({"NanoCpus": 1_500_000_000, "CpuQuota": 50_000}, Resources(cpu_cores=1.5), NO_LIMITS),
        ({"NanoCpus": 0, "CpuQuota": 50_000, "CpuPeriod": 200_000}, Resources(cpu_cores=0.25), NO_LIMITS),
        ({"CpuQuota": 50_000, "CpuPeriod": 0}, Resources(cpu_cores=0.5), NO_LIMITS),
        ({"CpuQuota": -1, "CpuPeriod": 100_000}, NO_LIMITS, NO_LIMITS),
        ({"CpuPeriod": 100_000, "CpuShares": 512}, NO_LIMITS, NO_LIMITS),
        ({"Memory": 64 * 2**20}, Resources(memory_bytes=64 * 2**20), NO_LIMITS),
        ({"MemoryReservation": 2**20}, NO_LIMITS, Resources(memory_bytes=2**20)),
        ({"Memory": 0, "MemoryReservation": 0, "NanoCpus": 0}, NO_LIMITS, NO_LIMITS),
        ({"Memory": -1}, NO_LIMITS, NO_LIMITS),
        ({"Memory": None, "NanoCpus": "1"}, NO_LIMITS, NO_LIMITS),
        ({}, NO_LIMITS, NO_LIMITS),
    ],
)
def test_what_a_container_may_use_is_told_and_nothing_is_none(
    host: Mapping[str, Any], limits: Resources, requests: Resources
) -> None:
    (process,) = convert.details({"HostConfig": host}).config.containers
    assert (process.limits, process.requests) == (limits, requests)


@every_engine
def test_a_recorded_container_without_limits_has_none(recorded: Recorded, engine: str) -> None:
    (process,) = inspected(recorded, engine, "web").config.containers
    assert (process.limits, process.requests) == (NO_LIMITS, NO_LIMITS)


def test_an_inspection_may_be_empty() -> None:
    details = convert.details({})
    assert (details.restarts, details.mounts, details.config.cmd, details.raw) == (None, (), (), {"Config": {}})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
JSON: st.SearchStrategy[Any] = (
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)
)
LIST_KEYS = ["Id", "Names", "Image", "Created", "Ports", "Labels", "State", "Status"]
PORT_KEYS = ["IP", "PrivatePort", "PublicPort", "Type"]
INSPECT_KEYS = ["Id", "Name", "RestartCount", "Path", "Args", "State", "Config", "HostConfig", "Mounts"]
LIMIT_KEYS = ["NanoCpus", "CpuQuota", "CpuPeriod", "Memory", "MemoryReservation"]
INNER_KEYS = [
    *LIMIT_KEYS,
    "Env",
    "Cmd",
    "Entrypoint",
    "Healthcheck",
    "Test",
    "Health",
    "Log",
    "Output",
    "Networks",
    "Status",
]


same_each_time = settings(deadline=None, derandomize=True, database=None, max_examples=50)


def objects(keys: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), values)


@same_each_time
@given(objects(LIST_KEYS, JSON | st.lists(objects(PORT_KEYS, JSON), max_size=3)))
def test_any_list_entry_is_converted_to_something_that_prints(record: dict[str, Any]) -> None:
    json.dumps(as_json(convert.container(record)))


@same_each_time
@given(objects([*INSPECT_KEYS, "NetworkSettings"], JSON | objects(INNER_KEYS, JSON | objects(INNER_KEYS, JSON))))
def test_any_inspection_is_converted_to_something_that_prints(document: dict[str, Any]) -> None:
    json.dumps(as_json(convert.details(document)))


def test_what_podman_adds_to_an_environment_is_not_the_containers_own() -> None:
    added = ["container=podman", "HOME=/root", "HOSTNAME=667df4a80741", "TERM=xterm"]
    config = {"Hostname": "667df4a80741", "User": "", "Env": ["PATH=/bin", "COLOUR=blue", *added]}
    image = {"Config": {"Env": ["PATH=/bin"]}}
    assert convert.own_environment({"Config": config}, image) == {"COLOUR": "blue"}
    changed = {**config, "Env": [*config["Env"], "TERM=linux"]}
    assert convert.own_environment({"Config": changed}, image) == {"COLOUR": "blue", "TERM": "linux"}
    dockers = {**config, "Env": ["HOME=/root"]}
    assert convert.own_environment({"Config": dockers}, image) == {"HOME": "/root"}
