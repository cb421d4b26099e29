# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a runtime can do, as roles. A backend implements these and nothing above them knows which one it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Union

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .account_order import AccountOrder
    from .account_plan import AccountPlan, Credentials
    from .details import ContainerDetails
    from .errors import NekzusError
    from .export import ExportChoice, Exported
    from .feature import Feature
    from .log import LogChoice, LogSource, LogSources, LogSpan, LogStream
    from .options import LifecycleOptions
    from .order import Order
    from .permissions import Permissions, RuntimeDescription
    from .plan import Plan
    from .selection import Selection
    from .target import Target
    from .toolbox.deployment import Deployed, DeployPlan, Wish
    from .types import Container, Listing, Reached, Report, RuntimeType, Subject
    from .usage import Sampling

    Found = Union[Container, NekzusError]


class Clock(Protocol):
    """Time, as the standard library's ``time`` module tells it. Seconds."""

    def time(self) -> float:
        """Return the seconds since 1970."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


class ContainerManager(Protocol):
    """Finds containers, and changes whether they run."""

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return a container, or the reason why there is none, for each target in order.

        Reasons are ContainerNotFoundError with the nearest names, or AmbiguousError with the matches.
        Raises only for what concerns all of them, such as a runtime that does not answer.
        """

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by name."""

    def subject(self, container: Container) -> Subject:
        """Return what a lifecycle operation on this container would change, as it is since it was found."""

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out a plan's actions, without waiting for more than the runtime's own answer.

        Raises ConflictError when the subject is not any more what the plan was made for.
        """

    def wait(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> Reached:
        """Wait until the plan has come true and return what the subject then is.

        Raises NotReadyError as soon as it cannot come true any more, with the reason and the last log
        lines, and WaitTimeoutError after ``wait_timeout`` seconds.
        """

    def cautions(self, subject: Subject) -> tuple[str, ...]:
        """Return what a user who changes this subject should know, such as what else changes it."""


class Inspector(Protocol):
    """Looks into one container."""

    def inspect(self, container: Container) -> ContainerDetails:
        """Return how it is set up. Raises ContainerNotFoundError when it is gone."""


class Surveyor(Protocol):
    """Tells about the runtime itself."""

    def describe(self) -> RuntimeDescription:
        """Return what it is and what it can do. Raises RuntimeUnavailableError when it does not answer."""

    def permissions(self, namespaces: Sequence[str], features: Sequence[Feature] = ()) -> Permissions | None:
        """Return what it allows in these namespaces (none: in all), or None where everyone it lets in may do all.

        It is about the operations of some features, without any of all that the collection can do.
        """


class AccountManager(Protocol):
    """Makes accounts that may do what some features take, and no more."""

    def plan(self, order: AccountOrder) -> AccountPlan:
        """Return what has to change so that an account is as it is asked for, and nothing of it is left of earlier.

        Reads only. Raises ConflictError where something is in the way that is not ours, and UnsupportedError where
        there are no accounts.
        """

    def execute(self, plan: AccountPlan) -> None:
        """Make the changes of a plan. Raises ConflictError when what is there is not any more what it was made for."""

    def credentials(self, order: AccountOrder, kept: Mapping[str, Any] | None, *, issue: bool) -> Credentials | None:
        """Return how to be an account: with the kubeconfig that is kept as long as that will do.

        Without ``issue``, None where a token would have to be issued.
        """


class StatsCollector(Protocol):
    """Measures what containers use."""

    def collect(self, containers: Sequence[Container]) -> Sampling:
        """Return what each uses now, or why that cannot be said, in their order; all measured side by side.

        One that does not run is UNMEASURED, one that ran when it was found and is gone ContainerNotFoundError. Raises
        only for what concerns all of them.
        """


class LogStreamer(Protocol):
    """Reads what containers write."""

    def sources(self, container: Container, choice: LogChoice) -> LogSources:
        """Return the logs that a choice means, as they are now.

        Raises ContainerNotFoundError when the container is gone or has none of that name, and UnsupportedError when
        its logs cannot be read.
        """

    def open(self, source: LogSource, span: LogSpan, *, limit: int, follow: float | None = None) -> LogStream:
        """Return the lines of a log, oldest first, each with at most ``limit`` bytes.

        With ``follow``, those that are written in so many seconds as well. A log that cannot be read yet is empty.
        """


class Exporter(Protocol):
    """Writes down what containers could be made from again."""

    def export(self, containers: Sequence[Container], choice: ExportChoice) -> Exported:
        """Return the documents that make them again: on Docker one Compose file, on Kubernetes manifests.

        Containers of one owner are written down once, as their owner. Raises ContainerNotFoundError when one is gone,
        and UnsupportedError for what cannot be made again.
        """


class Deployer(Protocol):
    """Makes running services of templates, and removes them."""

    def plan(self, wish: Wish) -> DeployPlan:
        """Return what has to change so that a deployment is as it is wished for.

        Reads only. Raises InvalidTemplateError and UnsupportedError for what cannot be had on this runtime, naming
        every key, and ConflictError where something is in the way that is not ours.
        """

    def execute(self, plan: DeployPlan) -> Deployed | None:
        """Make the changes, start what is to run, wait for it if that is wished for, and return what there is then.

        What was made first is removed again when it fails, and what was there before an update serves on, or again.
        Raises NotReadyError with the reason and the last log lines, and WaitTimeoutError.
        """

    def deployed(self, name: str = "", namespaces: Sequence[str] = ()) -> tuple[Deployed, ...]:
        """Return what is deployed, by name: all of it or that of one name, in all namespaces or in some."""


class Runtime(Protocol):
    """One container runtime, opened. Reads of many containers may run ``read_concurrency`` at once."""

    type: RuntimeType
    containers: ContainerManager
    inspector: Inspector
    surveyor: Surveyor
    stats: StatsCollector
    logs: LogStreamer
    accounts: AccountManager
    deployer: Deployer
    exporter: Exporter
    read_concurrency: int

    def close(self) -> None:
        """Let go of its connections."""


class RuntimeSelector(Protocol):
    """Knows the runtimes of a task. The registry is the one that opens real ones."""

    def get(self, runtime_type: RuntimeType) -> Runtime:
        """Return a runtime, opening it at first use. Raises RuntimeNotFoundError when it is not enabled."""

    def select(self, runtime_type: RuntimeType | None) -> Runtime:
        """Return the runtime asked for, or the primary."""


class RuntimeDirectory(RuntimeSelector, Protocol):
    """A RuntimeSelector that can be asked about runtimes before they are opened."""

    @property
    def primary_type(self) -> RuntimeType:
        """The type of the primary runtime."""

    def enabled(self, runtime_type: RuntimeType) -> bool | None:
        """Tell whether a runtime may be used; None: as soon as it can be reached."""


class BulkOperator(Protocol):
    """Brings many containers, on any runtimes, into a state, with one result for each."""

    def predict(self, order: Order) -> Report:
        """Return the results that carrying out would have, reading only."""

    def carry_out(self, order: Order) -> Report:
        """Do it, and return what became of each."""
