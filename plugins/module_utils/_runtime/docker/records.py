# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is deployed on a daemon, as records: as it is, and as it will be. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..mask import MASK, mask_env
from ..object_change import ObjectAction
from ..toolbox.deployment import TEMPLATE_LABEL, Deployed, DeployedContainer, Endpoint
from ..toolbox.parts import Condition
from ..types import ContainerID, RuntimeType, State
from .labels import MAIN_LABEL, secret_variables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ..toolbox.deployment import Wish
    from .render import Rendered
    from .snapshot import PresentContainer
    from .steps import ContainerStep, Steps

_HTTPS_PORTS = (443, 8443)
# From the worst on.
_ORDER = (State.FAILED, State.RESTARTING, State.PENDING, State.STOPPED, State.PAUSED, State.RUNNING)


def host_of(address: str) -> str:
    """Return the host that a daemon publishes ports on, seen from where its address is used."""
    return urlsplit(address).hostname or "localhost"


def endpoint(service: str, host: str, port: int, protocol: str) -> Endpoint:
    """Return where a port of a service is reached."""
    shown = f"[{host}]" if ":" in host else host
    scheme = "https" if port in _HTTPS_PORTS else "http"
    return Endpoint(service, host, port, protocol, f"{scheme}://{shown}:{port}" if protocol == "tcp" else None)


def _address(host: str, ip: str | None) -> str:
    """Return where a port is reached that is published on one address of the host alone."""
    return ip if ip and ip not in ("0.0.0.0", "::", "") else host  # noqa: S104 - what a daemon says for all


def record_of(
    name: str,
    present: Sequence[PresentContainer],
    *,
    host: str,
    volumes: Iterable[str] = (),
    env: Mapping[str, str] | None = None,
) -> Deployed:
    """Return the record of the containers of a deployment; ``env`` is that of its main one, which is masked here."""
    main = main_of(present)
    containers = tuple(_container(one) for one in present)
    endpoints = {
        endpoint(one.service, _address(host, port.ip), port.public_port, port.protocol): None
        for one in present
        for port in one.container.ports
        if port.public_port and one.runs  # Podman tells them of those that are stopped too
    }
    return Deployed(
        name=name,
        runtime=RuntimeType.DOCKER,
        namespace="",
        template=main.labels.get(TEMPLATE_LABEL, ""),
        status=worst([one.state for one, raw in zip(containers, present) if not raw.has_finished]),
        image=main.container.image,
        containers=containers,
        endpoints=tuple(endpoints),
        volumes=tuple(sorted(volumes)),
        env=_masked(env or {}, secret_variables(main.labels)),
    )


def main_of(present: Sequence[PresentContainer]) -> PresentContainer:
    """Return the main container of a deployment: the one that is labelled so, else the last."""
    return next((one for one in present if MAIN_LABEL in one.labels), present[-1])


def worst(states: Sequence[State]) -> State:
    """Return the worst of some states; those of nothing are stopped."""
    return next((state for state in _ORDER if state in states), State.STOPPED)


def _container(one: PresentContainer) -> DeployedContainer:
    container = one.container
    return DeployedContainer(
        service=one.service,
        address=container.address,
        name=container.name,
        image=container.image,
        state=container.state,
        status=container.status,
        ready=None if one.has_finished else container.ready,
    )


def predicted(
    wish: Wish, rendered: Rendered | None, steps: Steps, *, host: str, before: Deployed | None
) -> Deployed | None:
    """Return what a deployment will be after its steps, as far as that can be known; None when it will be gone."""
    staying = [step for step in steps.containers if step.action is not ObjectAction.REMOVED]
    if not staying:
        return None
    ending = _ending(staying)
    containers = tuple(_predicted(step, ends=step.service in ending) for step in staying)
    main = next((one for one in (rendered.containers if rendered else ()) if one.spec.name == rendered.main), None)  # type: ignore[union-attr]
    image = main.spec.image if main else before.image if before else ""
    env = _masked(main.spec.environment, main.spec.secret) if main else before.env if before else {}
    told = [endpoint for step in staying if step.service not in ending for endpoint in _endpoints(step, host)]
    volumes = [step.name for step in steps.volumes if step.action is not ObjectAction.REMOVED]
    return Deployed(
        name=wish.name,
        runtime=RuntimeType.DOCKER,
        namespace="",
        template=wish.template or (before.template if before else ""),
        status=worst([one.state for one, step in zip(containers, staying) if not _is_done(step, ending)]),
        image=image,
        containers=containers,
        endpoints=tuple(dict.fromkeys(told)) if rendered else before.endpoints if before else (),
        volumes=tuple(sorted(volumes)) if rendered else before.volumes if before else (),
        env=env,
    )


def _masked(environment: Mapping[str, str], secret: Collection[str]) -> dict[str, str]:
    return {name: MASK if name in secret else value for name, value in mask_env(environment).items()}


def _ending(steps: Iterable[ContainerStep]) -> set[str]:
    """Return the services that have done their work when others that wait for that run."""
    conditions = [condition for step in steps if step.runs for condition in step.dependencies.items()]
    return {service for service, condition in conditions if condition == Condition.COMPLETED.value}


def _is_done(step: ContainerStep, ending: Collection[str]) -> bool:
    if step.action is None:
        return step.present is not None and step.present.has_finished
    return step.runs and step.service in ending


def _predicted(step: ContainerStep, *, ends: bool) -> DeployedContainer:
    if step.present and step.action is None:
        return _container(step.present)
    runs = step.runs and not ends
    state = State.RUNNING if runs else State.STOPPED
    image = step.wanted.spec.image if step.wanted else step.present.container.image if step.present else ""
    address = str(ContainerID(RuntimeType.DOCKER, step.name))
    return DeployedContainer(step.service, address, step.name, image, state, state.value, runs or None)


def _endpoints(step: ContainerStep, host: str) -> list[Endpoint]:
    if not step.wanted or not step.runs:
        return []
    ports = step.wanted.spec.ports
    name = step.service
    return [endpoint(name, _address(host, one.host_ip), one.published, one.protocol) for one in ports if one.published]
