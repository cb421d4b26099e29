# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is deployed in a cluster, as records: as it is, and as it will be. Pure.

https://kubernetes.io/docs/concepts/services-networking/service/
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..mask import MASK, mask_text, mask_value
from ..shape import mapping, number, objects, text
from ..toolbox.deployment import Deployed, DeployedContainer, Endpoint, ToolboxState
from ..types import ContainerID, RuntimeType, State
from . import convert
from .kinds import INGRESS, JOB, POD, SERVICE, VOLUME_CLAIM
from .workload import read_workload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..toolbox.deployment import Wish
    from .piece import Piece
    from .steps import Step, Steps

_SERVICE = "app.kubernetes.io/name"
# The ports of a Service that the template publishes: ``80/tcp 443/tcp``.
PUBLISHED = "nekzus.io/published"
_HTTPS_PORTS = (443, 8443)
_WITHOUT_ADDRESS = ("", "None")
# From the worst on.
_ORDER = (State.FAILED, State.RESTARTING, State.PENDING, State.STOPPED, State.PAUSED, State.RUNNING)


def record_of(  # noqa: PLR0913 - what it is made of
    name: str, namespace: str, template: str, pieces: Sequence[Piece], *, main: str, secrets: Sequence[str] = ()
) -> Deployed:
    """Return the record of the objects of a deployment; ``main`` is its main workload, whose image and env it has."""
    workloads = [piece for piece in pieces if piece.is_workload]
    containers = tuple(map(container_of, workloads))
    spec = next((convert.pod_spec(one.document) for one in workloads if one.name == main), {})
    return Deployed(
        name=name,
        runtime=RuntimeType.KUBERNETES,
        namespace=namespace,
        template=template,
        status=worst([one.state for piece, one in zip(workloads, containers) if not _is_done(piece, one)]),
        image=text(next(iter(objects(spec, "containers")), {}), "image"),
        containers=containers,
        endpoints=tuple(dict.fromkeys(end for piece in pieces for end in _endpoints(piece))),
        volumes=tuple(sorted(piece.name for piece in pieces if piece.resource.rule == VOLUME_CLAIM.rule)),
        env=_env(spec, secrets),
    )


def predicted(wish: Wish, steps: Steps, *, main: str, template: str) -> Deployed | None:
    """Return what a deployment will be after its steps, as far as that can be known; None when it will be gone."""
    staying = [step for step in steps.steps if not step.is_removed]
    if wish.state is ToolboxState.ABSENT or not staying:
        return None
    # Nobody knows the address of a Service before it is there.
    told = [step for step in staying if step.present or step.piece.resource.rule != SERVICE.rule]
    # As a run tells them that finds them there.
    known = sorted(told, key=lambda step: (step.piece.rank, step.piece.name))
    pieces = [replace(step.piece, document=step.after or step.piece.document) for step in known]
    found = record_of(wish.name, wish.namespace, template, pieces, main=main, secrets=wish.secrets)
    workloads = [step for step in known if step.piece.is_workload]
    ends = [wish.wait and _ends(step) for step in workloads]
    containers = tuple(
        _turned(one, step, is_over=is_over) for one, step, is_over in zip(found.containers, workloads, ends)
    )
    lasting = [
        one.state
        for one, step, is_over in zip(containers, workloads, ends)
        if not is_over and (step.is_touched or not _is_done(step.piece, one))
    ]
    return replace(found, containers=containers, status=worst(lasting))


def _ends(step: Step) -> bool:
    """Tell whether it is a Job that will be begun, and is waited for until it has done its work."""
    return step.is_touched and _runs(step) and step.piece.resource.rule == JOB.rule


def _runs(step: Step) -> bool:
    return step.switch.runs if step.switch else True


def _turned(container: DeployedContainer, step: Step, *, is_over: bool) -> DeployedContainer:
    """Return what will be of a workload: of one that nothing is done to, what it is."""
    if not step.is_touched:
        return container
    runs = _runs(step) and not is_over
    state = State.RUNNING if runs else State.STOPPED
    count = step.switch.count if step.switch else None
    replicas = container.replicas if count is None else count
    return replace(container, state=state, status=state.value, ready=runs or None, replicas=replicas)


