# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for what a deployment is made of, until a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..errors import ContainerNotFoundError, NekzusError, NotReadyError, UnsupportedError, WaitTimeoutError
from ..lifecycle.options import LifecycleOptions
from ..lifecycle.plan import Plan
from ..shape import mapping, text
from ..toolbox.deployment import NAME_LABEL
from ..types import Action, ContainerID, Control, RuntimeType, State, Subject
from . import convert
from .kinds import CRON_JOB, JOB, POD, STATEFUL_SET
from .pod import read_pod
from .readiness import is_of_use, is_seen, trouble_of
from .wait import Waiter
from .workload import read_workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..interfaces import Clock
    from .piece import Piece
    from .reader import Reader
    from .seam import KubernetesClient

_PAUSE = 0.2
# What pods of a StatefulSet are labelled with: from which of its templates they are.
_REVISION = "controller-revision-hash"


class Arrival:
    """Waits for objects of one deployment, for ``seconds`` from its making on."""

    def __init__(self, client: KubernetesClient, reader: Reader, *, clock: Clock, seconds: float) -> None:
        """Take the client to ask, what reads workloads, and the clock to wait by."""
        self._client = client
        self._waiter = Waiter(client, reader, clock=clock)
        self._reader = reader
        self._clock = clock
        self._seconds = seconds
        self._deadline = clock.monotonic() + seconds

    @property
    def _left(self) -> float:
        return max(self._deadline - self._clock.monotonic(), 0)

    def pods(self, piece: Piece) -> frozenset[str]:
        """Return the uids of the pods that a workload has now, which a change of it will replace."""
        return self._waiter.pods(self._subject(piece)) if piece.replaces_pods else frozenset()

    def up(self, piece: Piece, *, replaced: frozenset[str] = frozenset()) -> None:
        """Return when a workload is up, a Job is done, or an object is of use.

        Pods that are ``replaced`` leave by themselves, whatever ails them. Raises NotReadyError as soon as it cannot
        be any more, with the reason and the last log lines, and WaitTimeoutError.
        """
        if piece.is_workload and piece.resource.rule != CRON_JOB.rule:
            self._reach(piece, State.RUNNING, replaced=replaced)
        elif not piece.is_workload:
            self._await_use(piece)

    def release(self, piece: Piece) -> None:
        """Delete the pods that keep a StatefulSet from going back: it replaces none that has never been well.

        https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
        """
        if piece.resource.rule != STATEFUL_SET.rule:
            return
        document = self._client.get(piece.resource, piece.namespace, piece.name)
        while not is_seen(document) and self._left:
            self._clock.sleep(_PAUSE)
            document = self._client.get(piece.resource, piece.namespace, piece.name)
        workload, revision = read_workload(piece.resource, document), text(document, "status", "updateRevision")
        labels = f"{workload.selector},{_REVISION}!={revision}"
        for pod in self._client.list(POD, piece.namespace, convert=read_pod, labels=labels).items:
            if workload.owns(pod) and not pod.ready and not pod.terminating:
                self._client.delete(POD, pod.namespace, pod.name, uid=pod.uid)

    def down(self, piece: Piece) -> None:
        """Return when a workload that is to have no pods has none."""
        if piece.scales:
            self._reach(piece, State.STOPPED)

    def _reach(self, piece: Piece, state: State, *, replaced: frozenset[str] = frozenset()) -> None:
        subject = self._subject(piece)
        plan = Plan((Action.SCALE,), state)
        options = LifecycleOptions(wait_timeout=round(self._seconds))
        is_job = piece.resource.rule == JOB.rule
        try:
            self._waiter.wait(subject, plan, options=options, seconds=self._left, has_to_end=is_job, replaced=replaced)
        except NekzusError as error:
            error.message = f"{piece.title}: {error.message}"
            raise

    def _subject(self, piece: Piece) -> Subject:
        if piece.resource.rule == POD.rule:
            container = convert.container(self._client.get(POD, piece.namespace, piece.name))
            identity = ContainerID(RuntimeType.KUBERNETES, piece.name, piece.namespace)
            return Subject(container, identity, Control.POD, container.state, container.status, by_pod=True)
        if piece.resource.custom:
            workload = self._reader.workload(piece.resource, piece.namespace, piece.name)
        else:
            document = self._client.get(piece.resource, piece.namespace, piece.name)
            workload = read_workload(piece.resource, document)
        container = convert.workload_container(workload)
        identity = ContainerID(RuntimeType.KUBERNETES, piece.name, piece.namespace, piece.resource.word)
        return Subject(
            container,
            identity,
            piece.resource.control,
            workload.state,
            workload.status,
            workload.wanted,
            handle=workload,
        )

    def _await_use(self, piece: Piece) -> None:
        while True:
            document = self._client.get(piece.resource, piece.namespace, piece.name)
            if is_of_use(piece.resource, document):
                return
            if not self._left:
                told = trouble_of(document)
                message = f"{piece.title} is not ready after {self._seconds:g} s" + (f": {told}" if told else "")
                raise WaitTimeoutError(message, hint="raise wait_timeout, or see what its controller says")
            self._clock.sleep(_PAUSE)

    def gone(self, piece: Piece) -> None:
        """Return when an object that was deleted is not there any more. Raises NotReadyError when it does not go."""
        uid = text(piece.document, "metadata", "uid")
        self._leave(piece, lambda there: bool(uid) and text(there, "uid") == uid)

    def free(self, piece: Piece) -> None:
        """Return when no object of that name is about to go. Raises NotReadyError when one does not go."""
        self._leave(piece, lambda there: bool(text(there, "deletionTimestamp")))

    def _leave(self, piece: Piece, is_leaving: Callable[[Mapping[str, Any]], bool]) -> None:
        while is_leaving(self._metadata(piece)):
            if not self._left:
                message = f"{piece.title} was deleted and is still there after {self._seconds:g} s"
                raise NotReadyError(message, hint="see its finalizers, and who has to remove them")
            self._clock.sleep(_PAUSE)

    def _metadata(self, piece: Piece) -> Mapping[str, Any]:
        try:
            return mapping(self._client.get(piece.resource, piece.namespace, piece.name), "metadata")
        except (ContainerNotFoundError, UnsupportedError):  # its kind has gone before it, and all of that kind
            return {}

    def empty(self, name: str, namespaces: Iterable[str]) -> None:
        """Return when no pod of a deployment is left. Raises WaitTimeoutError."""
        for namespace in sorted(namespaces):
            while True:
                pods = self._client.list(POD, namespace, convert=read_pod, labels=f"{NAME_LABEL}={name}").items
                if not pods:
                    break
                if not self._left:
                    message = f"pod {pods[0].name} has not ended after {self._seconds:g} s"
                    raise WaitTimeoutError(message, hint="raise wait_timeout, or see why it does not end")
                self._clock.sleep(_PAUSE)
