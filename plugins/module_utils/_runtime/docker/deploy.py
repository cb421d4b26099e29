# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploying on Docker: a Compose project becomes networks, volumes and containers, and goes away again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import ConflictError, ContainerNotFoundError, NekzusError, UnsupportedError
from ..object_change import ObjectAction, ObjectChange
from ..shape import flag, text, texts, whole
from ..toolbox.deployment import NAME_LABEL, DeployPlan, ToolboxState
from ..toolbox.hiding import hidden_alike, without_secrets
from ..toolbox.parts import PullPolicy
from ..toolbox.spec import Project
from . import convert
from .images import image_missing
from .limits import newer
from .making import Making
from .records import main_of, predicted, record_of
from .render import render
from .shown import image_of, shown_object, shown_present, shown_there, shown_wanted, telling_secrets
from .snapshot import Snapshot, in_order, present_container, take_snapshot
from .steps import Steps, steps_for_template, steps_without_template
from .translate import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..interfaces import Clock
    from ..toolbox.deployment import Deployed, Wish
    from .render import Rendered, WantedContainer
    from .seam import DockerClient
    from .snapshot import PresentContainer
    from .steps import ContainerStep, ObjectStep


# The id of an image that has yet to be pulled, which no container has.
_NEWER = "newer"
# What is done in the order against that of making.
_ENDS = (ObjectAction.STOPPED, ObjectAction.REMOVED)


@dataclass(frozen=True)
class _Handle:
    """What has to be known to carry out a plan."""

    steps: Steps


