# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploying in a cluster: a template becomes its objects, and goes away again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import (
    ApiError,
    ConflictError,
    ContainerNotFoundError,
    InvalidTargetError,
    InvalidTemplateError,
    NekzusError,
    PermissionDeniedError,
    UnsupportedError,
)
from ..mask import mask_text
from ..object_change import ObjectAction, ObjectChange
from ..shape import text
from ..toolbox.deployment import DeployPlan, ToolboxState
from ..toolbox.hiding import without_secrets
from ..toolbox.spec import Project
from .deployed_record import predicted, record_of
from .kinds import CONFIG_MAP
from .making import Making
from .present import Finder
from .reader import Reader
from .record import Keeper, Record
from .shown import kept_secrets
from .steps import Steps, changes_of, steps_of
from .template_pieces import comes_with
from .wanted import Wanted, wanted_of, with_checksums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..interfaces import Clock
    from ..toolbox.deployment import Deployed, Wish
    from .piece import Piece
    from .seam import KubernetesClient

# How a server says that an object cannot be changed in this way.
_FIXED = ("immutable", "may not change once set", "are forbidden", "pod updates may not", "cannot change roleRef")
# What loses nothing by being made anew.
_REMADE = ("Job", "Pod", "Service", "ConfigMap", "Secret", "RoleBinding", "ClusterRoleBinding")
# So often is looked at again what somebody else keeps changing.
_LOOKS = 3


@dataclass(frozen=True)
class _Handle:
    """What has to be known to carry out a plan."""

    steps: Steps
    record: Record


class KubernetesDeployer:
    """The Deployer of Kubernetes."""

    def __init__(self, client: KubernetesClient, *, namespaces: Sequence[str], clock: Clock) -> None:
        """Take the client to ask, the namespaces to keep to (none: all), and the clock to wait by."""
        self._client = client
        self._namespaces = tuple(namespaces)
        self._clock = clock
        self._reader = Reader(client)
        self._keeper = Keeper(client)
        self._finder = Finder(client, self._reader)

    def plan(self, wish: Wish) -> DeployPlan:
        """Return the changes: the note, a list for each kind, and for each object a dry run of its being applied."""
        settled = replace(wish, namespace=self._namespace(wish))
        wanted = self._wanted(settled)
        record = self._keeper.find(settled.namespace, settled.name)
        present = self._finder.find(settled.name, settled.namespace, record, wanted.pieces if wanted else ())
        settled = replace(settled, secrets=tuple(dict.fromkeys((*settled.secrets, *kept_secrets(present.values())))))
        if not wanted and not present and settled.state is not ToolboxState.ABSENT:
            message = f"there is no deployment {settled.name} in namespace {settled.namespace}"
            hint = "name one that is deployed, or say with service, src or definition what it is made of"
            raise ContainerNotFoundError(message, hint=hint)
        fresh = (not record and all(piece.is_kept for piece in present.values())) or bool(record and record.begun)
        if wanted and isinstance(wish.content, Project):
            wanted = replace(wanted, pieces=with_checksums(wanted.pieces, present))
        main = wanted.main if wanted else record.main if record else ""
        if wanted:
            self._finder.check_going(
                [piece for key, piece in present.items() if key in {one.key for one in wanted.pieces}]
            )
            new = [one for one in wanted.pieces if one.key not in present]
            self._finder.check_foreign(settled.name, settled.namespace, new)
        predicting = _Predicting(self._client, settled, wanted)
        steps = steps_of(settled, wanted, present, main=main, fresh=fresh, predict=predicting.predict)
        predicting.check()
        changes = changes_of(steps.steps, settled.secrets)
        noted = replace(record or Record(settled.name, settled.namespace), main=main)
        if settled.state is ToolboxState.ABSENT and record and not changes:
            changes = (ObjectChange(CONFIG_MAP.kind, record.namespace, record.title, ObjectAction.REMOVED, {}, None),)
        return DeployPlan(
            wish=settled,
            changes=changes,
            first=fresh,
            record=predicted(settled, steps, main=main, template=settled.template or noted.template),
            warnings=(*(wanted.warnings if wanted else ()), *steps.warnings),
            handle=_Handle(steps, noted),
        )

    def execute(self, plan: DeployPlan) -> Deployed | None:
        """Make the changes; see ``Deployer.execute``."""
        if not isinstance(plan.handle, _Handle):
            raise TypeError(plan)
        wish = plan.wish
        steps, record = plan.handle.steps, plan.handle.record
        making = Making(
            self._client, self._reader, self._keeper, steps=steps, record=record, wish=wish, clock=self._clock
        )
        try:
            if plan.changes:
                making.carry_out()
            if wish.awaits_all:
                making.see_up()
        except NekzusError as error:
            raise without_secrets(error, wish.secrets) from error.__cause__
        found = self.deployed(wish.name, (wish.namespace,))
        return found[0] if found else None

    def deployed(self, name: str = "", namespaces: Sequence[str] = ()) -> tuple[Deployed, ...]:
        """Return what is deployed: one list of notes, and for each one a list of every kind that it has."""
        for namespace in namespaces:
            self._check_inside(namespace)
        found: list[Deployed] = []
        for record in self._keeper.every(namespaces or self._namespaces, name):
            present = self._finder.find(record.name, record.namespace, record, ())
            pieces = sorted(present.values(), key=lambda one: (one.rank, one.name))
            found.append(record_of(record.name, record.namespace, record.template, pieces, main=record.main))
        return tuple(found)

    def _namespace(self, wish: Wish) -> str:
        namespace = wish.namespace or self._client.namespace
        if not namespace:
            raise InvalidTargetError("nothing says which namespace to deploy to", hint="set namespace")
        self._check_inside(namespace)
        return namespace

    def _check_inside(self, namespace: str) -> None:
        if self._namespaces and namespace not in self._namespaces:
            message = f"the namespace {namespace} is not one of runtimes.kubernetes.namespaces"
            raise InvalidTargetError(message, hint=f"name one of {', '.join(self._namespaces)}")

    def _wanted(self, wish: Wish) -> Wanted | None:
        if wish.content is None or wish.state is ToolboxState.ABSENT:
            return None
        wanted = wanted_of(wish, namespace=wish.namespace, lookup=self._reader.kinds.of)
        if not wanted.pieces:
            raise InvalidTemplateError("the template has no objects", hint="write at least one manifest")
        for piece in wanted.pieces:
            if piece.namespace or not self._namespaces:
                for namespace in filter(None, (piece.namespace,)):
                    self._check_inside(namespace)
            else:
                message = f"{piece.title} belongs to no namespace, and runtimes.kubernetes.namespaces keeps to some"
                raise InvalidTargetError(message, hint="leave it out of the template, or that setting empty")
        return wanted


