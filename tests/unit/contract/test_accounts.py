# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts: a runtime has them, and then they are what is asked for, or says that it has none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.keeper import AccountKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import AccountOrder
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import UnsupportedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.accounts import ACCOUNTS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.survey import SURVEYOR
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import BACKENDS, having
from ansible_collections.nekzus.runtime.tests.unit.fakes.selector import OneRuntime

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

ORDER = AccountOrder("bot", features=(Feature.READ,), namespaces=("default",))
WITHOUT = [name for name, backend in BACKENDS.items() if Trait.ACCOUNTS not in backend.traits]


def keeper(backend: Backend) -> AccountKeeper:
    return AccountKeeper(OneRuntime(backend.runtime))


@pytest.mark.parametrize("backend", WITHOUT, indirect=True)
def test_where_there_are_no_accounts_that_is_told_with_a_hint(backend: Backend) -> None:
    accounts = backend.runtime.role(ACCOUNTS)
    with pytest.raises(UnsupportedError, match=r"cannot make the account bot: .* has no accounts") as caught:
        keeper(backend).carry_out(ORDER)
    assert caught.value.hint
    with pytest.raises(UnsupportedError):
        accounts.credentials(ORDER, None, issue=True)
    assert backend.requests == []


@having(Trait.ACCOUNTS)
def test_a_prediction_writes_nothing_and_is_what_is_done(backend: Backend, tmp_path: Path) -> None:
    order = replace(ORDER, dest=str(tmp_path / "config"))
    predicted = keeper(backend).predict(order)
    assert backend.changed_names == []
    assert list(tmp_path.iterdir()) == []
    done = keeper(backend).carry_out(order)
    assert predicted.plan == done.plan
    assert predicted.file_changes is done.file_changes is True
    assert done.plan.record
    assert done.plan.record.features == (Feature.READ,)


@having(Trait.ACCOUNTS)
@pytest.mark.parametrize("feature", list(Feature), ids=str)
def test_what_is_there_is_made_once_and_leaves_nothing(backend: Backend, feature: Feature) -> None:
    order = replace(ORDER, features=(feature,))
    assert keeper(backend).carry_out(order).plan.changes
    written = len(backend.changed_names)
    assert keeper(backend).carry_out(order).plan.changes == ()
    assert len(backend.changed_names) == written
    assert keeper(backend).carry_out(replace(order, present=False)).plan.changes
    assert keeper(backend).carry_out(replace(order, present=False)).plan.changes == ()


@having(Trait.ACCOUNTS)
def test_an_account_may_do_the_operations_of_its_features(backend: Backend) -> None:
    record = keeper(backend).predict(ORDER).plan.record
    permissions = backend.runtime.role(SURVEYOR).permissions((), (Feature.READ,))
    assert record
    assert permissions
    assert record.operations == tuple(one.name for one in permissions.operations)
