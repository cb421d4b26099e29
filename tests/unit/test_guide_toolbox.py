# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide of templates says of every key, label and state what becomes of it."""

from __future__ import annotations

import re

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox import compose_service, template
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import LABELS, MAIN_LABEL
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose_network import SIZE_LABEL
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState
from ansible_collections.nekzus.runtime.tests.unit.guides import ROOT, tables, words

GUIDE = ROOT / "docs" / "docsite" / "rst" / "toolbox.rst"


def table(head: str) -> list[list[str]]:
    (found,) = (rows[1:] for rows in tables(GUIDE) if rows[0][0] == head)
    return found


def test_every_key_of_a_service_is_in_the_table_or_refused_below_it() -> None:
    told = [key for row in table("Key") for key in words(row[0])]
    assert len(told) == len(set(told))
    below = GUIDE.read_text(encoding="utf-8").partition("Refused are")[2].partition("Good to know")[0]
    apart = set(re.findall(r"``([a-z_]+)``", below)) - {"deploy"}
    assert not set(told) & apart
    assert set(told) | apart == set(compose_service.KEYS)


def test_every_state_is_told() -> None:
    assert [words(row[0])[0] for row in table("``state``")] == [state.value for state in ToolboxState]


def test_every_label_is_told() -> None:
    told = [label for row in table("Label") for label in words(row[0])]
    fields = [f"{LABELS}{name}" for name in template.TemplateLabels.__dataclass_fields__]
    assert sorted(told) == sorted([*fields, f"{LABELS}env.NAME", MAIN_LABEL, SIZE_LABEL])
