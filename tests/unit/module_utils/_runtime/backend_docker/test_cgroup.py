# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time as the kernel shows it, from trees of files like its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.cgroup import CpuAccounts
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.sample import CpuTime
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import make_id

if TYPE_CHECKING:
    from pathlib import Path

WEB, DB = make_id("web"), make_id("db")
STAT = "cpu  100 20 30 4000 5 6 7 800 90 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
TICKS = 100 + 20 + 30 + 4000 + 5 + 6 + 7
CPU_STAT = "usage_usec 2500\nuser_usec 1500\nsystem_usec 1000\n"


@pytest.fixture
def accounts(tmp_path: Path, clock: FakeClock) -> CpuAccounts:
    (tmp_path / "groups").mkdir()
    (tmp_path / "stat").write_text(STAT)
    return CpuAccounts(clock, groups=tmp_path / "groups", stat=tmp_path / "stat")


def put(tmp_path: Path, path: str, content: str) -> None:
    file = tmp_path / "groups" / path
    file.parent.mkdir(parents=True)
    file.write_text(content)


@pytest.mark.parametrize(
    ("path", "content", "used"),
    [
        pytest.param(f"cpuacct/docker/{WEB}/cpuacct.usage", "123456789\n", 123456789, id="v1"),
        pytest.param(f"cpu,cpuacct/docker/{WEB}/cpuacct.usage", "5\n", 5, id="v1 joined"),
        pytest.param(f"cpuacct/elsewhere/{WEB}/cpuacct.usage", "7\n", 7, id="v1 with another parent"),
        pytest.param(f"cpuacct/system.slice/docker-{WEB}.scope/cpuacct.usage", "9\n", 9, id="v1 by systemd"),
        pytest.param(f"docker/{WEB}/cpu.stat", CPU_STAT, 2_500_000, id="v2"),
        pytest.param(f"system.slice/docker-{WEB}.scope/cpu.stat", CPU_STAT, 2_500_000, id="v2 by systemd"),
    ],
)
def test_a_container_is_found_under_whichever_driver(
    accounts: CpuAccounts, tmp_path: Path, path: str, content: str, used: int
) -> None:
    put(tmp_path, path, content)
    system = TICKS * 10**9 // os.sysconf("SC_CLK_TCK")
    assert accounts.read([WEB, DB]) == {WEB: CpuTime(FakeClock().time(), used, system)}


def test_only_containers_asked_for_are_read(accounts: CpuAccounts, tmp_path: Path) -> None:
    for identifier in (WEB, DB):
        put(tmp_path, f"cpuacct/docker/{identifier}/cpuacct.usage", "1\n")
    assert list(accounts.read([DB])) == [DB]
    assert accounts.read([]) == {}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param(f"cpuacct/docker/{WEB}/other", "1", id="no CPU time"),
        pytest.param(f"cpuacct/docker/{WEB}/cpuacct.usage", "garbage", id="no number"),
        pytest.param(f"docker/{WEB}/cpu.stat", "nr_periods 3\n", id="no usage"),
        pytest.param(f"cpuacct/user.slice/user-1.slice/{WEB}/cpuacct.usage", "1", id="too deep"),
    ],
)
def test_what_cannot_be_read_is_left_to_the_daemon(
    accounts: CpuAccounts, tmp_path: Path, path: str, content: str
) -> None:
    put(tmp_path, path, content)
    assert accounts.read([WEB]) == {}


@pytest.mark.parametrize("stat", ["", "intr 1 2 3\n", "cpu a b c d e f g\n"])
def test_a_machine_whose_time_is_not_told_has_no_accounts(accounts: CpuAccounts, tmp_path: Path, stat: str) -> None:
    put(tmp_path, f"cpuacct/docker/{WEB}/cpuacct.usage", "1\n")
    (tmp_path / "stat").write_text(stat)
    assert accounts.read([WEB]) == {}


def test_a_machine_that_is_no_linux_has_no_accounts(clock: FakeClock, tmp_path: Path) -> None:
    assert CpuAccounts(clock, groups=tmp_path / "none", stat=tmp_path / "none").read([WEB]) == {}
