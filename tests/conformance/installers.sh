# shellcheck shell=bash
# Ways to install tools into the folder $tools, with pins beside the script in $here; must leave the machine as it was.

# once NAME PINS COMMAND...: runs COMMAND unless NAME was installed from the same PINS.
once() {
  local name=$1 pins=$2
  shift 2
  [[ -e $tools/$name.stamp && $(<"$tools/$name.stamp") == "$pins" ]] && return
  printf 'install %s\n' "$name"
  rm -rf -- "${tools:?}/$name" "$tools/$name.stamp"
  "$@"
  printf '%s\n' "$pins" >"$tools/$name.stamp"
}

# python NAME PACKAGE...: a virtual environment. Wheels only: building from source would need compilers.
python() {
  local name=$1
  shift
  python3 -m venv "$tools/$name"
  "$tools/$name/bin/pip" --quiet --disable-pip-version-check install --only-binary :all: \
    --constraint "$here/constraints/$name.txt" "$@"
}

# node_packages NAME FILE...: what package-lock.json says, with other files of $here beside it; no script of a package runs.
node_packages() {
  local name=$1
  shift
  mkdir -p -- "$tools/$name"
  (cd -- "$here" && cp -- package.json package-lock.json "$@" "$tools/$name/")
  npm --prefix "$tools/$name" ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

# suite_apt SUITE COMMAND...: apt against SUITE of the mirror that this machine uses, with state of its own.
suite_apt() {
  local suite=$1 state=$tools/apt-$1 mirror
  shift
  if [[ ! -e $state/ready ]]; then
    mkdir -p -- "$state"/{lists/partial,cache/archives/partial,preferences.d}
    # What an update would read first is known without one, and names the mirror.
    mirror=$(apt-get --print-uris update | awk -F"'" '$2 ~ "/dists/bookworm/InRelease$" && !seen++ { sub("/dists/.*", "", $2); print $2 }')
    [[ -n $mirror ]] || { printf 'install: apt knows no mirror of bookworm\n' >&2; return 1; }
    : >"$state/status"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" >"$state/sources.list"
    cat >"$state/apt.conf" <<CONF
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "$state/preferences.d";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::Cache "$state/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
    APT_CONFIG=$state/apt.conf apt-get -qq update
    touch -- "$state/ready"
  fi
  APT_CONFIG=$state/apt.conf "$@"
}

# debian NAME SUITE PACKAGE...: unpacks packages into a folder that can be a root: its programs run with their own libc.
debian() {
  local name=$1 suite=$2 root=$tools/$1 package
  shift 2
  mkdir -p -- "$root/debs" "$root/usr"/{bin,sbin,lib,lib64}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root/"
  (cd -- "$root/debs" && suite_apt "$suite" apt-get -qq download "$@")
  for package in "$root"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink
  done
  rm -r -- "$root/debs"
}

# What a stamp holds: the pins that are not in the arguments are added as a digest.
digest() { (cd -- "$here" && cat -- "$@" | sha256sum); }

# debian_program NAME SUITE PROGRAM PACKAGE: a program of a package with all that it depends on, started by $tools/NAME/run.
debian_program() {
  local name=$1 suite=$2 program=$3 package=$4
  local -a packages
  mapfile -t packages < <(suite_apt "$suite" apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
    --no-breaks --no-replaces --no-enhances "${package%%=*}" | grep '^[a-z0-9]' | grep -vx "${package%%=*}")
  debian "$name" "$suite" "$package" "${packages[@]}"
  printf '%s\n' '#!/bin/sh' "root=\${0%/*}" \
    "exec \"\$root\"/lib64/ld-linux-*.so.2 --library-path \"\$(echo \"\$root\"/usr/lib/*-linux-gnu)\" \"\$root/usr/bin/$program\" \"\$@\"" \
    >"$tools/$name/run"
  chmod +x "$tools/$name/run"
}
