# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers are written down, removed, and deployed again from what was written: they are what they were."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import docker
import pytest
from docker.types import IPAMConfig, IPAMPool, Mount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine

EXPORT, DEPLOY = "nekzus.runtime.nekzus_export", "nekzus.runtime.nekzus_toolbox_deploy"
PASSWORD = "pa$$w\"o'rd ${HOME} \\"  # noqa: S105 - the test's own
HEALTH: Any = {"test": ["CMD-SHELL", 'test -n "$PLAIN"'], "interval": 2_000_000_000, "retries": 5}
# What tells of a deployment, not of a container.
_OF_DEPLOYMENTS = ("com.docker.compose.", "nekzus.io/", "app.kubernetes.io/managed-by", "nekzus.test")
# Variables that Podman adds when it starts a container.
_ADDED = ("HOME=", "HOSTNAME=")
# What differs by how a thing was asked for; what it came to is compared in its place.
_ASKED = frozenset(("Binds", "Mounts", "Tmpfs", "ContainerIDFile", "CreateCommand"))
_OWN = frozenset(
    ("AttachStdin", "AttachStdout", "AttachStderr", "CreateCommand", "Hostname", "Labels", "StdinOnce", "Volumes")
)
# Two words for one thing.
_SAME: dict[str, Any] = {
    "default": "bridge",
    str({"Name": "", "MaximumRetryCount": 0}): {"Name": "no", "MaximumRetryCount": 0},
}


class Bench:
    """Some containers that somebody has made by hand, with a network and volumes."""

    def __init__(self, engine: DockerEngine, yard: DockerYard, controller: Controller) -> None:
        """Take where."""
        self.engine, self.yard = engine, yard
        self.api = docker.DockerClient(base_url=engine.url, version="1.41", timeout=60)
        self.network = f"{yard.prefix}-net"
        self.volume = f"{yard.prefix}-vol"
        self._controller = controller
        # Templates are read out of the project alone: this is beside the playbook.
        self.folder = controller.home / yard.prefix

    def task(self, module: str, **options: Any) -> Mapping[str, Any]:
        """Run a module that succeeds, and return its result."""
        ended = self._controller.play([{"name": "it", module: {**self.engine.options, **options}}])
        assert ended.task("it").status == "ok", ended.output[-3000:]
        return ended.task("it").result

    def names(self, *names: str) -> list[str]:
        """Return names on the engine."""
        return [self.yard.name(name) for name in names]

    def make_surroundings(self) -> None:
        """Make a network with addresses, and a volume with something in it."""
        pool = IPAMPool(subnet="10.213.57.0/24", gateway="10.213.57.1")
        self.api.networks.create(self.network, ipam=IPAMConfig(pool_configs=[pool]), labels={"nekzus.test": "1"})
        self.api.volumes.create(self.volume)

    def deployed(self) -> Mapping[str, Any]:
        """Deploy what is in the folder, as somebody who has read it."""
        return self.task(
            DEPLOY, service_name=self.yard.prefix, src=str(self.folder), allow_privileged=True, wait_timeout=60
        )

    def clear(self) -> None:
        """Remove everything."""
        self.yard.clear()
        for one in self.api.containers.list(all=True, ignore_removed=True):
            if str(one.name).startswith(self.yard.prefix):
                one.remove(force=True, v=True)
        for network in self.api.networks.list(names=[self.yard.prefix]):
            network.remove()
        for volume in self.api.volumes.list(filters={"name": self.yard.prefix}):
            volume.remove()


@pytest.fixture
def bench(docker_engine: DockerEngine, docker_yard: DockerYard, controller: Controller) -> Iterator[Bench]:
    made = Bench(docker_engine, docker_yard, controller)
    made.clear()
    made.make_surroundings()
    yield made
    made.clear()
    made.api.close()


