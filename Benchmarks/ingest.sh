#!/usr/bin/env bash
# Compares a sync from Postgres to Postgres with the limit, COPY | COPY by psql, on the same two private servers.
#
#   [ROWS=1000000] [ROUNDS=3] [CASES="full incr one many"] [PEERS="sling dlt"] Benchmarks/ingest.sh LEAT
#
#   full  ROWS rows of about 405 bytes take the place of those of the run before; the limit makes a new table with a key, and swaps
#   incr  1 % of ROWS / 5 rows have changed, found by a cursor column, and take the place of those with the same key
#   one   a table of one row
#   many  as full, with the rows in four tables, which leat moves side by side and the limit one after the other (without PEERS)
#
# For each contestant the round with the least CPU counts. "servers" is the CPU of both PostgreSQL servers, "of limit" is rows per
# second and total CPU as ratios to the limit's. After every round the content is compared, all columns of all rows.
# PEERS are installed from PyPI into .build/peers. Needs psql, python3 and GNU time; reads /proc, so Linux only.
set -euo pipefail
leat=$(realpath "$1")
rows=${ROWS:-1000000} rounds=${ROUNDS:-3} cases=${CASES:-full incr one many} peers=${PEERS:-}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
export SOURCE_PORT=${BENCH_SOURCE_PORT:-5562} WAREHOUSE_PORT=${BENCH_WAREHOUSE_PORT:-5572}
source_url=postgresql://bench:bench@localhost:$SOURCE_PORT/bench warehouse_url=postgresql://bench:bench@localhost:$WAREHOUSE_PORT/bench
for tool in psql python3 /usr/bin/time; do
    command -v "$tool" >/dev/null || { echo "ingest: $tool is missing" >&2; exit 1; }
done
finish() {
    (cd "$work" && "$leat" down >/dev/null 2>&1) || true
    rm -rf "$work"
}
trap finish EXIT
mkdir -p "$work"
chmod 755 "$work"
cd "$work"

server='database: bench, user: bench, password: bench, settings: {shared_buffers: 1GB, max_wal_size: 8GB, checkpoint_timeout: 30min}'
endpoint='host: localhost, database: bench, username: bench, password: bench'
cat >leat.yml <<YAML
name: bench
version: 1
services:
  source: {postgres: {port: $SOURCE_PORT, $server}}
  warehouse: {postgres: {port: $WAREHOUSE_PORT, $server}}
sources:
  source: {connector: postgres, config: {port: $SOURCE_PORT, $endpoint}}
destinations:
  warehouse: {connector: postgres, config: {port: $WAREHOUSE_PORT, $endpoint, schema: leat}}
connections:
  full: {source: source, destination: warehouse, streams: [{name: wide}]}
  one: {source: source, destination: warehouse, streams: [{name: one}]}
  many: {source: source, destination: warehouse, parallel_streams: 4, streams: [{name: s1}, {name: s2}, {name: s3}, {name: s4}]}
  incr:
    source: source
    destination: warehouse
    streams: [{name: incr, sync_mode: incremental_append_deduped, cursor_field: changed, primary_key: id}]
YAML
"$leat" up >&2
in_source() { psql -X -q -v ON_ERROR_STOP=1 "$source_url" "$@"; }
in_warehouse() { psql -X -q -v ON_ERROR_STOP=1 "$warehouse_url" "$@"; }

# CPU seconds of both servers, living and ended processes.
postmasters=$("$leat" status | awk -F' *\\| *' '$4 ~ /^[0-9]+$/ {print $4}')
server_cpu() {
    sleep 0.3
    # Processes end while they are looked at.
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v roots="$postmasters" -v tick="$(getconf CLK_TCK)" '
        BEGIN { split(roots, list, /[ \n]+/); for (i in list) root[list[i]] = 1 }
        { pid = $1; sub(/^.*\) /, ""); if (pid in root) sum += $12 + $13 + $14 + $15; else if ($2 in root) sum += $12 + $13 }
        END { printf "%.2f\n", sum / tick }'
}

columns=$(grep -v '^--' "$root/Benchmarks/ingest/dataset.sql" | sed -n '/create table/,/^);/p' | sed '1d;$d')
key_of() { [ "$1" = one ] || echo "alter table limits.\"${1}_new\" add primary key (id);"; }

limit_full() { # TABLE
    in_warehouse -c "drop table if exists limits.\"${1}_new\"; create table limits.\"${1}_new\" ($columns)"
    psql -X -q "$source_url" -c "copy \"$1\" to stdout (format binary)" |
        psql -X -q "$warehouse_url" -c "copy limits.\"${1}_new\" from stdin (format binary)"
    in_warehouse -c "begin; $(key_of "$1") drop table if exists limits.\"$1\"; alter table limits.\"${1}_new\" rename to \"$1\"; commit"
}
limit_incr() {
    local cursor
    cursor=$(in_warehouse -At -c "select max(changed) from limits.incr")
    in_warehouse -c "create unlogged table limits.stage (like limits.incr)"
    psql -X -q "$source_url" -c "copy (select * from incr where changed >= '$cursor') to stdout (format binary)" |
        psql -X -q "$warehouse_url" -c "copy limits.stage from stdin (format binary)"
    in_warehouse -c "begin; delete from limits.incr t using limits.stage s where t.id = s.id; insert into limits.incr select * from limits.stage;
        drop table limits.stage; commit"
}
limit() { case $1 in full) limit_full wide ;; one) limit_full one ;; many) for table in s1 s2 s3 s4; do limit_full "$table"; done ;; incr) if [ -e incr_limit ]; then limit_incr; else limit_full incr; fi ;; esac; }
leat() { "$leat" sync "$1"; }
sling() {
    export SRC="$source_url?sslmode=disable" WH="$warehouse_url?sslmode=disable" SLING_DISABLE_TELEMETRY=TRUE SLING_HOME_DIR=$work/sling
    local bin table mode=(--mode full-refresh)
    bin=$(find "$root/.build/peers" -path '*sling*' -type f -name 'sling*' -size +10M | head -n 1)
    table=$(table_of "$1")
    if [ "$1" = incr ]; then mode=(--mode incremental --primary-key id --update-key changed); fi
    "$bin" run --src-conn SRC --src-stream "public.$table" --tgt-conn WH --tgt-object "sling.$table" "${mode[@]}"
}
dlt() { DLT_DATA_DIR=$work/dlt RUNTIME__DLTHUB_TELEMETRY=false "$root/.build/peers/bin/python" "$root/Benchmarks/ingest/dlt_sync.py" \
    "$1" "$(table_of "$1")" "${source_url/postgresql:/postgresql+psycopg2:}" "$warehouse_url"; }
