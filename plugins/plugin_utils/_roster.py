# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of an inventory: what a user asks for, and what the endpoints have of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..module_utils._results.containers import host_variables
from ..module_utils._results.values import as_json
from ..module_utils._runtime.config import load_config
from ..module_utils._runtime.errors import InvalidConfigError, RuntimeUnavailableError
from ..module_utils._runtime.inventory.endpoints import Endpoint, implied_endpoints, parse_endpoints, restricted
from ..module_utils._runtime.inventory.hosts import Host, host_of
from ..module_utils._runtime.listed import texts
from ..module_utils._runtime.selection import Selection, parse_selection
from ..module_utils._runtime.types import RuntimeType, State
from ._exec import cautions, connection_variables
from ._plugin import ask_endpoints, runtimes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..module_utils._runtime.fleet import Overview
    from ..module_utils._runtime.inventory.roll import Answer

_ELSEWHERE = ("docker_host", "kubeconfig", "context", "runtimes")


@dataclass(frozen=True)
class Order:
    """Of which endpoints to list what. ``details`` looks into each container, ``connects`` lets tasks run inside."""

    endpoints: tuple[Endpoint, ...]
    selection: Selection
    details: bool = False
    connects: bool = False
    strict: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A text that is another one when the hosts may be others, without an endpoint being asked."""
        told: list[Any] = [(one.name, one.named, runtimes_of(one).identity(one.type)) for one in self.endpoints]
        told += [self.selection, self.details, self.connects]
        return sha256(repr(told).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Roster:
    """The hosts in the order of the endpoints. ``complete`` tells whether every endpoint has answered."""

    hosts: tuple[Host, ...]
    complete: bool = True
    warnings: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return what to keep of it, as JSON."""
        return {"hosts": as_json(self.hosts)}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Roster:
        """Return what was kept."""
        return cls(tuple(Host(**host) for host in record["hosts"]))


def parse_order(values: Mapping[str, Any], *, env: Mapping[str, str]) -> Order:
    """Return what the options of an inventory ask for; nothing is asked yet. Raises InvalidConfigError and the like."""
    states = texts(values.get("filters") or {}, "status")
    # Who asks for what is stopped wants to see it.
    include_stopped = values["include_stopped"] or State.STOPPED.value in states
    word = values["runtime"]
    warnings, endpoints = _endpoints(values, env)
    order = Order(
        restricted(endpoints, None if word == "auto" else RuntimeType(word)),
        parse_selection(values, include_stopped=include_stopped),
        details=values["details"],
        connects=values["connection"] == "exec",
        strict=values["strict_endpoints"],
    )
    told = (text for one in order.endpoints if order.connects for text in cautions(one))
    return replace(order, warnings=(*warnings, *told))


def _endpoints(values: Mapping[str, Any], env: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[Endpoint, ...]]:
    if values["endpoints"] is not None:
        others = [name for name in _ELSEWHERE if values.get(name)]
        if others:
            hint = f"write {others[0]} into one of the endpoints, or leave endpoints away"
            raise InvalidConfigError(f"endpoints and {others[0]} are both given", hint=hint)
        return (), parse_endpoints(values["endpoints"], env=env)
    config = load_config(values["runtimes"], shortcuts=values, env=env)
    said = load_config(values["runtimes"], shortcuts=values, env={"HOME": env.get("HOME", "")})
    usable = runtimes_of(Endpoint("", config.primary, config, said)).is_usable
    return config.warnings, implied_endpoints(config, said, is_usable=usable)


def take_roster(order: Order) -> Roster:
    """Return the hosts that the endpoints have, those of an endpoint by name.

    One that does not answer is told in the warnings. Raises RuntimeUnavailableError when none answers, or with
    ``strict`` when one does not.
    """
    makers = {one.name: connection_variables(one) for one in order.endpoints if order.connects}
    answers = ask_endpoints(order.endpoints, order.selection, inspect=order.details)
    missing = [one for one in answers if one.error]
    if missing and (order.strict or len(missing) == len(answers)):
        raise _unanswered(missing, answers)
    warnings = [f"endpoint {one.endpoint.name} is left out: {one.error}" for one in missing]
    hosts: list[Host] = []
    for answer in answers:
        if not answer.overview:
            continue
        endpoint = answer.endpoint
        warnings += _warnings(endpoint, answer.overview)
        for view in answer.overview.views:
            if view.container:
                variables = host_variables(view, endpoint=endpoint.name, details=order.details)
                connection = makers[endpoint.name](view.container) if order.connects else {}
                hosts.append(host_of(view.container, endpoint, {**variables, **connection}))
    return Roster(tuple(hosts), complete=not missing, warnings=tuple(warnings))


def _unanswered(missing: Sequence[Answer], answers: Sequence[Answer]) -> RuntimeUnavailableError:
    if len(answers) == 1 and not missing[0].endpoint.named and missing[0].error:
        error = missing[0].error
        return RuntimeUnavailableError(error.sentence, hint=error.hint)
    told = [f"{one.endpoint.name}: {one.error}" for one in missing]
    return RuntimeUnavailableError(f"{len(missing)} of {len(answers)} endpoints do not answer. {' '.join(told)}")


def _warnings(endpoint: Endpoint, overview: Overview) -> Iterable[str]:
    errors = [(view.path, view.error) for view in overview.views if view.error]
    told = list(overview.warnings)
    if errors:
        path, error = errors[0]
        told.append(f"{len(errors)} could not be inspected, the first of them {path}: {error}")
    return [f"endpoint {endpoint.name}: {text}" for text in told]
