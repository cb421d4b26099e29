# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the layout, read from source: who may import whom, and what a file may be."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNTIME = "module_utils/_runtime"
BACKENDS = ("docker", "kubernetes")
# Above the core: it knows which backends there are.
REGISTRY = f"{RUNTIME}/registry.py"
# Each of them knows who plays a role on which backend.
ROLES = f"{RUNTIME}/roles/"
# What one runtime alone needs: see docs/decisions/0009-nouns-of-kubernetes.md.
ONE_SIDED = {
    "docker": {"archive.py", "body.py", "cgroup.py", "composed.py", "composed_host.py", "composed_mounts.py"}
    | {"composed_network.py", "found.py", "frames.py", "host_config.py", "images.py", "labels.py", "limits.py"}
    | {"mounts.py", "network_change.py", "object_calls.py", "query.py", "records.py", "sample.py"}
    | {"snapshot.py"},
    "kubernetes": {"access.py", "account.py", "amounts.py", "arrival.py", "belonging.py"}
    | {"blueprint.py", "call.py", "changes.py", "conceal.py"}
    | {"claims.py", "deployed_record.py", "kinds.py", "kubeconfig.py", "listing.py", "log_lines.py"}
    | {"manifest.py", "metrics.py", "owners.py", "piece.py", "pod.py", "pod_files.py", "pod_security.py"}
    | {"pod_template.py", "pod_usage.py", "present.py", "probes.py", "quantity.py", "rbac.py"}
    | {"reader.py", "readiness.py", "record.py", "resolver.py", "run.py", "said.py"}
    | {"secret_token.py", "switching.py", "template_pieces.py", "told.py", "undo.py", "verdict.py"}
    | {"wanted.py", "workload.py", "writer.py"},
}
# Who plays a role does not reach up to the runtime that it is played on.
TOP_OF_BACKEND = "runtime.py"
SDK_FILE = "client.py"
MODULE_IMPORTS, MODULE_CODE_LINES = 5, 110


@dataclass(frozen=True)
class Import:
    """One import of one file: an absolute name (``docker.tls``), or a path below plugins for a relative one."""

    file: str
    line: int
    name: str = ""
    path: str = ""
    guarded: bool = False


@cache
def parsed(source: str) -> ast.Module:
    """Return the tree of a source: most of it is the same in every copy that something is planted in."""
    return ast.parse(source)