def _is_done(piece: Piece, container: DeployedContainer) -> bool:
    """Tell whether it is a Job that has done its work."""
    return piece.resource.rule == JOB.rule and container.state is State.STOPPED


def worst(states: Sequence[State]) -> State:
    """Return the worst of some states; those of nothing are stopped."""
    return next((state for state in _ORDER if state in states), State.STOPPED)


def service_of(piece: Piece) -> str:
    """Return what the template calls a workload or what is before it."""
    return text(piece.document, "metadata", "labels", _SERVICE) or piece.name


def container_of(piece: Piece) -> DeployedContainer:
    """Return what a workload is in the record of its deployment."""
    if piece.resource.rule == POD.rule:
        found = convert.container(piece.document)
        address = found.address
        wanted, ready = None, found.ready
    else:
        workload = read_workload(piece.resource, piece.document, scale=piece.scale)
        found = convert.workload_container(workload)
        address = str(ContainerID(RuntimeType.KUBERNETES, piece.name, piece.namespace, piece.resource.word))
        wanted, ready = workload.wanted, None if workload.finished or workload.is_stopped else workload.is_up
    return DeployedContainer(
        service=service_of(piece),
        address=address,
        name=piece.name,
        image=found.image,
        state=found.state,
        status=found.status,
        ready=ready,
        replicas=wanted,
    )


def _endpoints(piece: Piece) -> Iterator[Endpoint]:
    if piece.resource.rule == SERVICE.rule:
        yield from _of_service(piece)
    elif piece.resource.rule == INGRESS.rule:
        yield from _of_ingress(piece)


def _of_service(piece: Piece) -> Iterator[Endpoint]:
    """Yield the ports of a Service: at its address for the outside, else for the cluster, else at its name."""
    spec = mapping(piece.document, "spec")
    notes = mapping(piece.document, "metadata", "annotations")
    # Of a project others than the published ones are for its own services, and further names lead to the same pods.
    published = text(notes, PUBLISHED).split() if PUBLISHED in notes else None
    if published is not None and service_of(piece) != piece.name:
        return
    outside = [
        text(one, "ip") or text(one, "hostname") for one in objects(piece.document, "status", "loadBalancer", "ingress")
    ]
    inside = text(spec, "clusterIP")
    host = next(iter(outside), "") or (
        inside if inside not in _WITHOUT_ADDRESS else f"{piece.name}.{piece.namespace}.svc"
    )
    for port in objects(spec, "ports"):
        protocol = (text(port, "protocol") or "TCP").lower()
        found = number(port, "port") or 0
        if published is None or f"{found}/{protocol}" in published:
            yield _endpoint(service_of(piece), host, found, protocol)


def _endpoint(service: str, host: str, port: int, protocol: str) -> Endpoint:
    shown = f"[{host}]" if ":" in host else host
    scheme = "https" if port in _HTTPS_PORTS else "http"
    return Endpoint(service, host, port, protocol, f"{scheme}://{shown}:{port}" if protocol == "tcp" else None)


def _of_ingress(piece: Piece) -> Iterator[Endpoint]:
    spec = mapping(piece.document, "spec")
    secured = {host for one in objects(spec, "tls") for host in one.get("hosts") or ()}
    for rule in objects(spec, "rules"):
        host = text(rule, "host")
        for path in objects(rule, "http", "paths") if host else ():
            scheme, port = ("https", 443) if host in secured else ("http", 80)
            service = text(path, "backend", "service", "name") or piece.name
            yield Endpoint(service, host, port, "tcp", f"{scheme}://{host}{text(path, 'path') or '/'}")


def _env(spec: Mapping[str, Any], secrets: Sequence[str]) -> dict[str, str]:
    """Return the variables of the first container, with secrets hidden."""
    found: dict[str, str] = {}
    for variable in objects(next(iter(objects(spec, "containers")), {}), "env"):
        name, source = text(variable, "name"), mapping(variable, "valueFrom")
        hidden = MASK if "secretKeyRef" in source else ""
        found[name] = hidden or mask_text(mask_value(name, text(variable, "value")), secrets)
    return found
