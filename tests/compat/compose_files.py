# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many Compose files can be deployed: python tests/compat/compose_files.py FOLDER, with the collection importable.

It renders every YAML file with services below the folder for both runtimes, with what it takes of the host allowed, and
prints a table in Markdown with totals, and why files are refused. Variables have their defaults, others a value that
fits their type. What is beside a file in the folder is beside the template, its .env too. Nothing is deployed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.render import render as render_for_docker
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.render import (
    render as render_for_kubernetes,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.guard import check_project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.order import PROJECTS, variables_beside
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import TemplateKind
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.variables import VariableType
from ansible_collections.nekzus.runtime.plugins.module_utils._template_source import load_template
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import LARGEST
from ansible_collections.nekzus.runtime.plugins.plugin_utils._templates import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import Template

NAME = "shop"
PLAUSIBLE = {
    VariableType.PASSWORD: "a-password-of-some-length",
    VariableType.NUMBER: "8080",
    VariableType.URL: "https://shop.example.com",
    VariableType.TEXT: "text",
}
# A key in a message, without the names that a file gives: services.web.build, volumes.data.driver_opts.
_KEY = re.compile(r"\b(?P<part>services|networks|volumes|configs|secrets)\.[^\s:.\[]+(?:\.(?P<key>[a-z_]+))?")


@dataclass
class Row:
    """What became of one file. ``docker`` and ``kubernetes`` are empty when they take it, else the reason."""

    file: str
    services: int = 0
    docker: str = ""
    kubernetes: str = ""
    host: str = ""
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def refused(self) -> list[str]:
        """The keys because of which a runtime refuses it; what has none is told by its reason."""
        return sorted({key for reason in (self.docker, self.kubernetes) if reason for key in keys_of(reason)})

    def printed(self) -> str:
        """Return it as a line of the table."""
        said = [len(self.warnings.get(runtime, ())) for runtime in ("docker", "kubernetes")]
        cells = (
            self.file,
            self.services,
            "no" if self.docker else "yes",
            "no" if self.kubernetes else "yes",
            "asks" if self.host else "",
            ", ".join(self.refused),
            f"{said[0]} / {said[1]}",
        )
        return f"| {' | '.join(map(str, cells))} |"


def keys_of(reason: str) -> list[str]:
    """Return the keys that a message names, or the message."""
    found = [one.group("key") or one.group("part") for one in _KEY.finditer(reason)]
    return found or [reason.split(":", 1)[-1].strip()[:80]]


def files_below(folder: Path) -> Iterator[Path]:
    """Yield what may be a Compose file."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yml", ".yaml") and path.is_file() and path.stat().st_size <= LARGEST:
            yield path


def values_for(template: Template) -> dict[str, str]:
    """Return a value for each variable that would be without: neither a default, nor one in the file .env."""
    beside = variables_beside(template)
    bare = [one for one in template.variables if one.default is None and one.name not in beside]
    return {**beside, **{one.name: PLAUSIBLE[one.type] for one in bare}}


def refusal(work: Callable[[], object]) -> str:
    """Return why something is refused, nothing when it is not."""
    try:
        work()
    except NekzusError as error:
        return error.message
    return ""


def examined(path: Path, folder: Path) -> Row | None:
    """Return what becomes of a file, None when it is no Compose file."""
    row = Row(str(path.relative_to(folder)))
    try:
        source = read_source(path, Path.read_bytes)
        template = load_template({"definition": source.text, "files": source.files, "src": path.name})
        if template is None or template.kind is not TemplateKind.COMPOSE:
            return None
        given = values_for(template)
        settings = Settings(NAME, {"SERVICE_NAME": NAME, **given}, given, folder=f"{PROJECTS}/{NAME}", profiles=("*",))
        project, _warnings = template.render(settings)
    except NekzusError as error:
        row.docker = row.kubernetes = error.message
        return row
    assert isinstance(project, Project)
    row.services = len(project.services)
    row.host = refusal(lambda: check_project(project, allow_privileged=False, allowed_paths=()))
    _render(project, row)
    return row


def _render(project: Project, row: Row) -> None:
    def on_docker() -> None:
        row.warnings["docker"] = render_for_docker(project, Wish(NAME, ToolboxState.PRESENT)).warnings

    def on_kubernetes() -> None:
        row.warnings["kubernetes"] = (*project.warnings, *render_for_kubernetes(project).warnings)

    row.docker, row.kubernetes = refusal(on_docker), refusal(on_kubernetes)


def summary(rows: Sequence[Row]) -> str:
    """Return the totals: how many each runtime takes, and which keys keep how many files out."""
    lines = [f"{len(rows)} files with {sum(row.services for row in rows)} services"]
    for runtime in ("docker", "kubernetes"):
        taken = [row for row in rows if not getattr(row, runtime)]
        told = [len(row.warnings[runtime]) for row in taken]
        share = 100 * len(taken) / max(len(rows), 1)
        silent = told.count(0)
        lines.append(f"{runtime}: {len(taken)} ({share:.0f} %), {silent} of them without a warning, {sum(told)} in all")
    asking = sum(bool(row.host) for row in rows)
    lines.append(f"{asking} ask for something of the host that has to be allowed")
    counts = Counter(key for row in rows for key in row.refused)
    lines += ["", "refused because of", *(f"{count:5d}  {key}" for key, count in counts.most_common())]
    return "\n".join(lines)


def main() -> None:
    """Print the table of a folder, the reasons, and the totals."""
    folder = Path(sys.argv[1])
    rows = [row for path in files_below(folder) for row in [examined(path, folder)] if row]
    head = "| file | services | docker | kubernetes | host | refused keys | warnings |\n|---|---|---|---|---|---|---|"
    reasons = [
        f"{row.file}\n    {runtime}: {reason}"
        for row in rows
        for runtime, reason in (("docker", row.docker), ("kubernetes", row.kubernetes))
        if reason
    ]
    sys.stdout.write("\n".join((head, *(row.printed() for row in rows), "", *reasons, "", summary(rows), "")))


if __name__ == "__main__":
    main()
