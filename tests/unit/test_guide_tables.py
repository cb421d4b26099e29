# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides have tables and chapters of is all of it: error codes, states, rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import errors, types
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import access
from ansible_collections.nekzus.runtime.tests.unit.guides import ROOT, headings, tables, words

if TYPE_CHECKING:
    from pathlib import Path


def guide(name: str) -> Path:
    return ROOT / "docs" / "docsite" / "rst" / f"{name}.rst"


def test_the_errors_guide_has_every_code_in_the_order_of_the_classes() -> None:
    defined = [each for each in vars(errors).values() if isinstance(each, type) and each is not errors.NekzusError]
    codes = [each.code for each in defined if issubclass(each, errors.NekzusError)]
    assert len(codes) > 10
    assert headings(guide("errors"), "~") == codes


def test_the_errors_guide_names_every_part_of_a_failure() -> None:
    parts = [word for row in tables(guide("errors"))[0] for word in words(row[0])]
    assert parts == list(errors.NekzusError("planted", details={"planted": 1}).failure())


def test_the_reading_guide_has_every_state() -> None:
    (states,) = (table for table in tables(guide("reading")) if table[0][0] == "``state``")
    assert [words(row[0]) for row in states[1:]] == [[state.value] for state in types.State]


def test_the_rbac_guide_has_the_rules_of_every_operation() -> None:
    (shown,) = (table[1:] for table in tables(guide("rbac")) if table[0][0] == "Operation")
    assert shown == [[f"``{name}``", rules_of(grants)] for name, grants in access.OPERATIONS.items()]


def test_the_rbac_guide_has_the_operations_of_every_feature() -> None:
    (shown,) = (table[1:] for table in tables(guide("rbac")) if table[0][0] == "Feature")
    told = {words(feature)[0]: operations_in(text) for feature, text in shown}
    assert told == {feature.value: list(names) for feature, names in access.FEATURES.items()}


def operations_in(text: str) -> list[str]:
    """Return the operations that a cell names, or all but those."""
    named = words(text)
    return [name for name in access.OPERATIONS if name not in named] if text.startswith("all of") else named


def rules_of(grants: Any) -> str:
    """Return rules as the guide writes them: ``get``, ``list`` on ``pods``, ``deployments.apps``; ..."""
    verbs: dict[str, list[str]] = {}
    for grant in grants:
        full = ".".join(part for part in (grant.resource, grant.group) if part)
        verbs.setdefault(full, []).append(grant.verb)
    resources: dict[tuple[str, ...], list[str]] = {}
    for full, held in verbs.items():
        resources.setdefault(tuple(held), []).append(full)
    return "; ".join(f"{literals(held)} on {literals(names)}" for held, names in resources.items())


def literals(texts: Any) -> str:
    return ", ".join(f"``{text}``" for text in texts)
