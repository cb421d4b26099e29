# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task that reads logs returns, and the files that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._runtime.errors import NekzusError
from .._runtime.logs.text import decode, line_of
from .failures import failure_of, failure_report
from .values import identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._runtime.logs.file import LogFiles
    from .._runtime.logs.reader import Excerpt, Excerpts
    from .._runtime.logs.tail import Entry


def log_report(told: Excerpts, *, timestamps: bool, files: LogFiles, write: bool) -> dict[str, Any]:
    """Return what a task that reads logs returns: ``logs``, in files if there is a place for them, and the failure.

    Without ``write`` it only tells whether files would change.
    """
    failures, logs, warnings, changed = [], [], list(told.warnings), False
    for excerpt in told.excerpts:
        error = excerpt.error
        warnings.extend(excerpt.warnings)
        if excerpt.container and (excerpt.entries or not error):
            lines = [line_of(entry, timestamp=timestamps) for entry in excerpt.entries]
            log = {**identity(excerpt.container), **_log(excerpt, lines)}
            try:
                if files.dest:
                    changed = files.put(excerpt.container.address, _content(lines), write=write) or changed
                    log = _in_file(log, files)
                logs.append(log)
            except NekzusError as refusal:
                error = error or refusal
        target = f"the log of {excerpt.path}"
        failures.append(failure_of(error, excerpt.runtime_type, op="read", target=target))
    report = {"changed": changed, "logs": logs, "warnings": list(dict.fromkeys(warnings))}
    if len(told.excerpts) == len(logs) == 1:
        report.update({key: logs[0][key] for key in ("log", "log_lines") if key in logs[0]})
    return {**report, **failure_report(failures)}


def _content(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _in_file(log: Mapping[str, Any], files: LogFiles) -> dict[str, Any]:
    """Return the result about a log that is in a file."""
    told = {key: value for key, value in log.items() if key not in ("entries", "log", "log_lines")}
    return {**told, "dest": str(files.path(log["address"]))}


def _log(excerpt: Excerpt, lines: Sequence[bytes]) -> dict[str, Any]:
    decoded = [decode(line) for line in lines]
    texts = [text for text, _invalid in decoded]
    return {
        "entries": [_entry(entry) for entry in excerpt.entries],
        "log": "".join(f"{text}\n" for text in texts),
        "log_lines": texts,
        "line_count": len(texts),
        "truncated": excerpt.truncated,
        "invalid_bytes": sum(invalid for _text, invalid in decoded),
        "matched": _entry(excerpt.matched) if excerpt.matched else None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "time": entry.time or None,
        "stream": entry.line.stream or None,
        "pod": entry.source.pod or None,
        "container": entry.source.container,
        "message": decode(entry.line.message)[0],
    }
