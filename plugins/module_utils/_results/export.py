# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task that exports returns, and the files that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._runtime.errors import InvalidConfigError, NekzusError
from .._runtime.kept_file import keep_file
from .._runtime.toolbox.dotenv import print_dotenv
from .._runtime.types import RuntimeType
from .._yaml_write import write_documents
from .failures import failure_of, failure_report

if TYPE_CHECKING:
    from .._runtime.exports.exported import Exported
    from .._runtime.exports.order import ExportOrder
    from .._runtime.exports.scribe import Writing, Writings


def export_report(told: Writings, *, order: ExportOrder, write: bool) -> dict[str, Any]:
    """Return what a task that exports returns: ``exports``, in files if there is a place for them, and the failure.

    Without ``write`` it only tells whether files would change.
    """
    exports, failures, changed, warnings = [], [], False, list(told.warnings)
    written = [one for one in told.writings if one.exported]
    if len(written) > 1 and order.dest and not order.is_folder:
        listed = ", ".join(" ".join(filter(None, (str(one.runtime_type), one.namespace))) for one in written)
        hint = "give a folder, which ends with a slash"
        raise InvalidConfigError(f"dest is one file, and there is one each for {listed}", op="export", hint=hint)
    for writing in told.writings:
        error = writing.error
        if writing.exported:
            warnings.extend([*writing.exported.warnings, *_misread(writing, writing.exported)])
            try:
                export, changes = _export(writing, writing.exported, order, write=write)
                exports.append(export)
                changed = changed or changes
            except NekzusError as refusal:
                error = refusal
        failures.append(failure_of(error, writing.runtime_type, op="export", target=writing.path))
    if not told.writings:
        warnings.append("no container matches the selection, nothing was exported")
    report = {"changed": changed, "exports": exports, "warnings": list(dict.fromkeys(warnings))}
    return {**report, **failure_report(failures)}


def _misread(writing: Writing, exported: Exported) -> list[str]:
    """Return a warning for what is plain text to kubectl, and a variable to us."""
    if writing.runtime_type is RuntimeType.DOCKER or "${" not in str(exported.documents):
        return []
    return [f"{writing.namespace}: the manifests have ${{...}} in them: as a template write $${{...}} for it"]


def _export(writing: Writing, exported: Exported, order: ExportOrder, *, write: bool) -> tuple[dict[str, Any], bool]:
    """Return one entry of ``exports``, and whether its files change."""
    content = write_documents(exported.documents)
    export: dict[str, Any] = {
        "runtime": str(writing.runtime_type),
        "namespace": writing.namespace,
        "subjects": list(exported.subjects),
        "variables": sorted(exported.variables),
    }
    if not order.dest or writing.runtime_type is None:
        return {**export, "content": content}, False
    place = order.place(writing.runtime_type, writing.namespace)
    changed = keep_file(place.documents, content.encode(), write=write)
    export["dest"] = str(place.documents)
    if exported.variables:
        changed = keep_file(place.variables, print_dotenv(exported.variables).encode(), write=write) or changed
        export["variables_dest"] = str(place.variables)
    return export, changed
