#!/bin/sh
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Saves the data of backend and puts it back: save, list, verify [COPY], restore [COPY], rehearse [COPY].
# Without a name the newest copy is meant.
set -eu
umask 077

FOLDER=/var/tmp

# Leaves a mark that the health check finds.
mark() {
  status="$?"
  if [ "${status}" != 0 ]; then
    : >"${FOLDER}/.failed"
  fi
}

# One copy, proven before a rename publishes it; older ones go when their time is over.
save() {
  trap mark EXIT
  find "${FOLDER}" -name '.partial.*' -mmin +360 -delete
  stamp="$(date -u +%Y%m%d_%H%M%S)"
  name="backend_${stamp}.tar.gz"
  BACKUP_FILE="${FOLDER}/.partial.${name}"
  export BACKUP_FILE
  tar -czf "${BACKUP_FILE:?}" -C / ./app/uploads
  test -s "${BACKUP_FILE}"
  prove
  sync
  mv "${BACKUP_FILE}" "${FOLDER}/${name}"
  rm -f "${FOLDER}/.failed"
  find "${FOLDER}" -name 'backend_*.tar.gz' -mtime +30 -delete
  echo "saved ${name}"
}

# Reads BACKUP_FILE back without touching the data.
prove() {
  tar -tzf "${BACKUP_FILE:?}" >/dev/null
}

list() {
  find "${FOLDER}" -name 'backend_*.tar.gz' | sed 's|.*/||' | sort
}

# Sets BACKUP_FILE to the copy of this name, or to the newest one.
choose() {
  name="${1:-}"
  if [ -z "${name}" ]; then
    name="$(list | tail -n 1)"
  fi
  BACKUP_FILE="${FOLDER}/${name}"
  export BACKUP_FILE
  if [ -z "${name}" ] || [ "${name}" != "${name##*/}" ] || [ ! -s "${BACKUP_FILE}" ]; then
    echo "there is no copy ${name}" >&2
    exit 3
  fi
}

restore() {
  prove
  set -- /app/uploads
  for folder in "$@"; do
    rm -rf "${folder}/.restored"
    mkdir "${folder}/.restored"
    tar -xzf "${BACKUP_FILE:?}" -C "${folder}/.restored" ".${folder}"
  done
  for folder in "$@"; do
    find "${folder}" -mindepth 1 -maxdepth 1 ! -name .restored -exec rm -rf {} +
    find "${folder}/.restored${folder}" -mindepth 1 -maxdepth 1 -exec mv {} "${folder}" \;
    rm -rf "${folder}/.restored"
  done
  echo "restored ${name}"
}

# The whole way back, into a scratch place beside the data.
rehearse() {
  scratch="${FOLDER:?}/.rehearsal"
  rm -rf "${scratch}"
  mkdir "${scratch}"
  tar -xzf "${BACKUP_FILE:?}" -C "${scratch}"
  set -- /app/uploads
  for folder in "$@"; do
    test -d "${scratch}${folder}"
  done
  rm -rf "${scratch}"
  echo "rehearsed ${name}"
}

case "${1:-}" in
  save) save ;;
  list) list ;;
  verify)
    choose "${2:-}"
    prove
    echo "verified ${name}"
    ;;
  restore)
    choose "${2:-}"
    restore
    ;;
  rehearse)
    choose "${2:-}"
    rehearse
    ;;
  *)
    echo "expected save, list, verify, restore or rehearse" >&2
    exit 2
    ;;
esac
