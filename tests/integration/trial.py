# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does an operation in bad weather, sees how it ended, and has it done again when the weather is fine."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .deeds import SECRET, done
from .storm import Storm

from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import run_main  # isort: skip
from ansible_collections.nekzus.runtime.tests.unit.tally import CODES, SHARE  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome
    from ansible_collections.nekzus.runtime.tests.unit.tally import Tally

    from .deeds import Deed
    from .engine import Engine

# What a task may take at the most: its own waiting, and that of its tries.
LONGEST = 90
_TOLD = {"_ansible_check_mode": False, "_ansible_diff": True, "_ansible_no_log": False}


class HangError(BaseException):
    """A task goes on for longer than it may. No module takes it for an error of its own."""


@contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    """Raise HangError when what is done takes longer."""

    def end(_signal: int, _frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Trials:
    """Trials on an engine."""

    def __init__(self, engine: Engine, patch: pytest.MonkeyPatch) -> None:
        """Take the engine, and what to run modules with."""
        self._engine = engine
        self._patch = patch

    def do(self, module: str, arguments: Mapping[str, Any]) -> Outcome:
        """Do a task in fine weather, in which it has to succeed."""
        outcome = self._run(module, {**self._engine.options, **arguments})
        assert done(outcome), outcome.everything
        return outcome

    def run(self, deed: Deed, tally: Tally, *, seed: int) -> None:
        """Do it in the weather of a seed, and count what became of it."""
        options = deed.prepare()
        storm = Storm(f"{seed} {deed.name}", share=SHARE)
        with self._engine.proxy(storm) as proxy:
            try:
                outcome = self._run(deed.module, {**self._engine.through(proxy), **options})
            except HangError:
                tally.count(storm.faults, failed=True, wrong=f"seed {seed}: it hangs for more than {LONGEST} s")
                return
        wrong = _shown(outcome) or _failed(outcome) or deed.verdict(outcome)
        # What is sent twice looks to who has sent it once as if somebody else had been quicker.
        if not wrong and "sent twice" not in storm.faults:
            wrong = _unchanged(outcome, deed) if done(outcome) else deed.promise(outcome)
        if not wrong and not done(outcome) and deed.repeats:
            wrong = self._again(deed, options)
        if wrong:
            wrong = f"seed {seed}: {wrong}" + ("" if done(outcome) else f", after: {outcome.result.get('msg')}")
        excuse = deed.excuse() if wrong else ""
        tally.count(storm.faults, failed=not done(outcome), wrong=wrong, excuse=excuse)

    def _again(self, deed: Deed, options: Mapping[str, Any]) -> str:
        """Return what is wrong when what has failed is done in fine weather."""
        patience = {"wait_timeout": LONGEST} if options.get("wait_timeout") else {}
        try:
            outcome = self._run(deed.module, {**self._engine.options, **options, **patience})
        except HangError:
            return f"when done again it hangs for more than {LONGEST} s"
        wrong = deed.verdict(outcome) if done(outcome) else str(outcome.result.get("msg"))
        return f"when done again: {wrong}" if wrong else ""

    def _run(self, module: str, arguments: Mapping[str, Any]) -> Outcome:
        with ended_after(LONGEST), self._patch.context() as patched:
            return run_main(module, {**_TOLD, **arguments}, patched)


def _shown(outcome: Outcome) -> str:
    if SECRET in outcome.everything:
        return "it shows the secret"
    if "Traceback" in outcome.everything or "exception" in outcome.result:
        return f"it shows a traceback: {outcome.everything[-2000:]}"
    return ""


def _failed(outcome: Outcome) -> str:
    failure = outcome.result.get("failure")
    if outcome.code and (not failure or failure["code"] not in CODES):
        return f"it fails with {failure or outcome.result}"
    return ""


def _unchanged(outcome: Outcome, deed: Deed) -> str:
    changed = outcome.result.get("changed")
    return "" if changed is deed.changes else f"it is said to have changed: {changed}"
