# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A race takes turns, and nobody wins it who has not done the work."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.tests.bench.race import Contestant, race
from ansible_collections.nekzus.runtime.tests.bench.run import Command, NotDoneError, Run, measure
from ansible_collections.nekzus.runtime.tests.bench.spread import Spread, spread
from ansible_collections.nekzus.runtime.tests.bench.track import Counter, Track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def python(code: str, *arguments: str) -> Command:
    return Command((sys.executable, "-I", "-S", "-c", code, *arguments), dict(os.environ))


def test_a_run_costs_what_the_command_and_its_children_take() -> None:
    idle = measure(python("import time; time.sleep(0.3); print('slept')"))
    assert idle.output == "slept\n"
    assert 0.3 <= idle.wall_seconds < 5
    assert idle.cpu_seconds < 0.3
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    parent = measure(python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)"))
    assert parent.cpu_seconds >= 0.3


def test_the_peak_is_that_of_the_command_and_not_of_who_measures_it() -> None:
    held = b"x" * (100 * 2**20)
    small, large = measure(python("pass")), measure(python("print(len(b'x' * (50 * 2**20)))"))
    assert len(held) > small.peak_bytes
    assert large.peak_bytes - small.peak_bytes >= 49 * 2**20


def test_a_command_that_fails_raises_with_what_it_printed() -> None:
    with pytest.raises(NotDoneError, match=r"(?s)ended with 3:.*no such thing"):
        measure(python("import sys; print('no such thing'); sys.exit(3)"))


class Ground:
    """Where contestants leave a line each time they run."""

    def __init__(self, file: Path) -> None:
        """Take the file."""
        self.file = file
        self.track = Track("here", self._counter)

    @contextlib.contextmanager
    def _counter(self) -> Iterator[Counter]:
        yield Counter("there", ["GET /one", "GET /two"])

    def contestant(self, name: str, *, counted: bool = True) -> Contestant:
        """Return one who leaves its name, and where it was sent to."""

        def command(address: str) -> Command:
            return python(
                "import sys; open(sys.argv[1], 'a').write(sys.argv[2])", str(self.file), f"{name} {address}\n"
            )

        return Contestant(name, command, counted=counted)


def test_contestants_take_turns_and_requests_are_counted_in_a_run_of_its_own(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "turns")
    results = race([ground.contestant("ours"), ground.contestant("theirs", counted=False)], track=ground.track, times=2)
    assert ground.file.read_text().splitlines() == [*["ours here", "theirs here"] * 2, "ours there"]
    assert {name: len(result.runs) for name, result in results.items()} == {"ours": 2, "theirs": 2}
    assert results["ours"].requests == ("GET /one", "GET /two")
    assert results["theirs"].requests is None


def test_each_run_is_prepared_and_one_that_did_not_do_the_work_ends_the_race(tmp_path: Path) -> None:
    prepared = []

    def refuse(run: Run) -> None:
        raise NotDoneError(run.output)

    ground = Ground(tmp_path / "turns")
    idler = Contestant("idler", lambda _address: python("print('did nothing')"), refuse, lambda: prepared.append(1))
    with pytest.raises(NotDoneError, match="did nothing"):
        race([idler], track=ground.track, times=1)
    assert prepared == [1]


def test_who_has_several_attempts_is_measured_in_the_first_that_succeeds(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "turns")
    twice = "if open(sys.argv[1]).read().count('again') < 2: sys.exit('no')"
    tries = "import sys; open(sys.argv[1], 'a').write('again\\n'); " + f"\n{twice}"
    unlucky = Contestant("unlucky", lambda _address: python(tries, str(ground.file)), counted=False, attempts=2)
    assert len(race([unlucky], track=ground.track, times=1)["unlucky"].runs) == 1
    assert ground.file.read_text() == "again\nagain\n"


def test_a_spread_has_the_one_in_the_middle() -> None:
    assert spread([3.0, 1.0, 9.0]) == Spread(3.0, 1.0, 9.0)
    assert spread([2.0, 1.0]) == Spread(1.5, 1.0, 2.0)
