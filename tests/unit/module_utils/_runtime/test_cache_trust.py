# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From whom a cache is believed, and what is said of one that is not, or that cannot be."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.cache import Cache
from ansible_collections.nekzus.runtime.tests.unit.fakes.cached import TTL, VALUE, another, kept
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock

REMEDY = "set XDG_CACHE_HOME to a folder of the user that runs the module, or metrics_cache_ttl to 0s"
SOMEBODY = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "nekzus"


@pytest.fixture
def cache(folder: Path) -> Cache:
    return Cache(folder, ttl=TTL, clock=FakeClock())


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


def in_no_encoding(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")


def nested_too_deep(file: Path) -> None:
    file.write_text("[" * 100_000, encoding="utf-8")


def something_else(file: Path) -> None:
    file.write_text("[1, 2]", encoding="utf-8")


def without_a_time(file: Path) -> None:
    file.write_text('{"made": "today", "value": 1}', encoding="utf-8")


def without_a_value(file: Path) -> None:
    file.write_text('{"made": 1}', encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [emptied, cut_off, in_no_encoding, nested_too_deep, something_else, without_a_time, without_a_value],
    ids=lambda damage: damage.__name__.replace("_", " "),
)
def test_a_damaged_file_is_ignored_with_a_warning(cache: Cache, damage: Callable[[Path], None]) -> None:
    file = kept(cache)
    damage(file)
    reader = another(cache)
    assert reader.get("key") is None
    assert reader.warnings == [f"the cache file {file} is ignored, for it is damaged: remove it"]


def test_a_damaged_file_is_replaced_by_the_next_value(cache: Cache) -> None:
    emptied(kept(cache))
    cache.put("key", [1])
    assert another(cache).get("key") == [1]


@pytest.mark.parametrize("bits", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_ignored_with_a_warning(cache: Cache, bits: int) -> None:
    file = kept(cache)
    file.chmod(bits)
    reader = another(cache)
    assert reader.get("key") is None
    assert reader.warnings == [f"the cache file {file} is ignored, for others may write to it: remove it"]


@as_root
def test_a_file_of_somebody_else_is_ignored_with_a_warning(cache: Cache) -> None:
    file = kept(cache)
    os.chown(file, SOMEBODY, SOMEBODY)
    reader = another(cache)
    assert reader.get("key") is None
    assert reader.warnings == [f"the cache file {file} is ignored, for it belongs to another user: remove it"]


def test_a_link_is_ignored_with_a_warning_even_to_a_file_that_is_in_order(cache: Cache, tmp_path: Path) -> None:
    file = kept(cache)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    reader = another(cache)
    assert reader.get("key") is None
    assert reader.warnings == [f"the cache file {file} is ignored, for it is a link: remove it"]


def test_a_pipe_is_ignored_and_not_waited_for(cache: Cache) -> None:
    file = kept(cache)
    file.unlink()
    os.mkfifo(file, 0o600)
    reader = another(cache)
    assert reader.get("key") is None
    assert reader.warnings == [f"the cache file {file} is ignored, for it is no file: remove it"]


def test_a_folder_in_the_place_of_a_file_is_ignored_and_told_when_it_is_in_the_way(cache: Cache) -> None:
    file = kept(cache)
    file.unlink()
    file.mkdir()
    reader = another(cache)
    assert reader.get("key") is None
    assert reader.warnings == [f"the cache file {file} is ignored, for it is no file: remove it"]
    reader.put("key", VALUE)
    assert reader.warnings[1:] == [f"nothing is kept for later tasks in {file.parent} (Is a directory): {REMEDY}"]


def test_a_warning_is_given_once(cache: Cache) -> None:
    emptied(kept(cache))
    reader = another(cache)
    for _time in range(3):
        reader.get("key")
    assert len(reader.warnings) == 1


def open_to_the_group(folder: Path) -> str:
    folder.chmod(0o770)
    return "others may write to it"


def open_to_the_world(folder: Path) -> str:
    folder.chmod(0o1777)
    return "others may write to it"


def given_away(folder: Path) -> str:
    os.chown(folder, SOMEBODY, SOMEBODY)
    return "it belongs to another user"


def behind_a_link(folder: Path) -> str:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))
    return "it is no folder"


@pytest.mark.parametrize(
    "change",
    [open_to_the_group, open_to_the_world, pytest.param(given_away, marks=as_root), behind_a_link],
    ids=lambda change: change.__name__.replace("_", " "),
)
def test_a_folder_that_is_not_ours_alone_is_neither_read_nor_written(
    cache: Cache, folder: Path, change: Callable[[Path], str]
) -> None:
    before = kept(cache).read_bytes()
    reason = change(folder)
    reader = another(cache)
    assert reader.get("key") is None
    reader.put("key", [1])
    assert reader.warnings == [f"the cache {folder} is not used, for {reason}: remove it, or {REMEDY}"]
    assert [file.read_bytes() for file in folder.iterdir()] == [before]


def test_a_file_in_the_place_of_the_folder_is_told(cache: Cache, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("", encoding="utf-8")
    assert cache.get("key") is None
    cache.put("key", VALUE)
    assert cache.warnings == [f"the cache {folder} is not used, for it is no folder: remove it, or {REMEDY}"]


def test_a_folder_that_cannot_be_made_is_told_with_the_remedy(cache: Cache, folder: Path) -> None:
    folder.parent.write_text("", encoding="utf-8")
    assert cache.get("key") is None
    cache.put("key", VALUE)
    assert cache.warnings == [
        f"the cache {folder} is not used (Not a directory): {REMEDY}",
        f"nothing is kept for later tasks in {folder} (File exists): {REMEDY}",
    ]


@as_user
def test_a_folder_that_cannot_be_written_is_told_with_the_remedy(cache: Cache, folder: Path) -> None:
    kept(cache)
    folder.chmod(0o500)
    cache.put("key", VALUE)
    folder.chmod(0o700)
    assert cache.warnings == [f"nothing is kept for later tasks in {folder} (Permission denied): {REMEDY}"]


def test_a_file_that_cannot_be_written_is_told_with_the_remedy_and_nothing_is_left(cache: Cache, folder: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        cache.put("key", VALUE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert cache.warnings == [f"nothing is kept for later tasks in {folder} (File too large): {REMEDY}"]
    assert list(folder.iterdir()) == []


def test_who_has_no_home_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(Path("~/.cache/nekzus"), ttl=TTL, clock=FakeClock())
    monkeypatch.chdir(tmp_path)
    cache.put("key", VALUE)
    assert list(tmp_path.iterdir()) == []
    assert cache.warnings == [f"nothing is kept for later tasks, the user has no home: {REMEDY}"]
