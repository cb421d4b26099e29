# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A RuntimeSelector that knows one runtime, open already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeNotFoundError

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType


class OneRuntime:
    """The runtime given is the primary, and the only one enabled."""

    def __init__(self, runtime: Runtime) -> None:
        """Take the runtime."""
        self._runtime = runtime

    def get(self, runtime_type: RuntimeType) -> Runtime:
        """Return it, or refuse any other type."""
        if runtime_type is not self._runtime.type:
            raise RuntimeNotFoundError(f"{runtime_type} is not enabled")
        return self._runtime

    def select(self, runtime_type: RuntimeType | None) -> Runtime:
        """Return it, or refuse any other type."""
        return self.get(runtime_type or self._runtime.type)
