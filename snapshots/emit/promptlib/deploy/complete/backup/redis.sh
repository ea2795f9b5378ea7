#!/bin/sh
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Saves the data of redis and puts it back: save, list, verify [COPY], restore [COPY], rehearse [COPY].
# Without a name the newest copy is meant.
set -eu
umask 077

FOLDER=/data
REDISCLI_AUTH="$(cat /run/secrets/redis_password)"
export REDISCLI_AUTH

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
  name="redis_${stamp}.rdb"
  BACKUP_FILE="${FOLDER}/.partial.${name}"
  export BACKUP_FILE
  redis-cli -h "${REDIS_HOST:?}" --rdb "${BACKUP_FILE}" >/dev/null
  test -s "${BACKUP_FILE}"
  prove
  sync
  mv "${BACKUP_FILE}" "${FOLDER}/${name}"
  rm -f "${FOLDER}/.failed"
  find "${FOLDER}" -name 'redis_*.rdb' -mtime +7 -delete
  echo "saved ${name}"
}

# Reads BACKUP_FILE back without touching the data.
prove() {
  redis-check-rdb "${BACKUP_FILE}" >/dev/null
}

list() {
  find "${FOLDER}" -name 'redis_*.rdb' | sed 's|.*/||' | sort
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
  printf 'port 6399\nbind 127.0.0.1\nsave ""\ndaemonize yes\nlogfile /dev/null\ndir %s\ndbfilename %s\nrequirepass %s\n' "${BACKUP_FILE%/*}" "${BACKUP_FILE##*/}" "${REDISCLI_AUTH:?}" >/tmp/copy.conf
  redis-server /tmp/copy.conf
  trap 'redis-cli -p 6399 shutdown nosave' EXIT
  timeout 600 sh -c 'until redis-cli -p 6399 ping 2>/dev/null | grep -q PONG; do sleep 1; done'
  redis-cli -e -h "${REDIS_HOST:?}" flushall >/dev/null
  printf %s "${REDISCLI_AUTH}" | redis-cli -e -p 6399 -x eval 'for db = 0, 15 do redis.call("select", db) for _, key in ipairs(redis.call("keys", "*")) do redis.call("migrate", ARGV[1], "6379", key, db, 60000, "copy", "replace", "auth", ARGV[2]) end end' 0 "${REDIS_HOST}" >/dev/null
  echo "restored ${name}"
}

# The whole way back, into a scratch place beside the data.
rehearse() {
  printf 'port 6399\nbind 127.0.0.1\nsave ""\ndaemonize yes\nlogfile /dev/null\ndir %s\ndbfilename %s\nrequirepass %s\n' "${BACKUP_FILE%/*}" "${BACKUP_FILE##*/}" "${REDISCLI_AUTH:?}" >/tmp/copy.conf
  redis-server /tmp/copy.conf
  trap 'redis-cli -p 6399 shutdown nosave' EXIT
  timeout 600 sh -c 'until redis-cli -p 6399 ping 2>/dev/null | grep -q PONG; do sleep 1; done'
  redis-cli -e -p 6399 info keyspace
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
