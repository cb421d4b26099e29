# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A log of a GiB, of which a little is read in little memory."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine

LOGS = "nekzus.runtime.nekzus_logs"
MIB = 1024 * 1024
GIB = 1024 * MIB
MOST_MEMORY = 100 * MIB
LINE = b'{"log":"' + b"x" * 1022 + b'\\n","stream":"stdout","time":"2026-01-31T12:00:00.000000001Z"}\n'


@pytest.fixture(scope="module")
def talker(one_engine: DockerEngine) -> Iterator[str]:
    """Have a container with a GiB of log, written to where its engine keeps it: by itself it would take long."""
    yard: DockerYard = one_engine.yard("a long log")
    yard.clear()
    yard.run("talker", script="echo begun")
    poll(lambda: yard.state("talker") == "stopped", "it has ended")
    log = Path(yard.inspect("talker").get("LogPath") or "/nowhere")
    if not os.access(log, os.W_OK):
        yard.clear()
        pytest.skip("this engine keeps no log that can be written behind its back")
    with log.open("wb") as file:
        for _number in range(GIB // MIB):
            file.write(LINE * (MIB // 1024))
    yield yard.name("talker")
    yard.clear()


def weighed(folder: Path) -> Path:
    """Return an interpreter that notes the most memory that a module took, in KiB."""
    wrapper = folder / "python"
    wrapper.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, resource, subprocess, sys\n"
        "code = subprocess.run([sys.executable, *sys.argv[1:]]).returncode\n"
        "most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        f"with pathlib.Path({str(folder / 'weights')!r}).open('a') as notes:\n"
        "    notes.write(f'{most}\\n')\n"
        "sys.exit(code)\n"
    )
    wrapper.chmod(0o755)
    return wrapper


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"tail": 1024}, id="the last lines"),
        pytest.param({"tail": "all", "max_bytes": MIB}, id="as much as max_bytes"),
    ],
)
def test_a_log_of_a_gib_takes_little_memory(
    controller: Controller, one_engine: DockerEngine, talker: str, tmp_path: Path, options: Mapping[str, Any]
) -> None:
    variables = {"ansible_python_interpreter": str(weighed(tmp_path))}
    begun = time.monotonic()
    task = {"name": "read", LOGS: {**one_engine.options, "name": talker, **options}, "vars": variables}
    found = controller.play([task]).task("read")
    sys.stdout.write(f"{options}: {time.monotonic() - begun:.1f} s\n")
    assert found.status == "ok", found
    assert found.result["logs"][0]["line_count"] in (1024, 1025)
    weights = [int(weight) * 1024 for weight in (tmp_path / "weights").read_text().split()]
    sys.stdout.write(f"{max(weights) / MIB:.0f} MiB\n")
    assert max(weights) < MOST_MEMORY
