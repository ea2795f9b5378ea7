#!/bin/sh
# Runs a command by a schedule, in UTC, for as long as its container lives.
# Operands: minutes, hours, days, months and weekdays, each a list such as `,00,30,` or `*`; then the command.
# A time that comes while the command still runs is left out.
set -eu

minutes="$1"
hours="$2"
days="$3"
months="$4"
weekdays="$5"
shift 5

trap 'exit 0' INT TERM
while :; do
  now="$(date -u '+%M %H %d %m %w %S')"
  minute="${now%% *}"
  hour="${now#* }"
  hour="${hour%% *}"
  day="${now#* * }"
  day="${day%% *}"
  month="${now#* * * }"
  month="${month%% *}"
  weekday="${now#* * * * }"
  weekday="${weekday%% *}"
  second="${now##* }"
  due="yes"
  case "${minutes}" in "*" | *",${minute},"*) ;; *) due="" ;; esac
  case "${hours}" in "*" | *",${hour},"*) ;; *) due="" ;; esac
  case "${months}" in "*" | *",${month},"*) ;; *) due="" ;; esac
  # As in cron: of two restricted fields of days either is enough. Days have two digits, weekdays one.
  case "${days}${weekdays}" in "**" | *",${day},"* | *",${weekday},"*) ;; *) due="" ;; esac
  if [ -n "${due}" ]; then
    "$@" || echo "the command ended with code $?" >&2
    now="$(date -u '+%M %S')"
    second="${now#* }"
    if [ "${now% *}" != "${minute}" ]; then
      continue
    fi
  fi
  sleep "$((60 - ${second#0}))" &
  wait "$!"
done
