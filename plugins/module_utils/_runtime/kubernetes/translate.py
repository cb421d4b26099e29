# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an answer of the API server, or an exception on the way to it, means. The one place that makes them our errors.

Exceptions are recognised by name, so that nothing has to be imported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

from ..causes import causes, innermost, one_line, tls_words
from ..errors import (
    ApiError,
    ConflictError,
    ContainerNotFoundError,
    InvalidConfigError,
    NekzusError,
    PermissionDeniedError,
    RuntimeUnavailableError,
    UnsupportedError,
)
from ..mask import mask_urls
from ..shape import mapping, objects, text, whole
from .call import APPLY

if TYPE_CHECKING:
    from .call import Call

RUNTIME = "kubernetes"
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT, _GONE, _INVALID = 401, 403, 404, 409, 410, 422
_BUSY, _BAD_GATEWAY = (429, 503), (500, 502, 504)
# What RBAC says, as opposed to an admission plugin, which answers 403 too.
_NOT_GRANTED = re.compile(r'User "(?P<user>[^"]*)" cannot ')
# Who applies an object that is not there has to be allowed to create it; the server does not say so much.
_NOT_CREATED = re.compile(r" is forbidden:?$")
# https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
_NOT_HELD = re.compile(r'user "(?P<user>[^"]*)" .*is attempting to grant RBAC permissions not currently held:')
_RULE_NOT_HELD = re.compile(r"Resources:\[(?P<resources>[^\]]*)\].*?Verbs:\[(?P<verbs>[^\]]*)\]")
_QUOTED = re.compile(r'"([^"]+)"')
_RULES_TOLD = 3
_MANAGER = re.compile(r'conflict with "(?P<name>[^"]*)"')
_BUSY_HINT = "try again, or lower max_concurrent"
_ADDRESS = "check kubeconfig and context, or runtimes.kubernetes.host"


def refused(status: int, body: Any, headers: Mapping[str, str], call: Call) -> NekzusError:
    """Return our error for an answer that is not good; ``body`` is its text or the Status object itself."""
    answer = body if isinstance(body, Mapping) else _status_of(body)
    words = _brief(text(answer, "message") or (body if isinstance(body, (bytes, str)) else "") or f"HTTP {status}")
    delay = whole(headers.get("Retry-After") or "")
    meaning = _MEANINGS.get(status)
    if meaning:
        error = meaning(words, answer, call)
    elif status in _BUSY:
        error = _unserved(words, call) or RuntimeUnavailableError(f"the API server is busy: {words}", hint=_BUSY_HINT)
        error.transient = True
    else:
        error = ApiError(f"{words} (HTTP {status})", hint="see the log of the API server")
        error.transient = status in _BAD_GATEWAY and call.is_repeatable
    error.runtime, error.retry_after = RUNTIME, delay
    return error


def _unserved(words: str, call: Call) -> NekzusError | None:
    """Return the error for a group whose own server is not there, of which the API server speaks as of itself."""
    if not call.resource or not call.resource.optional:
        return None
    hint = f"see kubectl get apiservice v1beta1.{call.resource.group}, and the pods of its service"
    return RuntimeUnavailableError(f"the server of {call.resource.group} does not answer: {words}", hint=hint)


