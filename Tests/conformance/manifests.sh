#!/usr/bin/env bash
# Parses the projects beside this script with real dbt and with the binary, and compares what both say of them:
# manifests.sh BINARY VENV. The binary is called as dbt's command line.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:?usage: manifests.sh BINARY VENV}
venv=${2:?usage: manifests.sh BINARY VENV}
work=$(mktemp -d "${TMPDIR:-/tmp}/leat-manifests.XXXXXX")
trap 'rm -rf "$work"' EXIT

status=0
for project in "$here"/projects/*/; do
    name=$(basename "$project")
    # Copies, since both write beside the project.
    for side in expected actual; do cp -R "$project" "$work/$name-$side"; done
    if [ -e "$project/packages.yml" ]; then
        "$venv/bin/dbt" -q deps --project-dir "$work/$name-expected" --profiles-dir "$here/projects" >/dev/null
        "$binary" -q deps --project-dir "$work/$name-actual" --profiles-dir "$here/projects" >/dev/null
    fi
    "$venv/bin/dbt" -q parse --project-dir "$work/$name-expected" --profiles-dir "$here/projects" >/dev/null
    "$binary" -q parse --project-dir "$work/$name-actual" --profiles-dir "$here/projects" >/dev/null
    echo "manifest of $name:"
    for file in manifest semantic_manifest; do
        "$venv/bin/python" "$here/../../scripts/compare-manifests.py" \
            "$work/$name-expected/target/$file.json" "$work/$name-actual/target/$file.json" || status=1
    done
done
exit "$status"
