# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules do to an engine, as operations for bad weather, and what must be true after each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome

SECRET = "sturm-geheimnis-5f3a"  # noqa: S105 - the tests' own
WAIT = 10
LINES = [f"line {number}" for number in range(1, 6)]
# Many of them live at once, which therefore do nothing: what polls would be most of the work.
QUIET = "; ".join(
    [*(f"echo {line}" for line in LINES), "trap 'exit 0' TERM", "sleep 1000000 & wait", "sleep 1000000 & wait"]
)
Verdict = Callable[["Outcome"], str]


@dataclass(frozen=True)
class Deed:
    """One operation, as a task of a module.

    ``prepare`` brings its target into the state that it is about, and returns the options of the task. ``verdict``
    looks at the engine after the task, and returns what is wrong, nothing when all is well. ``changes`` is whether it
    is a change. ``repeats`` is whether the same task in fine weather brings about what it has failed to do.
    ``promise`` returns what is wrong with what a failed task says that it has left; nobody is asked who could not know.
    ``excuse`` returns what is broken in the engine itself, so that nobody can do it.
    """

    name: str
    module: str
    prepare: Callable[[], Mapping[str, Any]]
    verdict: Verdict
    changes: bool = False
    repeats: bool = True
    promise: Verdict = field(default=lambda _outcome: "")
    excuse: Callable[[], str] = field(default=lambda: "")


class Scene(Protocol):
    """Where deeds are done."""

    def deeds(self) -> list[Deed]:
        """Return them in an order in which one prepares the next."""

    def harms(self) -> Mapping[str, Callable[[], None]]:
        """Return what must never happen during a deed, by its name: the means to make it happen."""

    def clear(self) -> None:
        """Leave nothing."""


class Do(Protocol):
    """Does a task in fine weather."""

    def __call__(self, module: str, arguments: Mapping[str, Any]) -> Outcome:
        """Return how it ended."""


def done(outcome: Outcome) -> bool:
    """Tell whether a task says that it has done it."""
    return not outcome.code


def always(**options: Any) -> Callable[[], Mapping[str, Any]]:
    """Return the preparation of what needs none."""
    return lambda: options


def listed(key: str, name: str, check: Callable[[Mapping[str, Any]], str]) -> Verdict:
    """Return the verdict on reading: what is said of this one, among what the task returns under the key."""

    def verdict(outcome: Outcome) -> str:
        if not done(outcome):
            return ""
        found = [one for one in outcome.result.get(key, ()) if one["name"] == name]
        return check(found[0]) if len(found) == 1 else f"{name} is told {len(found)} times"

    return verdict


def foretold(outcome: Outcome, state: str, count: int) -> str:
    """Return what is wrong with a prediction that so many things will be in a state."""
    told = [one["state_after"] for one in outcome.result.get("results", ())]
    return "" if not done(outcome) or told == [state] * count else f"foretold: {told}"


def whole_log(found: Mapping[str, Any]) -> str:
    """Return what is wrong with the log of what runs QUIET."""
    told = found["log_lines"]
    return "" if told == LINES else f"the log is said to be {told}"


def written_down(subject: str) -> Verdict:
    """Return the verdict on an export of one."""

    def verdict(outcome: Outcome) -> str:
        if not done(outcome):
            return ""
        exports = outcome.result.get("exports", [])
        whole = len(exports) == 1 and exports[0]["subjects"] == [subject] and "API_TOKEN" in exports[0]["content"]
        return "" if whole else f"said to be written down, there is {exports}"

    return verdict


def promised(outcome: Outcome, *, found: Any, before: Any) -> str:
    """Return what is wrong with a failed deployment's words on what it has left, ``found`` now and ``before``."""
    words = str(outcome.result.get("msg", ""))
    if "what was made was removed again" in words and found:
        return f"said to be removed again, there is {found}"
    if "what was there before is back" in words and found != before:
        return f"said to be back, there is {found}, there was {before}"
    return ""


def runtime_told(version: Callable[[], str]) -> Verdict:
    """Return the verdict on what is said of a runtime: it is as it is, or why it cannot be told."""

    def verdict(outcome: Outcome) -> str:
        if not done(outcome):
            return ""
        (told,) = outcome.result.get("runtimes") or ({"available": True, "version": None},)
        if told["available"]:
            return "" if told["version"] == version() else f"the version is said to be {told['version']}"
        return "" if told["error"] else "it is not available, and nothing says why"

    return verdict
