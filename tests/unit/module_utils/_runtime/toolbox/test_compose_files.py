# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of a service, and the files that are put into it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import FileMount
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec

from .composing import project_of, service_of

FILES = {
    "web.env": b"A=1\nB='$A'\nC=\"x\\n${A}\" # why\n# none\nexport D = 4\n\nE\nF=a#b\nG=a #b\nH=\n",
    "conf.d/one": b"1",
    "conf.d/sub/two": b"2",
    "key.pem": b"k",
}


def test_an_environment_is_read_from_mappings_lists_and_files() -> None:
    assert service_of(environment={"A": 1, "B": True, "C": None, "D": "", "E": 1.5, "F": 0.1}).environment == {
        "A": "1",
        "B": "true",
        "D": "",
        "E": "1.5",
        "F": "0.1",
    }
    assert service_of(environment=["A=1=2", "B"]).environment == {"A": "1=2"}
    found = service_of(files=FILES, env_file="./web.env", environment=["A=own"]).environment
    assert found == {"A": "own", "B": "$A", "C": "x\n1", "D": "4", "F": "a#b", "G": "a", "H": ""}
    assert service_of(env_file=[{"path": "no.env", "required": False}]).environment == {}
    project = project_of({"services": {"web": {"image": "i", "environment": ["FROM"]}}}, values={"FROM": "outside"})
    assert project.services[0].environment == {"FROM": "outside"}


@pytest.mark.parametrize(
    ("files", "value", "words"),
    [
        ({}, "no.env", "the file no.env is not beside the template"),
        ({"a.env": b"\xff"}, "a.env", "the file is not UTF-8"),
        ({"a.env": b"A=1\n= 2\n"}, "a.env", "line 2 is no NAME=VALUE"),
        ({"a.env": b"A=1"}, [{"path": "a.env", "format": "raw"}], "this is not supported"),
        ({"a.env": b"A=$"}, "a.env", "a single $"),
    ],
)
def test_an_env_file_that_cannot_be_read_is_told(files: dict[str, bytes], value: Any, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        service_of(files=files, env_file=value)


def test_the_env_file_that_people_keep_for_compose_is_what_the_task_gives() -> None:
    data = {"services": {"web": {"image": "i", "env_file": ".env"}}}
    project = project_of(data, values={"A": "1", "SERVICE_NAME": "x"}, given={"A": "1"})
    assert project.services[0].environment == {"A": "1"}
    assert project.warnings == ("services.web.env_file: .env is not beside the template, env of the task is used",)
    assert project_of(data, files={".env": b"B=2"}, given={"A": "1"}).services[0].environment == {"B": "2"}


def test_secrets_in_an_environment_are_known_by_name_by_address_and_by_value() -> None:
    environment = {
        "DB_PASSWORD": "abcd",
        "URL": "pg://u:abcd@db/x",
        "COPY": "see abcd",
        "PLAIN": "x",
        "TOKEN": "",
        "KEY_FILE": "/x",
        "K": "zzz",
    }
    data = {"services": {"web": {"image": "i", "environment": environment}}}
    assert project_of(data, secrets=("abcd", "x")).services[0].secret == {"DB_PASSWORD", "URL", "COPY"}
    assert "abcd" not in repr(project_of(data))


def test_a_config_that_holds_a_secret_is_known_by_its_value_or_by_an_address() -> None:
    configs = {
        "known": {"content": "token: hunter2hunter2\n"},
        "address": {"content": "url = pg://u:geheim@db/x\n"},
        "plain": {"content": "colour: blue\n"},
        "beside": {"file": "./app.conf"},
    }
    data = {"configs": configs, "services": {"web": {"image": "i", "configs": list(configs)}}}
    project = project_of(data, files={"app.conf": b"\xff hunter2hunter2"}, secrets=("hunter2hunter2", "u"))
    assert {file.key: file.is_hidden for file in project.files} == {
        "known": True,
        "address": True,
        "plain": False,
        "beside": True,
    }


def test_a_config_and_a_secret_may_have_the_same_name() -> None:
    data = {
        "configs": {"app": {"content": "a"}},
        "secrets": {"app": {"content": "b"}},
        "services": {"web": {"image": "i", "configs": ["app"], "secrets": ["app"]}},
    }
    assert project_of(data).files == (FileSpec("app", b"a"), FileSpec("app", b"b", secret=True))


def test_configs_and_secrets_are_read_from_text_variables_and_files() -> None:
    data = {
        "configs": {"a": {"content": "text $$1"}, "b": {"file": "./key.pem"}, "unused": {"content": ""}},
        "secrets": {"s": {"environment": "PASS"}, "t": {"external": True, "name": "there"}},
        "services": {
            "web": {
                "image": "i",
                "configs": ["a", {"source": "b", "target": "/etc/b", "uid": "5", "gid": 6, "mode": 0o440}],
                "secrets": ["s", {"source": "t", "target": "short"}],
            }
        },
    }
    project = project_of(data, files=FILES, values={"PASS": "hunter22"})
    assert project.files == (
        FileSpec("a", b"text $1"),
        FileSpec("b", b"k"),
        FileSpec("s", b"hunter22", secret=True),
        FileSpec("t", None, "there", secret=True, external=True),
    )
    assert project.services[0].files == (
        FileMount("a", "/a"),
        FileMount("b", "/etc/b", uid=5, gid=6, mode=0o440),
        FileMount("s", "/run/secrets/s", secret=True),
        FileMount("t", "/run/secrets/short", secret=True),
    )


@pytest.mark.parametrize(
    ("top", "keys", "words"),
    [
        ({"configs": {"a": {}}}, {"configs": ["a"]}, "one of content, environment and file"),
        ({"configs": {"a": {"content": "x", "file": "y"}}}, {"configs": ["a"]}, "one of content, environment and file"),
        ({"configs": {"a": {"file": "no"}}}, {"configs": ["a"]}, "the file no is not beside the template"),
        ({"secrets": {"a": {"environment": "NO"}}}, {"secrets": ["a"]}, "the variable NO has no value"),
        ({"secrets": {"a": {"driver": "x", "content": "y"}}}, {}, "secrets.a.driver: this key is not supported"),
        ({}, {"configs": ["a"]}, "a is not declared"),
        ({}, {"secrets": [{"target": "x"}]}, "source is missing"),
        ({"configs": {"a": {"content": "x"}}}, {"configs": [{"source": "a", "mode": "rw"}]}, "this has to be a mode"),
    ],
)
def test_configs_and_secrets_that_cannot_be_are_told(top: Any, keys: Any, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        service_of(top=top, **keys)


def test_files_beside_the_template_are_put_into_the_container() -> None:
    data = {
        "services": {"web": {"image": "i", "volumes": ["./conf.d:/etc/conf.d:ro", "./key.pem:/key", "./other:/other"]}}
    }
    project = project_of(data, files=FILES)
    (service,) = project.services
    assert [(one.source, one.target) for one in service.files] == [
        ("file-conf.d-one", "/etc/conf.d/one"),
        ("file-conf.d-sub-two", "/etc/conf.d/sub/two"),
        ("file-key.pem", "/key"),
    ]
    assert [one.source for one in service.mounts] == ["./other"]
    assert [spec.content for spec in project.files] == [b"1", b"2", b"k"]
    (warning,) = project.warnings
    assert warning.startswith("services.web.volumes[1]: ./key.pem is put into the container")