def imports_of(root: Path, file: Path) -> Iterator[Import]:
    relative = file.relative_to(root).as_posix()
    tree = parsed(file.read_text(encoding="utf-8"))
    guarded = {
        id(node)
        for tried in ast.walk(tree)
        if isinstance(tried, ast.Try)
        and any("ImportError" in ast.unparse(each.type) for each in tried.handlers if each.type)
        for statement in tried.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(relative, node.lineno, name=alias.name, guarded=id(node) in guarded)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield Import(relative, node.lineno, name=node.module or "", guarded=id(node) in guarded)
        elif isinstance(node, ast.ImportFrom):
            folder = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            for base in (
                [folder] if folder.with_suffix(".py").is_file() else [folder / alias.name for alias in node.names]
            ):
                found = base.with_suffix(".py") if base.with_suffix(".py").is_file() else base
                yield Import(relative, node.lineno, path=found.relative_to(root).as_posix())


def backend_of(path: str) -> str:
    """Return the backend a file belongs to, or nothing for the core and everything above."""
    folder = path[len(RUNTIME) + 1 :].partition("/")[0] if path.startswith(f"{RUNTIME}/") else ""
    return folder if folder in BACKENDS else ""


def is_core(path: str) -> bool:
    return path.startswith(f"{RUNTIME}/") and not backend_of(path) and path != REGISTRY


def absolute_violation(found: Import) -> str:
    """Tell what is wrong with an import from outside the collection, or nothing."""
    if not found.file.startswith(f"{RUNTIME}/"):
        return ""
    package = found.name.partition(".")[0]
    if package.startswith("ansible"):
        return "nothing under _runtime imports Ansible"
    if package in sys.stdlib_module_names:
        return ""
    if not backend_of(found.file) or not found.file.endswith(f"/{SDK_FILE}"):
        return "only a backend's client.py imports anything but the standard library"
    return "" if found.guarded else "an SDK is imported inside try/except ImportError"


def relative_rules(found: Import) -> dict[str, bool]:
    """Return every rule on imports inside the collection, and whether this one breaks it."""
    file, path = found.file, found.path
    origin, target = backend_of(file), backend_of(path)
    inside, utils = file.startswith(f"{RUNTIME}/"), file.startswith("module_utils/")
    return {
        "backends do not import each other": bool(origin and target and origin != target),
        "only registry.py and roles name a backend": bool(target and not origin) and not file.startswith(ROLES),
        "the core imports the core only": is_core(file) and not is_core(path) and not file.startswith(ROLES),
        "a backend does not import the registry": bool(origin) and path == REGISTRY,
        "who plays a role does not import the runtime that has it": bool(origin)
        and path.endswith(f"/{TOP_OF_BACKEND}"),
        "nothing under _runtime imports what stands above it": inside and not path.startswith(f"{RUNTIME}/"),
        "module_utils import module_utils only": utils and not path.startswith("module_utils/"),
    }


def relative_violation(found: Import) -> str:
    """Tell what is wrong with an import from inside the collection, or nothing."""
    broken = [rule for rule, is_broken in relative_rules(found).items() if is_broken]
    return broken[0] if broken and found.file != REGISTRY else ""


def import_violations(root: Path) -> list[str]:
    """Return every import that breaks a rule of the layout, with its place."""
    found = [each for file in sorted(root.rglob("*.py")) for each in imports_of(root, file)]
    told = ((each, relative_violation(each) if each.path else absolute_violation(each)) for each in found)
    return [f"{each.file}:{each.line}: {rule}" for each, rule in told if rule]


def circles(root: Path) -> list[str]:
    """Return the files that import themselves by way of others."""
    reached: dict[str, set[str]] = {}
    for each in (found for file in sorted(root.rglob("*.py")) for found in imports_of(root, file) if found.path):
        reached.setdefault(each.file, set()).add(each.path)
    for middle in list(reached):
        for file, targets in reached.items():
            if middle in targets:
                reached[file] = targets | reached[middle]
    return sorted(file for file, targets in reached.items() if file in targets)


def carried(root: Path, file: str) -> set[str]:
    """Return the files that Ansible ships with one: whatever they import, at any depth and in any branch."""
    found, ahead = set[str](), [file]
    while ahead:
        here = ahead.pop()
        if here not in found and (root / here).is_file():
            found.add(here)
            ahead.extend(each.path for each in imports_of(root, root / here) if each.path)
    return found


def file_set_violations(root: Path) -> list[str]:
    """Return the files that one backend has and another has not."""
    present = {name: root / RUNTIME / name for name in BACKENDS if (root / RUNTIME / name).is_dir()}
    files = {
        name: {file.name for file in folder.glob("*.py")} - ONE_SIDED.get(name, set())
        for name, folder in present.items()
    }
    every = set().union(*files.values())
    return [f"{name} lacks {file}" for name, own in files.items() for file in sorted(every - own)]


def module_violations(root: Path) -> list[str]:
    """Return what is wrong with the shape of modules and inventories."""
    found: list[str] = []
    for file in sorted([*(root / "modules").glob("nekzus_*.py"), *(root / "inventory").glob("*.py")]):
        source = file.read_text(encoding="utf-8")
        tree = parsed(source)
        relative = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
        if len(relative) > MODULE_IMPORTS:
            found.append(f"{file.name}: {len(relative)} relative imports")
        if code_lines(tree) > MODULE_CODE_LINES:
            found.append(f"{file.name}: {code_lines(tree)} lines of code")
        branches = [
            node
            for node in ast.walk(tree)
            if isinstance(node, (ast.If, ast.IfExp)) and "check_mode" in ast.unparse(node.test)
        ]
        if len(branches) > 1:
            found.append(f"{file.name}: {len(branches)} branches on check_mode")
        compared = {
            leaf.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            for leaf in ast.walk(node)
            if isinstance(leaf, ast.Constant)
        }
        if compared & set(BACKENDS):
            found.append(f"{file.name}: branches on a runtime")
    return found


def code_lines(tree: ast.Module) -> int:
    """Count the lines of statements, without the documentation texts of a module."""
    lines: set[int] = set()
    for statement in tree.body:
        is_documentation = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        if not is_documentation:
            lines.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return len(lines)


def init_violations(root: Path) -> list[str]:
    """Return the packages that hold more than a docstring: AnsiballZ would ship whatever they import."""
    return [
        file.relative_to(root).as_posix()
        for file in sorted(root.rglob("__init__.py"))
        if len(parsed(file.read_text(encoding="utf-8")).body) > 1
    ]
