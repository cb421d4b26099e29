# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a cluster is, and what it allows us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..bulk import run_bulk
from ..capability import Capability, tell_capabilities
from ..errors import RuntimeUnavailableError
from ..permissions import RuntimeDescription
from ..shape import flag, text
from . import access
from .kinds import ACCESS_REVIEW, POD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..feature import Feature
    from ..permissions import Grant, Permissions
    from .seam import KubernetesClient

# As many questions at a time as the runtime has reads.
_QUESTIONS_AT_ONCE = 16
_HELD = frozenset(Capability) - {Capability.PAUSED, Capability.SUSPEND_JOBS}
# https://kubernetes.io/docs/concepts/workloads/controllers/job/#suspending-a-job
_SUSPENDS_JOBS = (1, 22)
# What distributions add to the version of Kubernetes that they are.
_DISTRIBUTIONS = (
    (re.compile(r"\+k3s"), "K3s"),
    (re.compile(r"\+rke2"), "RKE2"),
    (re.compile(r"\+k0s"), "k0s"),
    (re.compile(r"-eks-"), "Amazon EKS"),
    (re.compile(r"-gke\."), "Google GKE"),
)


class KubernetesSurveyor:
    """The Surveyor of Kubernetes."""

    def __init__(self, client: KubernetesClient, *, namespaces: Sequence[str]) -> None:
        """Take the client to ask, and the namespaces that are meant when none is named (none: all)."""
        self._client = client
        self._namespaces = tuple(namespaces)

    def describe(self) -> RuntimeDescription:
        """Return what the API server says of its version (one request)."""
        told = text(self._client.discover("/version"), "gitVersion")
        if not told:
            hint = "check kubeconfig and context, or runtimes.kubernetes.host"
            raise RuntimeUnavailableError("what answers there is not Kubernetes", hint=hint)
        version = told.removeprefix("v")
        jobs = {Capability.SUSPEND_JOBS} if _suspends_jobs(version) else set()
        return RuntimeDescription(
            name=next((name for pattern, name in _DISTRIBUTIONS if pattern.search(version)), "Kubernetes"),
            version=version,
            api_version=POD.api_version,
            capabilities=tell_capabilities(_HELD | jobs),
        )

    def permissions(self, namespaces: Sequence[str], features: Sequence[Feature] = ()) -> Permissions | None:
        """Return what it allows: one request for each rule in each namespace, side by side."""
        meant = tuple(dict.fromkeys(namespaces)) or self._namespaces
        questions = [(grant, namespace) for namespace in meant or ("",) for grant in access.every_grant(features)]
        answers = run_bulk(questions, self._is_allowed, max_concurrent=_QUESTIONS_AT_ONCE)
        for answer in answers:
            if answer.error:
                raise answer.error.within(op="ask for", target="the permissions")
        missing = {grant for (grant, _namespace), answer in zip(questions, answers) if not answer.value}
        return access.judge(meant, missing, features)

    def _is_allowed(self, question: tuple[Grant, str]) -> bool:
        return flag(self._client.create(ACCESS_REVIEW, "", access.review(*question)), "status", "allowed")


def _suspends_jobs(version: str) -> bool:
    """Tell whether a server of this version suspends Jobs; one whose version nobody can read is a new one."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is None or (int(numbers[1]), int(numbers[2])) >= _SUSPENDS_JOBS
