# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What makes a task of many targets fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._runtime.errors import tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._runtime.errors import NekzusError
    from .._runtime.types import RuntimeType


LISTED_FAILURES = 3


def failure_report(failures: Sequence[Mapping[str, Any] | None], *, total: int | None = None) -> dict[str, Any]:
    """Return what makes a task of many targets fail: nothing, or a message on all failures and the first in full.

    ``total`` is how many targets there were, where there is not a failure or None for each.
    """
    failed = [failure for failure in failures if failure]
    if not failed:
        return {}
    message = tell(failed[0]["message"], failed[0]["hint"])
    count = len(failures) if total is None else total
    if count > 1:
        listed = [f"{failure['target']} ({failure['code']})" for failure in failed[:LISTED_FAILURES]]
        more = [f"{len(failed) - LISTED_FAILURES} more"] if len(failed) > LISTED_FAILURES else []
        head = f"{len(failed)} of {count} targets failed: {', '.join(listed + more)}"
        message = f"{head}. The first: {message}"
    return {"failed": True, "msg": message, "failure": failed[0]}


def failure_of(
    error: NekzusError | None, runtime_type: RuntimeType | None, *, op: str, target: str
) -> dict[str, Any] | None:
    """Return the failure of one target, if it has one; the error keeps what it knows better."""
    word = str(runtime_type) if runtime_type else None
    return error.within(runtime=word, op=op, target=target).failure() if error else None
