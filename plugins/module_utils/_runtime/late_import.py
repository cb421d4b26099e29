# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Modules that a library imports for what a task seldom needs: they are loaded when it needs them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def imported_late(*names: str) -> Iterator[None]:
    """Give stand-ins to whoever imports modules of these names inside, of a package before its parts.

    What is taken from one inside (``from x import f``) is loaded when it is called, all else when it is looked up. Who
    imports the module elsewhere gets the module. One that is there already, or nowhere, is as ever.
    """
    put = []
    try:
        for name in names:
            if name not in sys.modules and (_package(name) in put or find_spec(name)):
                sys.modules[name] = _StandIn(name)
                put.append(name)
        yield
    finally:
        for name in put:
            del sys.modules[name]


def _package(name: str) -> str:
    return name.rpartition(".")[0]


class _StandIn(ModuleType):
    """Has whatever the module of its name has."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system asks for what only modules of files have
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is not self:
            return _attribute(self.__name__, name)

        def late(*args: Any, **kwargs: Any) -> Any:
            return _attribute(self.__name__, name)(*args, **kwargs)

        return late


def _attribute(module: str, name: str) -> Any:
    """Return what a module has, a part that it has not imported by itself as well."""
    loaded = import_module(module)
    if not hasattr(loaded, name) and hasattr(loaded, "__path__"):
        import_module(f"{module}.{name}")
    return getattr(loaded, name)
