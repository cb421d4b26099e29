# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task asks of a deployment. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import InvalidConfigError, InvalidTargetError, InvalidTemplateError
from ..listed import texts
from ..mask import find_secrets, is_secret_name
from ..shape import text
from ..target import check_namespace
from ..types import RuntimeType
from .compose import Settings
from .compose_environment import DOT_ENV
from .deployment import ToolboxState, Wish
from .document import Document, Problems
from .dotenv import parse_dotenv
from .guard import check_project
from .scalar import print_scalar
from .spec import Project
from .template import TemplateKind
from .variables import Interpolation, VariableType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .template import Rendered, Template

# It is in labels, and in names of objects beside others: https://kubernetes.io/docs/concepts/overview/working-with-objects/
NAME_LENGTH = 63
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_UNFIT = re.compile(r"[^a-z0-9]+")
_LARGEST_PORT = 65535
# Where a Docker host keeps the folders that templates mount from beside them.
PROJECTS = "/var/lib/nekzus"
# Shorter values (80, yes) would blank half of any text they are searched in.
_SEARCHABLE = 4


@dataclass(frozen=True)
class ToolboxOrder:
    """What a task asks for. Without a ``template`` it is about what is deployed already.

    ``given`` are the variables that the task gives, ``injected`` those that we do, ``beside`` those of the file
    ``.env`` beside the template. ``secrets`` are values that nothing may print.
    """

    name: str
    state: ToolboxState
    runtime: RuntimeType | None = None
    namespace: str = ""
    template: Template | None = None
    template_id: str = ""
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    injected: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    image: str = ""
    port: int | None = None
    replicas: int | None = None
    profiles: tuple[str, ...] = ()
    folder: str = ""
    auto_start: bool = True
    remove_volumes: bool = False
    allow_privileged: bool = False
    allowed_paths: tuple[str, ...] = ()
    take_over: bool = False
    wait: bool = True
    wait_timeout: float = 120

    def wish(self) -> tuple[Wish, tuple[str, ...]]:
        """Return what that is of a deployment, the template rendered, and warnings.

        Raises InvalidTemplateError for what the template cannot be, or may not have.
        """
        content: Rendered | None = None
        warnings: tuple[str, ...] = ()
        secrets = self.secrets
        if self.template and self.state is not ToolboxState.ABSENT:
            content, warnings = self.template.render(self._settings())
            if isinstance(content, Project):
                check_project(content, allow_privileged=self.allow_privileged, allowed_paths=self.allowed_paths)
                secrets = tuple(dict.fromkeys((*secrets, *_project_secrets(content))))
            else:
                secrets = tuple(dict.fromkeys((*secrets, *_long(find_secrets(content)))))
        return Wish(
            name=self.name,
            state=self.state,
            namespace=self.namespace,
            template=self.template_id,
            content=content,
            secrets=secrets,
            auto_start=self.auto_start,
            replicas=self.replicas,
            remove_volumes=self.remove_volumes,
            allow_privileged=self.allow_privileged,
            allowed_paths=self.allowed_paths,
            take_over=self.take_over,
            wait=self.wait,
            wait_timeout=self.wait_timeout,
        ), warnings

    def _settings(self) -> Settings:
        return Settings(
            name=self.name,
            values={**self.beside, **self.injected, **self.given},
            given=self.given,
            secrets=self.secrets,
            folder=self.folder or f"{PROJECTS}/{self.name}",
            profiles=self.profiles,
            image=self.image,
            port=self.port,
            replicas=self.replicas,
        )


def parse_toolbox_order(params: Mapping[str, Any], template: Template | None) -> ToolboxOrder:
    """Return what a task's options ask. Raises InvalidConfigError or InvalidTargetError for what cannot be."""
    state = ToolboxState(params["state"])
    if not template and state is ToolboxState.PRESENT:
        hint = "set service, src or definition, or ask for started, stopped or absent of what is deployed"
        raise InvalidConfigError("nothing says what to deploy", hint=hint)
    word, namespace = params.get("runtime") or "auto", params.get("namespace") or ""
    meant = RuntimeType.KUBERNETES if namespace else None
    given = _given(params)
    beside = variables_beside(template)
    name = _name(params, template, {**beside, **given})
    order = ToolboxOrder(
        name=name,
        state=state,
        runtime=meant if word == "auto" else RuntimeType(word),
        namespace=check_namespace(namespace) if namespace else "",
        template=template,
        template_id=_fit(params.get("service") or (template.labels.name if template else "")),
        given=given,
        injected=_injected(params, name),
        beside=beside,
        secrets=given_secrets({**beside, **given}, template),
        image=params.get("image") or "",
        port=params.get("port"),
        replicas=params.get("replicas"),
        profiles=texts(params, "profiles"),
        folder=params.get("project_dir") or "",
        auto_start=params["auto_start"],
        remove_volumes=params["remove_volumes"],
        allow_privileged=params["allow_privileged"],
        allowed_paths=texts(params, "allowed_paths"),
        take_over=params["take_over"],
        wait=params["wait"],
        wait_timeout=params["wait_timeout"],
    )
    _check(order)
    return order


