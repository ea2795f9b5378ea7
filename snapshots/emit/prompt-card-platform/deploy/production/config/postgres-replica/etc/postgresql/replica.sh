# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# shellcheck shell=sh
# Copies the primary on the first start. Later starts go on where the last one stopped.
set -eu
umask 077
printf '*:*:*:replication:%s\n' "$(cat "$REPLICATION_PASSWORD_FILE")" >/tmp/pgpass
export PGPASSFILE=/tmp/pgpass
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  set -- --host="$PRIMARY_HOST" --port="$PRIMARY_PORT" --username=replication --no-password
  pg_receivewal "$@" --create-slot --if-not-exists --slot="$REPLICATION_SLOT"
  # Beside the place where it will be: a copy that is cut off is not taken for a whole one.
  rm -rf "$PGDATA.copy" "$PGDATA"
  pg_basebackup "$@" --pgdata="$PGDATA.copy" --wal-method=stream --slot="$REPLICATION_SLOT" --checkpoint=fast
  touch "$PGDATA.copy/standby.signal"
  mv "$PGDATA.copy" "$PGDATA"
fi
exec postgres -c config_file=/etc/postgresql/postgresql.conf
