# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What has to be done so that a deployment is as it is wished for. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import ConflictError, ContainerNotFoundError
from ..object_change import ObjectAction
from ..toolbox.deployment import ToolboxState
from ..types import State
from .labels import read_dependencies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..toolbox.deployment import Wish
    from .render import Rendered, WantedContainer, WantedObject
    from .snapshot import PresentContainer, PresentObject, Snapshot


@dataclass(frozen=True)
class ContainerStep:
    """What becomes of one container, and whether it runs then; without an ``action`` it is left alone.

    A ``present`` one of a step that creates is what a killed task has put aside. One that is ``replaced`` is not of the
    template any more.
    """

    action: ObjectAction | None
    wanted: WantedContainer | None
    present: PresentContainer | None
    runs: bool

    @property
    def name(self) -> str:
        """The name that it has, or gets."""
        return self.wanted.name if self.wanted else self.present.name if self.present else ""

    @property
    def service(self) -> str:
        """The service that it is of."""
        return self.wanted.spec.name if self.wanted else self.present.service if self.present else ""

    @property
    def is_made(self) -> bool:
        """Whether it is a new container."""
        return self.action in (ObjectAction.CREATED, ObjectAction.RECREATED)

    @property
    def is_started(self) -> bool:
        """Whether it did not run, or was another, and runs in the end."""
        return self.runs and (self.is_made or self.action is ObjectAction.STARTED)

    @property
    def dependencies(self) -> Mapping[str, str]:
        """The services that have to be there first, and in which condition."""
        if self.wanted:
            return {one.service: one.condition.value for one in self.wanted.spec.depends_on}
        return read_dependencies(self.present.labels) if self.present else {}


@dataclass(frozen=True)
class ObjectStep:
    """What becomes of one network or volume; without an ``action`` it is left alone."""

    action: ObjectAction | None
    wanted: WantedObject | None
    present: PresentObject | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.wanted.name if self.wanted else self.present.name if self.present else ""


@dataclass(frozen=True)
class Steps:
    """All of it. Containers come after those that they depend on; those that go come last."""

    networks: tuple[ObjectStep, ...] = ()
    volumes: tuple[ObjectStep, ...] = ()
    containers: tuple[ContainerStep, ...] = ()
    first: bool = False
    warnings: tuple[str, ...] = ()


def steps_without_template(wish: Wish, snapshot: Snapshot) -> Steps:
    """Return the steps for a deployment as it is. Raises ContainerNotFoundError when there is none to start or stop."""
    present = snapshot.of(wish.name)
    if wish.state is ToolboxState.ABSENT:
        return _removal(wish, snapshot, present)
    if not present:
        hint = "name one that is deployed, or say with service, src or definition what it is made of"
        raise ContainerNotFoundError(f"there is no deployment {wish.name}", hint=hint)
    warnings = ("replicas is not heeded without a template on Docker",) if wish.replicas is not None else ()
    kept = tuple(_kept(wish, None, one, present) for one in present if not one.is_aside)
    return Steps(containers=kept, warnings=warnings)


def _removal(wish: Wish, snapshot: Snapshot, present: Sequence[PresentContainer]) -> Steps:
    volumes = [one for one in snapshot.volumes if one.is_of(wish.name)] if wish.remove_volumes else []
    networks = [one for one in snapshot.networks if one.is_of(wish.name)]
    return Steps(
        networks=tuple(ObjectStep(ObjectAction.REMOVED, None, one) for one in networks),
        volumes=tuple(ObjectStep(ObjectAction.REMOVED, None, one) for one in volumes),
        containers=tuple(ContainerStep(ObjectAction.REMOVED, None, one, runs=False) for one in present),
    )


