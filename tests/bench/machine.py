# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures were taken on."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import json
import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from shutil import which

import docker
import yaml

from ..integration.kubernetes_engine import open_cluster
from ..integration.process import run
from ..integration.ways import MissingError

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"ansible-core": "ansible-core", "docker": "Docker SDK", "kubernetes": "kubernetes library"}
CLIENTS = (("docker", "--version"), ("kubectl", "version", "--client"))
PEERS = ("community.docker", "kubernetes.core")


@dataclass(frozen=True)
class Machine:
    """A machine, and the versions of what ran on it."""

    day: dt.date
    cores: int
    memory_bytes: int
    system: str
    versions: tuple[str, ...]


def this_machine() -> Machine:
    """Return the one that this runs on, with the engines that answer."""
    versions = [f"nekzus.runtime {_ours()}", *(f"{name} {_collection(name)}" for name in PEERS)]
    versions += [
        f"Python {platform.python_version()}",
        *(f"{name} {version(package)}" for package, name in PACKAGES.items()),
    ]
    versions += [*_docker(), *_kubernetes(), *_clients()]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    today = dt.datetime.now(tz=dt.timezone.utc).date()
    system = f"{platform.system()} {platform.release()}"
    return Machine(today, len(os.sched_getaffinity(0)), memory, system, tuple(versions))


def _ours() -> str:
    return str(yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def _collection(name: str) -> str:
    manifest = importlib.resources.files(f"ansible_collections.{name}") / "MANIFEST.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])


def _docker() -> list[str]:
    try:
        client = docker.from_env(timeout=10)
    except docker.errors.DockerException:
        return []
    try:
        return [f"Docker Engine {client.version()['Version']}"]
    finally:
        client.close()


def _kubernetes() -> list[str]:
    try:
        return [f"Kubernetes {open_cluster().call('GET', '/version')['gitVersion']}"]
    except MissingError:
        return []


def _clients() -> list[str]:
    told = {command: run(path, *words, check=False)[1] for command, *words in CLIENTS if (path := which(command))}
    numbers = {command: re.search(r"[0-9]+[.][0-9]+[.][0-9]+", text) for command, text in told.items()}
    return [f"{command} (command line) {number[0]}" for command, number in numbers.items() if number]
