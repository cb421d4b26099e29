# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of nekzus_toolbox_info: it reads the catalogue, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._runtime.errors import NekzusError
from ..plugin_utils._templates import CATALOG, catalogue, decrypting, read_source


class ActionModule(ActionBase):
    """Puts the texts of a catalogue into the module's options."""

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module with the catalogue that the task names."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        try:
            if boolean(arguments.get("catalog", True), strict=False) and "definitions" not in arguments:
                folder = Path(self._loader.path_dwim(str(arguments.get("catalog_dir") or CATALOG)))
                read = decrypting(self._loader)
                arguments["definitions"] = {
                    name: read_source(path, read).text for name, path in catalogue(folder).items()
                }
        except NekzusError as error:
            told = error.within(op="read", target="the catalogue")
            return {**result, "failed": True, "msg": str(told), "failure": told.failure()}
        result.update(
            self._execute_module(
                module_name="nekzus.runtime.nekzus_toolbox_info",
                module_args=arguments,
                task_vars=task_vars,
                wrap_async=bool(self._task.async_val) and not self._connection.has_native_async,
            )
        )
        return result
