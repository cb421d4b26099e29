# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lets Ansible run tasks inside a container: the variables of its connection plugins. Pure.

No secret is among them: files are named, and what a user wrote into the environment is left there, where the
connection plugins look as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

from ..module_utils._runtime.errors import InvalidConfigError
from ..module_utils._runtime.mask import mask_urls
from ..module_utils._runtime.types import Container, RuntimeType

if TYPE_CHECKING:
    from ..module_utils._runtime.config import DockerConfig, KubernetesConfig
    from ..module_utils._runtime.inventory.endpoints import Endpoint

Variables = dict[str, Any]


def connection_variables(endpoint: Endpoint) -> Callable[[Container], Variables]:
    """Return what makes the connection variables of a container of an endpoint.

    Raises InvalidConfigError when they would have to hold a secret.
    """
    if endpoint.type is RuntimeType.DOCKER:
        daemon = _daemon(endpoint.config.docker, endpoint.said.docker)
        return lambda container: {**daemon, "ansible_host": container.name}
    cluster = _cluster(endpoint.name, endpoint.said.kubernetes)
    return lambda container: {**cluster, **_pod(container)}


def cautions(endpoint: Endpoint) -> tuple[str, ...]:
    """Return what a user has to do so that the connections work."""
    if endpoint.type is RuntimeType.KUBERNETES and endpoint.said.kubernetes.api_key:
        told = "its api_key is not written into the inventory: connections take it from K8S_AUTH_API_KEY"
        return (f"endpoint {endpoint.name}: {told}",)
    return ()


def _daemon(config: DockerConfig, said: DockerConfig) -> Variables:
    """https://docs.ansible.com/ansible/latest/collections/community/docker/docker_api_connection.html."""
    found: Variables = {"ansible_connection": "community.docker.docker_api"}
    if mask_urls(config.socket_path) == config.socket_path:
        found["ansible_docker_docker_host"] = config.socket_path
    if config.tls:
        # Either switches TLS on.
        found["ansible_docker_validate_certs" if config.tls.validate_certs else "ansible_docker_tls"] = True
    if said.tls:
        names = {"ca_path": "ca_path", "client_cert": "client_cert", "client_key": "client_key"}
        files = {f"ansible_docker_{name}": getattr(said.tls, key) for key, name in names.items()}
        found.update({name: value for name, value in files.items() if value})
    if config.tls and config.tls.hostname:
        found["ansible_docker_tls_hostname"] = config.tls.hostname
    return found


def _cluster(name: str, said: KubernetesConfig) -> Variables:
    """https://docs.ansible.com/ansible/latest/collections/kubernetes/core/kubectl_connection.html."""
    if isinstance(said.kubeconfig, Mapping):
        hint = "write it to a file and give its path, or set connection to none"
        raise InvalidConfigError(f"endpoint {name}: a kubeconfig that is no file cannot serve connections", hint=hint)
    found: Variables = {
        "ansible_connection": "kubernetes.core.kubectl",
        # The plugin hands kubectl any value of it in a form that kubectl refuses, that of K8S_AUTH_VERIFY_SSL too.
        "ansible_kubectl_validate_certs": "",
    }
    if said.kubeconfig or said.context:
        # What the environment says of another cluster shall not get there.
        found.update({"ansible_kubectl_host": "", "ansible_kubectl_token": ""})
    values = {
        "kubeconfig": os.path.expanduser(said.kubeconfig) if said.kubeconfig else "",  # noqa: PTH111 - not to be changed
        "context": said.context,
        "host": said.host,
        "ca_cert": said.ca_cert,
        "client_cert": said.client_cert,
        "client_key": said.client_key,
        "extra_args": _arguments(said),
    }
    found.update({f"ansible_kubectl_{key}": value for key, value in values.items() if value})
    if said.proxy and mask_urls(said.proxy) == said.proxy:
        found["ansible_kubectl_local_env_vars"] = {"HTTPS_PROXY": said.proxy}
    return found


def _arguments(said: KubernetesConfig) -> str:
    found = [] if said.validate_certs else ["--insecure-skip-tls-verify=true"]
    if said.impersonate_user:
        found.append(f"--as={said.impersonate_user}")
    return " ".join(found)


def _pod(container: Container) -> Variables:
    """Return which pod; of a workload any that it has when a task comes."""
    path = container.address.split("/")[2:]
    found: Variables = {
        "ansible_kubectl_namespace": container.namespace,
        "ansible_kubectl_pod": "/".join(path),
    }
    if container.process:
        found["ansible_kubectl_container"] = container.process
    return found
