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
  name="backend_${stamp}.db.gz"
  BACKUP_FILE="${FOLDER}/.partial.${name}"
  export BACKUP_FILE
  test -s "${DATABASE:?}"
  plain="${BACKUP_FILE%.gz}"
  rm -f "${plain}"
  sqlite3 -bail -cmd '.timeout 60000' "${DATABASE}" ".backup '${plain}'"
  answer="$(sqlite3 "${plain}" 'PRAGMA journal_mode=DELETE')"
  test "${answer}" = delete
  gzip -f "${plain}"
  test -s "${BACKUP_FILE}"
  prove
  sync
  mv "${BACKUP_FILE}" "${FOLDER}/${name}"
  rm -f "${FOLDER}/.failed"
  find "${FOLDER}" -name 'backend_*.db.gz' -mtime +30 -delete
  echo "saved ${name}"
}

# Reads BACKUP_FILE back without touching the data.
prove() {
  plain="${FOLDER:?}/.partial.verified.$$.db"
  gzip -dc "${BACKUP_FILE}" >"${plain}"
  answer="$(sqlite3 "${plain}" 'PRAGMA integrity_check')"
  test "${answer}" = ok
  rm -f "${plain}"
}

list() {
  find "${FOLDER}" -name 'backend_*.db.gz' | sed 's|.*/||' | sort
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
  gzip -dc "${BACKUP_FILE}" >"${DATABASE:?}.restored"
  answer="$(sqlite3 "${DATABASE}.restored" 'PRAGMA integrity_check')"
  test "${answer}" = ok
  sync
  rm -f "${DATABASE}-wal" "${DATABASE}-shm"
  mv "${DATABASE}.restored" "${DATABASE}"
  echo "restored ${name}"
}

# The whole way back, into a scratch place beside the data.
rehearse() {
  plain="${FOLDER:?}/.partial.rehearsal.$$.db"
  gzip -dc "${BACKUP_FILE}" >"${plain}"
  answer="$(sqlite3 "${plain}" 'PRAGMA integrity_check')"
  test "${answer}" = ok
  answer="$(sqlite3 "${plain}" 'PRAGMA foreign_key_check')"
  test -z "${answer}"
  answer="$(sqlite3 "${plain}" 'SELECT count(*) FROM sqlite_schema')"
  test "${answer}" -gt 0
  rm -f "${plain}"
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