def _status_of(body: Any) -> Mapping[str, Any]:
    """Return the Status object in an answer, or an empty one: proxies answer with pages."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, Mapping) else {}


def _brief(words: Any) -> str:
    """Return the beginning of a text on one line, without a full stop and without the passwords of URLs."""
    decoded = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return one_line(re.sub(r"<[^>]*>", " ", decoded[:2000]))[:500]


def _unauthorized(_words: str, _answer: Mapping[str, Any], _call: Call) -> NekzusError:
    hint = "log in again: the token or certificate of kubeconfig, context or api_key is wrong or has expired"
    return PermissionDeniedError("the API server does not accept the credentials", hint=hint)


def _forbidden(words: str, answer: Mapping[str, Any], call: Call) -> NekzusError:
    granted = _NOT_GRANTED.search(words)
    exceeded = _NOT_HELD.search(text(answer, "message"))
    if exceeded and call.resource:
        return _escalation(text(answer, "message"), exceeded.group("user"), call)
    if call.content == APPLY and _NOT_CREATED.search(words):
        return PermissionDeniedError(
            "forbidden", hint=f"grant {call.rule_for('create')}", details=_denied("create", call)
        )
    if not granted:
        return PermissionDeniedError(words, hint="an admission rule of the cluster refuses it: ask who runs it")
    details = {**_denied(call.verb, call), "user": granted.group("user")}
    if granted.group("user") == "system:anonymous":
        hint = "give credentials: a user in the kubeconfig, or api_key"
        return PermissionDeniedError("forbidden to who has not logged in", hint=hint, details=details)
    return PermissionDeniedError("forbidden", hint=f"grant {call.rule}", details=details)


def _denied(verb: str, call: Call) -> dict[str, str]:
    """Return the rule that is missing in its parts."""
    if not call.resource:
        return {"verb": verb}
    resource = call.resource.plural + (f"/{call.subresource}" if call.subresource else "")
    return {"verb": verb, "group": call.resource.group, "resource": resource, "namespace": call.namespace}


def _escalation(message: str, user: str, call: Call) -> NekzusError:
    """Return the error of who would give others more rights than one has."""
    found = [
        f"{', '.join(_QUOTED.findall(rule['verbs']))} on {', '.join(_QUOTED.findall(rule['resources']))}"
        for rule in _RULE_NOT_HELD.finditer(message)
    ]
    more = f" and {len(found) - _RULES_TOLD} more" if len(found) > _RULES_TOLD else ""
    told = f"who makes it may not do that: {'; '.join(found[:_RULES_TOLD])}{more}"
    meant = call.rule_for("escalate and bind").replace("bindings.", "s.")
    details = {**_denied(call.verb, call), "user": user, "rules": found}
    return PermissionDeniedError(told, hint=f"run it as who may do it, or grant {meant}", details=details)


def _not_found(words: str, answer: Mapping[str, Any], call: Call) -> NekzusError:
    # Of an object that is not there the answer says the name; else the server does not have the kind.
    if not mapping(answer, "details").get("name"):
        what = call.resource.rule if call.resource else call.name
        version = f" in {call.resource.api_version}" if call.resource else ""
        hint = "see nekzus_runtime_info for its version"
        return UnsupportedError(f"the API server has no {what}{version}", hint=hint)
    return ContainerNotFoundError(words, hint="list what is there with nekzus_container_info")


def _conflict(words: str, answer: Mapping[str, Any], _call: Call) -> NekzusError:
    causes = objects(answer, "details", "causes")
    contested = [one for one in causes if text(one, "reason") == "FieldManagerConflict"]
    if contested:
        return _contested(contested)
    return ConflictError(words, hint="it changed in the meantime, try again")


def _contested(causes: list[Mapping[str, Any]]) -> NekzusError:
    """Return the error for fields that others have set: ``conflict with "kubectl" using apps/v1``, field by field."""
    fields: dict[str, list[str]] = {}
    for cause in causes:
        found = _MANAGER.search(text(cause, "message"))
        fields.setdefault(found.group("name") if found else "somebody else", []).append(text(cause, "field"))
    told = "; ".join(f"{manager} has set {', '.join(taken)} to something else" for manager, taken in fields.items())
    hint = "leave these fields to who has set them, or have who has set them leave them to us"
    return ConflictError(told, hint=hint, details={"conflicts": fields})


def _gone(words: str, _answer: Mapping[str, Any], _call: Call) -> NekzusError:
    return ConflictError(words, hint="list again: the server has forgotten that state")


def _invalid(words: str, answer: Mapping[str, Any], call: Call) -> NekzusError:
    found = objects(answer, "details", "causes")
    # Who says which object he means says its uid: another one has taken its name.
    if any(text(cause, "field") == "metadata.uid" for cause in found):
        return _conflict("another one of that name is there by now", {}, call)
    causes = [f"{text(cause, 'field')}: {text(cause, 'message')}" for cause in found]
    return ApiError(words, hint="the API server does not accept the object", details={"causes": causes})


_MEANINGS: Mapping[int, Callable[[str, Mapping[str, Any], Call], NekzusError]] = {
    _UNAUTHORIZED: _unauthorized,
    _FORBIDDEN: _forbidden,
    _NOT_FOUND: _not_found,
    _CONFLICT: _conflict,
    _GONE: _gone,
    _INVALID: _invalid,
}


def translate(error: BaseException, call: Call, *, server: str) -> NekzusError:
    """Return our error for any exception met while a call was made to the server at an URL."""
    if isinstance(error, NekzusError):
        return error
    chain = list(causes(error))
    for meant, build in _TRANSPORT:
        cause = innermost(chain, meant)
        if cause:
            translated = build(cause, mask_urls(server))
            translated.runtime = RUNTIME
            translated.transient = translated.transient and call.is_repeatable
            return translated
    message = f"{type(error).__name__} at {mask_urls(server)}: {_brief(error)}"
    return RuntimeUnavailableError(message, runtime=RUNTIME, hint=_ADDRESS)


def _untrusted(error: Any, server: str) -> NekzusError:
    hint = "check the kubeconfig's certificate authority, or ca_cert, client_cert and client_key"
    return RuntimeUnavailableError(f"TLS with {server} failed: {tls_words(error)}", hint=hint)


def _refused_connection(_error: Any, server: str) -> NekzusError:
    hint = f"see whether the API server runs, and {_ADDRESS}"
    return RuntimeUnavailableError(f"nothing answers at {server}", hint=hint, transient=True)


def _unresolved(_error: Any, server: str) -> NekzusError:
    return RuntimeUnavailableError(f"the host name in {server} cannot be resolved", hint=_ADDRESS)


def _timed_out(_error: Any, server: str) -> NekzusError:
    hint = "see whether the cluster can be reached, or raise runtimes.kubernetes.timeout"
    return RuntimeUnavailableError(f"no answer from {server} in time", hint=hint)


def _proxy(error: Any, server: str) -> NekzusError:
    hint = "check runtimes.kubernetes.proxy and K8S_AUTH_PROXY"
    return RuntimeUnavailableError(f"the proxy on the way to {server} fails: {_brief(error)}", hint=hint)


def _broken(_error: Any, server: str) -> NekzusError:
    hint = "see whether the API server restarted, and try again"
    return RuntimeUnavailableError(f"the connection to {server} broke", hint=hint, transient=True)


def _no_kubernetes(_error: Any, server: str) -> NekzusError:
    return RuntimeUnavailableError(f"what answers at {server} is not Kubernetes", hint=_ADDRESS)


def _bad_address(_error: Any, server: str) -> NekzusError:
    return InvalidConfigError(f"{server!r} is not the address of an API server", hint="write https://HOST:6443")


def _bad_file(error: Any, _server: str) -> NekzusError:
    message = f"the credentials cannot be read: {error.strerror or 'no access'}"
    return InvalidConfigError(message, hint="check ca_cert, client_cert and client_key")


# The first that fits any link of the chain decides: urllib3 wraps a refused connection into other errors.
_TRANSPORT: tuple[tuple[frozenset[str], Callable[[Any, str], NekzusError]], ...] = (
    (frozenset(("ProxyError", "ProxySchemeUnknown")), _proxy),
    (frozenset(("SSLError", "SSLCertVerificationError")), _untrusted),
    (frozenset(("ConnectionRefusedError",)), _refused_connection),
    (frozenset(("gaierror", "NameResolutionError")), _unresolved),
    (frozenset(("TimeoutError", "timeout", "ConnectTimeoutError", "ReadTimeoutError")), _timed_out),
    (frozenset(("FileNotFoundError", "PermissionError")), _bad_file),
    (frozenset(("LocationParseError", "LocationValueError", "InvalidURL", "URLSchemeUnknown")), _bad_address),
    (
        frozenset(
            {"ConnectionResetError", "ConnectionAbortedError", "BrokenPipeError", "RemoteDisconnected"}
            | {"IncompleteRead", "ProtocolError"}
        ),
        _broken,
    ),
    (frozenset(("ValueError",)), _no_kubernetes),
)
