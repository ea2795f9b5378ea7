#!/bin/sh
# Puts secrets from /run/secrets into the environment, then starts the command.
# A variable holds a marker such as {file:db_password}; the marker is replaced by the content of that file.
set -eu

# Sets `result` to the text with all markers replaced.
expand() {
  rest="$1"
  result=""
  while :; do
    case "${rest}" in
      *"{file:"*"}"*)
        result="${result}${rest%%"{file:"*}"
        rest="${rest#*"{file:"}"
        file="/run/secrets/${rest%%"}"*}"
        rest="${rest#*"}"}"
        if [ ! -r "${file}" ]; then
          user="$(id -u)"
          echo "with-secrets: ${file} cannot be read by user ${user}" >&2
          exit 78
        fi
        content="$(cat "${file}")"
        result="${result}${content}"
        ;;
      *)
        result="${result}${rest}"
        return
        ;;
    esac
  done
}

variables="$(env)"
names="$(printf '%s\n' "${variables}" | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*{file:.*/\1/p')"
for name in ${names}; do
  value="$(printenv "${name}")"
  expand "${value}"
  export "${name}=${result}"
done

exec "$@"
