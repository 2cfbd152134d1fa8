#!/usr/bin/env bash
# Installs the Airbyte connectors that tests run, from PyPI, into .build/connectors, and prints the folder of their programs.
# Fails where they cannot be installed (no python3, no network); the tests that need them are skipped then.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$PWD/.build/connectors
mkdir -p .build
if command -v flock >/dev/null; then
    exec 9>.build/connectors.lock
    flock 9
fi
if [ ! -x "$folder/bin/source-faker" ]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install -q --disable-pip-version-check airbyte-source-faker==7.2.1 >&2
fi
echo "$folder/bin"
