# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options in the RUNTIME section of the argument specification."""

from __future__ import annotations


class ModuleDocFragment:
    """Which runtime, and how to reach it. ``ADDRESSES`` is the latter alone."""

    WHICH = r"""
options:
  runtime:
    description:
      - The runtime that has the containers.
      - V(auto) takes the runtime that the target itself names, else Kubernetes for a target with a namespace, else
        the primary runtime.
    type: str
    choices: [auto, docker, kubernetes]
    default: auto
  namespace:
    description:
      - The Kubernetes namespace of targets that do not name theirs. Setting it means Kubernetes.
    type: str
"""

    ADDRESSES = r"""
options:
  docker_host:
    description:
      - Where the Docker daemon is, for example V(unix:///var/run/docker.sock), V(tcp://10.0.0.5:2376) or
        V(ssh://admin@10.0.0.5). Podman's Docker-compatible socket will do as well.
      - V(ssh://) asks nothing. The key, and the key of the host in C(known_hosts), have to be there. A port other than
        22 has to stand in the address.
      - Wins over O(runtimes.docker.socket_path). Without either, the environment variable E(DOCKER_HOST), else the
        default socket.
    type: str
  kubeconfig:
    description:
      - The path of a kubeconfig, or its content as a dictionary.
      - Wins over O(runtimes.kubernetes.kubeconfig). Without either, E(K8S_AUTH_KUBECONFIG), E(KUBECONFIG) (which may
        name several files), C(~/.kube/config), or the account of the pod that it runs in.
      - Is not read when there is an address of a server in O(runtimes.kubernetes.host) or E(K8S_AUTH_HOST).
    type: raw
  context:
    description:
      - The context of the kubeconfig. Wins over O(runtimes.kubernetes.context); without either,
        E(K8S_AUTH_CONTEXT), or the kubeconfig's current one.
    type: str
  runtimes:
    description:
      - The whole configuration of the runtimes, the same in modules, inventory, roles and C(module_defaults).
      - Durations are texts as Go writes them (V(30s), V(1m30s), V(500ms)), or seconds.
    type: dict
    suboptions:
      primary:
        description: The runtime of targets that do not say theirs. The default is V(docker).
        type: str
        choices: [docker, kubernetes]
      docker:
        description: The Docker daemon.
        type: dict
        suboptions:
          enabled:
            description: Whether tasks may use Docker. The default is V(true).
            type: bool
          socket_path:
            description: Where the daemon is, as O(docker_host) says it, or the path of a socket.
            type: str
          tls:
            description:
              - How to speak TLS with a V(tcp://) daemon. Setting any of these switches TLS on.
              - What it does not say, the environment does for a V(tcp://) daemon, file by file in
                E(NEKZUS_DOCKER_CA_PATH), E(NEKZUS_DOCKER_CLIENT_CERT) and E(NEKZUS_DOCKER_CLIENT_KEY). Each of these
                and E(NEKZUS_DOCKER_VALIDATE_CERTS) switches TLS on.
              - Without those, E(DOCKER_TLS_VERIFY) does, with C(ca.pem), C(cert.pem) and C(key.pem) in
                E(DOCKER_CERT_PATH).
            type: dict
            suboptions:
              ca_path:
                description: The file of the authority that signed the daemon's certificate.
                type: path
              client_cert:
                description: The file of the client certificate.
                type: path
              client_key:
                description: The file of the client certificate's key.
                type: path
              validate_certs:
                description:
                  - Whether the daemon's certificate is verified. The default is V(true).
                    Also E(NEKZUS_DOCKER_VALIDATE_CERTS).
                type: bool
              hostname:
                description:
                  - The host name that the daemon's certificate must be for, if it is not that of the address.
                    Also E(DOCKER_TLS_HOSTNAME), which does not switch TLS on by itself.
                type: str
          timeout:
            description: How long to wait for an answer. The default is V(60s).
            type: str
      kubernetes:
        description: The Kubernetes cluster.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether tasks may use Kubernetes. By default they may as soon as a task asks for it, or there is a
                kubeconfig, a credential or the account of a pod.
            type: bool
          kubeconfig:
            description: The path of a kubeconfig, or its content as a dictionary.
            type: raw
          context:
            description: The context of the kubeconfig.
            type: str
          host:
            description: The URL of the API server, instead of a kubeconfig. Also E(K8S_AUTH_HOST).
            type: str
          api_key:
            description: The bearer token for the API server. Also E(K8S_AUTH_API_KEY).
            type: str
          ca_cert:
            description: The file of the authority that signed the server's certificate. Also E(K8S_AUTH_SSL_CA_CERT).
            type: path
          client_cert:
            description: The file of the client certificate. Also E(K8S_AUTH_CERT_FILE).
            type: path
          client_key:
            description: The file of the client certificate's key. Also E(K8S_AUTH_KEY_FILE).
            type: path
          validate_certs:
            description:
              - Whether the server's certificate is verified. The default is V(true). Also E(K8S_AUTH_VERIFY_SSL).
            type: bool
          proxy:
            description: The URL of a proxy to the API server. Also E(K8S_AUTH_PROXY).
            type: str
          impersonate_user:
            description: The user to act as. Also E(K8S_AUTH_IMPERSONATE_USER).
            type: str
          namespaces:
            description: The only namespaces that tasks may see and touch. Empty means all.
            type: list
            elements: str
          metrics_server:
            description: Whether the cluster is asked for metrics. The default is V(true).
            type: bool
          metrics_cache_ttl:
            description: How long metrics are kept between tasks. The default is V(30s), V(0s) switches it off.
            type: str
          timeout:
            description: How long to wait for an answer. The default is V(30s).
            type: str
requirements:
  - Python >= 3.9 where it runs
  - docker (the Docker SDK for Python) for Docker, with C(docker[ssh]) for V(ssh://) addresses
  - kubernetes (the Kubernetes client for Python) for Kubernetes
"""

    DOCUMENTATION: str = WHICH + ADDRESSES.partition("options:\n")[2]
