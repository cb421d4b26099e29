# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs as files: private, named by what they are of, and written only when they change."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.file import LogFiles

if TYPE_CHECKING:
    from pathlib import Path


def test_the_log_of_the_only_one_is_the_file_itself(tmp_path: Path) -> None:
    assert LogFiles(str(tmp_path / "web.log"), one=True).path("docker/web") == tmp_path / "web.log"


def test_a_folder_has_a_file_named_by_the_address(tmp_path: Path) -> None:
    named = tmp_path / "kubernetes_prod_deployment_web.log"
    for files in (
        LogFiles(str(tmp_path), one=True),
        LogFiles(f"{tmp_path}/", one=True),
        LogFiles(str(tmp_path), one=False),
    ):
        assert files.path("kubernetes/prod/deployment/web") == named


def test_a_path_that_ends_with_a_slash_is_a_folder_before_it_is_there(tmp_path: Path) -> None:
    assert LogFiles(f"{tmp_path}/new/", one=True).path("docker/web") == tmp_path / "new" / "docker_web.log"


def test_no_two_containers_share_a_file(tmp_path: Path) -> None:
    files = LogFiles(str(tmp_path), one=False)
    addresses = ("docker/a_b", "docker/a__b", "docker/a.b", "docker/a-b", "kubernetes/a/b", "kubernetes/a-b/b")
    assert len({files.path(address) for address in addresses}) == len(addresses)


def test_a_file_is_private_and_has_the_bytes_as_they_were(tmp_path: Path) -> None:
    files = LogFiles(str(tmp_path / "deep" / "er" / "web.log"), one=True)
    assert files.put("docker/web", b"\xff\x1b[31m{{ 7*7 }}\n", write=True)
    written = files.path("docker/web")
    assert written.read_bytes() == b"\xff\x1b[31m{{ 7*7 }}\n"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert stat.S_IMODE(written.parent.stat().st_mode) == 0o700


def test_the_same_log_again_changes_nothing(tmp_path: Path) -> None:
    files = LogFiles(str(tmp_path / "web.log"), one=True)
    files.put("docker/web", b"a\n", write=True)
    before = files.path("docker/web").stat().st_ino
    assert not files.put("docker/web", b"a\n", write=True)
    assert files.path("docker/web").stat().st_ino == before
    assert files.put("docker/web", b"b\n", write=True)


def test_what_is_only_predicted_writes_nothing(tmp_path: Path) -> None:
    assert LogFiles(str(tmp_path / "new" / "web.log"), one=True).put("docker/web", b"a\n", write=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize(
    ("dest", "reason"),
    [
        pytest.param("file/web.log", "Not a directory", id="below a file"),
        pytest.param("file/deep/er/web.log", "Not a directory", id="far below a file"),
        pytest.param("folder", "Is a directory", id="a folder"),
        pytest.param("pipe.log", "it is there and is no file", id="what would be waited for"),
        pytest.param("link.log", "it is there and is no file", id="a link to that"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_or_foretold(
    tmp_path: Path, *, dest: str, reason: str, write: bool
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder" / "docker_web.log").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe.log")
    (tmp_path / "link.log").symlink_to("pipe.log")
    with pytest.raises(InvalidConfigError, match=rf"^cannot write: /.*[.]log: {reason}[.] Hint: give dest ") as caught:
        LogFiles(str(tmp_path / dest), one=True).put("docker/web", b"a\n", write=write)
    assert caught.value.hint
    assert (tmp_path / "pipe.log").is_fifo()
    assert (tmp_path / "link.log").is_symlink()


def test_a_link_to_a_file_is_replaced_and_the_file_it_leads_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "web.log").symlink_to("file")
    assert LogFiles(str(tmp_path / "web.log"), one=True).put("docker/web", b"a\n", write=True)
    assert not (tmp_path / "web.log").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("write", [True, False])
def test_a_folder_that_may_not_be_written_is_told_or_foretold(tmp_path: Path, *, write: bool) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InvalidConfigError, match="Permission denied"):
        LogFiles(str(tmp_path / "new" / "web.log"), one=True).put("docker/web", b"a\n", write=write)
