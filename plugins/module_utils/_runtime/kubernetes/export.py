# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Writing down workloads of a cluster, and what belongs to them, as the manifests that make them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ..bulk import run_bulk
from ..errors import ContainerNotFoundError, NekzusError, UnsupportedError
from ..exports.exported import Exported, ExportKind
from ..memo import Memo
from ..shape import mapping, text
from ..types import ContainerID, Control, RuntimeType
from .belonging import Need, certificates, distinct, leads_to, needs_of, pod_labels, pull_secrets, scales, serves
from .blueprint import blueprint, losses
from .conceal import concealed
from .kinds import AUTOSCALER, CONFIG_MAP, INGRESS, POD, SECRET, SERVICE, SERVICE_ACCOUNT, VOLUME_CLAIM
from .owners import controller_of
from .piece import Piece
from .reader import Reader
from .resolver import READS
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..exports.exported import ExportChoice
    from ..types import Container
    from .kinds import Resource
    from .pod import Pod
    from .seam import KubernetesClient

# Whatever names another object comes after it, so that it finds it; a workload after all that its pods take.
_BEFORE = (SERVICE_ACCOUNT.rule, SECRET.rule, CONFIG_MAP.rule, VOLUME_CLAIM.rule, SERVICE.rule)
_AFTER = (AUTOSCALER.rule, INGRESS.rule)
_KIND_OF = {
    CONFIG_MAP.rule: ExportKind.CONFIG_MAPS,
    SECRET.rule: ExportKind.SECRETS,
    VOLUME_CLAIM.rule: ExportKind.VOLUME_CLAIMS,
    SERVICE_ACCOUNT.rule: ExportKind.SERVICE_ACCOUNTS,
}
# Such a secret is filled by the cluster it is in.
_TOKEN_TYPE = "kubernetes.io/service-account-token"  # noqa: S105 - a type


@dataclass(frozen=True)
class _Origin:
    """A workload, or a lone pod, and the labels of its pods. ``above`` is what controls it and is not written down."""

    piece: Piece
    labels: dict[str, str]
    above: str = ""

    @property
    def address(self) -> str:
        word = "" if self.piece.resource.rule == POD.rule else self.piece.resource.word
        return str(ContainerID(RuntimeType.KUBERNETES, self.piece.name, self.piece.namespace, word))


class _Known:
    """What has been read for one of many containers and need not be read for the others."""

    def __init__(self) -> None:
        self.named: Memo[Workload] = Memo()
        self.controllers: Memo[Workload | None] = Memo()


