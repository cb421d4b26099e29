# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each of these has ended a task with an exception that nobody had translated."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.kubeconfig_file import KubeconfigFile
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.snapshot import present_container
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.duration import parse_duration
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    InvalidConfigError,
    InvalidTemplateError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.account import load_account
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.call import Call, read_object
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.claims import read_claims
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import masked
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, SECRET
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.said import said_by_us
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.shown import kept_secrets
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.translate import refused
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import (
    REMEMBERED,
    read_workload,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.file import LogFiles
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import whole
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.document import Document
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import read_template
from ansible_collections.nekzus.runtime.tests.unit.fakes.damage import Wound
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import LIBRARY
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_accounts import ORDER, furnished, issued, made
from ansible_collections.nekzus.runtime.tests.unit.fuzz.tasks import CHANGING, READING, check, perform

# Digits to str.isdigit, and no number to int: of other letters, and more than Python reads.
NO_NUMBERS = ("\u00b2", "9" * 5000, "", "-1", "1.5", "x")


@pytest.mark.parametrize(("written", "expected"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_one_of_plain_digits(written: str, expected: int) -> None:
    assert whole(written) == expected


@pytest.mark.parametrize("written", [*NO_NUMBERS, "9" * 19, "\u0663", " 1", "1_0"])
def test_what_a_machine_cannot_count_with_is_no_whole_number(written: str) -> None:
    assert whole(written) is None


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_a_label_with_no_number_is_that_of_the_first_container(written: str) -> None:
    record = {"Id": "x", "Names": ["/web"], "Labels": {"com.docker.compose.container-number": written}}
    assert present_container(record).number == 1


@pytest.mark.parametrize("written", [*NO_NUMBERS, "0"])
def test_a_count_that_nobody_has_remembered_is_unknown(written: str) -> None:
    document = {"metadata": {"name": "web", "annotations": {REMEMBERED: written}}, "spec": {"replicas": 0}}
    assert read_workload(DEPLOYMENT, document).remembered is None


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_a_server_that_asks_for_an_unreadable_pause_has_asked_for_none(written: str) -> None:
    error = refused(503, b"{}", {"Retry-After": written}, Call("GET", None, name="/version"))
    assert (error.transient, error.retry_after) == (True, None)


@pytest.mark.parametrize("value", ["9" * 400, "9" * 400 + "s", 10**400])
def test_a_duration_without_an_end_is_none(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a duration") as refusal:
        parse_duration(value)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize(
    "keys",
    [
        {"ports": [{"target": "\u00b2"}]},
        {"ports": [{"target": "9" * 5000}]},
        {"mem_limit": "9" * 400},
        {"restart": "on-failure:" + "9" * 5000},
        {"healthcheck": {"test": "true", "interval": "9" * 400 + "s"}},
        {"cpu_period": "9" * 400 + "s"},
    ],
    ids=lambda keys: next(iter(keys)),
)
def test_a_template_with_an_endless_number_is_refused(keys: dict[str, Any]) -> None:
    document = Document("compose.yaml", {"services": {"web": {"image": "x", **keys}}})
    with pytest.raises(InvalidTemplateError) as refusal:
        read_template([document], title="shop").render(Settings("shop"))
    assert next(iter(keys)) in str(refusal.value)


def token(claims: Any) -> str:
    """Return a token that claims something."""
    written = claims if isinstance(claims, str) else json.dumps(claims)
    return f"e30.{base64.urlsafe_b64encode(written.encode()).decode()}.x"


@pytest.mark.parametrize(
    "claims",
    [
        "[" * 100_000,
        {"iat": 0, "exp": 10**400},
        {"iat": -(10**400), "exp": 0},
        {"iat": 2, "exp": 1},
        {"iat": 0, "exp": 253_402_300_800},
        [],
    ],
    ids=lambda claims: str(claims)[:20],
)
def test_a_token_that_ends_outside_of_the_calendar_says_nothing(claims: Any) -> None:
    assert read_claims(token(claims)) is None


def test_a_token_says_when_it_ends_up_to_the_end_of_the_calendar() -> None:
    found = read_claims(token({"iat": 0, "exp": 253_402_300_799, "sub": "me"}))
    assert found
    assert found.expires == 253_402_300_799


@pytest.mark.parametrize("answer", [{}, {"status": None}, {"status": {"token": ["x"]}}])
def test_an_account_for_which_there_is_no_token_is_an_error(
    answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kubernetes = furnished()
    made(kubernetes)
    monkeypatch.setattr(kubernetes.cluster.tokens, "issue", lambda *_asked: answer)
    with pytest.raises(ApiError, match="gave no token"):
        issued(kubernetes, ORDER)


def test_what_is_no_base64_in_a_secret_hides_nothing_else() -> None:
    data = {"broken": "a", "DB_PASSWORD": base64.b64encode(b"hunter2").decode(), "strange": "\u00e9"}
    assert kept_secrets([Piece(SECRET, {"data": data})]) == ("hunter2",)


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"x"', b"", b"\xff", b"[" * 100_000, b"{"])
def test_an_answer_that_is_no_object_is_none(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_object(body)


@pytest.mark.parametrize(
    "written", ["~no-such-user/x", "a\0b", "9" * 256, "a/" * 3000, "\ud800"], ids=lambda one: repr(one)[:9]
)
def test_a_path_that_no_file_can_have_is_refused_where_it_is_written(written: str) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        load_account(KubernetesConfig(kubeconfig=written), LIBRARY)
    assert refusal.value.hint
    orders = (lambda: LogFiles(written, one=True).path("docker/web"), lambda: KubeconfigFile(written).path)
    for place in orders:
        if written == "~no-such-user/x":  # no user is called so
            assert str(place()) == written
        else:
            with pytest.raises(InvalidConfigError, match="cannot be the path of a file"):
                place()


def test_a_manifest_that_is_nested_too_deeply_to_be_read_is_not_shown() -> None:
    notes = {"kubectl.kubernetes.io/last-applied-configuration": "[" * 100_000}
    assert masked({"metadata": {"annotations": notes}})["metadata"]["annotations"] == dict.fromkeys(notes, MASK)


@pytest.mark.parametrize("key", ["k:", "k:[]", "k:{", "v:", "v:{", "k:" + "[" * 100_000, "x:y"])
def test_a_name_of_a_field_that_nobody_can_read_means_no_item_of_a_list(key: str) -> None:
    fields: dict[str, Any] = {"f:spec": {"f:ports": {key: {".": {}}, 'k:{"port":80}': {".": {}, "f:port": {}}}}}
    entry = {"manager": "nekzus", "operation": "Apply", "fieldsV1": fields}
    document = {"metadata": {"managedFields": [entry]}, "spec": {"ports": [{"port": 80, "name": "http"}, {"port": 1}]}}
    assert said_by_us(document)["spec"] == {"ports": [{"port": 80}]}


@pytest.mark.parametrize("parts", [None, [], "x", 1, {"f:ports": None}])
def test_a_record_of_who_set_what_that_is_spoilt_means_all_of_it(parts: Any) -> None:
    entry = {"manager": "nekzus", "operation": "Apply", "fieldsV1": {"f:spec": parts}}
    document = {"metadata": {"managedFields": [entry]}, "spec": {"ports": [{"port": 80}]}}
    assert said_by_us(document)["spec"] == {"ports": [{"port": 80}]}


@pytest.mark.parametrize(
    ("server", "task", "wound"),
    [
        ("kubernetes", "inventory", Wound(("metadata",), None, 6)),
        ("kubernetes", "details", Wound(("metadata",), [{}], 9)),
        ("kubernetes", "details", Wound(("metadata",), {"x": "y"}, 12)),
        ("kubernetes", "stopping a deployment", Wound(("data", "DB_PASSWORD"), {"name": "x", "x": {}}, 3)),
        ("kubernetes", "stopping a deployment", Wound(("data", "DB_PASSWORD"), "x")),
    ],
    ids=str,
)
def test_a_damaged_answer_that_was_fatal_is_survived(server: str, task: str, wound: Wound) -> None:
    meant = {**READING, **CHANGING}[task]
    check(meant, perform(server, meant, wound)[0])
