# shellcheck shell=bash
# What every script here uses. To be sourced; sets ROOT to the checkout.
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
