# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Amounts as Kubernetes writes them: ``250m`` of a core, ``64Mi`` of memory. Pure.

The grammar is that of https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, and ``n`` and
``u`` besides, in which Metrics Server counts.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal
from typing import Any

# No quantity is greater; the API server cuts off what is.
MOST = Decimal(2**63 - 1)

_BINARY = {f"{letter}i": Decimal(1024**power) for power, letter in enumerate("KMGTPE", start=1)}
_EXPONENTS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL = {letter: Decimal(10) ** power for letter, power in _EXPONENTS.items()}
_SCALES = {**_BINARY, **_DECIMAL}
# E alone is a suffix, before a number it begins an exponent.
_QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:(?P<suffix>[KMGTPE]i|[numkMGTPE]|)|[eE](?P<exponent>[+-]?[0-9]{1,18}))"
)
# Beyond this a power of ten is either more than the most or next to nothing.
_FARTHEST = 100


def parse_quantity(value: Any) -> Decimal | None:
    """Return the number that a quantity is, at most 2^63-1 in magnitude; None for what is missing or is none."""
    match = _QUANTITY.fullmatch(str(value))
    if not match:
        return None
    number, suffix, exponent = match.group("number", "suffix", "exponent")
    if exponent is None:
        amount = Decimal(number) * _SCALES[suffix]
    else:
        amount = Decimal(number).scaleb(max(-_FARTHEST, min(int(exponent), _FARTHEST)))
    return max(-MOST, min(amount, MOST))


def cores(value: Any) -> float | None:
    """Return a quantity of CPU in cores (``250m`` is 0.25), or None."""
    amount = parse_quantity(value)
    return None if amount is None else float(amount)


def size(value: Any) -> int | None:
    """Return a quantity of memory or storage in bytes, a fraction of one counting as a whole one, or None."""
    amount = parse_quantity(value)
    return None if amount is None else int(amount.to_integral_value(ROUND_UP))
