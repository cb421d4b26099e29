# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Every error a user can meet: one class a meaning, each with a stable code. No transport words here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


def tell(sentence: str, hint: str | None) -> str:
    """Return a sentence and its hint as one text: ``It is gone. Hint: list the containers.``."""
    text = f"{sentence}. Hint: {hint}" if hint else sentence
    return text if text.endswith("?") else f"{text}."


class NekzusError(Exception):
    """A failure told in one clear sentence, with what to do about it.

    ``message`` says what is wrong without a full stop; ``runtime``, ``op`` (a verb) and ``target`` say
    where, and may be filled in later by who knows them; ``hint`` says what to do; ``details`` are facts
    for whoever digs deeper (exit code, log lines). ``transient`` errors may pass by themselves,
    after ``retry_after`` seconds where the server said so. An ``uncertain`` one came when it was tried
    again, after a try whose answer was lost: that one may have done it. One that came ``halfway`` came after
    a part of the change had been made, which cannot be begun anew. ``warnings`` are what was told before it came.
    """

    code: ClassVar[str] = "api_error"

    def __init__(  # noqa: PLR0913 - the parts of one sentence
        self,
        message: str,
        *,
        runtime: str | None = None,
        op: str | None = None,
        target: str | None = None,
        hint: str | None = None,
        details: Mapping[str, Any] | None = None,
        transient: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """Keep the parts; the sentence is put together when it is printed."""
        super().__init__(message)
        self.message = message
        self.runtime = runtime
        self.op = op
        self.target = target
        self.hint = hint
        self.details: dict[str, Any] = dict(details or {})
        self.transient = transient
        self.retry_after = retry_after
        self.uncertain = False
        self.halfway = False
        self.warnings: tuple[str, ...] = ()

    @property
    def may_be_done(self) -> bool:
        """Tell whether what failed may have been done nonetheless: an answer was lost, of this try or of one before."""
        return self.uncertain or isinstance(self, RuntimeUnavailableError)

    def within(self, *, runtime: str | None = None, op: str | None = None, target: str | None = None) -> NekzusError:
        """Fill in where it happened, as far as that is not known yet, and return the error."""
        self.runtime = self.runtime or runtime
        self.op = self.op or op
        self.target = self.target or target
        return self

    def __str__(self) -> str:
        """Print as ``docker: cannot stop web: it is gone. Hint: list the containers.``."""
        return tell(self.sentence, self.hint)

    @property
    def sentence(self) -> str:
        """The error without its hint and without a full stop."""
        where = f"{self.runtime}: " if self.runtime else ""
        what = " ".join(part for part in ("cannot", self.op, self.target) if part) + ": " if self.op else ""
        return f"{where}{what}{self.message}".rstrip(".")

    def failure(self) -> dict[str, Any]:
        """Return what a playbook branches on: code, message, runtime, op, target, hint, and details if any."""
        failure: dict[str, Any] = {
            "code": self.code,
            "message": self.sentence,
            "runtime": self.runtime,
            "op": self.op,
            "target": self.target,
            "hint": self.hint,
        }
        if self.details:
            failure["details"] = self.details
        return failure


class MissingLibraryError(NekzusError):
    """A Python library that the backend needs is not there."""

    code = "missing_library"


class RuntimeNotFoundError(NekzusError):
    """The runtime asked for is not enabled."""

    code = "runtime_not_found"


class RuntimeUnavailableError(NekzusError):
    """The runtime does not answer."""

    code = "runtime_unavailable"


class InvalidTargetError(NekzusError):
    """What the task names cannot be a container, or contradicts itself."""

    code = "invalid_target"


class InvalidConfigError(NekzusError):
    """An option has a value that cannot be."""

    code = "invalid_config"


class AmbiguousError(NekzusError):
    """Several things answer to the name."""

    code = "ambiguous"


class ContainerNotFoundError(NekzusError):
    """Nothing answers to the name."""

    code = "container_not_found"


class PermissionDeniedError(NekzusError):
    """The runtime refuses this user."""

    code = "permission_denied"


class MetricsUnavailableError(NekzusError):
    """The cluster has no metrics."""

    code = "metrics_unavailable"


class UnsupportedError(NekzusError):
    """The runtime cannot do this with such a thing."""

    code = "unsupported"


class ConflictError(NekzusError):
    """The thing is in a state, or changing in a way, that does not allow it now."""

    code = "conflict"


class WaitTimeoutError(NekzusError):
    """It did not happen in the time given."""

    code = "timeout"


class NotReadyError(NekzusError):
    """It was started and will not become ready."""

    code = "not_ready"


class InvalidTemplateError(NekzusError):
    """A toolbox template cannot be read or rendered."""

    code = "invalid_template"


class ApiError(NekzusError):
    """The runtime answered with an error that has no meaning of its own."""

    code = "api_error"
