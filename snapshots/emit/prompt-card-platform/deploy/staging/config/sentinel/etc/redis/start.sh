# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# shellcheck shell=sh
# Sentinels write what they learn into their configuration, so each has a copy in memory.
set -eu
umask 077
password=$(cat "$PASSWORD_FILE")
{
  cat /etc/redis/sentinel.conf
  printf 'sentinel auth-pass %s %s\n' "$GROUP" "$password"
  printf 'requirepass %s\nsentinel sentinel-pass %s\n' "$password" "$password"
} >/tmp/sentinel.conf
exec redis-server /tmp/sentinel.conf --sentinel