class KubernetesExporter:
    """The Exporter of Kubernetes."""

    def __init__(self, client: KubernetesClient) -> None:
        """Take the client to ask."""
        self._client = client
        self._reader = Reader(client)

    def export(self, containers: Sequence[Container], choice: ExportChoice) -> Exported:
        """Return the manifests of the workloads, and of what belongs to them, in the order in which they are applied.

        One request for a workload or lone pod, one for each controller above a pod, a list for each namespace of
        Services, Ingresses and autoscalers, and one for each object that the workloads name: of what is not chosen
        nothing is read. Of several namespaces each manifest says its own, else none does.
        """
        origins = self._origins(containers)
        warnings = [f"{one.address}: it is managed by {one.above}, which is left out" for one in origins if one.above]
        pieces: dict[tuple[str, str, str], Piece] = {}
        namespaces = list(dict.fromkeys(one.piece.namespace for one in origins))
        for namespace in namespaces:
            mine = [one for one in origins if one.piece.namespace == namespace]
            found, missing = self._belonging(namespace, mine, choice)
            pieces.update((piece.key, piece) for piece in (*(one.piece for one in mine), *found))
            warnings += missing
        documents: list[dict[str, Any]] = []
        for piece in sorted(pieces.values(), key=_rank):
            if text(piece.document, "type") == _TOKEN_TYPE and piece.resource.rule == SECRET.rule:
                warnings.append(f"{piece.title} holds the token of an account, and is left out")
                continue
            document, told = _written(piece, choice)
            warnings += (*losses(piece), *told)
            if len(namespaces) > 1:
                metadata = mapping(document, "metadata")
                name = {"name": piece.name, "namespace": piece.namespace}
                document = {**document, "metadata": {**name, **metadata}}
            documents.append(document)
        return Exported(
            documents=tuple(documents),
            subjects=tuple(one.address for one in origins),
            warnings=tuple(dict.fromkeys(warnings)),
        )

    def _origins(self, containers: Sequence[Container]) -> list[_Origin]:
        """Return the owners of the containers, each once, in the order of the first container of each."""
        known = _Known()
        outcomes = run_bulk(containers, partial(self._origin, known=known), max_concurrent=READS)
        found: dict[tuple[str, str, str], _Origin] = {}
        for container, outcome in zip(containers, outcomes):
            if outcome.error:
                raise outcome.error.within(op="export", target=container.address.partition("/")[2])
            if outcome.value:
                found.setdefault(outcome.value.piece.key, outcome.value)
        return list(found.values())

    def _origin(self, container: Container, *, known: _Known) -> _Origin:
        """Return the topmost controller that can be scaled or suspended, else the nearest, else the pod itself."""
        handle = cast("Pod | Workload", container.handle)
        if isinstance(handle, Workload):
            read = partial(self._reader.workload, handle.resource, handle.namespace, handle.name)
            own = known.named.get((handle.resource.rule, handle.namespace, handle.name), read)
            chain = (own, *self._reader.chain(own.controller, own.namespace, known.controllers))
        elif handle.is_mirror:
            hint = f"its manifest is on {container.node or 'its node'}"
            raise UnsupportedError("it is a static pod, which a kubelet makes of a file", hint=hint)
        else:
            chain = self._reader.chain(handle.controller, handle.namespace, known.controllers)
        if not chain:
            return self._pod(container)
        top = ([one for one in chain if one.resource.control is not Control.FOREIGN] or [chain[0]])[-1]
        above = chain[chain.index(top) + 1 :]
        # Of what we may not read, its owner's way to the top tells no more than that it is there.
        document = top.document or self._client.get(top.resource, top.namespace, top.name)
        piece = Piece(top.resource, document)
        told = f"{above[-1].resource.kind} {above[-1].name}" if above else ""
        return _Origin(piece, pod_labels(piece, top.selector), told)

    def _pod(self, container: Container) -> _Origin:
        document = self._client.get(POD, container.namespace, container.name)
        reference = controller_of(document)
        if reference:
            message = f"it is made by the {reference.kind} {reference.name}, gone or of an unknown kind"
            raise UnsupportedError(message, hint="write down what makes it with the tools of that kind")
        piece = Piece(POD, document)
        return _Origin(piece, pod_labels(piece))

    def _belonging(
        self, namespace: str, origins: Sequence[_Origin], choice: ExportChoice
    ) -> tuple[list[Piece], list[str]]:
        """Return what belongs to workloads of a namespace, and what should be there and is not."""
        found: list[Piece] = []
        needs: list[Need] = []
        if choice.kinds & {ExportKind.SERVICES, ExportKind.INGRESSES}:
            listed = self._list(SERVICE, namespace)
            services = [one for one in listed if any(serves(one.document, each.piece, each.labels) for each in origins)]
            found += services if ExportKind.SERVICES in choice.kinds else []
            if services and ExportKind.INGRESSES in choice.kinds:
                names = {one.name for one in services}
                ingresses = [one for one in self._list(INGRESS, namespace) if leads_to(one.document, names)]
                needs += [need for one in ingresses for need in certificates(one.document)]
                found += ingresses
        if ExportKind.AUTOSCALERS in choice.kinds:
            listed = self._list(AUTOSCALER, namespace)
            found += [one for one in listed if any(scales(one.document, each.piece) for each in origins)]
        # Of blueprints: the server lets a pod name its token too.
        needs += [need for one in origins for need in needs_of(replace(one.piece, document=blueprint(one.piece)))]
        accounts, missing = self._read([one for one in needs if one.resource == SERVICE_ACCOUNT], namespace, choice)
        needs += [need for one in accounts for need in pull_secrets(blueprint(one))]
        others, missing_too = self._read([one for one in needs if one.resource != SERVICE_ACCOUNT], namespace, choice)
        return [*found, *accounts, *others], [*missing, *missing_too]

    def _list(self, resource: Resource, namespace: str) -> list[Piece]:
        try:
            return self._client.list(resource, namespace, convert=partial(Piece, resource)).items
        except NekzusError as error:
            error.within(op="export", target=f"what belongs to workloads in {namespace}")
            raise

    def _read(self, needs: Iterable[Need], namespace: str, choice: ExportChoice) -> tuple[list[Piece], list[str]]:
        wanted = [one for one in distinct(needs) if _KIND_OF[one.resource.rule] in choice.kinds]

        def read(need: Need) -> Piece:
            return Piece(need.resource, self._client.get(need.resource, namespace, need.name))

        outcomes = run_bulk(wanted, read, max_concurrent=READS)
        missing: list[str] = []
        for need, outcome in zip(wanted, outcomes):
            if isinstance(outcome.error, ContainerNotFoundError):
                told = f"{need.resource.kind} {namespace}/{need.name} is needed and not there"
                missing += [] if need.optional else [told]
            elif outcome.error:
                raise outcome.error.within(op="export", target=f"{need.resource.kind} {namespace}/{need.name}")
        return [outcome.value for outcome in outcomes if outcome.value], missing


def _rank(piece: Piece) -> int:
    rule = piece.resource.rule
    if rule in _AFTER:
        return len(_BEFORE) + 1 + _AFTER.index(rule)
    return _BEFORE.index(rule) if rule in _BEFORE else len(_BEFORE)


def _written(piece: Piece, choice: ExportChoice) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a manifest, and what has to be said of it."""
    document = blueprint(piece)
    if choice.secret_values:
        return document, ()
    hidden, names = concealed(document)
    told = f"{piece.title}: {', '.join(names)} must be filled in, as secrets are masked"
    return hidden, (told,) if names else ()
