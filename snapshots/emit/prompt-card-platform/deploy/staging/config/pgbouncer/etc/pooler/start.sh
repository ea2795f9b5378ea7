# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# shellcheck shell=sh
set -eu
umask 077
printf '"%s" "%s"\n' "$ROLE" "$(cat "$PASSWORD_FILE")" >/tmp/userlist.txt
exec pgbouncer /etc/pooler/pgbouncer.ini