class DockerDeployer:
    """The Deployer of Docker."""

    def __init__(self, client: DockerClient, *, clock: Clock, host: str) -> None:
        """Take the client, the clock to wait by, and the host that ports are published on."""
        self._client = client
        self._clock = clock
        self._host = host

    def plan(self, wish: Wish) -> DeployPlan:
        """Return the changes: three lists, a look at each image, and at each container that is made anew."""
        rendered = self._rendered(wish)
        snapshot = take_snapshot(self._client, whole=rendered is not None or wish.state is ToolboxState.ABSENT)
        if rendered is None:
            steps = steps_without_template(wish, snapshot)
        else:
            images, warnings = self._images(rendered)
            steps = steps_for_template(wish, rendered, snapshot, images)
            steps = replace(steps, warnings=(*steps.warnings, *warnings))
        _check_volumes(steps, snapshot)
        self._check_adopted(steps, wish)
        before = self._before(wish, snapshot)
        return DeployPlan(
            wish=wish,
            changes=tuple(self._changes(steps, wish.secrets)),
            first=steps.first,
            record=predicted(wish, rendered, steps, host=self._host, before=before),
            warnings=steps.warnings,
            handle=_Handle(steps),
        )

    def execute(self, plan: DeployPlan) -> Deployed | None:
        """Make the changes; see ``Deployer.execute``."""
        if not isinstance(plan.handle, _Handle):
            raise TypeError(plan)
        making = Making(self._client, plan.handle.steps, plan.wish, clock=self._clock)
        try:
            if plan.changes:
                making.carry_out()
            if plan.wish.awaits_all:
                making.see_up()
        except NekzusError as error:
            raise without_secrets(error, plan.wish.secrets) from error.__cause__
        present = [one for one in self._listed(f"{NAME_LABEL}={plan.wish.name}") if one.is_of(plan.wish.name)]
        # In the order of the prediction, and of a run that changes nothing.
        order = [one.name for one in plan.record.containers] if plan.record else []
        known = sorted(in_order(present), key=lambda one: order.index(one.name) if one.name in order else len(order))
        return self._record(plan.wish.name, known) if known else None

    def deployed(self, name: str = "", namespaces: Sequence[str] = ()) -> tuple[Deployed, ...]:
        """Return what is deployed, by name: a list, and a look at the main container of each. It has no namespaces."""
        del namespaces
        label = f"{NAME_LABEL}={name}" if name else NAME_LABEL
        found: dict[str, list[PresentContainer]] = {}
        for one in self._listed(label):
            found.setdefault(one.labels.get(NAME_LABEL, ""), []).append(one)
        return tuple(self._record(key, in_order(found[key])) for key in sorted(found))

    def _listed(self, label: str) -> list[PresentContainer]:
        return [present_container(one) for one in self._client.list_containers(labels=[label])]

    def _record(self, name: str, present: Sequence[PresentContainer]) -> Deployed:
        env = self._own_environment(main_of(present).id)
        volumes = {volume for one in present for volume in one.volumes if volume not in one.anonymous_volumes}
        return record_of(name, present, host=self._host, volumes=volumes, env=env)

    def _own_environment(self, identifier: str) -> dict[str, str]:
        """Return the variables that a container has of its template, without those of its image and of the engine."""
        try:
            document = self._client.inspect_container(identifier)
        except ContainerNotFoundError:  # it has gone meanwhile
            return {}
        return convert.own_environment(document, self._image(document))

    def _image(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the image of an inspected container, an empty one when it is gone."""
        try:
            return self._client.inspect_image(image_of(document))
        except ContainerNotFoundError:
            return {}

    def _before(self, wish: Wish, snapshot: Snapshot) -> Deployed | None:
        present = snapshot.of(wish.name)
        return self._record(wish.name, present) if present and wish.content is None else None

    def _rendered(self, wish: Wish) -> Rendered | None:
        """Return the project's bodies, or None when there is no project or it is to go."""
        if wish.content is None or wish.state is ToolboxState.ABSENT:
            return None
        if not isinstance(wish.content, Project):
            hint = "deploy it with runtime=kubernetes, or write a Compose file"
            raise UnsupportedError("Docker cannot run Kubernetes manifests", hint=hint)
        rendered = render(wish.content, wish)
        return replace(rendered, warnings=(*rendered.warnings, *self._too_old_for(wish.content)))

    def _too_old_for(self, project: Project) -> list[str]:
        """Return what this daemon is too old to heed, and does without. Raises UnsupportedError for what it needs.

        Who wants nothing new does not ask how old it is.
        """
        needed = list(newer(project))
        words = str(self._client.version().get("ApiVersion", "")) if needed else ""
        own = tuple(whole(part) or 0 for part in words.split(".")[:2])
        missing = [(f"{key} (API {version[0]}.{version[1]})", hard) for key, version, hard in needed if own < version]
        hard = [key for key, is_hard in missing if is_hard]
        if hard:
            hint = "upgrade Docker, or leave it out of the template"
            raise UnsupportedError(f"this daemon has API {words}, too old for {', '.join(hard)}", hint=hint)
        return [f"{key}: this daemon has API {words}, not heeded" for key, _is_hard in missing]

    def _images(self, rendered: Rendered) -> tuple[dict[str, str], list[str]]:
        """Return the ids of images by name, empty for those to be pulled, and warnings.

        Raises NotReadyError for one that is missing and never to be pulled.
        """
        policies = {wanted.spec.image: wanted.spec.pull_policy for wanted in rendered.containers}
        found: dict[str, str] = {}
        warnings: list[str] = []
        for name, policy in policies.items():
            try:
                image: Mapping[str, Any] = self._client.inspect_image(name)
            except ContainerNotFoundError:
                if policy is PullPolicy.NEVER:
                    raise image_missing(name) from None
                image = {}
            found[name] = text(image, "Id")
            if image and policy is PullPolicy.ALWAYS:
                try:
                    digest = self._client.ask_registry(name)
                except NekzusError:
                    warnings.append(f"it cannot be known whether {name} is newer in its registry")
                else:
                    is_same = any(each.endswith(f"@{digest}") for each in texts(image, "RepoDigests"))
                    found[name] = found[name] if is_same else _NEWER
        return found, warnings

    def _changes(self, steps: Steps, secrets: Sequence[str]) -> list[ObjectChange]:
        """Return the changes in the order in which they are made: what stops, what is made, what goes."""
        containers = [self._container_change(step, secrets) for step in steps.containers if step.action]
        networks = [_object_change("Network", step) for step in steps.networks if step.action]
        volumes = [_object_change("Volume", step) for step in steps.volumes if step.action]
        # Whoever depends on others stops and goes before them, and all that is in a network or has a volume before it.
        stopped = [one for one in reversed(containers) if one.action is ObjectAction.STOPPED]
        gone = [one for one in (*reversed(containers), *networks, *volumes) if one.action is ObjectAction.REMOVED]
        made = [one for one in (*networks, *volumes, *containers) if one.action not in _ENDS]
        return [*stopped, *made, *gone]

    def _container_change(self, step: ContainerStep, secrets: Sequence[str]) -> ObjectChange:
        before: Mapping[str, Any] | None = None
        after: Mapping[str, Any] | None = None
        if step.wanted and step.is_made:
            before, after = self._shown(step.wanted, step.present, secrets)
        elif step.present:
            before = {"Image": step.present.container.image, "State": step.present.container.state.value}
            if step.action is not ObjectAction.REMOVED:
                after = {**before, "State": "running" if step.runs else "stopped"}
        identifier = step.present.id if step.present else ""
        return ObjectChange(
            "Container", None, step.name, step.action or ObjectAction.CHANGED, before, after, identifier
        )

    def _check_adopted(self, steps: Steps, wish: Wish) -> None:
        """Raise ConflictError when one that is taken over would be gone, with its volumes, as soon as it is stopped."""
        foreign = [step.present for step in steps.containers if step.present and not step.present.is_of(wish.name)]
        documents = ((one.name, self._client.inspect_container(one.id)) for one in foreign)
        going = [name for name, document in documents if flag(document, "HostConfig", "AutoRemove")]
        if going:
            hint = "remove them yourself if nothing in them is needed, and deploy again"
            message = f"made with --rm, so that stopping removes them and their volumes: {', '.join(going)}"
            raise ConflictError(message, runtime=RUNTIME, hint=hint)

    def _shown(
        self, wanted: WantedContainer, present: PresentContainer | None, secrets: Sequence[str]
    ) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
        """Return what a container that will be made was like before, if it was there, and will be."""
        after = shown_wanted(wanted, secrets=secrets)
        if not present:
            return None, after
        document = self._client.inspect_container(present.id)
        before = hidden_alike(shown_present(document, self._image(document), wanted, secrets=secrets), after)
        return before, telling_secrets(before, after, document, wanted)


def _object_change(kind: str, step: ObjectStep) -> ObjectChange:
    before = shown_there(step.present, step.wanted) if step.present else None
    after = shown_object(step.wanted) if step.wanted else None
    identifier = step.present.id if step.present else ""
    return ObjectChange(kind, None, step.name, step.action or ObjectAction.CHANGED, before, after, identifier)


def _check_volumes(steps: Steps, snapshot: Snapshot) -> None:
    """Raise ConflictError when a volume that is to go is used by a container that stays."""
    going = {step.present.id for step in steps.containers if step.present and step.action is ObjectAction.REMOVED}
    volumes = {step.name for step in steps.volumes if step.action is ObjectAction.REMOVED}
    used = [
        f"{volume} by {one.name}"
        for one in snapshot.containers
        if one.id not in going
        for volume in one.volumes
        if volume in volumes
    ]
    if used:
        hint = "remove those containers first, or leave remove_volumes out"
        raise ConflictError(f"volumes are still used: {', '.join(used)}", runtime=RUNTIME, hint=hint)
