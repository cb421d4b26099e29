# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which usages come first."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.ranking import SortKey, parse_ranking
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import (
    UNMEASURED,
    BlockIO,
    CpuUsage,
    MemoryUsage,
    NetworkUsage,
    Usage,
)


def usage(amount: int) -> Usage:
    """Return a usage that is more of everything the greater the amount."""
    return Usage(
        cpu=CpuUsage(usage_percent=100.0 - amount, cores_used=amount / 10),
        memory=MemoryUsage(usage_percent=100.0 - amount, used_bytes=amount),
        network=NetworkUsage(amount, None),
        block_io=BlockIO(None, amount),
        pids=amount,
    )


def places(usages: list[Usage | None], **options: Any) -> list[int]:
    return parse_ranking({"sort_by": None, "top": None, **options}).places(usages)


@pytest.mark.parametrize("key", [key.value for key in SortKey])
def test_the_greatest_amount_comes_first_whatever_percentage_it_is(key: str) -> None:
    assert places([usage(1), usage(3), usage(2)], sort_by=key) == [1, 2, 0]


@pytest.mark.parametrize("key", [key.value for key in SortKey])
def test_what_is_not_known_comes_last_and_zero_before_it(key: str) -> None:
    assert places([UNMEASURED, usage(0), None, usage(1)], sort_by=key) == [3, 1, 0, 2]


def test_equal_ones_stay_in_their_order() -> None:
    assert places([usage(1), usage(2), usage(1)], sort_by="pids") == [1, 0, 2]


def test_without_options_the_order_stays() -> None:
    assert places([usage(1), usage(2)]) == [0, 1]


def test_top_alone_is_by_cpu() -> None:
    assert places([usage(1), usage(3), usage(2)], top=2) == [1, 2]


def test_top_may_be_more_than_there_are() -> None:
    assert places([usage(1)], top=10) == [0]


@pytest.mark.parametrize("top", [0, -1])
def test_top_has_to_be_at_least_one(top: int) -> None:
    with pytest.raises(InvalidConfigError, match="top must be at least 1"):
        places([], top=top)


def test_sent_and_received_bytes_count_together() -> None:
    both = Usage(network=NetworkUsage(4, 4))
    assert places([Usage(network=NetworkUsage(5, None)), both], sort_by="network") == [1, 0]