def given_secrets(given: Mapping[str, str], template: Template | None) -> tuple[str, ...]:
    """Return the values of variables that are secrets: by their names, or because the template says so."""
    passwords = {one.name for one in (template.variables if template else ()) if one.type is VariableType.PASSWORD}
    named = [value for name, value in given.items() if is_secret_name(name) or name in passwords]
    literal = [find_secrets(document.data) for document in template.documents] if template else []
    found = (
        *named,
        *find_secrets(list(given.values())),
        *(value for values in literal for value in values if "$" not in value),
    )
    return tuple(sorted(set(_long(found)), key=len, reverse=True))


def variables_beside(template: Template | None) -> dict[str, str]:
    """Return the variables of the file ``.env`` beside a Compose file, where Compose itself looks for them."""
    content = template.files.get(DOT_ENV) if template and template.kind is TemplateKind.COMPOSE else None
    if content is None:
        return {}
    problems = Problems(Document(DOT_ENV, None))

    def fill(words: str, known: Mapping[str, str]) -> str:
        filled: str = Interpolation(known, problems).fill(words, ())
        return filled

    try:
        found = parse_dotenv(content.decode(), fill)
    except ValueError as error:  # text that is not UTF-8 is one too
        hint = "write NAME=VALUE, one a line"
        raise InvalidTemplateError(f"{DOT_ENV} beside the template cannot be read: {error}", hint=hint) from error
    problems.check()
    return {name: value for name, value in found.items() if value is not None}


def _long(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str) and len(value) >= _SEARCHABLE]


def _project_secrets(project: Project) -> list[str]:
    """Return the secrets of a project: values of its variables, and what is in the files that are secret."""
    values = [one.environment[name] for one in project.services for name in one.secret]
    contents = [
        spec.content.decode("utf-8", "replace").strip() for spec in project.files if spec.secret and spec.content
    ]
    return _long([*values, *contents])


def _given(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that a task gives. Raises InvalidConfigError for one that is no text, number or boolean."""
    told = {str(name): value for name, value in (params.get("env") or {}).items() if value is not None}
    nested = sorted(name for name, value in told.items() if isinstance(value, (dict, list)))
    if nested:
        hint = "write text, a number or a boolean; quote what is JSON"
        raise InvalidConfigError(f"no values for variables in env: {', '.join(nested)}", hint=hint)
    return {name: print_scalar(value) for name, value in told.items()}


def _injected(params: Mapping[str, Any], name: str) -> dict[str, str]:
    found = {"SERVICE_NAME": name}
    if params.get("base_url"):
        found["BASE_URL"] = params["base_url"]
    if params.get("port") is not None:
        found["APP_PORT"] = str(params["port"])
    return found


def _name(params: Mapping[str, Any], template: Template | None, known: Mapping[str, str]) -> str:
    """Return the name of the deployment: the task's, else the catalogue's, else that of the template."""
    own = params.get("service") or (template.labels.name if template else "")
    name = params.get("service_name") or _fit(own or _project_name(template, known))
    if not name:
        hint = "set service_name, or name in the Compose file"
        raise InvalidTargetError("nothing says what the deployment is called", hint=hint)
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        message = f"{name} is no name for a deployment"
        raise InvalidTargetError(message, hint=f"take at most {NAME_LENGTH} of a-z, 0-9 and -, no - at the ends")
    return name


def _project_name(template: Template | None, known: Mapping[str, str]) -> str:
    """Return the name that a Compose file gives its project, an empty text if it does not."""
    if not template or template.kind is not TemplateKind.COMPOSE:
        return ""
    problems = Problems(template.documents[0])
    named = Interpolation(known, problems).fill(text(template.documents[0].data, "name"), ("name",))
    problems.check()
    return str(named)


def _fit(name: str) -> str:
    return _UNFIT.sub("-", name.lower()).strip("-")


def _check(order: ToolboxOrder) -> None:
    if order.port is not None and not 1 <= order.port <= _LARGEST_PORT:
        raise InvalidConfigError(f"port is {order.port}, not from 1 to {_LARGEST_PORT}", hint="give a port")
    if order.replicas is not None and order.replicas < 1:
        raise InvalidConfigError(f"replicas is {order.replicas}, less than 1", hint="to stop it, say state=stopped")
    if order.wait_timeout < 1:
        message = f"wait_timeout is {order.wait_timeout:g}, less than 1"
        raise InvalidConfigError(message, hint="give wait_timeout a number from 1 up")
    for path in (*order.allowed_paths, *([order.folder] if order.folder else ())):
        if not path.startswith("/") or ".." in path.split("/"):
            message = f"{path} is no whole path of the host"
            raise InvalidConfigError(message, hint="write allowed_paths and project_dir from / on, without ..")
    if order.remove_volumes and order.state is not ToolboxState.ABSENT and not order.template:
        hint = "say state=absent, or give the template"
        raise InvalidConfigError("remove_volumes has nothing to remove", hint=hint)
