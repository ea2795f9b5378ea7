#!/bin/sh
# Puts secrets from /run/secrets into the environment, then starts the command.
# A variable holds a marker such as {secret:db_password}; the marker is replaced by the content of that file.
set -eu

expand() {
  rest=$1
  result=
  while :; do
    case $rest in
      *"{secret:"*"}"*)
        result=$result${rest%%"{secret:"*}
        rest=${rest#*"{secret:"}
        file=/run/secrets/${rest%%"}"*}
        rest=${rest#*"}"}
        if [ ! -r "$file" ]; then
          echo "with-secrets: $file cannot be read by user $(id -u)" >&2
          exit 78
        fi
        result=$result$(cat "$file")
        ;;
      *)
        printf '%s' "$result$rest"
        return
        ;;
    esac
  done
}

for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*{secret:.*/\1/p'); do
  eval "value=\${$name}"
  # shellcheck disable=SC2154 # assigned by eval
  expanded=$(expand "$value")
  export "$name=$expanded"
done

exec "$@"
