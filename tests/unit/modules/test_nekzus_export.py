# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module nekzus_export through its main()."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

SECRET = "hunter2hunter2"  # noqa: S105 - a test's


@pytest.fixture
def two(docker: FakeDocker) -> FakeDocker:
    docker.add("web", env=[f"DB_PASSWORD={SECRET}", "COLOUR=red"])
    docker.add("db")
    return docker


@pytest.mark.usefixtures("two")
def test_the_text_is_returned_with_the_names_of_its_variables(export: ModuleRun) -> None:
    (told,) = export(names=["docker/web", "docker/db"]).success["exports"]
    assert (told["runtime"], told["namespace"], told["variables"]) == ("docker", "", ["DB_PASSWORD"])
    assert told["subjects"] == ["docker/web", "docker/db"]
    assert SECRET not in str(told)
    services = yaml.safe_load(told["content"])["services"]
    assert list(services) == ["web", "db"]
    assert services["web"]["environment"] == {"DB_PASSWORD": "${DB_PASSWORD:?}", "COLOUR": "red"}


@pytest.mark.usefixtures("two")
def test_files_are_written_once_and_are_private(export: ModuleRun, tmp_path: Path) -> None:
    options: dict[str, Any] = {"name": "docker/web", "dest": f"{tmp_path}/kept/", "include_secret_values": True}
    predicted = export(check=True, **options).success
    assert predicted["changed"]
    assert not (tmp_path / "kept").exists()
    first, second = export(**options).success, export(**options).success
    assert (first["changed"], second["changed"]) == (True, False)
    assert "content" not in first["exports"][0]
    files = [tmp_path / "kept" / name for name in ("compose.yml", ".env")]
    assert [first["exports"][0][key] for key in ("dest", "variables_dest")] == list(map(str, files))
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert files[1].read_text() == f"DB_PASSWORD='{SECRET}'\n"
    assert SECRET not in str(first) + files[0].read_text()
    files[1].chmod(0o644)
    assert export(**options).success["changed"]
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600


@pytest.mark.usefixtures("two")
def test_a_single_file_has_its_variables_beside_it(export: ModuleRun, tmp_path: Path) -> None:
    told = export(name="docker/web", dest=str(tmp_path / "web.yml")).success["exports"][0]
    assert told["variables_dest"] == str(tmp_path / "web.env")
    assert (tmp_path / "web.env").read_text() == "DB_PASSWORD=\n"


@pytest.mark.usefixtures("two")
def test_values_of_secrets_are_never_returned(export: ModuleRun) -> None:
    failure = export(name="docker/web", include_secret_values=True).failure
    assert failure["code"] == "invalid_config"
    assert "dest" in failure["hint"]


@pytest.mark.usefixtures("two")
def test_both_runtimes_at_once_need_a_folder(
    docker: FakeDocker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kubernetes = FakeKubernetes(docker.clock)
    kubernetes.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", replicas=1, namespace="prod", labels={"app": "web"}))
    export = ModuleRun("nekzus_export", docker, monkeypatch, kubernetes)
    names = ["docker/db", "kubernetes/prod/deployment/web"]
    failure = export(names=names, dest=str(tmp_path / "one.yml")).failure
    assert failure["code"] == "invalid_config"
    assert "a folder" in failure["hint"]
    told = export(names=names, dest=f"{tmp_path}/").success["exports"]
    assert [(one["runtime"], one["namespace"]) for one in told] == [("docker", ""), ("kubernetes", "prod")]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["compose.yml", "prod.yml"]
    kinds = [document["kind"] for document in yaml.safe_load_all((tmp_path / "prod.yml").read_text())]
    assert "Deployment" in kinds


@pytest.mark.usefixtures("two")
def test_what_is_not_found_is_told_after_the_others_were_written(export: ModuleRun, tmp_path: Path) -> None:
    outcome = export(names=["docker/db", "docker/wob"], dest=str(tmp_path / "all.yml"))
    assert outcome.failure["code"] == "container_not_found"
    assert outcome.failure["target"] == "wob"
    assert (tmp_path / "all.yml").exists()


@pytest.mark.usefixtures("two")
def test_an_image_of_many_is_asked_for_once(export: ModuleRun, docker: FakeDocker) -> None:
    assert export(runtime="docker", all=True).success["exports"][0]["subjects"] == ["docker/db", "docker/web"]
    assert [call.verb for call in docker.calls].count("inspect image") == 1


def test_a_selection_that_finds_nothing_is_told(export: ModuleRun, docker: FakeDocker) -> None:
    told = export(runtime="docker", filters={"name": ["none*"]})
    assert told.success["exports"] == []
    assert any("nothing was exported" in words for words in told.warnings)
    assert not docker.writes


def test_everything_has_to_be_said_aloud(export: ModuleRun, docker: FakeDocker) -> None:
    assert export(runtime="docker").failure["code"] == "invalid_target"
    assert docker.calls == []
