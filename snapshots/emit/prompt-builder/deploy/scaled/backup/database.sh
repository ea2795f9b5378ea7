#!/bin/sh
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Saves the data of database and puts it back: save, list, verify [COPY], restore [COPY], rehearse [COPY].
# Without a name the newest copy is meant.
set -eu
umask 077

FOLDER=/var/lib/postgresql/data
PGPASSWORD="$(cat /run/secrets/database_password)"
export PGPASSWORD

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
  name="database_${stamp}.dump"
  BACKUP_FILE="${FOLDER}/.partial.${name}"
  export BACKUP_FILE
  pg_dump --format=custom --compress=9 --file="${BACKUP_FILE}"
  test -s "${BACKUP_FILE}"
  prove
  sync
  mv "${BACKUP_FILE}" "${FOLDER}/${name}"
  rm -f "${FOLDER}/.failed"
  find "${FOLDER}" -name 'database_*.dump' -mtime +30 -delete
  echo "saved ${name}"
}

# Reads BACKUP_FILE back without touching the data.
prove() {
  pg_restore --list "${BACKUP_FILE}" >/dev/null
}

list() {
  find "${FOLDER}" -name 'database_*.dump' | sed 's|.*/||' | sort
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
  pg_restore --clean --if-exists --single-transaction --exit-on-error --dbname="${PGDATABASE:?}" "${BACKUP_FILE}"
  echo "restored ${name}"
}

# The whole way back, into a scratch place beside the data.
rehearse() {
  dropdb --if-exists rehearsal
  createdb rehearsal
  pg_restore --exit-on-error --dbname=rehearsal "${BACKUP_FILE}"
  dropdb rehearsal
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
