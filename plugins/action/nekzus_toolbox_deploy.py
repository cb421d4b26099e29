# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of nekzus_toolbox_deploy: it reads the template, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.plugins.action import ActionBase

from ..module_utils._runtime.errors import InvalidConfigError, NekzusError
from ..plugin_utils._templates import CATALOG, decrypting, find_service, find_source, read_source, said

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAYS = ("service", "src", "definition")


class ActionModule(ActionBase):
    """Puts the text of a template into the module's options."""

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module with the template that the task names."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        try:
            arguments.update(self._read(arguments, task_vars or {}))
        except NekzusError as error:
            told = error.within(op="read", target="the template")
            return {**result, "failed": True, "msg": str(told), "failure": told.failure()}
        result.update(
            self._execute_module(
                module_name="nekzus.runtime.nekzus_toolbox_deploy",
                module_args=arguments,
                task_vars=task_vars,
                wrap_async=bool(self._task.async_val) and not self._connection.has_native_async,
            )
        )
        return result

    def _read(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        ways = said(arguments, _WAYS)
        if len(ways) > 1:
            raise InvalidConfigError(f"the task has {' and '.join(ways)}", hint="give one of them")
        if ways in ([], ["definition"]):
            return {}
        if ways == ["service"]:
            catalog = str(arguments.get("catalog_dir") or CATALOG)
            path = find_service(str(arguments["service"]), Path(self._loader.path_dwim(catalog)))
        else:
            path = find_source(str(arguments["src"]), self._bases(task_vars))
        source = read_source(path, decrypting(self._loader))
        files = arguments.get("files") or {}
        if not isinstance(files, Mapping):
            raise InvalidConfigError("files is no mapping", hint="give files by their path")
        return {"definition": source.text, "files": {**source.files, **files}}

    def _bases(self, task_vars: Mapping[str, Any]) -> Iterator[Path]:
        """Yield the folders of the project: those of the role and of the playbook, and where Ansible was started.

        A playbook of a collection lies in none of the user's. The root of everything is no project.
        """
        for key in ("role_path", "playbook_dir"):
            base = task_vars.get(key)
            if base:
                yield from (Path(base) / "templates", Path(base) / "files", Path(base))
        started = Path.cwd()
        if started != Path(started.anchor):
            yield started
