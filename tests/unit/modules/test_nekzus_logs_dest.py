# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_logs that writes files, through its real main()."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import Written

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

MOMENT = "2026-01-31T12:00:00.000000000Z"


@pytest.fixture(autouse=True)
def _containers(docker: FakeDocker) -> None:
    docker.add("web", written=[Written(MOMENT, b"one \xff {{ 7*7 }}\n"), Written(MOMENT, b"two\n")])
    docker.add("db", written=[Written(MOMENT, b"up\n")])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.name != ".cache")


def test_a_file_has_the_bytes_of_the_log_and_the_result_has_not(logs: ModuleRun, tmp_path: Path) -> None:
    dest = tmp_path / "web.log"
    result = logs(name="web", dest=str(dest)).success
    (log,) = result["logs"]
    assert result["changed"] is True
    assert dest.read_bytes() == b"one \xff {{ 7*7 }}\ntwo\n"
    assert mode(dest) == 0o600
    assert (log["dest"], log["line_count"], log["invalid_bytes"], log["truncated"]) == (str(dest), 2, 1, False)
    assert not {"log", "log_lines", "entries"} & {*log, *result}


def test_the_second_time_is_no_change(logs: ModuleRun, docker: FakeDocker, tmp_path: Path) -> None:
    dest = tmp_path / "web.log"
    assert [logs(name="web", dest=str(dest)).success["changed"] for _time in range(2)] == [True, False]
    docker.containers[0].written = [Written(MOMENT, b"three\n")]
    assert logs(name="web", dest=str(dest)).success["changed"] is True
    assert (dest.read_bytes(), mode(dest)) == (b"three\n", 0o600)


def test_check_mode_says_what_would_change_and_writes_nothing(logs: ModuleRun, tmp_path: Path) -> None:
    dest = tmp_path / "new" / "web.log"
    options: dict[str, Any] = {"name": "web", "dest": str(dest)}
    predicted = logs(check=True, **options).success
    assert files(tmp_path) == []
    assert predicted == logs(**options).success
    assert predicted["changed"] is True
    assert logs(check=True, **options).success["changed"] is False


@pytest.mark.parametrize(
    ("dest", "options", "expected"),
    [
        pytest.param("there", {"name": "web"}, ["docker_web.log"], id="a folder that is there"),
        pytest.param("new/", {"name": "web"}, ["docker_web.log"], id="a folder that ends with a slash"),
        pytest.param("new", {"names": ["web"]}, ["docker_web.log"], id="a list of names"),
        pytest.param("new", {"names": ["web", "db"]}, ["docker_db.log", "docker_web.log"], id="names"),
        pytest.param("new/er", {"all": True}, ["docker_db.log", "docker_web.log"], id="a selection"),
    ],
)
def test_a_folder_has_a_file_for_each_log(
    logs: ModuleRun, tmp_path: Path, dest: str, options: dict[str, Any], expected: list[str]
) -> None:
    (tmp_path / "there").mkdir()
    result = logs(dest=f"{tmp_path}/{dest}", **options).success
    folder = tmp_path / dest
    assert files(folder) == expected
    assert sorted(log["dest"] for log in result["logs"]) == [str(folder / name) for name in expected]
    assert {mode(folder / name) for name in expected} == {0o600}


def test_moments_go_into_a_file_when_they_are_wanted(logs: ModuleRun, tmp_path: Path) -> None:
    logs(name="db", dest=str(tmp_path / "db.log"), timestamps=True)
    assert (tmp_path / "db.log").read_text() == f"{MOMENT} up\n"


def test_an_empty_log_is_an_empty_file(logs: ModuleRun, tmp_path: Path) -> None:
    assert logs(name="db", grep="nothing", dest=str(tmp_path / "db.log")).success["changed"] is True
    assert (tmp_path / "db.log").read_bytes() == b""


def test_what_is_truncated_is_said_though_it_is_in_a_file(logs: ModuleRun, tmp_path: Path) -> None:
    (log,) = logs(name="web", dest=str(tmp_path / "web.log"), max_bytes=4).success["logs"]
    assert log["truncated"] is True
    assert (tmp_path / "web.log").read_bytes() == b"two\n"


def test_one_that_is_missing_has_no_file_and_the_others_have(logs: ModuleRun, tmp_path: Path) -> None:
    outcome = logs(names=["wbe", "db"], dest=str(tmp_path))
    assert outcome.failure["code"] == "container_not_found"
    assert outcome.result["changed"] is True
    assert [log["name"] for log in outcome.result["logs"]] == ["db"]
    assert files(tmp_path) == ["docker_db.log"]


@pytest.mark.parametrize("check", [False, True])
def test_a_place_that_cannot_be_written_is_an_error_that_keeps_what_was_written(
    logs: ModuleRun, tmp_path: Path, *, check: bool
) -> None:
    (tmp_path / "docker_web.log").mkdir()
    outcome = logs(check=check, names=["db", "web"], dest=str(tmp_path))
    assert outcome.failure["code"] == "invalid_config"
    place = f"{tmp_path}/docker_web.log: Is a directory"
    assert outcome.failure["message"] == f"docker: cannot write the log of web: {place}"
    assert (outcome.failure["runtime"], outcome.failure["op"]) == ("docker", "write")
    assert outcome.failure["hint"] == "give dest a path that the user of the module may write"
    assert [log["name"] for log in outcome.result["logs"]] == ["db"]
    assert outcome.result["changed"] is True


def test_a_file_where_a_folder_should_be_is_an_error(logs: ModuleRun, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for dest in ("file/web.log", "file/", "file"):
        options = {"names": ["web"]} if dest == "file" else {"name": "web"}
        outcome = logs(dest=f"{tmp_path}/{dest}", **options)
        assert outcome.failure["code"] == "invalid_config"
        assert outcome.failure["op"] == "write"
        assert f"{tmp_path}/file" in outcome.failure["message"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_line_waited_for_in_vain_leaves_what_was_read_in_the_file(logs: ModuleRun, tmp_path: Path) -> None:
    outcome = logs(name="db", wait_for="never", wait_timeout=1, dest=str(tmp_path / "db.log"))
    assert outcome.failure["code"] == "timeout"
    assert (tmp_path / "db.log").read_bytes() == b"up\n"
