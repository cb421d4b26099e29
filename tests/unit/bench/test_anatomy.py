# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task is taken apart into."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from random import Random

from ansible_collections.nekzus.runtime.tests.bench.anatomy import shares, shipped


def test_files_of_collections_are_counted_in_what_is_shipped() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("ansible_collections/a/b/one.py", "ansible_collections/a/__init__.py", "ansible/basic.py"):
            archive.writestr(name, Random(1).randbytes(9000))  # noqa: S311 - no secret
    program = f"def run():\n    ZIPDATA = {b64encode(packed.getvalue()).decode()!r}\n    other = {'x' * 5000!r}\n"
    assert shipped(program) == 1


def test_imports_are_ansibles_the_collections_or_others() -> None:
    usual = {"os": 1000, "ansible.module_utils.basic": 2000, "ansible": 10}
    told = {**usual, "ansible.module_utils.urls": 4000, "ansible_collections.a.b": 8000, "docker": 16000, "yaml": 32000}
    assert shares(told, usual) == (7.01, 8.0, 48.0)
