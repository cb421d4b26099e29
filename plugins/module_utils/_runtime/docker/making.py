# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Carrying out the steps of a deployment, and taking them back when one of them fails."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable

from ..errors import ConflictError, ContainerNotFoundError, NekzusError, RuntimeUnavailableError
from ..object_change import ObjectAction
from ..shape import mapping, objects, text
from ..toolbox.deployment import is_lagging
from ..toolbox.parts import Condition, PullPolicy
from ..types import State
from .archive import archive_of, folders_above
from .images import find_image, image_missing
from .labels import IDLE_LABEL, IMAGE
from .names import ASIDE
from .network_change import NetworkChange
from .snapshot import ANONYMOUS, in_order
from .wait import Goal, Waiter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..interfaces import Clock
    from ..toolbox.deployment import Wish
    from .render import WantedContainer
    from .seam import DockerClient
    from .snapshot import PresentContainer
    from .steps import ContainerStep, Steps

_PORT = re.compile(r":(\d+): (?:bind|address|port|failed)|:(\d+) failed|:(\d+): bind")
_ANOTHER = "another task is changing this deployment: run it again when that is done"
_TAKEN = ("port is already allocated", "address already in use")


class Making:
    """Carries out the steps of one deployment, once."""

    def __init__(self, client: DockerClient, steps: Steps, wish: Wish, *, clock: Clock) -> None:
        """Take the steps, and the clock to wait by."""
        self._client = client
        self._steps = steps
        self._wish = wish
        self._clock = clock
        self._waiter = Waiter(client, clock=clock)
        self._deadline = 0.0
        self._ids: dict[str, str] = {}
        # How to take back what was done, in its order.
        self._undo: list[Callable[[], None]] = []
        self._made_volumes: list[str] = []
        self._images: dict[str, str] = {}
        # Whether another task was found to make the same: then the volumes are that one's.
        self._lost = False

    def carry_out(self) -> None:
        """Do it all. What fails is taken back, and raised."""
        try:
            self._pull()
            self._begin_waiting()
            self._make()
        except BaseException as error:
            if self._undo or self._made_volumes:
                self._take_back(error)
            raise
        self._finish()

    def see_up(self) -> None:
        """Wait for what runs and was left alone too. Nothing is taken back for its sake: nothing was done to it."""
        self._begin_waiting()
        for step in self._steps.containers:
            if step.present and step.action is None and step.runs and is_lagging(step.present.container):
                self._ids[step.name] = step.present.id
                self._reach(step, Goal(State.RUNNING, may_end=True, settle_seconds=0))

    def _begin_waiting(self) -> None:
        if not self._deadline:
            self._deadline = self._clock.monotonic() + self._wish.wait_timeout

    # Before anything is changed.

    def _pull(self) -> None:
        """Have every image that a new container is made of."""
        made = [step.wanted for step in self._steps.containers if step.wanted and step.is_made]
        for wanted in made:
            if wanted.spec.image not in self._images:
                self._images[wanted.spec.image] = self._image(wanted)

    def _image(self, wanted: WantedContainer) -> str:
        name, policy = wanted.spec.image, wanted.spec.pull_policy
        if policy is not PullPolicy.ALWAYS:
            found = find_image(self._client, name)
            if found:
                return found
            if policy is PullPolicy.NEVER:
                raise image_missing(name)
        self._client.pull_image(name, platform=wanted.spec.platform)
        return find_image(self._client, name)

    # What can be taken back.

    def _make(self) -> None:
        self._retire()
        for network in self._steps.networks:
            if network.wanted and network.action:
                change = NetworkChange(self._client, network)
                self._undo.append(change.take_back)
                change.make()
        for volume in self._steps.volumes:
            if volume.wanted and volume.action is ObjectAction.CREATED:
                self._client.create_volume(volume.wanted.body)
                self._made_volumes.append(volume.name)
        for step in self._steps.containers:
            self._put_in_place(step)
        if self._wish.wait:
            self._wait_for_all()

    def _retire(self) -> None:
        """Stop what stops or goes, whoever depends on others before them; what goes makes room for its successor."""
        has_successors = any(step.is_made for step in self._steps.containers)
        actions = {step.present.id: step.action for step in self._steps.containers if step.present}
        present = [step.present for step in self._steps.containers if step.present]
        for one in reversed(in_order(present)):
            if actions[one.id] in (None, ObjectAction.STARTED):
                continue
            if has_successors and actions[one.id] is not ObjectAction.STOPPED:
                self._put_aside(one)
            self._stop(one)

    def _put_aside(self, present: PresentContainer) -> None:
        """Give a container another name: the first to do so may replace it, everyone else meets a conflict."""
        if present.is_aside:
            return
        changed = ConflictError(f"container {present.name} was changed meanwhile", hint=_ANOTHER)
        try:
            # Podman gives a container the name that it has already.
            self._see_name(present.id, present.name)
            self._client.rename_container(present.id, present.name + ASIDE)
        except RuntimeUnavailableError:
            self._undo.append(lambda: self._see_name(present.id, present.name))
            raise
        except (ConflictError, ContainerNotFoundError) as error:
            raise changed from error
        self._undo.append(lambda: self._client.rename_container(present.id, present.name))

    def _see_name(self, identifier: str, name: str) -> None:
        if text(self._client.inspect_container(identifier), "Name").lstrip("/") != name:
            raise ConflictError(f"the container {name} has another name")

    def _stop(self, present: PresentContainer) -> None:
        if not present.runs:
            return
        self._undo.append(lambda: self._client.start(present.id))
        if present.container.state is State.PAUSED:  # Podman does not stop one
            self._client.unpause(present.id)
        self._client.stop(present.id, grace=None)

    def _put_in_place(self, step: ContainerStep) -> None:
        """Make a container, if it has to be made, and start it when what it depends on is there."""
        if step.action is ObjectAction.REMOVED:
            return
        if step.wanted and step.is_made:
            self._create(step.wanted, step.present, idle=not step.is_started)
        elif step.present:
            self._ids[step.name] = step.present.id
        if step.is_started:
            self._await_dependencies(step)
            self._start(step)

    def _create(self, wanted: WantedContainer, present: PresentContainer | None, *, idle: bool) -> None:
        body = self._with_volumes_of(present, self._body(wanted)) if present else self._body(wanted)
        if idle:
            body = {**body, "Labels": {**body["Labels"], IDLE_LABEL: "true"}}
        try:
            identifier = self._client.create_container(wanted.name, body, platform=wanted.spec.platform)
        except ConflictError as error:
            self._lost = True
            raise ConflictError(f"the name {wanted.name} was taken meanwhile", hint=_ANOTHER) from error
        except RuntimeUnavailableError:
            self._undo.append(lambda: self._see_missing(wanted.name))
            raise
        self._ids[wanted.name] = identifier
        self._undo.append(lambda: self._client.remove_container(identifier, volumes=True))
        for network, endpoint in wanted.further.items():
            self._client.connect_network(network, identifier, endpoint)
        for file in wanted.files:
            folders = folders_above(file.path)
            missing = []
            while folders and not self._client.has_path(identifier, folders[0]):
                missing.append(folders.pop(0))
            base = folders[0] if folders else "/"
            self._client.put_archive(identifier, base, archive_of(file, base=base, folders=missing))

    def _see_missing(self, name: str) -> None:
        with suppress(ContainerNotFoundError):
            self._client.inspect_container(name)
            raise ConflictError(f"the container {name} is there")

    def _body(self, wanted: WantedContainer) -> dict[str, Any]:
        return {**wanted.body, "Labels": {**wanted.body["Labels"], IMAGE: self._images[wanted.spec.image]}}

    def _with_volumes_of(self, present: PresentContainer, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return a body with the anonymous volumes of the container before, as Compose carries them over."""
        document = self._client.inspect_container(present.id)
        host = mapping(body, "HostConfig")
        mounts = [dict(mount) for mount in objects(host, "Mounts")]
        own = {text(mount, "Target"): mount for mount in mounts}
        binds = {bind.split(":")[1] for bind in host.get("Binds", ())}
        for mount in objects(document, "Mounts"):
            name, target = text(mount, "Name"), text(mount, "Destination")
            if text(mount, "Type") != "volume" or not ANONYMOUS.fullmatch(name) or target in binds:
                continue
            if target not in own:
                mounts.append({"Type": "volume", "Source": name, "Target": target})
            elif own[target]["Type"] == "volume" and "Source" not in own[target]:
                own[target]["Source"] = name
        return {**body, "HostConfig": {**host, **({"Mounts": mounts} if mounts else {})}}

    def _start(self, step: ContainerStep) -> None:
        identifier = self._ids[step.name]
        if step.present and not step.is_made:
            self._undo.append(lambda: self._client.stop(identifier, grace=None))
        try:
            if step.present and not step.is_made and step.present.container.state is State.PAUSED:
                self._client.unpause(identifier)
            else:
                self._client.start(identifier)
        except NekzusError as error:
            raise _not_started(step, error) from error

    # Waiting.

    def _await_dependencies(self, step: ContainerStep) -> None:
        for service, condition in step.dependencies.items():
            if condition == Condition.STARTED.value:
                continue
            for other in self._steps.containers:
                if other.service == service and other.name in self._ids and (other.runs or other.wanted):
                    goal = Goal(State.RUNNING, has_to_end=condition == Condition.COMPLETED.value)
                    self._reach(other, goal)

    def _wait_for_all(self) -> None:
        for step in self._steps.containers:
            if step.is_started:
                self._reach(step, Goal(State.RUNNING, may_end=True))

    def _reach(self, step: ContainerStep, goal: Goal) -> None:
        left = max(self._deadline - self._clock.monotonic(), 0)
        try:
            self._waiter.reach(self._ids[step.name], goal, seconds=left, timeout=self._wish.wait_timeout)
        except NekzusError as error:
            error.message = f"{step.name}: {error.message}"
            raise

    # The end, good or bad.

    def _finish(self) -> None:
        """Remove what is not needed any more, for good."""
        for step in reversed(self._steps.containers):
            if step.present and step.action is ObjectAction.REMOVED:
                self._client.remove_container(step.present.id, volumes=True)
                for name in step.present.anonymous_volumes:  # those carried over have become named ones for the daemon
                    self._client.remove_volume(name)
            elif step.present and step.is_made:
                self._client.remove_container(step.present.id, volumes=False)
        for network in self._steps.networks:
            if network.present and network.action is ObjectAction.REMOVED:
                self._client.remove_network(network.present.id)
        for volume in self._steps.volumes:
            if volume.action is ObjectAction.REMOVED:
                self._client.remove_volume(volume.name)

    def _take_back(self, error: BaseException) -> None:
        """Undo everything, newest first, and say so in the error."""
        # Volumes go after the containers that have them, which were made after them.
        failed, volumes = [], () if self._lost else self._made_volumes
        for undo in (*reversed(self._undo), *(lambda name=name: self._client.remove_volume(name) for name in volumes)):
            try:
                undo()
            except NekzusError as trouble:  # noqa: PERF203 - the rest has still to be taken back
                failed.append(trouble.message)
        if isinstance(error, NekzusError):
            what = "what was made was removed again" if self._steps.first else "what was there before is back"
            left = f"not all could be taken back, look at {self._wish.name}: {'; '.join(failed)}" if failed else what
            error.message += f"; {left}"


def _not_started(step: ContainerStep, error: NekzusError) -> NekzusError:
    """Return what a failed start means: of a port that is taken, which one."""
    if any(words in error.message for words in _TAKEN):
        found = _PORT.search(error.message)
        port = next(filter(None, found.groups()), "") if found else ""
        message = f"{step.name}: port {port or 'of the host'} is taken by something else"
        return ConflictError(message, hint="give another port, or stop what has it", details={"reason": error.message})
    error.message = f"{step.name} cannot be started: {error.message}"
    return error