def told(container: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an inspection says of how a container was made, field by field."""
    config = {key: value for key, value in container["Config"].items() if key not in _OWN}
    labels = {
        key: value
        for key, value in (container["Config"]["Labels"] or {}).items()
        if not key.startswith(_OF_DEPLOYMENTS)
    }
    config["Env"] = sorted(one for one in config["Env"] if not one.startswith(_ADDED))
    host = {key: _SAME.get(str(value), value) for key, value in container["HostConfig"].items() if key not in _ASKED}
    mounts = [
        {key: mount.get(key) for key in ("Type", "Name", "Source", "Destination", "RW", "Propagation")}
        for mount in container["Mounts"]
        if mount["Type"] != "tmpfs"
    ]
    networks = {
        name: {key: value for key, value in (one["IPAMConfig"] or {}).items() if value}
        for name, one in container["NetworkSettings"]["Networks"].items()
    }
    return {
        **{f"Config.{key}": value for key, value in config.items()},
        **{f"Labels.{key}": value for key, value in labels.items()},
        **{f"HostConfig.{key}": value for key, value in host.items()},
        **{f"Mounts.{mount['Destination']}": mount for mount in mounts},
        **{f"Networks.{name}": addresses for name, addresses in networks.items()},
    }


def different(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields that differ, before and after."""
    fields = sorted({*before, *after})
    return {field: (before.get(field), after.get(field)) for field in fields if before.get(field) != after.get(field)}


def make_everything(bench: Bench) -> None:
    """Make a container of nearly all that can be said of one, and another beside it."""
    bench.yard.run(
        "all",
        environment={"PLAIN": "$HOME and $$", "DB_PASSWORD": PASSWORD, "URL": "postgres://me:geheim@db/x"},
        labels={"yes": "no", "price": "5$", "note": "two\nlines"},
        entrypoint=["/bin/sh", "-c"],
        user="0:0",
        working_dir="/srv",
        hostname="one",
        domainname="example.test",
        tty=True,
        stdin_open=True,
        stop_signal="SIGINT",
        ports={"80/tcp": ("127.0.0.1", None), "53/udp": None, "81/tcp": 18981},
        volumes={bench.volume: {"bind": "/data", "mode": "rw"}, "/tmp": {"bind": "/host", "mode": "ro"}},  # noqa: S108 - of the host
        mounts=[Mount("/more", bench.volume, type="volume", read_only=True, no_copy=True)],
        tmpfs={"/scratch": "size=1m"},
        cap_add=["NET_ADMIN"],
        cap_drop=["MKNOD"],
        dns=["10.0.0.53"],
        dns_search=["example.test"],
        dns_opt=["ndots:2"],
        extra_hosts={"db": "10.0.0.9"},
        group_add=["5"],
        init=bench.engine.name == "docker",  # Podman needs a program for it that Debian does not bring
        mem_limit="96m",
        mem_reservation="48m",
        memswap_limit="128m",
        nano_cpus=500_000_000,
        cpu_shares=512,
        cpuset_cpus="0",
        pids_limit=77,
        shm_size="32m",
        oom_score_adj=100,
        restart_policy={"Name": "on-failure", "MaximumRetryCount": 2},
        security_opt=["no-new-privileges"],
        sysctls={"net.ipv4.ip_forward": "0"},
        # (Podman sets others too then, which takes more rights than every machine gives.)
        ulimits=[docker.types.Ulimit(name="nofile", soft=100, hard=200)] if bench.engine.name == "docker" else None,
        devices=["/dev/null:/dev/nothing:rw"],
        log_config=docker.types.LogConfig(type="json-file", config={"max-size": "1m"}),
        network=bench.network,
        **({"healthcheck": HEALTH} if bench.engine.name == "docker" else {}),  # Podman leaves them to systemd
    )
    bench.yard.create("plain")


def test_containers_are_what_they_were_when_they_are_deployed_from_what_was_written(
    bench: Bench,
) -> None:
    make_everything(bench)
    names = bench.names("all", "plain")
    before = {name: told(bench.yard.inspect(name)) for name in ("all", "plain")}
    written = bench.task(EXPORT, names=names, dest=f"{bench.folder}/", include_secret_values=True)
    again = bench.task(EXPORT, names=names, dest=f"{bench.folder}/", include_secret_values=True)
    assert (written["changed"], again["changed"]) == (True, False)
    assert PASSWORD not in (bench.folder / "compose.yml").read_text()
    assert {stat.S_IMODE(file.stat().st_mode) for file in bench.folder.iterdir()} == {0o600}
    bench.yard.remove("all", "plain")
    deployed = bench.deployed()
    assert deployed["changed"]
    assert different(before["all"], told(bench.yard.inspect("all"))) == {}
    assert different(before["plain"], told(bench.yard.inspect("plain"))) == {}
    assert PASSWORD not in str(deployed)
    assert not bench.deployed()["changed"]


def test_secrets_are_variables_without_a_value_unless_they_are_asked_for(bench: Bench, tmp_path: Path) -> None:
    bench.yard.create("one", environment={"DB_PASSWORD": PASSWORD, "COLOUR": "red"})
    shown = bench.task(EXPORT, name=bench.names("one")[0])
    assert PASSWORD not in str(shown)
    assert shown["exports"][0]["variables"] == ["DB_PASSWORD"]
    assert "${DB_PASSWORD:?}" in shown["exports"][0]["content"]
    bench.task(EXPORT, name=bench.names("one")[0], dest=str(tmp_path / "one.yml"))
    assert (tmp_path / "one.env").read_text() == "DB_PASSWORD=\n"


def test_new_volumes_and_networks_are_declared_when_those_that_are_there_are_not_meant(bench: Bench) -> None:
    bench.yard.run("one", network=bench.network, volumes={bench.volume: {"bind": "/data", "mode": "rw"}})
    kept = bench.task(EXPORT, name=bench.names("one")[0])
    assert "external: true" in kept["exports"][0]["content"]
    bench.task(EXPORT, name=bench.names("one")[0], external=False, dest=f"{bench.folder}/")
    bench.clear()
    bench.deployed()
    found = bench.yard.inspect("one")
    assert [mount["Name"] for mount in found["Mounts"]] == [bench.volume]
    assert list(found["NetworkSettings"]["Networks"]) == [bench.network]


def test_what_a_compose_file_cannot_say_is_told(bench: Bench) -> None:
    bench.yard.create("odd", auto_remove=True, volumes=["/nameless"])
    told_of = bench.task(EXPORT, name=bench.names("odd")[0])["warnings"]
    assert any("AutoRemove" in words for words in told_of)
    assert any("/nameless" in words for words in told_of)
    assert any("does not run" in words for words in told_of)


def test_nothing_is_written_in_check_mode(bench: Bench, controller: Controller, tmp_path: Path) -> None:
    bench.yard.create("one")
    options = {**bench.engine.options, "name": bench.names("one")[0], "dest": str(tmp_path / "one.yml")}
    ended = controller.play([{"name": "it", EXPORT: options}], "--check")
    assert ended.task("it").result["changed"]
    assert list(tmp_path.iterdir()) == []
