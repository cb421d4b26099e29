# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images with Python on the engines of the tests, made of this machine's own packages where they cannot be pulled."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from .controller import ROOT
from .ways import MissingError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "python:3-slim"
KUBE_IMAGE = os.environ.get("NEKZUS_TEST_KUBE_PYTHON_IMAGE", NAME)


def make_python_image(url: str) -> str:
    """Make sure that an engine has an image with Python, and return its name. Raises MissingError."""
    command = [str(ROOT / "scripts" / "image"), NAME, "python"]
    ended = subprocess.run(  # noqa: S603 - our own
        command, env={**os.environ, "DOCKER_HOST": url}, capture_output=True, text=True, timeout=280, check=False
    )
    if ended.returncode:
        message = f"there is no image with Python at {url}: {ended.stderr[-500:]}"
        raise MissingError(message)
    return NAME


def give_python_to_nodes(kubeconfig: Path) -> None:
    """Make sure that nodes have the image, if their engine is at hand: beside the kubeconfig of a private cluster."""
    node = kubeconfig.parent / "run" / "docker.sock"
    if node.is_socket() and KUBE_IMAGE == NAME:
        make_python_image(f"unix://{node}")
