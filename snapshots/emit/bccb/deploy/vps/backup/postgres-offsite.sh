#!/bin/sh
# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# Brings the copies of postgres to s3://bccb-backups/db and back: push, fetch, list.
set -eu
umask 077

FOLDER=/var/lib/postgresql/data
PLACE=store:bccb-backups/db
RCLONE_CONFIG_STORE_TYPE=s3
RCLONE_CONFIG_STORE_ENV_AUTH=true
export RCLONE_CONFIG_STORE_TYPE RCLONE_CONFIG_STORE_ENV_AUTH
AWS_SHARED_CREDENTIALS_FILE=/run/secrets/backup_store
export AWS_SHARED_CREDENTIALS_FILE
# What leaves this machine is encrypted, names too; without this secret nobody can read it.
RCLONE_CONFIG_SEALED_TYPE=crypt
RCLONE_CONFIG_SEALED_REMOTE="${PLACE}"
RCLONE_CONFIG_SEALED_PASSWORD="$(rclone obscure - </run/secrets/backup_key)"
export RCLONE_CONFIG_SEALED_TYPE RCLONE_CONFIG_SEALED_REMOTE RCLONE_CONFIG_SEALED_PASSWORD
PLACE=sealed:

remote() {
  rclone --config /notfound "$@"
}

case "${1:-}" in
  push)
    remote copy --immutable --include 'postgres_*.dump' "${FOLDER}" "${PLACE}"
    remote delete --min-age 365d --include 'postgres_*.dump' "${PLACE}"
    echo "the copies of postgres are at s3://bccb-backups/db"
    ;;
  fetch)
    remote copy --include "${2:-postgres_*.dump}" "${PLACE}" "${FOLDER}"
    if [ -n "${2:-}" ] && [ ! -e "${FOLDER}/$2" ]; then
      echo "there is no copy $2 at s3://bccb-backups/db" >&2
      exit 1
    fi
    ;;
  list) remote lsf "${PLACE}" ;;
  *)
    echo "expected push, fetch or list" >&2
    exit 2
    ;;
esac
