# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The core's values as the plain JSON that a task returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any

from ._runtime.errors import NekzusError, tell
from ._runtime.log_text import decode, line_of
from ._runtime.permissions import RuntimeDescription

if TYPE_CHECKING:
    from ._runtime.account_keeper import Tended
    from ._runtime.census import Census, Finding
    from ._runtime.fleet import Overview, View
    from ._runtime.log_file import LogFiles
    from ._runtime.log_reader import Excerpt, Excerpts
    from ._runtime.log_tail import Entry
    from ._runtime.monitor import Readings
    from ._runtime.types import Container, LifecycleResult, Report, RuntimeType

LISTED_FAILURES = 3
# What says which container a result is about.
IDENTITY = ("address", "id", "short_id", "runtime", "namespace", "name", "state")


def as_json(value: Any) -> Any:
    """Return dataclasses and mappings as dicts, sequences as lists, enumerations as their value, times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = (field for field in fields(value) if not field.metadata.get("internal"))
        return {field.name: as_json(getattr(value, field.name)) for field in shown}
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


def lifecycle_report(told: Report) -> dict[str, Any]:
    """Return what a lifecycle task returns: ``results``, the diff of what changed, and the failure if there is one."""
    results = told.results
    report: dict[str, Any] = {
        "changed": any(result.changed for result in results),
        "results": as_json(results),
        "diff": {"before": _places(results, "before"), "after": _places(results, "after")},
        # Results that are one operation say the same.
        "warnings": list(dict.fromkeys([*told.warnings, *(each for result in results for each in result.warnings)])),
    }
    if not results:
        report["warnings"].append("no container matches the selection, nothing was done")
    return {**report, **failure_report([result.failure for result in results])}


def container_report(overview: Overview, *, details: bool, raw: bool) -> dict[str, Any]:
    """Return what a reading task returns: ``containers``, and the failure if one that was named cannot be seen."""
    failures = []
    for view in overview.views:
        error = view.error and view.error.within(runtime=_word(view.runtime_type), op="inspect", target=view.path)
        failures.append(error.failure() if error else None)
    seen = [_container(view, details=details, raw=raw) for view in overview.views if not view.error]
    told = {"changed": False, "containers": seen, "warnings": list(overview.warnings)}
    return {**told, **failure_report(failures)}


def _container(view: View, *, details: bool, raw: bool) -> dict[str, Any]:
    shown, inspected = as_json(view.container), as_json(view.details) or {}
    wanted = (("config", "network_settings", "mounts") if details else ()) + (("raw",) if raw else ())
    # What inspecting knows better. It does not know it of a workload, whose pods it does not look at.
    better = [key for key in ("restarts", "ready") if details and inspected[key] is not None]
    return {**shown, **{key: inspected[key] for key in (*wanted, *better)}}


def host_variables(view: View, *, endpoint: str, details: bool) -> dict[str, Any]:
    """Return what an inventory knows of a container: the fields of a reading task, each with a prefix."""
    told = {"endpoint": endpoint, **_container(view, details=details and view.details is not None, raw=False)}
    return {f"nekzus_{key}": value for key, value in told.items()}


def stats_report(told: Readings, *, require: bool) -> dict[str, Any]:
    """Return what a measuring task returns: ``stats``, whether all that runs has numbers, and the failure if any.

    With ``require`` it is a failure that something that runs has none, unless there is another one.
    """
    failures = []
    for reading in told.readings:
        error = reading.error and reading.error.within(runtime=_word(reading.runtime_type), op="measure")
        failures.append(error.within(target=reading.path).failure() if error else None)
    failed, missing = failure_report(failures, total=told.total), list(told.unavailable)
    if require and missing and not failed:
        failed = failure_report([missing.pop(0).within(op="measure").failure()])
    return {
        "changed": False,
        "stats": [
            {**_identity(one.container), **as_json(one.usage)}
            for one in told.readings
            if one.container and one.usage and not one.error
        ],
        "metrics_available": not told.unavailable,
        "cached": told.cached,
        "warnings": [*told.warnings, *map(str, missing)],
        **failed,
    }


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
            log = {**_identity(excerpt.container), **_log(excerpt, lines)}
            try:
                if files.dest:
                    changed = files.put(excerpt.container.address, _content(lines), write=write) or changed
                    log = _in_file(log, files)
                logs.append(log)
            except NekzusError as refusal:
                error = error or refusal
        failures.append(_failure(excerpt, error))
    report = {"changed": changed, "logs": logs, "warnings": list(dict.fromkeys(warnings))}
    if len(told.excerpts) == len(logs) == 1:
        report.update({key: logs[0][key] for key in ("log", "log_lines") if key in logs[0]})
    return {**report, **failure_report(failures)}


def _failure(excerpt: Excerpt, error: NekzusError | None) -> dict[str, Any] | None:
    target = f"the log of {excerpt.path}"
    return error.within(runtime=_word(excerpt.runtime_type), op="read", target=target).failure() if error else None


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


def _identity(container: Container) -> dict[str, Any]:
    return {key: as_json(getattr(container, key)) for key in IDENTITY}


def runtime_report(census: Census) -> dict[str, Any]:
    """Return what a task that asks about runtimes returns: ``runtimes``, and which of them is the ``primary``."""
    return {
        "changed": False,
        "primary": census.primary.value,
        "runtimes": [_runtime(finding) for finding in census.findings],
    }


def _runtime(finding: Finding) -> dict[str, Any]:
    told = as_json(finding.description) or dict.fromkeys(field.name for field in fields(RuntimeDescription))
    return {
        "type": finding.type.value,
        "available": finding.description is not None,
        "enabled": finding.enabled,
        "error": str(finding.error) if finding.error else None,
        "failure": finding.error.failure() if finding.error else None,
        **told,
        "permissions": as_json(finding.permissions),
    }


def account_report(told: Tended, *, show: bool) -> dict[str, Any]:
    """Return what a task about an account returns; the kubeconfig, which is a secret, only if it shall ``show``."""
    plan, credentials = told.plan, told.credentials
    account = as_json(plan.record)
    if account:
        account["token_expires"] = as_json(credentials.expires) if credentials else None
    report: dict[str, Any] = {
        "changed": bool(plan.changes) or told.file_changes,
        "account": account,
        "changes": as_json(plan.changes),
        "kubeconfig_dest": str(told.file.path) if told.file else None,
        "kubeconfig_changed": told.file_changes,
        "diff": {
            "before": {one.title: one.before for one in plan.changes if one.before},
            "after": {one.title: one.after for one in plan.changes if one.after},
        },
        "warnings": [*plan.warnings, *(credentials.warnings if credentials else ())],
    }
    return {**report, "kubeconfig": dict(credentials.kubeconfig)} if show and credentials else report


def _word(runtime_type: RuntimeType | None) -> str | None:
    return str(runtime_type) if runtime_type else None


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


def _places(results: Sequence[LifecycleResult], when: str) -> dict[str, Any]:
    """Return the state and, where there are any, the replicas of each changed target before or after."""
    places = {}
    for result in results:
        if result.changed:
            place = {"state": getattr(result, f"state_{when}"), "replicas": getattr(result, f"replicas_{when}")}
            places[result.address] = {key: as_json(value) for key, value in place.items() if value is not None}
    return places
