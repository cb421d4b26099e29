# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may call a container."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTargetError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import (
    Target,
    check_namespace,
    nearest_names,
    parse_target,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType

DOCKER, KUBERNETES = RuntimeType.DOCKER, RuntimeType.KUBERNETES


@pytest.mark.parametrize(
    ("text", "runtime", "namespace", "expected"),
    [
        ("web", None, "", (None, "", "", "web")),
        ("abc123def456", None, "", (None, "", "", "abc123def456")),
        ("Web_1.x-y", None, "", (None, "", "", "Web_1.x-y")),
        ("a", None, "", (None, "", "", "a")),
        ("a" * 64, None, "", (None, "", "", "a" * 64)),
        ("docker/web", None, "", (DOCKER, "", "", "web")),
        ("docker/web", DOCKER, "", (DOCKER, "", "", "web")),
        ("docker/kubernetes", None, "", (DOCKER, "", "", "kubernetes")),
        ("docker", None, "", (None, "", "", "docker")),
        ("web", DOCKER, "", (DOCKER, "", "", "web")),
        ("web", KUBERNETES, "", (KUBERNETES, "", "", "web")),
        ("web", None, "prod", (KUBERNETES, "prod", "", "web")),
        ("web", KUBERNETES, "prod", (KUBERNETES, "prod", "", "web")),
        ("prod/web", None, "", (KUBERNETES, "prod", "", "web")),
        ("prod/web", KUBERNETES, "prod", (KUBERNETES, "prod", "", "web")),
        ("prod/deployment/web", None, "", (KUBERNETES, "prod", "deployment", "web")),
        ("prod/Deployment/web", None, "", (KUBERNETES, "prod", "deployment", "web")),
        ("prod/deployments.apps/web", None, "", (KUBERNETES, "prod", "deployments.apps", "web")),
        ("kubernetes/web", None, "", (KUBERNETES, "", "", "web")),
        ("kubernetes/web", None, "prod", (KUBERNETES, "prod", "", "web")),
        ("kubernetes/prod/web", None, "", (KUBERNETES, "prod", "", "web")),
        ("kubernetes/prod/web.example.com", None, "", (KUBERNETES, "prod", "", "web.example.com")),
        ("kubernetes/prod/deployment/web", None, "", (KUBERNETES, "prod", "deployment", "web")),
        ("kubernetes/docker/web", None, "", (KUBERNETES, "docker", "", "web")),
    ],
)
def test_a_target_is_recognised(
    text: str,
    runtime: RuntimeType | None,
    namespace: str,
    expected: tuple[RuntimeType | None, str, str, str],
) -> None:
    target = parse_target(text, runtime=runtime, namespace=namespace)
    assert (target.runtime, target.namespace, target.kind, target.name) == expected
    assert target.text == text


@pytest.mark.parametrize(
    ("text", "runtime", "namespace", "words"),
    [
        ("prod/web", DOCKER, "", "runtime=docker"),
        ("kubernetes/web", DOCKER, "", "runtime=docker"),
        ("docker/web", KUBERNETES, "", "runtime=kubernetes"),
        ("prod/web", None, "test", "namespace=test"),
        ("docker/web", None, "prod", "no namespace"),
        ("web", DOCKER, "prod", "no namespace"),
        ("docker/prod/web", None, "", "no namespace"),
        ("kubernetes/a/b/c/d", None, "", "too many parts"),
        ("a/b/c/d", None, "", "too many parts"),
    ],
)
def test_a_contradiction_is_refused(text: str, runtime: RuntimeType | None, namespace: str, words: str) -> None:
    with pytest.raises(InvalidTargetError, match=words) as refusal:
        parse_target(text, runtime=runtime, namespace=namespace)
    assert repr(text) in str(refusal.value)
    assert refusal.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        " web",
        "web ",
        "we b",
        "web\n",
        "..",
        "../web",
        "-web",
        ".web",
        "_web",
        "wéb",
        "контейнер",
        "web;rm",
        "{{ x }}",
        "a" * 254,
        "docker/",
        "docker/..",
        "docker/we b",
        "kubernetes/",
        "kubernetes/prod/..",
        "kubernetes/prod/Web",
        "kubernetes/prod/web_1",
        "kubernetes/Prod/web",
        "prod/",
        "prod/-web",
        "prod/" + "a" * 254,
        "a" * 64 + "/web",
        "pr.od/web",
        "prod/dep loyment/web",
        "prod/../web",
        "/web",
        "//web",
        "prod//web",
        "kubernetes//web",
        "kubernetes/prod//web",
    ],
    ids=lambda text: repr(text[:24]),
)
def test_what_cannot_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidTargetError) as refusal:
        parse_target(text)
    assert refusal.value.hint
    assert refusal.value.failure()["target"] == repr(text)


def test_a_path_is_the_target_without_its_runtime() -> None:
    assert parse_target("kubernetes/prod/deployment/web").path == "prod/deployment/web"
    assert Target("web", "web").path == "web"


@pytest.mark.parametrize("namespace", ["prod", "a", "team-1", "a" * 63])
def test_a_namespace_is_accepted(namespace: str) -> None:
    assert check_namespace(namespace) == namespace


@pytest.mark.parametrize("namespace", ["", "Prod", "-a", "a-", "a.b", "a b", "a/b", "a" * 64, "prod\n"])
def test_a_text_that_is_no_namespace_is_refused(namespace: str) -> None:
    with pytest.raises(InvalidTargetError, match="not a namespace"):
        check_namespace(namespace)


def test_the_nearest_names_come_first_and_are_at_most_three() -> None:
    assert nearest_names("web-1", ["db", "web-2", "web-3", "web-4", "web-5", "web-2"]).count("web-") == 3
    assert nearest_names("wbe", ["db", "web"]) == "did you mean web?"
    assert nearest_names("xyz", ["db", "web"]) == "list what is there with nekzus_container_info"
    assert nearest_names("xyz", []) == "list what is there with nekzus_container_info"
