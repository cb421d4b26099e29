# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong is counted, and never hidden."""

from __future__ import annotations

from ansible_collections.nekzus.runtime.tests.unit.tally import Sheet, added


def test_what_is_wrong_is_a_violation_and_what_the_engine_does_wrong_is_told_apart() -> None:
    sheet = Sheet("docker", ["remove"])
    tally = sheet.tallies["remove"]
    tally.count({"429": 1}, failed=False, wrong="")
    tally.count({"500": 2}, failed=True, wrong="it is lost")
    tally.count({}, failed=True, wrong="it stays", excuse="the network is stuck")
    tally.count({}, failed=False, wrong="", excuse="nobody needs one")
    (twice,) = added([sheet.text(), sheet.text()])
    assert (twice.whole.runs, twice.whole.failed, twice.whole.faults.total()) == (8, 4, 6)
    assert twice.whole.violations == ["it is lost ({'500': 2})"] * 2
    assert twice.whole.excused == ["the network is stuck: it stays"] * 2
    assert twice.lines()[-2:] == ["the engine's own: the network is stuck: it stays"] * 2
