#!/usr/bin/env bash
# Runs dbt's adapter tests against the binary: run.sh BINARY [arguments of pytest]. JOBS says how many at a time.
#
# Without arguments all tests run, as many as real dbt passes must pass, and manifests are compared with real dbt's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=${1:?usage: run.sh BINARY [pytest arguments]}
shift
# What real dbt passes; the other 8 of the 263 can be passed by no binary.
ceiling=255
work="$root/.build/conformance"
mkdir -p "$work"

skip() {
    echo "conformance: skipped: $1" >&2
    exit 0
}

# The packages, once for each version of their list.
python=${PYTHON:-python3}
command -v "$python" >/dev/null || skip "there is no python3"
stamp="$work/venv/.installed-$(cksum <"$here/requirements.txt" | cut -d' ' -f1)"
if [ ! -e "$stamp" ]; then
    rm -rf "$work/venv"
    "$python" -m venv "$work/venv" || skip "python3 -m venv failed"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --retries 2 --timeout 30 -r "$here/requirements.txt" ||
        skip "the packages cannot be installed from PyPI"
    touch "$stamp"
fi

# A server of its own, never as root.
bindir=${PG_BINDIR:-}
for candidate in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin; do
    if [ -z "$bindir" ] && [ -x "$candidate/initdb" ]; then bindir=$candidate; fi
done
[ -n "$bindir" ] || skip "there is no initdb; install the PostgreSQL server"
cluster=$(mktemp -d "${TMPDIR:-/tmp}/leat-conformance.XXXXXX")
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    user=$(getent passwd postgres >/dev/null && echo postgres || echo nobody)
    chown "$user" "$cluster"
    as() { setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- env HOME="$cluster" "$@"; }
fi
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
stop() {
    as "$bindir/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$cluster"
}
trap stop EXIT
cd "$cluster"
as "$bindir/initdb" -D "$cluster/data" -A trust -U postgres -E UTF8 --no-sync >/dev/null
as "$bindir/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w start \
    -o "-p $port -k $cluster -c listen_addresses=localhost -c fsync=off -c max_connections=200" >/dev/null

# The hook tests compare with exactly these names.
"$bindir/psql" -q -h localhost -p "$port" -U postgres -d postgres -v ON_ERROR_STOP=1 <<'SQL'
create role root superuser login;
create database dbt owner root;
create database "dbtMixedCase" owner root;
create role dbt_test_user_1;
create role dbt_test_user_2;
create role dbt_test_user_3;
SQL

# Called by this name, the binary is dbt's command line. A command of several words is taken as it is.
case "$binary" in
*" "*) export LEAT_BIN=$binary ;;
*)
    ln -sf "$binary" "$cluster/dbt"
    export LEAT_BIN="$cluster/dbt"
    ;;
esac
export POSTGRES_TEST_HOST=localhost POSTGRES_TEST_PORT=$port POSTGRES_TEST_USER=root POSTGRES_TEST_PASS= \
    POSTGRES_TEST_DATABASE=dbt DBT_TEST_USER_1=dbt_test_user_1 DBT_TEST_USER_2=dbt_test_user_2 DBT_TEST_USER_3=dbt_test_user_3
cd "$here"
status=0
PATH="$work/venv/bin:$PATH" "$work/venv/bin/python" -m pytest -q -p no:cacheprovider -W ignore -n "${JOBS:-3}" \
    --timeout 300 --tb=short "$@" 2>&1 | tee "$work/log" || status=$?
[ $# = 0 ] || exit "$status"

passed=$(sed -nE 's/^TOTAL .*passed ([0-9]+).*/\1/p' "$work/log")
if [ "${passed:-0}" -lt "$ceiling" ]; then
    echo "conformance: ${passed:-0} tests passed, $ceiling should" >&2
    status=1
fi
if [ -e "$cluster/dbt" ]; then
    ./manifests.sh "$cluster/dbt" "$work/venv" || status=1
    "$work/venv/bin/python" selections.py "$cluster/dbt" || status=1
fi
exit "$status"
