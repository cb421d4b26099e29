# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the contract tests ask of a runtime under test; each backend has one of these over its fake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Protocol

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, State
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock


class Backend(Protocol):
    """A runtime over a fake, and the hands to set the scene and to see what was done to it."""

    runtime: Runtime
    clock: FakeClock

    def create(self, name: str, state: State | None = None, **properties: Any) -> None:
        """Create a container, running unless said otherwise.

        ``properties`` are ``id labels image project env command logs``, and the script it lives by:
        ``health exits_after exit_code crashes auto_remove probe_output``.
        """

    def remove(self, name: str) -> None:
        """Remove one, as someone else would."""

    def look(self, name: str) -> Container:
        """Return one as it is now, without a request that counts."""

    def force_state(self, name: str, state: State) -> None:
        """Bring one into a state, as someone else would."""

    def address(self, name: str) -> str:
        """Return how every module of the collection names it."""

    def fail_changes(self, error: NekzusError, *, name: str = "") -> None:
        """Answer every change, or every change of one, with an error."""

    def fail_reads(self, error: NekzusError) -> None:
        """Answer every read with an error."""

    def before_change(self, happen: Callable[[], None], *, name: str) -> None:
        """Let something happen just before the next change of one is answered."""

    def after_change(self, happen: Callable[[], None], *, name: str) -> None:
        """Let something happen just after the next change of one was answered."""

    def before_look(self, happen: Callable[[], None], *, name: str) -> None:
        """Let something happen just before the next look into one is answered."""

    def gather_changes(self, size: int) -> None:
        """Hold changes back until so many are under way at once, or a moment has passed."""

    @property
    def most_changing(self) -> int:
        """The most changes under way at the same time."""

    @property
    def changed_names(self) -> list[str]:
        """The names of what was written to, in order, once a write."""

    @property
    def requests(self) -> list[str]:
        """All requests in order, in the backend's own words."""
