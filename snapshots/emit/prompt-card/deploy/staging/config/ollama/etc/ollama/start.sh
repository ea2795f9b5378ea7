# Written by stackc. Change the .stack source and run `stackc build`; edits here are refused.
# shellcheck shell=sh
set -eu
ollama serve &
server=$!
trap 'kill -TERM "$server"' TERM INT
export OLLAMA_HOST=127.0.0.1:11434
until ollama list >/dev/null 2>&1; do
  kill -0 "$server"
  sleep 1
done
for model in $MODELS; do
  ollama show "$model" >/dev/null 2>&1 || ollama pull "$model" || echo "the model $model could not be fetched" >&2
done
wait "$server" || wait "$server"
