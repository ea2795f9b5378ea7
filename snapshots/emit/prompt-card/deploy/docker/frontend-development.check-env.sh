#!/bin/sh
# Checks the variables that the program reads, then starts the command. No value is ever shown.
set -eu

failed=0
name=""
value=""
expected=""

problem() {
  echo "check-env: ${name} $1; expected ${expected}" >&2
  failed=1
}

# variable NAME required|optional EXPECTED: the checks below are about this one. An empty value counts as none.
variable() {
  name="$1"
  expected="$3"
  value="$(printenv "${name}" || true)"
  if [ -z "${value}" ] && [ "$2" = required ]; then
    problem "is not set"
  fi
}

# one_of WORD…
one_of() {
  if [ -z "${value}" ]; then return; fi
  for word in "$@"; do
    if [ "${word}" = "${value}" ]; then return; fi
  done
  problem "is none of the known words"
}

# whole MIN MAX: numbers of at most 18 digits, which every shell can compare.
whole() {
  if [ -z "${value}" ]; then return; fi
  case "${value#-}" in
    "" | *[!0-9]*) problem "is not a whole number" ;;
    ???????????????????*) problem "is too long for a number" ;;
    *)
      if [ "${value}" -lt "$1" ] || [ "${value}" -gt "$2" ]; then
        problem "is out of range"
      fi
      ;;
  esac
}

number() {
  if [ -z "${value}" ]; then return; fi
  case "${value#-}" in
    "" | *[!0-9.]* | *.*.* | .* | *.) problem "is not a number" ;;
    *) ;;
  esac
}

# url [SCHEME…]: any scheme where none is named.
url() {
  case "${value}" in
    "") return ;;
    *[[:space:]]*) problem "holds a blank" ;;
    [A-Za-z]*://?*) ;;
    *) problem "is not a URL" ;;
  esac
  if [ "$#" -eq 0 ]; then return; fi
  for scheme in "$@"; do
    if [ "${value%%://*}" = "${scheme}" ]; then return; fi
  done
  problem "has another scheme"
}

host() {
  case "${value}" in
    *[!A-Za-z0-9.-]*) problem "is not a host name" ;;
    *) ;;
  esac
}

absolute() {
  case "${value}" in
    "" | /*) ;;
    *) problem "is not an absolute path" ;;
  esac
}

# length MIN [MAX]
length() {
  if [ -z "${value}" ]; then return; fi
  if [ "${#value}" -lt "$1" ]; then problem "is too short"; fi
  if [ "$#" -gt 1 ] && [ "${#value}" -gt "$2" ]; then problem "is too long"; fi
}

variable NODE_ENV required 'one of development or production'
one_of development production

variable PORT optional 'a port from 1 to 65535'
whole 1 65535

variable HOSTNAME optional 'a host name'
host

variable NEXT_TELEMETRY_DISABLED optional 'one of 1'
one_of 1

if [ "${failed}" -ne 0 ]; then exit 78; fi
exec "$@"
