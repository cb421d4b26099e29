# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Names of objects that are made of a Compose project. Pure.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import InvalidTemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 63
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_UNFIT = re.compile(r"[^a-z0-9]+")


def fit(text: str) -> str:
    """Return a text as a DNS label, as far as that is possible: ``My_App.web`` becomes ``my-app-web``."""
    return _UNFIT.sub("-", text.lower()).strip("-")


def is_label(text: str) -> bool:
    """Tell whether a text is a DNS label."""
    return len(text) <= LONGEST and _LABEL.fullmatch(text) is not None


class Names:
    """Gives names to what a project is made of, and notes those that cannot be or that two have."""

    def __init__(self, project: str) -> None:
        """Take the name of the project."""
        self._project = project
        self._taken: dict[tuple[str, str], str] = {}
        self._problems: list[str] = []

    def workload(self, service: str) -> str:
        """Return the name of the workload of a service: the project's own for the one that is called so."""
        return self._take("workload", f"services.{service}", self._within(service))

    def object(self, kind: str, key: str, *parts: str) -> str:
        """Return a name below the project's for what a key of the template is about."""
        return self._take(kind, key, self._within(*parts))

    def host(self, key: str, name: str) -> str:
        """Return the name that a service is reached by, which is that of the template."""
        return self._take("Service", key, fit(name))

    def _within(self, *parts: str) -> str:
        project = fit(self._project)
        whole = "-".join(fit(part) for part in parts)
        return project if whole == project else f"{project}-{whole}"

    def _take(self, kind: str, key: str, name: str) -> str:
        if not is_label(name):
            self._problems.append(f"{key}: {name or 'its name'} is no name of at most {LONGEST} letters, digits and -")
        other = self._taken.setdefault((kind, name), key)
        if other != key:
            self._problems.append(f"{other} and {key} are both called {name}")
        return name

    def check(self) -> None:
        """Raise InvalidTemplateError for all names that cannot be."""
        if self._problems:
            raise InvalidTemplateError("; ".join(dict.fromkeys(self._problems)), hint="give them other names")


def listed(names: Iterable[str]) -> str:
    """Return names as a message lists them."""
    return ", ".join(dict.fromkeys(names))
