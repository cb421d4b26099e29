# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test bootstraps its virtual environments with: pip by way of the wheel that Python's ensurepip has.

ansible-test downloads a get-pip.py for this, from a server that a machine with nothing but package indexes does not
reach. https://github.com/ansible/ansible/issues/77304
"""

from __future__ import annotations

import ensurepip
import runpy
import sys
import sysconfig
from pathlib import Path

# Debian keeps the wheel where this variable of its Python says.
folders = [Path(ensurepip.__file__).parent / "_bundled", Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or ".")]
wheel = next(wheel for folder in folders for wheel in folder.glob("pip-*.whl"))

# pip's own options of this name came with get-pip.py.
arguments = [argument for argument in sys.argv[1:] if argument not in {"--no-setuptools", "--no-wheel"}]
sys.path.insert(0, str(wheel))
sys.argv = ["pip", "install", "--upgrade", "--force-reinstall", "--quiet", *arguments]
runpy.run_module("pip", run_name="__main__")
