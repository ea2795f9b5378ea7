#!/usr/bin/env bash
# engine.sh install|up|down|env: a Docker engine of our own beside any other, with its own socket, bridge and address pools.
# `eval "$(engine.sh env)"` points the command line at it. Must not touch another engine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"

tools=$E2E_STATE/tools
engine=$E2E_STATE/engine
bridge=br-stackc-e2e
gateway=10.213.255.1
registry=127.0.0.1:15090

# Root of some machines may neither lower an OOM score nor raise a limit above its own, and runc then starts nothing.
# A wrapper takes both back to what is allowed.
wrap_runc() {
  local real
  real=$(command -v runc)
  rm -f -- "$tools/bin/runc"
  (echo -1 >/proc/self/oom_score_adj) 2>/dev/null && return
  printf '#!/bin/sh\nexec python3 -B "%s/engine/runc.py" "%s" "$@"\n' "$E2E_SOURCE" "$real" >"$tools/bin/runc"
  chmod 755 "$tools/bin/runc"
}

install_programs() {
  debian_install runc iptables tini debian-archive-keyring iproute2 openssl curl
  if [[ ! -e $tools/ready ]]; then
    debian_extract "$E2E_SUITE" "$tools/packages" docker.io docker-cli docker-buildx docker-compose containerd
    debian_extract bookworm "$tools/packages" docker-registry
    mkdir -p -- "$tools/bin" "$tools/config/cli-plugins"
    local program
    for program in sbin/dockerd sbin/docker-proxy bin/docker bin/containerd bin/containerd-shim-runc-v2 bin/docker-registry; do
      ln -sf -- "$tools/packages/usr/$program" "$tools/bin/"
    done
    # Mounted into containers that ask for an init process, hence the static one.
    ln -sf -- "$(command -v tini-static)" "$tools/bin/docker-init"
    ln -sf -- "$tools"/packages/usr/libexec/docker/cli-plugins/docker-{buildx,compose} "$tools/config/cli-plugins/"
    printf '{}\n' >"$tools/config/config.json"
    touch -- "$tools/ready"
  fi
  wrap_runc
}

up() {
  mkdir -p -- "$engine"
  # A dockerd that is given a bridge deletes `docker0`: put another engine's back.
  local address
  address=$(ip -4 -o addr show docker0 2>/dev/null | awk '{print $4}' || :)
  if ! ip link show "$bridge" >/dev/null 2>&1; then
    ip link add "$bridge" type bridge
    ip addr add "$gateway/24" dev "$bridge"
    ip link set "$bridge" up
  fi
  iptables-save 2>/dev/null | grep -q DOCKER || touch -- "$engine/alone"
  start_registry
  PATH=$tools/bin:$PATH nohup "$tools/bin/dockerd" --data-root "$engine/data" --exec-root "$engine/exec" \
    --host "unix://$engine/docker.sock" --pidfile "$engine/dockerd.pid" --bridge "$bridge" \
    --registry-mirror "http://$registry" --default-address-pool base=10.213.0.0/17,size=24 >"$engine/dockerd.log" 2>&1 9>&- &
  local _
  for _ in $(seq 60); do
    "$tools/bin/docker" --host "unix://$engine/docker.sock" version >/dev/null 2>&1 && break
    sleep 0.5
  done
  if [[ -n $address ]] && ! ip link show docker0 >/dev/null 2>&1; then
    ip link add docker0 type bridge
    ip addr add "$address" dev docker0
    ip link set docker0 up
  fi
  "$tools/bin/docker" --host "unix://$engine/docker.sock" version --format 'engine {{.Server.Version}}' || { tail -n 20 "$engine/dockerd.log"; return 1; }
}

# The engine's mirror of Docker Hub: what is pinned by digest is really pulled and compared.
start_registry() {
  cat >"$engine/registry.yml" <<CONF
version: 0.1
storage: {filesystem: {rootdirectory: $engine/registry}, delete: {enabled: true}}
http: {addr: "$registry", secret: e2e}
log: {level: warn}
CONF
  nohup "$tools/bin/docker-registry" serve "$engine/registry.yml" >"$engine/registry.log" 2>&1 9>&- &
  printf '%s\n' "$!" >"$engine/registry.pid"
}

# stop PIDFILE: asks the process, waits, and insists.
stop() {
  local pid _
  pid=$(cat -- "$1" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || :
  for _ in $(seq 60); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.5
  done
  kill -9 "$pid" 2>/dev/null || :
  rm -f -- "$1"
}

down() {
  stop "$engine/dockerd.pid"
  stop "$engine/registry.pid"
  ip link delete "$bridge" 2>/dev/null || :
  if [[ -e $engine/alone ]]; then
    iptables-save | grep -v DOCKER | iptables-restore || :
    rm -f -- "$engine/alone"
  fi
}

case ${1:-} in
  install) install_programs ;;
  up | down) "$1" ;;
  env) printf 'export DOCKER_HOST=unix://%s/docker.sock DOCKER_CONFIG=%s/config PATH=%s/bin:%s E2E_REGISTRY=%s E2E_STATE=%s\n' \
    "$engine" "$tools" "$tools" "$PATH" "$registry" "$E2E_STATE" ;;
  *) printf 'usage: engine.sh install|up|down|env\n' >&2; exit 2 ;;
esac