class _Predicting:
    """Asks the server what objects would be when they are applied, and gathers what is in the way."""

    def __init__(self, client: KubernetesClient, wish: Wish, wanted: Wanted | None) -> None:
        self._client = client
        self._wish = wish
        self._wanted = wanted.pieces if wanted else ()
        self._conflicts: list[ConflictError] = []

    def predict(self, piece: Piece, present: Piece | None) -> tuple[Mapping[str, Any] | None, Piece | None]:
        """Return the object as it would be, None for one that would have to be made anew, and as it is.

        What is there is looked at again where it has changed since it was listed: its controllers write into it, and
        that is no change of ours. A dry run has the version of what it was carried out on.
        """
        after = self._predicted(piece, present)
        for _attempt in range(_LOOKS):
            is_answered = after is not None and after is not piece.document
            if not present or not is_answered or _version(after) == _version(present.document):
                break
            try:
                present = replace(present, document=self._client.get(piece.resource, piece.namespace, piece.name))
            except ContainerNotFoundError:  # it has gone meanwhile, and is made
                return after, None
            if _version(after) != _version(present.document):
                after = self._predicted(piece, present)
        return after, present

    def _predicted(self, piece: Piece, present: Piece | None) -> Mapping[str, Any] | None:
        # Of what is not there yet, nothing can be asked about what is inside of it.
        if not present and comes_with(piece, self._wanted):
            return piece.document
        try:
            return self._client.dry_run().apply(
                piece.resource, piece.namespace, piece.name, piece.document, force=self._wish.take_over
            )
        except ConflictError as error:
            error.message = f"{piece.title}: {error.message}"
            self._conflicts.append(error)
            return piece.document
        except ContainerNotFoundError as error:
            raise self._no_namespace(piece) from error
        except ApiError as error:
            self._check_fixed(piece, present, error)
            return None
        except (PermissionDeniedError, UnsupportedError) as error:
            error.message = f"{piece.title}: {error.message}"
            raise

    def _no_namespace(self, piece: Piece) -> NekzusError:
        message = f"there is no namespace {piece.namespace}"
        return InvalidTargetError(message, hint="make it first, or correct namespace")

    def _check_fixed(self, piece: Piece, present: Piece | None, error: ApiError) -> None:
        """Raise the error, unless it says of what is there that it can be made anew only, and nothing is lost by it."""
        told = " ".join((error.message, *map(str, error.details.get("causes", ()))))
        if present and any(words in told for words in _FIXED):
            if piece.resource.kind in _REMADE:
                return
            error.hint = "the cluster cannot change it in this way: remove it with state=absent, and deploy it anew"
        error.message = mask_text(f"{piece.title}: {error.message}", self._wish.secrets)
        raise error

    def check(self) -> None:
        """Raise ConflictError that names all fields that others have set to something else."""
        if not self._conflicts:
            return
        first = self._conflicts[0]
        fields = [one.details.get("conflicts", {}) for one in self._conflicts]
        hint = "leave these fields out of the template, or set take_over to true to have them from now on"
        raise ConflictError(
            "; ".join(one.message for one in self._conflicts), hint=hint, details={"conflicts": fields}
        ) from first


def _version(document: Mapping[str, Any] | None) -> str:
    return text(document, "metadata", "resourceVersion")
