# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# shellcheck shell=sh
set -eu
umask 077
password=$(cat "$PASSWORD_FILE")
{
  cat /etc/redis/redis.conf
  printf 'requirepass %s\nmasterauth %s\n' "$password" "$password"
} >/tmp/redis.conf
exec redis-server /tmp/redis.conf
