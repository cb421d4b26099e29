# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who uses AWX: with a credential, for containers that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .awx import AWX, Credential
from .service_account import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .awx import Job
    from .controller import Controller
    from .space import Space
    from .yard import Yard

PREFIX = "nekzus.runtime."
TYPES = {"tls": "Docker over TLS", "kubeconfig": "kubeconfig", "token": "Kubernetes token"}
# What the playbooks need in a namespace.
LOOK = ("get", "list", "watch")
RULES = (
    rule("pods", *LOOK, "delete"),
    rule("pods/log", "get"),
    rule("pods.metrics.k8s.io", "get", "list"),
    *(rule(f"{each}.apps", *LOOK, "patch") for each in ("deployments", "replicasets", "statefulsets", "daemonsets")),
    *(rule(f"{each}.batch", *LOOK, "patch") for each in ("jobs", "cronjobs")),
    rule("replicationcontrollers", *LOOK, "patch"),
)


@dataclass(frozen=True)
class Office:
    """Somebody's AWX: a credential, containers that it leads to, and the answers with which a survey means them."""

    controller: Controller
    credential: Credential
    yard: Yard
    answers: Mapping[str, Any]

    def launch(self, name: str, *credentials: Credential, verbosity: int = 0, **answers: Any) -> Job:
        """Launch a job template. No secret may show, wherever it may be."""
        given = credentials or (self.credential,)
        told = {**self.answers, **answers}
        job = AWX.launch(self.controller, PREFIX + name, *given, answers=told, verbosity=verbosity)
        shown = {**job.artifacts(), "output": job.run.output}
        assert any(file.startswith("job_events/") for file in shown)
        assert "stdout" in shown
        for secret in (secret for each in given for secret in each.secrets()):
            assert [file for file, words in shown.items() if secret in words] == []
        return job


@dataclass(frozen=True)
class Place:
    """A namespace and an account there."""

    office: Office
    space: Space
