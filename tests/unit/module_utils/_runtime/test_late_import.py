# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that are loaded when they are needed."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.late_import import imported_late

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAVY = "heavy_of_tests"
NAMES = (HEAVY, f"{HEAVY}.part")
USER = f"""
import {HEAVY}.part
from {HEAVY}.part import Thing, double

def fails():
    try:
        raise {HEAVY}.part.WantedError("it")
    except {HEAVY}.part.WantedError:
        return "caught"
"""


@pytest.fixture(autouse=True)
def _modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a package that is seldom needed, and a library that imports it."""
    package = tmp_path / HEAVY
    package.mkdir()
    (package / "__init__.py").write_text("")
    part = "def double(n): return 2 * n\nclass WantedError(Exception): pass\nclass Thing:\n    made = 7\n"
    (package / "part.py").write_text(part)
    (tmp_path / "user_of_tests.py").write_text(USER)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in (*NAMES, "user_of_tests"):
        sys.modules.pop(name, None)


def test_what_is_called_is_loaded_then() -> None:
    with imported_late(*NAMES):
        user = importlib.import_module("user_of_tests")
    assert not any(name in sys.modules for name in NAMES)
    assert user.double(21) == 42
    assert all(name in sys.modules for name in NAMES)


def test_what_is_looked_up_is_the_real_one() -> None:
    with imported_late(*NAMES):
        user = importlib.import_module("user_of_tests")
    assert user.fails() == "caught"
    assert getattr(user, HEAVY).part.WantedError is importlib.import_module(NAMES[1]).WantedError


def test_a_class_can_be_made_looked_at_and_derived_from() -> None:
    with imported_late(*NAMES):
        thing = importlib.import_module("user_of_tests").Thing
    real = importlib.import_module(NAMES[1]).Thing
    assert thing().__class__ is real
    assert thing.made == 7
    assert isinstance(real(), thing)
    assert not isinstance(7, thing)

    class Derived(thing):  # type: ignore[misc, valid-type]
        pass

    assert Derived.__mro__[1] is real


def test_others_import_the_real_one() -> None:
    with imported_late(*NAMES):
        importlib.import_module("user_of_tests")
    assert importlib.import_module(NAMES[1]).__file__


def test_what_is_loaded_already_is_used() -> None:
    real = importlib.import_module(NAMES[1])
    with imported_late(*NAMES):
        assert importlib.import_module("user_of_tests").double is real.double
    assert sys.modules[NAMES[1]] is real


def test_what_is_nowhere_cannot_be_imported() -> None:
    with imported_late("nowhere_of_tests"), pytest.raises(ImportError):
        importlib.import_module("nowhere_of_tests")


def test_what_is_barred_stays_barred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HEAVY, None)
    with imported_late(HEAVY), pytest.raises(ImportError):
        importlib.import_module(HEAVY)


def test_after_a_library_that_cannot_be_imported_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "user_of_tests.py").write_text(f"import {HEAVY}\nraise ImportError")
    with pytest.raises(ImportError), imported_late(*NAMES):
        importlib.import_module("user_of_tests")
    assert not any(name in sys.modules for name in NAMES)