tables_of() { if [ "$1" = many ]; then echo s1 s2 s3 s4; else table_of "$1"; fi; }
table_of() { if [ "$1" = full ]; then echo wide; else echo "$1"; fi; }
schema_of() { if [ "$1" = limit ]; then echo limits; else echo "$1"; fi; }

# Each contestant runs in a process of its own, so that it can be measured as a whole.
export -f limit limit_full limit_incr leat sling dlt table_of in_source in_warehouse key_of
export leat root work source_url warehouse_url columns

digest() { # URL TABLE: all rows, in any order
    psql -X -q -At "$1" -c "set timezone = 'UTC'; set extra_float_digits = 3; select count(*) || ' ' || coalesce(sum(hashtextextended(
        array[id::text, ref::text, customer::text, quantity::text, price::text, score::text, state::text, title::text, body::text, is_open::text,
        created::text, changed::text, due::text, day::text, document::text, labels::text]::text, 0)), 0) from $2"
}
# round CONTESTANT CASE: prints a line for the table.
round() {
    local before after report content=ok moved=$rows table
    before=$(server_cpu)
    /usr/bin/time -o time -f '%e %U %S %M' bash -c "set -euo pipefail; $1 $2" >"log_$1" 2>&1 || { cat "log_$1" >&2; content=failed; }
    report=$(tail -n 1 time)
    after=$(server_cpu)
    for table in $(tables_of "$2"); do
        [ "$content" = ok ] || break
        [ "$(digest "$source_url" "$table")" = "$(digest "$warehouse_url" "$(schema_of "$1").$table")" ] || content=DIFFERS
    done
    case $2 in one) moved=1 ;; incr) moved=$((rows / 500)) ;; esac
    echo "$2 $1 $moved $report $before $after $content"
}

in_warehouse -c "create schema limits"
if [ -n "$peers" ]; then
    [ -d "$root/.build/peers" ] || python3 -m venv "$root/.build/peers"
    "$root/.build/peers/bin/python" -m pip install -q sling-linux-amd64==1.4.11 'dlt[postgres]' sqlalchemy psycopg2-binary pyarrow >&2
fi
make() { in_source -At -v rows="$1" -v name="$2" -f "$root/Benchmarks/ingest/dataset.sql" >&2; }
for name in $cases; do
    case $name in
        full) make "$rows" wide ;;
        one) make 1 one ;;
        incr) make $((rows / 5)) incr ;;
        many) for table in s1 s2 s3 s4; do make $((rows / 4)) "$table"; done ;;
    esac
done
for name in $cases; do
    contestants="limit leat $peers"
    if [ "$name" = many ]; then contestants="limit leat"; fi
    # What is there before: an old table for those that replace it, a first load for those that go on from it.
    for contestant in $contestants; do
        rm -f "${name}_$contestant"
        round "$contestant" "$name" >/dev/null
        touch "${name}_$contestant"
    done
    for number in $(seq "$rounds"); do
        if [ "$name" = incr ]; then
            in_source -c "update incr set state = 'changed', price = price + 1,
                changed = timestamptz '2025-01-01 00:00+00' + $number * interval '1 hour' + id * interval '1 ms' where id % 100 = $number"
        fi
        for contestant in $contestants; do
            in_warehouse -c checkpoint
            round "$contestant" "$name"
        done
    done
done | tee rounds | awk '{ printf "%s %s: %s s\n", $1, $2, $4 > "/dev/stderr" }'

awk '
    {
        key = $1 " " $2; servers = $9 - $8; tool = $5 + $6; total = tool + servers
        if (!(key in best)) { order[++n] = key; best[key] = 1e9; content[key] = "ok" }
        if ($10 != "ok") content[key] = $10
        if (!(key in wall) || $4 < wall[key]) wall[key] = $4
        if (total < best[key]) { best[key] = total; tools[key] = tool; server[key] = servers }
        if ($7 / 1024 > memory[key]) memory[key] = $7 / 1024
        moved[key] = $3; case_of[key] = $1; who[key] = $2
    }
    END {
        format = "%-5s %-8s %9s %8s %10s %8s %9s %9s %8s %10s %10s  %s\n"
        printf format, "case", "who", "rows", "wall s", "rows/s", "tool s", "servers s", "total s", "peak MB", "speed of", "cpu of", "content"
        printf format, "", "", "", "", "", "", "", "", "", "limit", "limit", ""
        for (i = 1; i <= n; i++) {
            key = order[i]; limit = case_of[key] " limit"
            printf "%-5s %-8s %9d %8.2f %10.0f %8.2f %9.2f %9.2f %8.1f %10.2f %10.2f  %s\n", case_of[key], who[key], moved[key], wall[key],
                moved[key] / wall[key], tools[key], server[key], best[key], memory[key], wall[limit] / wall[key], best[key] / best[limit], content[key]
        }
    }' rounds
