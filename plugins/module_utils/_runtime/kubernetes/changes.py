# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Carrying out a plan: the patches, deletions and creations that its actions are."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Callable, cast

from ..errors import (
    ConflictError,
    ContainerNotFoundError,
    NekzusError,
    PermissionDeniedError,
    RuntimeUnavailableError,
    UnsupportedError,
    WaitTimeoutError,
)
from ..permissions import Grant
from ..shape import mapping, text
from ..types import Action, State
from .access import review
from .kinds import ACCESS_REVIEW, POD
from .pod import RESTARTED_AT, read_pod
from .workload import REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..interfaces import Clock
    from ..lifecycle.options import LifecycleOptions
    from ..lifecycle.plan import Plan
    from ..types import Subject
    from .pod import Pod
    from .seam import KubernetesClient
    from .workload import Workload

# What `kubectl rollout restart` writes: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/
# With 0 the pod would be forgotten while its processes may still run; this is what `kubectl delete --now` gives.
_AT_ONCE = 1
_PAUSE = 0.2


class Changer:
    """Changes workloads and pods."""

    def __init__(self, client: KubernetesClient, *, clock: Clock, dry_run: bool = False) -> None:
        """Take the client to ask, and the clock to wait by. In a ``dry_run`` nothing is changed."""
        self._client = client.dry_run() if dry_run else client
        self._clock = clock
        self._dry_run = dry_run
        self._actions: Mapping[Action, Callable[[Subject, Plan, LifecycleOptions], None]] = {
            Action.SCALE: self._scale,
            Action.SUSPEND: self._suspend,
            Action.RESUME: self._suspend,
            Action.ROLLOUT: self._roll_out,
            Action.DELETE: self._delete,
            Action.RECREATE: self._recreate,
        }

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out the actions. Raises ConflictError when the subject has changed since the plan was made."""
        for action in plan.actions:
            self._actions[action](subject, plan, options)

    def _scale(self, subject: Subject, plan: Plan, options: LifecycleOptions) -> None:
        """Set the count, and with it, in the same guarded patch, what a start has to know."""
        workload, count = _workload(subject), plan.replicas_after or 0
        remembered = None if count else str(workload.wanted)
        if workload.resource.custom:
            self._scale_custom(workload, count, remembered)
        else:
            body = {"metadata": _guarded(workload.version, remembered), "spec": {"replicas": count}}
            self._client.patch(workload.resource, workload.namespace, workload.name, body)
        if not count and options.grace is not None:
            self._end_pods(workload, grace=options.grace, begun=True)

    def _scale_custom(self, workload: Workload, count: int, remembered: str | None) -> None:
        """Set the count by the scale, which alone knows where it stands, and remember before or forget after that.

        The scale has no place for an annotation, so it takes two patches, of which none can lose the count.
        """
        version = workload.version
        if not count:
            version = self._remember(workload, version, remembered)
        body = {"metadata": {"resourceVersion": version}, "spec": {"replicas": count}}
        scaled = self._client.patch(workload.resource, workload.namespace, workload.name, body, subresource="scale")
        if count and workload.remembered is not None:
            self._remember(workload, text(scaled, "metadata", "resourceVersion"), None)

    def _remember(self, workload: Workload, version: str, remembered: str | None) -> str:
        body = {"metadata": _guarded(version, remembered)}
        changed = self._client.patch(workload.resource, workload.namespace, workload.name, body)
        return text(changed, "metadata", "resourceVersion")

    def _suspend(self, subject: Subject, plan: Plan, _options: LifecycleOptions) -> None:
        """Suspend or resume, and see that the server has kept it: an old one drops the field without a word."""
        workload, suspend = _workload(subject), plan.state_after is State.STOPPED
        body = {"metadata": {"resourceVersion": workload.version}, "spec": {"suspend": suspend}}
        changed = self._client.patch(workload.resource, workload.namespace, workload.name, body)
        if suspend and mapping(changed, "spec").get("suspend") is not True:
            message = f"this API server is too old to suspend a {workload.resource.kind}"
            raise UnsupportedError(message, hint="Jobs can be suspended from Kubernetes 1.22 on; delete it instead")

    def _roll_out(self, subject: Subject, _plan: Plan, _options: LifecycleOptions) -> None:
        workload = _workload(subject)
        now = datetime.fromtimestamp(self._clock.time(), tz=timezone.utc).isoformat(timespec="microseconds")
        template = {"metadata": {"annotations": {RESTARTED_AT: now}}}
        body = {"spec": {"template": template}}
        self._client.patch(workload.resource, workload.namespace, workload.name, body)

    def _delete(self, subject: Subject, _plan: Plan, options: LifecycleOptions) -> None:
        """Delete the pod that was named, or all of the workload's."""
        if subject.by_pod:
            self._delete_pod(cast("Pod", subject.container.handle), grace=options.grace)
        else:
            self._end_pods(_workload(subject), grace=options.grace)

    def _end_pods(self, workload: Workload, *, grace: int | None, begun: bool = False) -> None:
        """Delete the pods of a workload; ``begun`` is whether that is the rest of a change."""
        if not workload.selector:
            return
        try:
            pods = self._client.list(POD, workload.namespace, convert=read_pod, labels=workload.selector).items
            for pod in pods:
                if pod.active and workload.owns(pod):
                    self._delete_pod(pod, grace=grace)
                    begun = True
        except NekzusError as error:
            error.halfway = begun
            raise

    def _delete_pod(self, pod: Pod, *, grace: int | None) -> None:
        seconds = None if grace is None else max(grace, _AT_ONCE)
        try:
            self._client.delete(POD, pod.namespace, pod.name, uid=pod.uid, grace=seconds)
        except ContainerNotFoundError:  # it has gone by itself
            return
        except (ConflictError, RuntimeUnavailableError):  # which does not say whether it is deleted
            if self._is_there(pod):
                raise

    def _is_there(self, pod: Pod) -> bool:
        """Tell whether a pod is still there, and not about to go: another one may have its name."""
        try:
            found = mapping(self._client.get(POD, pod.namespace, pod.name), "metadata")
        except ContainerNotFoundError:
            return False
        return text(found, "uid") == pod.uid and not text(found, "deletionTimestamp")

    def _recreate(self, subject: Subject, _plan: Plan, options: LifecycleOptions) -> None:
        """Delete a pod, and create it again from its own manifest once it is gone."""
        pod, manifest = cast("Pod", subject.container.handle), cast("dict[str, Any]", subject.handle)
        self._check_creation(pod.namespace)
        deleted = False
        try:
            self._delete_pod(pod, grace=options.grace)
            if self._dry_run:  # it is still there, and has its name
                return
            deleted = True
            self._await_end(pod, seconds=options.wait_timeout)
            self._client.create(POD, pod.namespace, manifest)
        except NekzusError as error:
            error.halfway = deleted
            error.details["manifest"] = subject.manifest
            hint = f"apply the manifest in failure.details {'when it has ended' if deleted else 'if it is gone'}"
            error.hint = f"{hint}; {error.hint}" if error.hint else hint
            raise

    def _check_creation(self, namespace: str) -> None:
        """Raise PermissionDeniedError for who may not create pods, and would be left with none."""
        grant = Grant("create", POD.group, POD.plural)
        try:
            answer = self._client.create(ACCESS_REVIEW, "", review(grant, namespace))
        except NekzusError:  # who may not ask finds out
            return
        if mapping(answer, "status").get("allowed") is False:
            details = {"verb": grant.verb, "group": grant.group, "resource": grant.resource, "namespace": namespace}
            hint = f"grant create on pods in namespace {namespace}"
            raise PermissionDeniedError("forbidden", hint=hint, details=details)

    def _await_end(self, pod: Pod, *, seconds: float) -> None:
        deadline = self._clock.monotonic() + seconds
        while self._clock.monotonic() < deadline:
            try:
                found = self._client.get(POD, pod.namespace, pod.name)
            except ContainerNotFoundError:
                return
            if text(found, "metadata", "uid") != pod.uid:
                raise ConflictError("another pod has taken its name", hint="see who made it")
            self._clock.sleep(_PAUSE)
        raise WaitTimeoutError(f"it has not ended after {seconds:g} s, and was not created again")


def _workload(subject: Subject) -> Workload:
    return cast("Workload", subject.handle)


def _guarded(version: str, remembered: str | None) -> dict[str, Any]:
    """Return the metadata of a patch that holds only for this version, and remembers a count or forgets it."""
    return {"resourceVersion": version, "annotations": {REMEMBERED: remembered}}
