# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts are templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ansible.template import Templar
from ansible_collections.nekzus.runtime.plugins.plugin_utils import _trust

if TYPE_CHECKING:
    import pytest

DATA = {"a": ["{{ 1 + 1 }}", "plain", 1, None, True], "{% b %}": {"c": "{# d #}"}, "e": ("x",)}
PLAIN = {"a": ["{{ 1 + 1 }}", "plain", 1, None, True], "{% b %}": {"c": "{# d #}"}, "e": ["x"]}


def test_a_text_is_never_evaluated_and_stays_what_it_is() -> None:
    found = _trust.as_text(DATA)
    assert found == PLAIN
    assert json.loads(json.dumps(found)) == PLAIN
    assert Templar(loader=None).template(found) == PLAIN


def test_a_template_is_evaluated() -> None:
    assert str(Templar(loader=None).template(_trust.as_template({"a": ["{{ 1 + 1 }}"]}))["a"][0]) == "2"


def test_where_every_text_is_a_template_those_that_could_be_one_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    marked: list[str] = []

    def wrap(text: str) -> str:
        marked.append(text)
        return text

    monkeypatch.setattr(_trust, "_TRUST", "of ansible-core 2.19")
    monkeypatch.setattr("ansible.utils.unsafe_proxy.wrap_var", wrap)
    assert _trust.as_text(DATA) == PLAIN
    assert marked == ["{{ 1 + 1 }}", "{% b %}", "{# d #}"]
    assert _trust.as_template(DATA) == PLAIN