def _kept(
    wish: Wish, wanted: WantedContainer | None, one: PresentContainer, present: Sequence[PresentContainer]
) -> ContainerStep:
    """Return the step for a container that stays the one that it is."""
    if wish.state is ToolboxState.STARTED:
        # One that has come to a good end beside others that run has done its work.
        is_done = one.has_finished and any(other.runs for other in present)
        is_up = one.runs and one.container.state is not State.PAUSED
        return ContainerStep(None if is_up or is_done else ObjectAction.STARTED, wanted, one, runs=not is_done)
    if wish.state is ToolboxState.STOPPED:
        return ContainerStep(ObjectAction.STOPPED if one.runs else None, wanted, one, runs=False)
    if one.is_half_made and wish.auto_start:
        return ContainerStep(ObjectAction.STARTED, wanted, one, runs=True)
    return ContainerStep(None, wanted, one, runs=one.runs)


def steps_for_template(wish: Wish, rendered: Rendered, snapshot: Snapshot, images: Mapping[str, str]) -> Steps:
    """Return the steps for a deployment as a template has it; ``images`` are the ids of images by name, if known.

    Raises ConflictError that names everything in the way that is not of the deployment, and ContainerNotFoundError for
    what is external and not there.
    """
    return _Planner(wish, rendered, snapshot, images).steps()


