# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers have written, the same on every engine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from .yard import LIVES

if TYPE_CHECKING:
    from pathlib import Path

    from .controller import Controller
    from .engine import Engine
    from .yard import Yard

# What is written to stderr has its place among the other lines only if there is some time between them, and
# Podman tells of a line's moment no more than the second.
TALKS = (
    "echo booting; echo '{{ 7*7 }}'; echo \"$GREETING\"; printf '\\033[31mred\\033[0m\\n'; sleep 0.5; echo oops >&2; "
    f"for beat in 1 2 3; do sleep 1.1; echo beat $beat; done; {LIVES}"
)
TICKS = "trap 'exit 0' TERM; tick=0; while :; do echo tick $tick; tick=$((tick + 1)); sleep 0.5; done"


def test_a_playbook_reads_logs_and_evaluates_no_line(
    controller: Controller, engine: Engine, yard: Yard, tmp_path: Path
) -> None:
    planted, folder = tmp_path / "evaluated", tmp_path / "logs"
    template = f"{{{{ lookup('pipe', 'touch {planted}') }}}}"
    yard.run("web", script=TALKS, environment={"GREETING": template})
    yard.run("clock", script=TICKS)
    folder.mkdir()
    variables = {
        "engine_options": engine.options,
        "prefix": yard.prefix,
        "folder": str(folder),
        **asdict(engine.ways),
    }
    run = controller.story("logs", variables, "-vvv")
    assert (run.recap["ok"], run.recap["changed"]) == (21, 3)
    shown = run.task("What containers say is text and never a template").result["msg"]
    assert shown == ["booting", "{{ 7*7 }}", template, "\x1b[31mred\x1b[0m"]
    assert not planted.exists()
    begins = f"booting\n{{{{ 7*7 }}}}\n{template}\n\x1b[31mred\x1b[0m\n"
    assert (folder / "web").read_text(encoding="utf-8").startswith(begins)
    assert {file.name for file in folder.iterdir()} == {"web", "all"}
