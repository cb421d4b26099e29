# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one task has learned and the next may use, for how long."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats import cache as cache_file
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.cache import Cache, cache_folder
from ansible_collections.nekzus.runtime.tests.unit.fakes.cached import TTL, VALUE, another, kept
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "nekzus"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def cache(folder: Path, clock: FakeClock) -> Cache:
    return Cache(folder, ttl=TTL, clock=clock)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_next_task_finds_what_one_has_kept(cache: Cache) -> None:
    kept(cache)
    assert another(cache).get("key") == VALUE
    assert another(cache).get("other key") is None


def test_what_nobody_has_kept_is_not_there_and_nothing_is_made_for_it(cache: Cache, folder: Path) -> None:
    assert cache.get("key") is None
    assert cache.warnings == []
    assert not folder.parent.exists()


def test_it_is_private(cache: Cache, folder: Path) -> None:
    file = kept(cache)
    assert (mode(file), mode(folder), mode(folder.parent)) == (0o600, 0o700, 0o700)


def test_a_name_does_not_tell_its_key(cache: Cache) -> None:
    name = kept(cache).name
    assert len(name) == 64 + len(".json")
    assert "key" not in name


@pytest.mark.parametrize(("age", "value"), [(0, VALUE), (TTL - 0.5, VALUE), (TTL, None), (86400, None)])
def test_it_lasts_for_its_time(cache: Cache, clock: FakeClock, age: float, value: Any) -> None:
    kept(cache)
    clock.sleep(age)
    assert another(cache).get("key") == value


def test_what_was_made_in_the_future_is_not_believed(cache: Cache) -> None:
    kept(cache)
    assert another(cache, clock=FakeClock(999)).get("key") is None


def test_without_a_time_nothing_is_kept_and_nothing_found(cache: Cache, folder: Path) -> None:
    never = another(cache, ttl=0)
    never.put("key", VALUE)
    assert not folder.exists()
    kept(cache)
    assert never.get("key") is None


def test_a_new_value_replaces_the_old(cache: Cache) -> None:
    kept(cache)
    cache.put("key", [1])
    assert another(cache).get("key") == [1]


def test_what_is_older_than_a_day_is_removed_when_something_is_kept(cache: Cache, folder: Path) -> None:
    kept(cache)
    old = [folder / "a.json", folder / ".b.json.x.tmp"]
    young, foreign = folder / "c.json", folder / "readme.txt"
    now = young.parent.stat().st_mtime
    for file in (*old, young, foreign):
        file.write_text("", encoding="utf-8")
        os.utime(file, (0, now - (86390 if file == young else 86500)))
    cache.put("other key", VALUE)
    assert [file for file in (*old, young, foreign) if file.exists()] == [young, foreign]
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize(
    ("xdg", "place"), [("/var/xdg", "/var/xdg/nekzus"), ("", "HOME/.cache/nekzus"), ("relative", "HOME/.cache/nekzus")]
)
def test_it_is_where_caches_of_the_user_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, xdg: str, place: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    assert cache_folder() == Path(place.replace("HOME", str(tmp_path)))


# Each writes lists of one number, long enough for many system calls, and reads what the others have written.
WORKER = """
import sys, time
from pathlib import Path
sys.path[:] = {path!r}
from {package}.stats.cache import Cache
cache = Cache(Path(sys.argv[1]), ttl=60, clock=time)
number, found = int(sys.argv[2]), 0
for _time in range(60):
    cache.put("key", [number] * 20000)
    value = cache.get("key")
    assert value and len(value) == 20000 and len(set(value)) == 1, value
    found += value[0] != number
assert not cache.warnings, cache.warnings
print(found)
"""


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    """Return a program that shares a cache with others of its kind."""
    source = Path(cache_file.__file__).parents[1]
    package = tmp_path / "library" / "shared"
    (package / "stats").mkdir(parents=True)
    for name in ("__init__.py", "private_file.py", "stats/__init__.py", "stats/cache.py"):
        (package / name).write_bytes((source / name).read_bytes())
    program = tmp_path / "worker.py"
    path = [str(package.parent), *sys.path]
    program.write_text(WORKER.format(path=path, package="shared"), encoding="utf-8")
    return program


def test_processes_that_write_and_read_at_once_never_see_half_a_value(worker: Path, folder: Path) -> None:
    running = [
        subprocess.Popen(  # noqa: S603 - a program of this test
            [sys.executable, str(worker), str(folder), str(number)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(4)
    ]
    ended = [each.communicate(timeout=60) for each in running]
    assert [(each.returncode, err) for each, (_out, err) in zip(running, ended)] == [(0, b"")] * 4
    # They did meet, and nothing but the last value is left.
    assert sum(int(out) for out, _err in ended) > 0
    (file,) = folder.iterdir()
    assert len(set(json.loads(file.read_bytes())["value"])) == 1
