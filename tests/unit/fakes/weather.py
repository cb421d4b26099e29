# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad weather between a backend and its fake server: the calls of its client fail as the dice of a seed say."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections import Counter
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any, Callable, NoReturn

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.retry import ATTEMPTS, retrying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Clock

# After an answer that was lost, the next try of the call meets bad weather so many times as often: what was done and is
# then refused is where it is hardest to tell what there is.
AFTER_A_LOSS = 3
# What ends a task that goes on and on without letting any time pass.
MOST_TRIES = 5_000


class EndlessError(BaseException):
    """A task makes more requests than it can have reason to. Nobody takes it for an error of a runtime."""


class Weather:
    """Throws the dice for every try of a call: the same seed does the same to the same tries. ``faults`` counts."""

    def __init__(self, seed: str, *, share: float) -> None:
        """Take the seed, and for which share of all tries the weather is bad."""
        self._seed = seed
        self._share = share
        self._lock = Lock()
        self._tries: Counter[str] = Counter()
        self._lost: set[str] = set()
        self.faults: Counter[str] = Counter()

    def fault(self, call: str, kinds: tuple[str, ...]) -> tuple[str, Random]:
        """Return which of the kinds of faults this try of a call meets, nothing for none, and dice for the rest."""
        with self._lock:
            self._tries[call] += 1
            if self._tries.total() > MOST_TRIES:
                raise EndlessError
            # Whatever is done side by side, each call has dice of its own.
            dice = Random(f"{self._seed} {call} {self._tries[call]}")  # noqa: S311 - weather, no secret
            share = self._share * (AFTER_A_LOSS if call in self._lost else 1)
            self._lost.discard(call)
            if dice.random() >= share:
                return "", dice
            kind = dice.choice(kinds)
            self._lost |= {call} if kind == "answer lost" else set()
            self.faults[kind] += 1
            return kind, dice


class StormyClient(ABC):
    """A client whose calls meet the weather, each tried as often as the real client tries it."""

    CALLS: frozenset[str] = frozenset()
    READS: frozenset[str] = frozenset()

    def __init__(self, client: Any, weather: Weather, *, clock: Clock) -> None:
        """Take the client of a fake server, and the clock to wait by."""
        self._client = client
        self._weather = weather
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        """Return a call of the client as it is in this weather; what is no call is in none."""
        call = getattr(self._client, name)
        return self._stormy(name, call) if name in self.CALLS else call

    def _stormy(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **options: Any) -> Any:
            key = " ".join((name, *(one if isinstance(one, str) else type(one).__name__ for one in arguments)))
            return self._tried(name, key, lambda: call(*arguments, **options))

        return made

    @abstractmethod
    def _tried(self, name: str, key: str, call: Callable[[], Any]) -> Any:
        """Make a call as the client does, with its tries."""

    def _once(self, key: str, call: Callable[[], Any], *, kinds: tuple[str, ...], again: bool, served: bool) -> Any:
        """Make one try. ``again`` is whether an unknown fate may pass, ``served`` whether the server's error may."""
        fault, dice = self._weather.fault(key, kinds)
        if fault == "slow":
            self._clock.sleep(dice.uniform(0.1, 3))
        elif fault == "busy":
            wait = dice.choice((None, 0.0, 1.0))
            raise RuntimeUnavailableError("the server is busy", hint="wait", transient=True, retry_after=wait)
        elif fault == "never sent":
            _broken(transient=again)
        elif fault == "error":
            error = ApiError("InternalError (HTTP 500)", hint="see its log")
            error.transient = served
            raise error
        elif fault == "conflict":
            raise ConflictError("the object has been modified", hint="try again")
        elif fault in ("answer lost", "too late"):
            with contextlib.suppress(NekzusError):
                call()
            if fault == "answer lost":
                _broken(transient=again)
            raise RuntimeUnavailableError("no answer in time", hint="see whether it is busy")
        return call()


def _broken(*, transient: bool) -> NoReturn:
    raise RuntimeUnavailableError("the connection broke", hint="see whether it restarted", transient=transient)


_READ = ("slow", "busy", "never sent", "error", "answer lost", "too late")
_WRITE = (*_READ, "conflict")


class StormyDocker(StormyClient):
    """A DockerClient. What is not repeatable is tried once, whatever went wrong."""

    ONCE = frozenset({"restart", "create_container", "rename_container", "create_network", "connect_network"})
    READS = frozenset(
        {"list_containers", "inspect_container", "stats", "version", "info", "inspect_image", "has_path"}
        | {"list_networks", "inspect_network", "list_volumes", "inspect_volume", "open_logs"}
    )
    CALLS = READS | ONCE | {"start", "stop", "pause", "unpause", "remove_container", "put_archive"}
    CALLS |= {"remove_network", "disconnect_network", "create_volume", "remove_volume"}

    def _tried(self, name: str, key: str, call: Callable[[], Any]) -> Any:
        kinds = _READ if name in self.READS else _WRITE

        def ask() -> Any:
            return self._once(key, call, kinds=kinds, again=True, served=False)

        found = ask() if name in self.ONCE else retrying(ask, clock=self._clock)
        return TornStream(found, self._weather, key) if name == "open_logs" else found


class StormyKubernetes(StormyClient):
    """A KubernetesClient. Lists are begun anew, and watches are cut."""

    READS = frozenset({"get", "list", "discover", "open_logs"})
    CALLS = READS | {"patch", "apply", "create", "delete"}

    def _tried(self, name: str, key: str, call: Callable[[], Any]) -> Any:
        kinds = _READ if name in self.READS else _WRITE
        again = name != "create"

        def ask() -> Any:
            fault, _dice = self._weather.fault(f"{key} page", ("expired",)) if name == "list" else ("", None)
            if fault:
                raise ConflictError("the continue token is too old", hint="list again")
            return self._once(key, call, kinds=kinds, again=again, served=again)

        for _attempt in range(ATTEMPTS if name == "list" else 0):
            try:
                return retrying(ask, clock=self._clock)
            except ConflictError:  # noqa: PERF203 - as the real client does
                continue
        found = retrying(ask, clock=self._clock)
        return TornStream(found, self._weather, key) if name == "open_logs" else found

    def dry_run(self) -> StormyKubernetes:
        """Return the client of dry runs, in the same weather."""
        return StormyKubernetes(self._client.dry_run(), self._weather, clock=self._clock)

    def watch(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        """Watch until the weather ends it: with a word, without one, or because the server has forgotten too much."""
        fault, dice = self._weather.fault("watch", ("busy", "cut", "torn", "expired"))
        left = dice.randrange(4) if fault else -1
        if fault == "busy":
            raise RuntimeUnavailableError("the server is busy", hint="wait", transient=True)
        for event in self._client.watch(*arguments, **options):
            if not left:
                break
            left -= 1
            yield event
        if not left and fault == "torn":
            _broken(transient=True)
        if not left and fault == "expired":
            raise ConflictError("too old resource version", hint="list again")


class TornStream:
    """A ByteStream that may break off."""

    def __init__(self, stream: Any, weather: Weather, key: str) -> None:
        """Take the stream of the fake."""
        self._stream = stream
        self._fault, self._dice = weather.fault(f"{key} body", ("torn",))

    def __iter__(self) -> Iterator[bytes]:
        """Yield its pieces, until it breaks."""
        left = self._dice.randrange(3) if self._fault else -1
        for piece in self._stream:
            if not left:
                break
            left -= 1
            yield piece
        if self._fault:
            _broken(transient=True)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
