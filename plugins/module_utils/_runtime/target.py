# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""How a task names one container, and the nearest names when it is not there. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import InvalidTargetError
from .types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Iterable

# Docker's rule for names (https://github.com/moby/moby/blob/master/daemon/names/names.go); an id fits it too.
_DOCKER_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")
# Kubernetes' rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
_POD_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_KIND = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-z0-9-]+)*")
_NAME_LENGTH = 253
_NAMESPACE_LENGTH = 63
_FORMS = "use NAME, docker/NAME, NAMESPACE/NAME, NAMESPACE/KIND/NAME or kubernetes/NAMESPACE/NAME"


@dataclass(frozen=True)
class Target:
    """What a task named: ``runtime`` is None until the primary decides, ``kind`` is empty for a pod or any workload."""

    text: str
    name: str
    runtime: RuntimeType | None = None
    namespace: str = ""
    kind: str = ""

    @property
    def path(self) -> str:
        """The target without its runtime, as messages print it."""
        return "/".join(part for part in (self.namespace, self.kind, self.name) if part)


def parse_target(text: str, *, runtime: RuntimeType | None = None, namespace: str = "") -> Target:
    """Recognise an explicit runtime, then a Kubernetes path, then a plain name.

    ``runtime`` and ``namespace`` are the task's own options. Raises InvalidTargetError when the text
    cannot name a container, or contradicts them.
    """
    parts = text.split("/")
    if "" in parts[:-1]:
        raise _invalid(text, "a part of it is empty", _FORMS)
    explicit: RuntimeType | None = None
    if len(parts) > 1 and parts[0] in {item.value for item in RuntimeType}:
        explicit = RuntimeType(parts.pop(0))
    if len(parts) > 1 and explicit is RuntimeType.DOCKER:
        raise _invalid(text, "a Docker container has no namespace", "name it docker/NAME")
    target = Target(
        text=text,
        name=parts[-1],
        runtime=explicit or (RuntimeType.KUBERNETES if len(parts) > 1 else None),
        namespace=parts[0] if len(parts) > 1 else "",
        kind=parts[1] if len(parts) == len(("namespace", "kind", "name")) else "",
    )
    if len(parts) > len(("namespace", "kind", "name")):
        raise _invalid(text, "it has too many parts", _FORMS)
    return _check(_reconcile(target, runtime=runtime, namespace=namespace))


def _reconcile(target: Target, *, runtime: RuntimeType | None, namespace: str) -> Target:
    """Bring the text and the task's options together, or say which contradict each other."""
    if runtime and target.runtime and runtime is not target.runtime:
        message = f"it is a {target.runtime} target but the task says runtime={runtime}"
        raise _invalid(target.text, message, "leave runtime away, or set it to the same")
    if namespace and target.namespace and namespace != target.namespace:
        message = f"it names the namespace {target.namespace} but the task says namespace={namespace}"
        hint = "leave namespace away, or set it to the same; a kind stands behind it: NAMESPACE/KIND/NAME"
        raise _invalid(target.text, message, hint)
    found = target.runtime or runtime or (RuntimeType.KUBERNETES if namespace else None)
    if namespace and found is RuntimeType.DOCKER:
        raise _invalid(target.text, "a Docker container has no namespace", "leave namespace away, or name a pod")
    return Target(
        text=target.text,
        name=target.name,
        runtime=found,
        namespace=target.namespace or namespace,
        kind=target.kind.lower(),
    )


def _check(target: Target) -> Target:
    if target.runtime is RuntimeType.KUBERNETES:
        if len(target.name) > _NAME_LENGTH or not _POD_NAME.fullmatch(target.name):
            raise _invalid(target.text, f"{target.name!r} is not a name that Kubernetes allows", _FORMS)
        if target.namespace and not _fits(_NAMESPACE, target.namespace, _NAMESPACE_LENGTH):
            raise _invalid(target.text, f"{target.namespace!r} is not a namespace that Kubernetes allows", _FORMS)
        if target.kind and not _KIND.fullmatch(target.kind):
            raise _invalid(target.text, f"{target.kind!r} is not a kind", "name a kind such as deployment")
    elif not _fits(_DOCKER_NAME, target.name, _NAME_LENGTH):
        raise _invalid(target.text, f"{target.name!r} is not a name that Docker allows", _FORMS)
    return target


def check_namespace(namespace: str) -> str:
    """Return a namespace that Kubernetes allows; raises InvalidTargetError for any other text."""
    if not _fits(_NAMESPACE, namespace, _NAMESPACE_LENGTH):
        raise _invalid(namespace, f"{namespace!r} is not a namespace that Kubernetes allows", "use a-z, 0-9 and -")
    return namespace


def check_object_name(name: str, *, length: int = _NAME_LENGTH) -> str:
    """Return a name that Kubernetes allows, of at most so many characters; raises InvalidTargetError for any other."""
    if not _fits(_POD_NAME, name, length):
        hint = f"use a-z, 0-9, - and ., at most {length} of them, with a letter or digit at both ends"
        raise InvalidTargetError(f"{name!r} is not a name that Kubernetes allows", hint=hint)
    return name


def _fits(pattern: re.Pattern[str], text: str, length: int) -> bool:
    return len(text) <= length and pattern.fullmatch(text) is not None


def _invalid(text: str, message: str, hint: str) -> InvalidTargetError:
    return InvalidTargetError(message, op="find", target=repr(text), hint=hint)


def nearest_names(name: str, names: Iterable[str]) -> str:
    """Return a hint that lists the names most like the one asked for, or how to see them all."""
    near = difflib.get_close_matches(name, sorted(set(names)), n=3, cutoff=0.6)
    if near:
        return f"did you mean {', '.join(near)}?"
    return "list what is there with nekzus_container_info"
