# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What every module does the same: take its options, open the runtimes, and end with a result or a failure."""

from __future__ import annotations

import atexit
import gc
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ._argspec import EXCLUSIVE, SECTIONS
from ._runtime.errors import InvalidConfigError, NekzusError
from ._runtime.listed import elements
from ._runtime.mask import find_secrets
from ._runtime.registry import Registry, opened_registry
from ._runtime.shape import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._argspec import Spec

# Nearly all that a task makes is data without cycles, which it needs to its end: Python's own threshold is 700 objects.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


class NekzusModule(AnsibleModule):
    """An AnsibleModule whose every failure has a code, and that knows the secrets inside its options.

    Ansible knows only options that are secret as a whole, not the token in a kubeconfig given as a dictionary, nor
    the password in an address. Options that are ``concealed``, a template say, are told of in a word: no log has use
    for their text.
    """

    def __init__(self, *, concealed: Sequence[str] = (), **kwargs: Any) -> None:
        """Take what AnsibleModule takes, by name."""
        self._concealed = tuple(concealed)
        super().__init__(**kwargs)

    def _load_params(self) -> None:
        """Read the options, those lists whose words are looked up as the core reads all others."""
        super()._load_params()
        self.params = _with_bare_words(self.params, self.argument_spec)

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail; what comes without a failure is Ansible's own judgement on the options."""
        self._hide_secrets()
        self.conceal()
        hint = "see ansible-doc for the options of the module"
        kwargs.setdefault("failure", InvalidConfigError(msg, hint=hint).failure())
        super().fail_json(msg, **kwargs)
        raise AssertionError  # AnsibleModule.fail_json exits

    def _log_invocation(self) -> None:
        """Log to the system's log, when the secrets are known."""
        self._hide_secrets()
        params = self.params
        self.conceal()
        super()._log_invocation()
        self.params = params

    def conceal(self) -> None:
        """Have a word in the place of each concealed option, from now on."""
        told = {name: "(not shown)" for name in self._concealed if self.params.get(name) is not None}
        self.params = {**self.params, **told}

    def _hide_secrets(self) -> None:
        self.no_log_values.update(find_secrets(self.params))
        # They may be of any type yet: this comes first, so that what is said of a wrong one shows none.
        for told in (text(self.params, "kubeconfig"), text(self.params, "runtimes", "kubernetes", "kubeconfig")):
            if "\n" in told:  # that of a kubeconfig, where its path was meant
                self.no_log_values.update((told, repr(told)[1:-1]))


def _with_bare_words(params: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return options whose lists of choices have no blanks around their words, which Ansible would not know."""
    found = dict(params)
    for name, option in spec.items():
        value = found.get(name)
        if isinstance(value, dict) and option.get("options"):
            found[name] = _with_bare_words(value, option["options"])
        elif isinstance(value, (str, list)) and option["type"] == "list" and option.get("choices"):
            # What has no word at all is left to be refused.
            found[name] = list(elements(value.split(",") if isinstance(value, str) else value)) or value
    return found


def create_module(sections: Sequence[str], arguments: Spec, *, concealed: Sequence[str] = ()) -> NekzusModule:
    """Return the module with its own options and the sections it shares, named as their documentation fragments are.

    Exits when the task's options do not fit. No log shows the options that are ``concealed``.
    """
    # Python would look through all that it has loaded before it ends, for what is no more of use.
    atexit.register(gc.freeze)
    shared = [SECTIONS[section] for section in sections]
    return NekzusModule(
        concealed=concealed,
        argument_spec={name: option for part in (*shared, arguments) for name, option in part.items()},
        mutually_exclusive=[options for section in sections for options in EXCLUSIVE.get(section, ())],
        supports_check_mode=True,
    )


@contextmanager
def opened_runtimes(module: NekzusModule) -> Iterator[Registry]:
    """Yield the runtimes of a task; any error of ours inside ends the module with it."""
    try:
        opened = opened_registry(module.params, env=os.environ, clock=time, warn=module.warn)
        with _seldom_collected(), opened as registry:
            yield registry
    except NekzusError as error:
        for warning in error.warnings:
            module.warn(warning)
        module.fail_json(str(error), failure=error.failure())


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Keep the garbage collector from looking through a long list again and again while it is made."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def finish(module: NekzusModule, report: dict[str, Any]) -> NoReturn:
    """End the module with a report: its warnings become Ansible's, its diff shows in diff mode only."""
    module.conceal()
    for warning in report.pop("warnings", ()):
        module.warn(warning)
    if not module._diff:  # noqa: SLF001 - Ansible offers no public way to ask
        report.pop("diff", None)
    if report.get("failed"):
        module.fail_json(**report)
    module.exit_json(**report)
    raise AssertionError  # AnsibleModule.exit_json exits