class _Planner:
    """Finds the steps for one template."""

    def __init__(self, wish: Wish, rendered: Rendered, snapshot: Snapshot, images: Mapping[str, str]) -> None:
        self._wish = wish
        self._rendered = rendered
        self._snapshot = snapshot
        self._images = images
        self._names = {one.name: one for one in snapshot.containers}
        adopted = [
            one
            for one in snapshot.containers
            if wish.take_over
            and not one.is_of(wish.name)
            and one.name in {wanted.name for wanted in rendered.containers}
        ]
        self._present = (*snapshot.of(wish.name), *adopted)
        self._made: set[str] = set()

    def steps(self) -> Steps:
        """Return all of them."""
        self._check_names()
        networks = self._objects(self._rendered.networks, self._snapshot.networks)
        volumes = self._objects(self._rendered.volumes, self._snapshot.volumes)
        containers = [self._container(wanted) for wanted in self._rendered.containers]
        taken = {step.present.id for step in containers if step.present}
        gone = [one for one in self._present if one.id not in taken]
        containers += [ContainerStep(ObjectAction.REMOVED, None, one, runs=False) for one in gone]
        return Steps(
            networks=tuple(networks),
            volumes=tuple(self._kept_volumes(volumes)),
            containers=tuple(containers),
            first=not self._present,
            warnings=(*self._rendered.warnings, *self._warnings(volumes), *self._left_idle(containers)),
        )

    def _check_names(self) -> None:
        """Raise when something is in the way that is not of the deployment."""
        if self._wish.take_over:
            return
        foreign = [
            f"container {wanted.name}"
            for wanted in self._rendered.containers
            if wanted.name in self._names and not self._names[wanted.name].is_of(self._wish.name)
        ]
        for kind, wanted_objects, present_objects in (
            ("network", self._rendered.networks, self._snapshot.networks),
            ("volume", self._rendered.volumes, self._snapshot.volumes),
        ):
            names = {one.name for one in wanted_objects if not one.external}
            foreign += [
                f"{kind} {one.name}" for one in present_objects if one.name in names and not one.is_of(self._wish.name)
            ]
        if foreign:
            hint = "choose another service_name, remove what is there, or set take_over to true to make it part of this"
            raise ConflictError(f"not made by this deployment, but there already: {', '.join(foreign)}", hint=hint)

    def _objects(self, wanted: Sequence[WantedObject], present: Sequence[PresentObject]) -> list[ObjectStep]:
        names = {one.name: one for one in present}
        missing = [one.name for one in wanted if one.external and one.name not in names]
        if missing:
            hint = "make it first, or take external out of the template"
            raise ContainerNotFoundError(f"external, but not there: {', '.join(missing)}", hint=hint)
        steps = [self._object(one, names.get(one.name)) for one in wanted]
        mine = [one for one in present if one.is_of(self._wish.name) and one.name not in {each.name for each in wanted}]
        return [*steps, *(ObjectStep(ObjectAction.REMOVED, None, one) for one in mine)]

    def _object(self, wanted: WantedObject, present: PresentObject | None) -> ObjectStep:
        if present is None:
            return ObjectStep(ObjectAction.CREATED, wanted, None)
        is_other = present.is_of(self._wish.name) and present.digest != wanted.digest and not wanted.external
        return ObjectStep(ObjectAction.RECREATED if is_other else None, wanted, present)

    def _kept_volumes(self, steps: Sequence[ObjectStep]) -> list[ObjectStep]:
        """Return the steps for volumes: none is made anew, and none goes unless that is asked for, for its data."""
        kept = []
        for step in steps:
            goes = step.action is ObjectAction.REMOVED and self._wish.remove_volumes
            kept.append(step if step.action is ObjectAction.CREATED or goes else replace(step, action=None))
        return kept

    def _warnings(self, volumes: Sequence[ObjectStep]) -> list[str]:
        told = {
            ObjectAction.RECREATED: "is made differently than the template says, and kept for its data",
            ObjectAction.REMOVED: "is not in the template any more, and kept for its data",
        }
        if self._wish.remove_volumes:
            del told[ObjectAction.REMOVED]
        return [f"volume {step.name} {told[step.action]}" for step in volumes if step.action in told]

    def _left_idle(self, steps: Sequence[ContainerStep]) -> list[str]:
        """Tell of what is made anew and not started, where a task could think that it runs."""
        if self._wish.state is not ToolboxState.PRESENT or not self._wish.auto_start:
            return []
        idle = [step.name for step in steps if step.action is ObjectAction.RECREATED and not step.runs]
        return [f"{name} is made anew and not started, because it did not run: set state to started" for name in idle]

    def _container(self, wanted: WantedContainer) -> ContainerStep:
        present = self._match(wanted)
        if present and self._is_same(wanted, present):
            return _kept(self._wish, wanted, present, self._present)
        self._made.add(wanted.spec.name)
        action = ObjectAction.RECREATED if present else ObjectAction.CREATED
        return ContainerStep(action, wanted, present, runs=self._is_to_run(present))

    def _match(self, wanted: WantedContainer) -> PresentContainer | None:
        """Return the container that is there for one: that of its name, else one of its service, else one put aside."""
        place = (wanted.spec.name, wanted.number)
        mine = [one for one in self._present if one.name == wanted.name or (one.service, one.number) == place]
        return min(mine, key=lambda one: (one.name != wanted.name, one.is_aside), default=None)

    def _is_same(self, wanted: WantedContainer, present: PresentContainer) -> bool:
        image = self._images.get(wanted.spec.image, "")
        has_moved = bool(image) and image != present.image_id
        # Whoever shares a namespace with a container shares that of the very one.
        partners = {*wanted.shares, *(one.service for one in wanted.spec.depends_on if one.restart)}
        is_torn = bool(self._made & partners)
        return (
            present.name == wanted.name
            and present.is_of(self._wish.name)
            and present.digest == wanted.digest
            and not has_moved
            and not is_torn
        )

    def _is_to_run(self, present: PresentContainer | None) -> bool:
        if self._wish.state is not ToolboxState.PRESENT:
            return self._wish.state is ToolboxState.STARTED
        if not self._present:
            return self._wish.auto_start
        others_run = any(one.runs or self._is_to_go_on(one) for one in self._present)
        if present is None:
            return others_run
        # What has failed is made anew to do better.
        return present.runs or present.has_failed or self._is_to_go_on(present) or (present.has_finished and others_run)

    def _is_to_go_on(self, present: PresentContainer) -> bool:
        """Tell whether a container is started that a task has made which did not come to its end."""
        return present.is_half_made and self._wish.auto_start
