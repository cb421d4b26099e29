# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Changing whether what is on a Kubernetes cluster runs: workloads, and pods that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ..errors import ApiError, ConflictError, NekzusError
from ..memo import Memo
from ..shape import mapping, text
from ..types import ContainerID, Control, RuntimeType, Subject
from . import convert
from .changes import Changer
from .kinds import AUTOSCALER, POD
from .manifest import pod_manifest
from .wait import Waiter
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..bulk import Leave
    from ..interfaces import Clock
    from ..lifecycle.options import LifecycleOptions
    from ..lifecycle.plan import Plan
    from ..types import Container, Reached
    from .pod import Pod
    from .reader import Reader
    from .seam import KubernetesClient

# Of a webhook that does more than to judge:
# https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#side-effects
_NO_DRY_RUN = "does not support dry run"


class KubernetesOperator:
    """The Operator of Kubernetes."""

    def __init__(self, client: KubernetesClient, reader: Reader, *, clock: Clock) -> None:
        """Take the client to ask, the reader that knows what finding has learned, and the clock to wait by."""
        self._client = client
        self._reader = reader
        self._changer = Changer(client, clock=clock)
        self._rehearser = Changer(client, clock=clock, dry_run=True)
        self._waiter = Waiter(client, reader, clock=clock)
        # Many workloads of a namespace are changed in one task, for which one list of these is enough.
        self._scalers: Memo[list[tuple[str, str, str]]] = Memo()

    def subject(self, container: Container, known: Memo[Any]) -> Subject:
        """Return the topmost controller of a container that can be scaled or suspended, else the pod itself."""
        handle = cast("Pod | Workload", container.handle)
        chain = self._reader.chain(handle.controller, handle.namespace, known)
        if isinstance(handle, Workload):
            chain = (handle, *chain)
        elif handle.is_mirror or not handle.controller:
            return self._pod_subject(container, handle)
        scalable = [one for one in chain if one.resource.control is not Control.FOREIGN]
        owner_chain = tuple(map(convert.owner, chain))
        if isinstance(handle, Workload):
            owner_chain = owner_chain[1:] or owner_chain
        if not scalable:
            identity = ContainerID(RuntimeType.KUBERNETES, container.name, container.namespace)
            return Subject(
                container,
                identity,
                Control.FOREIGN,
                container.state,
                container.status,
                owner_chain=owner_chain or ((container.owner,) if container.owner else ()),
                by_pod=not isinstance(handle, Workload),
                ready=container.ready,
            )
        top = scalable[-1]
        next_above = chain.index(top) + 1
        above = chain[next_above:]
        told = f"{top.resource.kind} {top.name} is managed by"
        return Subject(
            container,
            ContainerID(RuntimeType.KUBERNETES, top.name, top.namespace, top.resource.word),
            top.resource.control,
            top.state,
            top.status,
            replicas=top.wanted,
            remembered=top.remembered,
            owner_chain=owner_chain,
            by_pod=not isinstance(handle, Workload),
            ready=top.is_up,
            finished=bool(top.finished),
            no_rollout=top.no_rollout,
            version=top.version,
            warnings=tuple(f"{told} {one.resource.kind} {one.name}, which may undo the change" for one in above[-1:]),
            handle=top,
        )

    def _pod_subject(self, container: Container, pod: Pod) -> Subject:
        identity = ContainerID(RuntimeType.KUBERNETES, pod.name, pod.namespace)
        if pod.is_mirror:
            return Subject(container, identity, Control.STATIC_POD, pod.state, pod.status, by_pod=True, ready=pod.ready)
        document = self._client.get(POD, pod.namespace, pod.name)
        manifest = pod_manifest(document)
        return Subject(
            container,
            identity,
            Control.POD,
            pod.state,
            pod.status,
            by_pod=True,
            ready=pod.ready,
            version=pod.version,
            manifest=convert.masked(manifest),
            hidden=convert.secret_names(document),
            handle=manifest,
        )

    def rehearse(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> tuple[str, ...]:
        """Ask for the changes as dry runs: the server checks what the account may, and asks its admission rules."""
        try:
            self._rehearser.execute(subject, plan, options=options)
        except ConflictError:  # it changes in the meantime, and carrying out would look again
            return ()
        except ApiError as error:
            if _NO_DRY_RUN not in error.message:
                raise
            return (f"{subject.id}: what the server would say cannot be foretold: {error.message}",)
        return ()

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out the actions, each one request unless it is said there."""
        self._changer.execute(subject, plan, options=options)

    def wait(self, subject: Subject, plan: Plan, _up: Leave | None = None, /, *, options: LifecycleOptions) -> Reached:
        """Wait until all wanted replicas are ready and the old pods are gone, which nobody else should come before."""
        return self._waiter.wait(subject, plan, options=options)

    def cautions(self, subject: Subject) -> tuple[str, ...]:
        """Return who else changes the count of a workload, and what goes on although a CronJob is suspended."""
        workload = subject.handle
        if not isinstance(workload, Workload):
            return ()
        if subject.control is Control.SUSPEND:
            running = ", ".join(f"{workload.namespace}/job/{name}" for name in workload.active_jobs)
            return (f"{subject.id}: what it has begun goes on: {running}",) if running else ()
        return self._autoscalers(workload) if subject.control is Control.SCALE else ()

    def _autoscalers(self, workload: Workload) -> tuple[str, ...]:
        def listed() -> list[tuple[str, str, str]]:
            return self._client.list(AUTOSCALER, workload.namespace, convert=_autoscaler).items

        try:
            found = self._scalers.get(workload.namespace, listed)
        except NekzusError:  # who may not look cannot be told
            return ()
        names = [name for name, kind, target in found if (kind, target) == (workload.resource.kind, workload.name)]
        identity = f"{workload.namespace}/{workload.resource.word}/{workload.name}"
        told = "not while it is at 0, and again from then on"
        return tuple(f"the HorizontalPodAutoscaler {name} scales {identity} as well: {told}" for name in names)


def _autoscaler(document: Mapping[str, Any]) -> tuple[str, str, str]:
    target = mapping(document, "spec", "scaleTargetRef")
    return text(document, "metadata", "name"), text(target, "kind"), text(target, "name")
