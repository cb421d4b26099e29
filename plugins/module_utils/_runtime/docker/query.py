# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What to ask a daemon for a part of a log: https://docs.docker.com/reference/api/engine/ (ContainerLogs). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..moment import seconds_of

if TYPE_CHECKING:
    from ..logs.log import LogSpan


def log_query(span: LogSpan, *, follow: bool) -> dict[str, str]:
    """Return the query for a span, with a moment before each line."""
    query = {"stdout": "1", "stderr": "1", "timestamps": "1", "tail": "all" if span.tail is None else str(span.tail)}
    if follow:
        query["follow"] = "1"
    for key, moment in (("since", span.since), ("until", span.until)):
        if moment:
            query[key] = _exactly(moment)
    return query


def _exactly(moment: str) -> str:
    """Return the seconds since 1970 to the nanosecond, of which a float would lose the end."""
    whole, fraction = moment[:-1].split(".")
    return f"{int(seconds_of(whole + '.0Z'))}.{fraction}"
