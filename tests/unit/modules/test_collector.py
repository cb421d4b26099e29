# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The garbage collector does not look through a long list again and again while a module makes it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    import pytest
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

USUAL = gc.get_threshold()


class Lists(FakeKubernetes):
    """A cluster that notes how many objects may be made between two collections while it lists."""

    between: int = 0

    def list(self, *args: Any, **kwargs: Any) -> Any:
        """Note it, and list."""
        self.between = gc.get_threshold()[0]
        return super().list(*args, **kwargs)


def test_it_waits_for_many_objects_while_a_module_lists(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    kubernetes = Lists(docker.clock)
    assert ModuleRun("nekzus_container_info", docker, monkeypatch, kubernetes)(runtime="kubernetes").success
    assert kubernetes.between >= 50 * USUAL[0]


def test_it_is_as_it_was_when_a_module_has_ended(any_module: ModuleRun) -> None:
    any_module()
    assert gc.get_threshold() == USUAL
