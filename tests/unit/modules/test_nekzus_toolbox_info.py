# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_toolbox_info, through its real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import IMAGE, NAME, SECRET, SHOP

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

COMPOSE = """
services:
  web:
    image: nginx:${VERSION:-1}
    labels:
      nekzus.toolbox.name: The shop
      nekzus.toolbox.category: trade
      nekzus.toolbox.description: Sells things
      nekzus.toolbox.icon: https://example.org/shop.png
      nekzus.toolbox.tags: buy, sell
      nekzus.toolbox.documentation: https://example.org/docs
      nekzus.toolbox.website: https://example.org
      nekzus.toolbox.notes: Pay first
      nekzus.toolbox.env.ADMIN_TOKEN: Who may do all
    environment:
      ADMIN_TOKEN: ${ADMIN_TOKEN:?}
      URL: ${BASE_URL}
    ports: ["${APP_PORT:-8080}:80"]
"""
MANIFESTS = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
  annotations:
    nekzus.toolbox.name: Greeting
    nekzus.toolbox.category: manners
    nekzus.toolbox.description: Says hello
data:
  text: ${GREETING:-hello}
"""
LABELS = {"icon": "", "tags": [], "documentation": "", "website": "", "notes": ""}


def test_the_catalogue_is_told_by_name_with_all_that_a_template_takes(toolbox_info: ModuleRun) -> None:
    result = toolbox_info(definitions={"shop": COMPOSE, "greeting": MANIFESTS}, services=False).success
    assert result["catalog"] == [
        {
            "id": "greeting",
            "kind": "manifests",
            "name": "Greeting",
            "category": "manners",
            "description": "Says hello",
            **LABELS,
            "variables": [
                {"name": "GREETING", "type": "text", "required": False, "default": "hello", "description": ""}
            ],
        },
        {
            "id": "shop",
            "kind": "compose",
            "name": "The shop",
            "category": "trade",
            "description": "Sells things",
            "icon": "https://example.org/shop.png",
            "tags": ["buy", "sell"],
            "documentation": "https://example.org/docs",
            "website": "https://example.org",
            "notes": "Pay first",
            "variables": [
                {"name": "VERSION", "type": "number", "required": False, "default": "1", "description": ""},
                {
                    "name": "ADMIN_TOKEN",
                    "type": "password",
                    "required": True,
                    "default": None,
                    "description": "Who may do all",
                },
                {"name": "BASE_URL", "type": "url", "required": False, "default": None, "description": ""},
                {"name": "APP_PORT", "type": "number", "required": False, "default": "8080", "description": ""},
            ],
        },
    ]
    assert (result["services"], result["changed"]) == ([], False)


def test_who_asks_for_the_catalogue_alone_asks_no_runtime(toolbox_info: ModuleRun, docker: FakeDocker) -> None:
    assert toolbox_info(definitions={"shop": COMPOSE}, services=False).success["catalog"]
    assert docker.calls == []


def test_who_asks_for_what_is_deployed_alone_reads_no_template(toolbox_info: ModuleRun) -> None:
    result = toolbox_info(definitions={"broken": "services: ["}, catalog=False).success
    assert (result["catalog"], result["services"]) == ([], [])


def test_what_is_deployed_is_told_as_the_task_that_deployed_it_did(
    toolbox_info: ModuleRun, deploy: ModuleRun, docker: FakeDocker
) -> None:
    made = deploy(service_name=NAME, definition=SHOP, env={"DB_PASSWORD": SECRET}).success["service"]
    other = deploy(service_name="zoo", definition={"services": {"ape": {"image": IMAGE}}}).success["service"]
    docker.add("stranger")
    written = len(docker.writes)
    for check in (False, True):
        assert toolbox_info(catalog=False, check=check).success["services"] == [made, other]
    assert toolbox_info(catalog=False, service_name="zoo").success["services"] == [other]
    assert toolbox_info(catalog=False, service_name="nothing").success["services"] == []
    assert len(docker.writes) == written
    assert SECRET not in toolbox_info(catalog=False, diff=True).everything


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        pytest.param(
            {"definitions": {"a": "services: ["}},
            "invalid_template",
            "cannot read the catalogue: a, line 2, column 1",
            id="no YAML",
        ),
        pytest.param(
            {"definitions": {"a": "services: {web: {image: x}}"}},
            "invalid_template",
            "a lacks nekzus.toolbox.name, nekzus.toolbox.category, nekzus.toolbox.description",
            id="no labels",
        ),
        pytest.param({"definitions": {"a": ""}}, "invalid_template", "a is empty", id="empty"),
        pytest.param({"namespaces": ["Prod_1"]}, "invalid_target", "Prod_1", id="no namespace"),
        pytest.param({"service": "x"}, "invalid_config", "service", id="no option"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    toolbox_info: ModuleRun, docker: FakeDocker, options: dict[str, Any], code: str, words: str
) -> None:
    outcome = toolbox_info(**options)
    assert outcome.failure["code"] == code
    assert words in outcome.failure["message"]
    assert outcome.failure["hint"]
    assert docker.calls == []


def test_a_daemon_that_does_not_answer_is_told(toolbox_info: ModuleRun, docker: FakeDocker) -> None:
    docker.fail("list", RuntimeUnavailableError("nothing answers at x", hint="start it"))
    failure = toolbox_info(catalog=False).failure
    assert (failure["code"], failure["op"], failure["runtime"]) == ("runtime_unavailable", "list", "docker")
    assert failure["hint"] == "start it"
    assert docker.closed
