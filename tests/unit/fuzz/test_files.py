# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that somebody has spoilt: what is in them is heeded as far as it is sound, or refused without telling it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.kubeconfig_file import KubeconfigFile
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.account import load_account
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.metrics import _samples
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.private_file import write_private
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.cache import Cache
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import LIBRARY, SECRET, document
from ansible_collections.nekzus.runtime.tests.unit.fuzz.effort import effort
from ansible_collections.nekzus.runtime.tests.unit.fuzz.strategies import JSON, mutated, torn
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

TTL = 30.0
PACKED = {"default/web": ["2026-01-31T12:00:00Z", "10s", [["app", "250m", "64Mi"]]]}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@effort(80)
@given(data=st.data())
def test_any_file_in_the_cache_is_a_value_or_a_miss(data: st.DataObject, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", ttl=TTL, clock=FakeClock())
    cache.put("key", PACKED)
    (file,) = (tmp_path / "cache").iterdir()
    content = data.draw(torn(file.read_bytes()) | JSON.map(lambda one: json.dumps(one).encode()) | st.binary())
    write_private(file, content)
    found = cache.get("key")
    assert found is None or json.dumps(found)
    web = KubernetesBackend()
    web.create("web")
    assert isinstance(_samples(found, [web.look("web")]), list)


@effort(80)
@given(mutated(PACKED))
def test_any_sample_that_was_kept_is_measured_or_unknown(packed: Any) -> None:
    backend = KubernetesBackend()
    backend.create("web")
    for _pod, sample in _samples(packed, [backend.look("web")]):
        assert sample.timestamp.utcoffset() is not None
        assert all(isinstance(name, str) for name in sample.containers)


@effort(100)
@given(mutated(document(namespace="prod")))
def test_any_kubeconfig_is_an_account_or_is_refused_without_its_secrets(kubeconfig: Any) -> None:
    failure: dict[str, Any] = {}
    try:
        account = load_account(KubernetesConfig(kubeconfig=kubeconfig), LIBRARY)
        told = [account.server, account.namespace, account.identity, account.credentials, account.endpoint]
        assert json.dumps(told)
    except NekzusError as error:
        failure = error.failure()
    assert all(failure[key] for key in ("code", "message", "hint") if failure)
    assert SECRET not in json.dumps(failure)


@effort(60)
@given(content=st.binary(max_size=40) | JSON.map(lambda one: json.dumps(one).encode()) | st.just(b"[" * 100_000))
def test_any_file_where_a_kubeconfig_shall_be_is_empty_or_somebody_elses(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_bytes(content)
    try:
        assert KubeconfigFile(str(file)).read("me") is None
    except NekzusError as error:
        assert error.code == "conflict"  # noqa: PT017 - nothing at all may be raised as well
    assert file.read_bytes() == content
