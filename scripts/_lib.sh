# shellcheck shell=bash
# What every script here uses. To be sourced; sets ROOT to the checkout.
shopt -s inherit_errexit
# shellcheck disable=SC2034 # ROOT is for those that source this
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

say() { echo "${0##*/}: $*" >&2; }
die() {
  say "$*"
  exit 1
}

# need COMMAND=PACKAGE...: install the Debian packages whose commands are missing.
need() {
  local pair missing=()
  for pair; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "please install ${missing[*]} (only root on Debian has it done by this script)"
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "apt-get could not install ${missing[*]}"
  fi
  rm -f "$log"
}

# use_venv LAYER: make the venv, and Ansible run from it find the checkout and
# nothing of the user's own configuration.
use_venv() {
  local bin
  bin=$("$ROOT/scripts/venv" "$1")
  export PATH=$bin:$PATH
  export ANSIBLE_CONFIG=$ROOT/.cache/ansible.cfg ANSIBLE_COLLECTIONS_PATH=$ROOT/.cache/collections
  export ANSIBLE_PYTHON_INTERPRETER=$bin/python ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_INVENTORY_UNPARSED_WARNING=False
  local link=$ANSIBLE_COLLECTIONS_PATH/ansible_collections/nekzus/runtime
  mkdir -p "$(dirname "$link")"
  : >"$ANSIBLE_CONFIG"
  [ -e "$link" ] || ln -s ../../../.. "$link"
}

# What was started here: ended by stop_engines, which belongs into an EXIT trap.
STARTED=()
stop_engines() {
  local kind
  for kind in "${STARTED[@]}"; do
    "$ROOT/scripts/engine" "$kind" down || say "scripts/engine $kind down failed"
  done
  STARTED=()
}

# start_engine KIND: set URL to that of the private engine, started unless it runs.
start_engine() {
  if URL=$("$ROOT/scripts/engine" "$1" host 2>/dev/null); then return 0; fi
  [ "${NEKZUS_ENGINE:-}" != none ] && [ "$(id -u)" = 0 ] || return 1
  STARTED+=("$1")
  URL=$("$ROOT/scripts/engine" "$1" up)
}

# find_docker: export DOCKER_HOST, of the engine that is there (DOCKER_HOST, then
# the default socket), or else of a private one. Wants use_venv. It asks by the
# SDK, because that is what the collection sees.
find_docker() {
  if python -c 'import docker; docker.from_env(timeout=10).ping()' 2>/dev/null; then
    export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}
  elif [ -n "${DOCKER_HOST:-}" ]; then
    say "no engine answers at DOCKER_HOST=$DOCKER_HOST"
    return 1
  else
    start_engine docker || return 1
    export DOCKER_HOST=$URL
  fi
}

# required WHAT: whether NEKZUS_REQUIRE names it.
required() { [[ ,${NEKZUS_REQUIRE:-}, == *,"$1",* ]]; }

# A cluster script has the commands up, down, path (of the kubeconfig) and env. Its
# cluster is taken when it runs, and brought up only when Kubernetes is asked for.
CLUSTER=$ROOT/../shared/kube/cluster
CLUSTER_STARTED=
stop_cluster() {
  [ -n "$CLUSTER_STARTED" ] || return 0
  CLUSTER_STARTED=
  "$CLUSTER" down || say "$CLUSTER down failed"
}
find_kubernetes() {
  [ -z "${NEKZUS_TEST_KUBECONFIG:-}" ] || return 0
  [ -x "$CLUSTER" ] && [ "$(id -u)" = 0 ] || return 1
  if ! "$CLUSTER" path | python -c '
import sys
from kubernetes import client, config
config.load_kube_config(sys.stdin.readline().strip())
client.VersionApi().get_code(_request_timeout=10)' 2>/dev/null; then
    required kubernetes && [ "${NEKZUS_ENGINE:-}" != none ] || return 1
    CLUSTER_STARTED=1
    env -u DOCKER_HOST "$CLUSTER" up >/dev/null || return 1 # (its node has an engine of its own)
  fi
  eval "$("$CLUSTER" env)"
}
