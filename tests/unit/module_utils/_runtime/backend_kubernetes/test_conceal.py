# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written down when secrets are not to be told."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.conceal import concealed
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    POD,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT, pod, workload

SECRET = "hunter2hunter2"  # noqa: S105 - a test's
ENV = (f"DB_PASSWORD={SECRET}", "PLAIN=visible")


def secret(data: Any = None, **body: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "data": data, **body}


def test_a_secret_has_its_keys_and_a_mask_for_each_value() -> None:
    coded = base64.b64encode(SECRET.encode()).decode()
    found, names = concealed(secret({"user": coded, "password": coded}, type="Opaque", immutable=True))
    assert found["stringData"] == {"password": MASK, "user": MASK}
    assert names == ("password", "user")
    assert "data" not in found
    assert (found["type"], found["immutable"]) == ("Opaque", True)
    assert coded not in json.dumps(found)


@pytest.mark.parametrize("key", [".dockerconfigjson", ".dockercfg"])
def test_where_a_server_takes_json_alone_the_mask_is_in_an_object(key: str) -> None:
    found, names = concealed(secret({key: "e30="}))
    assert names == (key,)
    assert isinstance(json.loads(found["stringData"][key]), dict)
    assert MASK in found["stringData"][key]


@pytest.mark.parametrize("data", [None, {}])
def test_a_secret_without_values_has_nothing_to_fill_in(data: Any) -> None:
    found, names = concealed(secret(data))
    assert names == ()
    assert "stringData" not in found


def test_a_config_map_is_masked_where_a_key_or_a_value_says_so() -> None:
    data = {"API_TOKEN": SECRET, "app.conf": f"colour=green\npassword={SECRET}\n", "url": f"redis://:{SECRET}@cache/0"}
    document = {"kind": "ConfigMap", "metadata": {"name": "it"}, "data": {**data, "PLAIN": "visible"}}
    found, names = concealed(document)
    assert names == tuple(data)
    assert found["data"]["PLAIN"] == "visible"
    assert found["data"]["app.conf"] == f"colour=green\npassword={MASK}\n"
    assert SECRET not in json.dumps(found)


@pytest.mark.parametrize("resource", [POD, DEPLOYMENT, JOB, CRON_JOB, ROLLOUT], ids=lambda one: one.kind)
def test_a_workload_is_masked_as_its_details_are_and_each_place_is_named(resource: Resource) -> None:
    command = ("server", f"--key={SECRET}")
    document = (
        pod("web", env=ENV, command=command) if resource == POD else workload(resource, "web", env=ENV, command=command)
    )
    before = deepcopy(document)
    found, names = concealed(document)
    assert set(names) == {"DB_PASSWORD", "the command line of app"}
    assert SECRET not in json.dumps(found)
    assert "visible" in json.dumps(found)
    assert document == before


def test_what_is_masked_besides_variables_is_named_too() -> None:
    document = workload(DEPLOYMENT, "web", env=ENV, annotations={"origin": f"https://bot:{SECRET}@git.example/x"})
    (container,) = document["spec"]["template"]["spec"]["containers"]
    header = {"name": "Authorization", "value": f"Bearer {SECRET}"}
    container["readinessProbe"] = {"httpGet": {"httpHeaders": [header]}}
    container["livenessProbe"] = {"exec": {"command": ["check", f"--password={SECRET}"]}}
    found, names = concealed(document)
    assert set(names) == {"DB_PASSWORD", "origin", "Authorization", "a command line"}
    assert SECRET not in json.dumps(found)


def test_what_has_no_secrets_is_as_it_was() -> None:
    document = workload(DEPLOYMENT, "web", env=("PLAIN=visible",), command=("sleep", "9"))
    assert concealed(document) == (document, ())
