# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are private, and there as a whole or not at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.private_file import write_private

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_it_holds_what_was_written_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    write_private(file, b"one\n\xfftwo")
    assert file.read_bytes() == b"one\n\xfftwo"
    assert mode(file) == 0o600
    assert names(tmp_path) == ["web.log"]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777], ids=oct)
def test_it_is_private_whatever_the_mask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_private(tmp_path / "file", b"x")
    finally:
        os.umask(before)
    assert mode(tmp_path / "file") == 0o600


def test_what_was_there_is_replaced_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("old and longer", encoding="utf-8")
    file.chmod(0o666)
    write_private(str(file), b"new")
    assert (file.read_bytes(), mode(file)) == (b"new", 0o600)


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", tmp_path / "link"
    victim.write_text("precious", encoding="utf-8")
    link.symlink_to(victim)
    write_private(link, b"new")
    assert victim.read_text(encoding="utf-8") == "precious"
    assert not link.is_symlink()
    assert link.read_bytes() == b"new"


def test_who_reads_the_old_file_reads_it_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_private(file, b"old" * 1000)
    with file.open("rb") as reader:
        begun = reader.read(3)
        write_private(file, b"new")
        assert begun + reader.read() == b"old" * 1000


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    write_private(tmp_path / ("x" * 255), b"")
    assert names(tmp_path) == ["x" * 255]


def test_where_it_cannot_be_put_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "folder", b"x")
    assert names(tmp_path) == ["folder"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_private(tmp_path / "missing" / "file", b"x")


def test_what_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_private(file, b"old")
    with pytest.raises(TypeError):
        write_private(file, "no bytes")  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]
