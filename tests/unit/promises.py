# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SECURITY.md promises of the source, read from source: what is not used, and who alone may do something."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.tests.unit.layout import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Modules that run what they are given, or make code of data.
FORBIDDEN_MODULES = frozenset(
    {"code", "commands", "dill", "imp", "jinja2", "marshal", "multiprocessing", "pickle", "pty", "runpy", "shelve"}
    | {"subprocess", "telnetlib", "ftplib", "urllib.request", "xml", "zipfile", "http.client"}
)
FORBIDDEN_CALLS = frozenset(
    {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "os.fork"}
    | {"tempfile.mktemp", "os.tempnam", "os.tmpnam", "yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"}
    | {"os.chmod", "os.umask", "os.posix_spawn", "asyncio.create_subprocess_shell", "ssl._create_unverified_context"}
)
# Without a loader of these, PyYAML makes objects of any class.
SAFE_LOADERS = frozenset(("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"))
# The one file that writes, to which all others come: below a name that nobody can foresee, and for the owner alone.
WRITER = "module_utils/_runtime/private_file.py"
_WRITES = frozenset(
    ("write_text", "write_bytes", "touch", "mkstemp", "NamedTemporaryFile", "TemporaryFile", "symlink_to")
)
_WRITING_MODES = frozenset("wax+")


def uses(root: Path) -> list[str]:
    """Return every use of what is forbidden, with its place."""
    found: list[str] = []
    for file in sorted(root.rglob("*.py")):
        relative = file.relative_to(root).as_posix()
        tree = parsed(file.read_text(encoding="utf-8"))
        found.extend(f"{relative}:{line}: {what}" for line, what in _uses(tree, relative))
    return found


def _uses(tree: ast.Module, file: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, f"imports {name.name}") for name in node.names if _is_forbidden(name.name))
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
            yield from ((node.lineno, f"imports {name}") for name in names if _is_forbidden(name))
            yield from ((node.lineno, f"imports {name}") for name in names if name in FORBIDDEN_CALLS)
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in _calls(node, file))
        elif isinstance(node, ast.ClassDef):
            loaders = [ast.unparse(base) for base in node.bases if ast.unparse(base).endswith("Loader")]
            unsafe = [loader for loader in loaders if loader.rpartition(".")[2] not in SAFE_LOADERS]
            yield from ((node.lineno, f"is a {loader}") for loader in unsafe)


def _is_forbidden(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in FORBIDDEN_MODULES)


def _calls(node: ast.Call, file: str) -> Iterator[str]:
    called = ast.unparse(node.func)
    if called in FORBIDDEN_CALLS or called in {f"builtins.{name}" for name in FORBIDDEN_CALLS}:
        yield f"calls {called}"
    for keyword in node.keywords:
        is_true = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        if keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False):
            yield "uses a shell"
        if keyword.arg == "use_unsafe_shell" and is_true:
            yield "uses a shell"
    if file != WRITER and (called.rpartition(".")[2] in _WRITES or _opens_to_write(node, called)):
        yield f"writes with {called}"


def _opens_to_write(node: ast.Call, called: str) -> bool:
    """Tell it of open(), Path.open() and os.fdopen(); of a stream of logs, open() has no mode."""
    if called.rpartition(".")[2] not in ("open", "fdopen"):
        return False
    modes = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    written = [one.value for one in modes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    # (a tar archive in memory has a mode too)
    in_memory = any(keyword.arg == "fileobj" for keyword in node.keywords)
    return not in_memory and any(len(one) <= len("rb+") and set(one) & _WRITING_MODES for one in written)
