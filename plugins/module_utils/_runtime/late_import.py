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

    What is taken from one inside (``from x import y``) stands in for that, and is no class to catch exceptions with.
    Whatever is looked up, called or derived from loads the module. Who imports it elsewhere gets the module itself. One
    that is there already is as ever, and so is one of what is not installed.
    """
    put: list[str] = []
    try:
        for name in names:
            if name not in sys.modules and (_top(name) in put or find_spec(_top(name))):
                sys.modules[name] = _Module(name)
                put.append(name)
        yield
    finally:
        for name in put:
            del sys.modules[name]


def _top(name: str) -> str:
    return name.partition(".")[0]


def _taken(module: str, name: str) -> Any:
    """Return what a module has, a part that it has not imported by itself as well."""
    loaded = import_module(module)
    if not hasattr(loaded, name) and hasattr(loaded, "__path__"):
        import_module(f"{module}.{name}")
    return getattr(loaded, name)


class _Module(ModuleType):
    """Stands in for the module of its name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system asks for what only modules of files have
            raise AttributeError(name)
        return _Part(self.__name__, name) if sys.modules.get(self.__name__) is self else _taken(self.__name__, name)


class _Part:
    """Stands in for a function or a class of a module."""

    def __init__(self, module: str, name: str) -> None:
        self._where = (module, name)

    def __getattr__(self, name: str) -> Any:
        return getattr(_taken(*self._where), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _taken(*self._where)(*args, **kwargs)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, _taken(*self._where))

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (_taken(*self._where),)
