# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that writes the fleet down, run by its name as a survey would."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING, Any

import docker
import pytest
import yaml

from .manifests import deployment, pod_spec
from .yard import LIVES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .controller import Controller, Run
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .space import Space
    from .yard import Yard

# What is left empty in a survey.
EMPTY = dict.fromkeys(("fleet_names", "fleet_labels", "fleet_globs", "fleet_runtime", "export_external"), "")
PASSWORD = "pa$$w {{ 7*7 }} geheim"  # noqa: S105 - the test's own


class Keeper:
    """Writes the fleet down into a folder, from a host that keeps its temporary files in another."""

    def __init__(self, controller: Controller, folder: Path) -> None:
        """Take Ansible, and an empty folder."""
        self._controller = controller
        self.folder = folder / "exports"
        self.host = folder / "host"
        self.host.mkdir()

    def write_down(self, survey: Mapping[str, str], *, code: int = 0) -> Run:
        """Run the playbook, which must end with a code and leave nothing on the host."""
        told = {**EMPTY, **survey, "export_dest": str(self.folder)}
        run = self._controller.playbook("export", told, TMPDIR=str(self.host))
        assert run.code == code, run.output
        assert run.task("Make room on the host").result["path"].startswith(str(self.host))
        assert list(self.host.glob("nekzus-*")) == []
        assert "geheim" not in run.output
        return run

    def dated(self) -> Path:
        """Return the folder of the only host in the only one in it, whose name must be a time."""
        (found,) = self.folder.iterdir()
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d{6}Z", found.name)
        (host,) = found.iterdir()
        assert host.name == "localhost"
        return host

    def files(self) -> dict[str, str]:
        """Return the files by their paths: they and their folders must be their user's alone."""
        host = self.dated()
        found = sorted(host.rglob("*"))
        folders = {stat.S_IMODE(one.stat().st_mode) for one in (host.parent, host, *found) if one.is_dir()}
        assert folders == {0o700}
        files = [one for one in found if one.is_file()]
        assert {stat.S_IMODE(one.stat().st_mode) for one in files} <= {0o600}
        return {str(one.relative_to(host)): one.read_text(encoding="utf-8") for one in files}


@pytest.fixture
def keeper(controller: Controller, tmp_path: Path) -> Keeper:
    """Have an empty folder for exports."""
    return Keeper(controller, tmp_path)


def named(engine: Engine, yard: Yard, *names: str) -> dict[str, str]:
    """Return the answers that name these."""
    return {**engine.survey, "fleet_names": ",".join(engine.ways.path + yard.name(name) for name in names)}


def test_the_fleet_comes_to_the_controller(keeper: Keeper, engine: Engine, yard: Yard) -> None:
    yard.run("web", "db", "bystander")
    run = keeper.write_down(named(engine, yard, "web", "db"))
    (path,) = keeper.files()
    assert path.partition("/")[0] == engine.ways.place.partition("/")[0]
    text = keeper.files()[path]
    assert all(yard.name(name) in text for name in ("web", "db"))
    assert yard.name("bystander") not in text
    assert run.task("Say where they are").result["msg"] == f"1 files are in {keeper.dated()}"


def test_what_cannot_be_found_fails_the_play_when_the_others_are_there(
    keeper: Keeper, engine: Engine, yard: Yard
) -> None:
    yard.run("web")
    run = keeper.write_down(named(engine, yard, "wep", "web"), code=2)
    assert run.recap["failed"] == 1
    assert f"did you mean {yard.name('web')}" in run.output
    (text,) = keeper.files().values()
    assert yard.name("web") in text


@pytest.fixture
def volume(docker_engine: DockerEngine, docker_yard: DockerYard) -> Iterator[str]:
    """Have a volume, and remove it after the containers that have it."""
    api = docker.DockerClient(base_url=docker_engine.url, version="1.41", timeout=60)
    made = api.volumes.create(f"{docker_yard.prefix}-data")
    yield str(made.name)
    docker_yard.clear()
    made.remove()
    api.close()


def test_secrets_come_with_a_compose_file_when_they_are_asked_for(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard, volume: str, tmp_path: Path
) -> None:
    docker_yard.create("web", environment={"DB_PASSWORD": PASSWORD}, volumes=[f"{volume}:/data"])
    plain, whole = tmp_path / "plain", tmp_path / "whole"
    plain.mkdir()
    whole.mkdir()
    keeper = Keeper(controller, plain)
    survey = named(docker_engine, docker_yard, "web")
    keeper.write_down(survey)
    written = keeper.files()
    assert written["docker/.env"] == "DB_PASSWORD=\n"
    compose: Any = yaml.safe_load(written["docker/compose.yml"])
    assert compose["volumes"] == {volume: {"external": True}}

    other = Keeper(controller, whole)
    other.write_down({**survey, "export_secret_values": "true", "export_external": "false"})
    written = other.files()
    assert written["docker/.env"] == f"DB_PASSWORD='{PASSWORD}'\n"
    assert "geheim" not in written["docker/compose.yml"]
    compose = yaml.safe_load(written["docker/compose.yml"])
    assert compose["volumes"] == {volume: {"name": volume}}


def test_what_belongs_to_workloads_comes_when_it_is_asked_for(keeper: Keeper, space: Space) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "kept"}, "stringData": {"PIN": "geheim"}}
    space.make(secret, deployment("kept", 1, pod_spec(LIVES, envFrom=[{"secretRef": {"name": "kept"}}])))
    space.await_ready("kept")
    survey = {"fleet_kubeconfig": str(space.kubeconfig), "fleet_namespaces": space.namespace}
    keeper.write_down({**survey, "fleet_runtime": "kubernetes", "export_include": "services,secrets"})
    (path,) = keeper.files()
    assert path == f"kubernetes/{space.namespace}.yml"
    documents = list(yaml.safe_load_all(keeper.files()[path]))
    assert [(one["kind"], one["metadata"]["name"]) for one in documents][-1] == ("Deployment", "kept")
    (masked,) = (one for one in documents if one["kind"] == "Secret")
    assert masked["stringData"] == {"PIN": "********"}


def test_check_mode_writes_nothing(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path
) -> None:
    one_yard.run("web")
    survey = {**named(one_engine, one_yard, "web"), "export_dest": str(tmp_path / "exports")}
    flat = " ".join(f"{key}={value}" for key, value in survey.items())
    run = controller.command("ansible-playbook", "nekzus.runtime.export", "--check", "-e", flat)
    assert run.code == 0, run.output
    assert run.task("Say where they are").result["msg"].startswith("1 files would be in ")
    assert list(tmp_path.iterdir()) == []


def test_both_runtimes_are_written_down_in_one_run(
    keeper: Keeper, one_engine: DockerEngine, one_yard: Yard, space: Space
) -> None:
    app = one_yard.name("both")
    one_yard.run("both", labels={"app": app})
    space.make(deployment(app, 1, pod_spec(LIVES)))
    space.await_ready(app)
    both = {**one_engine.survey, "fleet_kubeconfig": str(space.kubeconfig), "fleet_labels": f"app={app}"}
    run = keeper.write_down(both)
    assert run.recap["failed"] == 0
    assert sorted(keeper.files()) == ["docker/compose.yml", f"kubernetes/{space.namespace}.yml"]
