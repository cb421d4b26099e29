# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What plugins on the controller share: options to runtimes, our errors to Ansible's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from ansible.errors import AnsibleError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import runtime as docker_runtime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType
from ansible_collections.nekzus.runtime.plugins.plugin_utils import _plugin
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig


class Plugin:
    """A plugin, as far as its options go."""

    def __init__(self, **options: Any) -> None:
        """Take the options; others are not set."""
        self._options = options

    def get_option(self, option: str) -> Any:
        """Return an option's value."""
        return self._options.get(option)


class Screen:
    """An Ansible display that remembers what it warned of; the real one would take over every module's warnings."""

    warnings: ClassVar[list[str]] = []

    def warning(self, text: str) -> None:
        """Remember it."""
        self.warnings.append(text)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[DockerConfig, FakeDocker]]:
    """Collect what is connected to, and the fake that answers."""
    connections: list[tuple[DockerConfig, FakeDocker]] = []

    def connect(config: DockerConfig, **_options: Any) -> FakeDocker:
        connections.append((config, FakeDocker()))
        return connections[-1][1]

    monkeypatch.setattr(docker_runtime, "connect", connect)
    return connections


def test_the_options_of_a_plugin_say_where_the_runtimes_are(opened: list[tuple[DockerConfig, FakeDocker]]) -> None:
    plugin = Plugin(docker_host="tcp://10.0.0.5:2375", runtimes={"docker": {"timeout": "5s"}})
    with _plugin.opened_runtimes(plugin) as runtimes:
        assert runtimes.primary().type is RuntimeType.DOCKER
        ((config, client),) = opened
        assert (config.socket_path, config.timeout) == ("tcp://10.0.0.5:2375", 5)
        assert not client.closed
    assert client.closed


def test_the_environment_says_it_where_the_options_do_not(
    opened: list[tuple[DockerConfig, FakeDocker]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.6:2375")
    with _plugin.opened_runtimes(Plugin()) as runtimes:
        runtimes.primary()
    assert opened[0][0].socket_path == "tcp://10.0.0.6:2375"


def test_an_error_of_ours_becomes_one_of_ansible_with_the_whole_sentence() -> None:
    plugin = Plugin(runtimes={"dokcer": {}})
    with (
        pytest.raises(AnsibleError, match=r"runtimes\.dokcer is not a key\. Hint: did you mean docker\?"),
        _plugin.opened_runtimes(plugin),
    ):
        pytest.fail("it opened")


def test_a_warning_on_the_configuration_is_shown(
    opened: list[tuple[DockerConfig, FakeDocker]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_plugin, "Display", Screen)
    monkeypatch.setattr(Screen, "warnings", [])
    with _plugin.opened_runtimes(Plugin(runtimes={"primary": "docker", "docker": {"enabled": False}})):
        assert not opened
    assert Screen.warnings == ["runtimes.primary is docker, which runtimes.docker.enabled switches off"]
