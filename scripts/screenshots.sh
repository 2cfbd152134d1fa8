#!/usr/bin/env bash
# Pictures of the pages, of the example after `make demo`: screenshots.sh LEAT PROJECT FOLDER
# For a while there is a user 'pictures' who may look and ask; at the end there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
leat=$1 project=$(cd "$2" && pwd) folder=$3
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

password=$(head -c 18 /dev/urandom | base64 | tr '+/' 'ab')
log=$(mktemp)
(cd "$project" && "$leat" up >/dev/null && echo "$password" | "$leat" user set pictures --role operator >/dev/null)
# A few runs more, for there to be something to see.
for _ in 1 2 3; do (cd "$project" && "$leat" run transformations >/dev/null); done
(cd "$project" && exec "$leat" serve --port 0 >"$log" 2>&1) &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; (cd "$project" && "$leat" user remove pictures >/dev/null) || true; rm -f "$log"' EXIT
for _ in $(seq 100); do
    address=$(sed -nE 's/.*(http:\/\/[0-9.:]+).*/\1/p' "$log" | head -n 1)
    [ -n "$address" ] && break
    sleep 0.1
done
LEAT_SCREENSHOTS_OF=$address LEAT_SCREENSHOTS_TO=$folder LEAT_SCREENSHOTS_PASSWORD=$password \
    swift test --filter Screenshots
ls "$folder"
