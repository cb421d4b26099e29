# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python tells of its imports is counted by library."""

from __future__ import annotations

import subprocess
import sys

from ansible_collections.nekzus.runtime.tests.bench.imports import imported, within_library

TOLD = """\
import time: self [us] | cumulative | imported package
import time:       335 |        335 |   docker.errors
import time:      1023 |       1358 | docker
import time:        20 |         20 | dockerfile
import time:        20 |         20 | ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.client
a line of something else
"""


def test_a_library_is_told_from_one_that_begins_alike_and_from_our_own_folder() -> None:
    names = imported(TOLD)
    assert len(names) == 4
    assert names["docker"] == 1023
    assert within_library(list(names), "docker") == 2
    assert within_library(list(names), "kubernetes") == 0


def test_python_still_tells_it_that_way() -> None:
    command = [sys.executable, "-I", "-X", "importtime", "-c", "import json.decoder"]
    told = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr  # noqa: S603 - our own Python
    assert {"json", "json.decoder"} <= set(imported(told))
