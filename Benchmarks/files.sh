#!/usr/bin/env bash
# Compares a sync of a CSV file into Postgres with the limit, psql's \copy into a new table that takes the old one's place.
#
#   [ROWS=1000000] [ROUNDS=3] Benchmarks/files.sh LEAT
#
# The file has ROWS rows of about 390 bytes in 16 columns. The limit's table has the types that leat has found, so both store the
# same. For each the round with the least CPU counts, and the fastest one. After every round the content is compared, all columns of all
# rows. Needs psql and GNU time; reads /proc, so Linux only.
set -euo pipefail
leat=$(realpath "$1")
rows=${ROWS:-1000000} rounds=${ROUNDS:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
port=${BENCH_WAREHOUSE_PORT:-5573}
url=postgresql://bench:bench@localhost:$port/bench
for tool in psql /usr/bin/time; do
    command -v "$tool" >/dev/null || { echo "files: $tool is missing" >&2; exit 1; }
done
finish() {
    (cd "$work" && "$leat" down >/dev/null 2>&1) || true
    rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"
cd "$work"
cat >leat.yml <<YAML
name: bench
version: 1
services:
  warehouse: {postgres: {port: $port, database: bench, user: bench, password: bench,
    settings: {shared_buffers: 1GB, max_wal_size: 8GB, checkpoint_timeout: 30min}}}
sources:
  rows: {connector: file, config: {url: rows.csv}}
destinations:
  warehouse: {connector: postgres, config: {host: localhost, port: $port, database: bench, username: bench, password: bench, schema: leat}}
connections:
  rows: {source: rows, destination: warehouse, streams: [{name: rows}]}
YAML
"$leat" up >&2
in_psql() { psql -X -q -v ON_ERROR_STOP=1 "$url" "$@"; }
in_psql -At -v rows="$rows" -v name=wide -f "$root/Benchmarks/ingest/dataset.sql" >&2
# Truth values as most programs write them; the others as they are.
in_psql -c "copy (select id, ref, customer, quantity, price, score, state, title, body,
    case when is_open then 'true' when not is_open then 'false' end as is_open, created, changed, due, day, document, labels
    from wide order by id) to stdout (format csv, header true)" >rows.csv
in_psql -c 'drop table wide; create schema limits; checkpoint'
size=$(stat -c %s rows.csv)

postmaster=$("$leat" status | awk -F' *\\| *' '$4 ~ /^[0-9]+$/ {print $4}')
server_cpu() {
    sleep 0.3
    # Processes end while they are looked at.
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v root="$postmaster" -v tick="$(getconf CLK_TCK)" '
        { pid = $1; sub(/^.*\) /, ""); if (pid == root) sum += $12 + $13 + $14 + $15; else if ($2 == root) sum += $12 + $13 }
        END { printf "%.2f\n", sum / tick }'
}
limit() {
    in_psql -c "drop table if exists limits.new" -c "create table limits.new ($columns)"
    in_psql -c "\\copy limits.new from 'rows.csv' (format csv, header true)"
    in_psql -c "begin; drop table if exists limits.rows; alter table limits.new rename to rows; commit"
}
leat() { "$leat" sync rows; }
export -f limit leat in_psql
export leat url columns=

digest() { # SCHEMA
    in_psql -At -c "select count(*) || ' ' || coalesce(sum(hashtextextended(array[$names]::text, 0)), 0) from $1.rows"
}
round() { # CONTESTANT
    local before after report content=ok
    in_psql -c checkpoint
    before=$(server_cpu)
    /usr/bin/time -o time -f '%e %U %S %M' bash -c "set -euo pipefail; $1" >"log_$1" 2>&1 || { cat "log_$1" >&2; content=failed; }
    report=$(tail -n 1 time)
    after=$(server_cpu)
    if [ "$content" = ok ] && [ "$(digest limits)" != "$(digest leat)" ]; then content=DIFFERS; fi
    echo "$1 $rows $report $before $after $content"
}

# The first sync finds the types.
leat >log_leat 2>&1 || { cat log_leat >&2; exit 1; }
listing() { # EXPRESSION: over the data columns of the table
    in_psql -At -c "select string_agg($1, ', ' order by attnum) from pg_attribute
        where attrelid = 'leat.rows'::regclass and attnum > 0 and not attisdropped and attname not like '\\_airbyte\\_%'"
}
columns=$(listing "format('%I %s', attname, format_type(atttypid, atttypmod))")
names=$(listing "format('%I::text', attname)")
echo "types: $columns" >&2
limit
for _ in $(seq "$rounds"); do
    for contestant in limit leat; do round "$contestant"; done
done | tee rounds | awk '{ printf "%s: %s s\n", $1, $3 > "/dev/stderr" }'

awk -v size="$size" '
    {
        key = $1; server = $8 - $7; tool = $4 + $5; total = tool + server
        if (!(key in best)) { order[++n] = key; best[key] = 1e9; content[key] = "ok"; wall[key] = 1e9 }
        if ($9 != "ok") content[key] = $9
        if ($3 < wall[key]) wall[key] = $3
        if (total < best[key]) { best[key] = total; tools[key] = tool; servers[key] = server }
        if ($6 / 1024 > memory[key]) memory[key] = $6 / 1024
        rows = $2
    }
    END {
        format = "%-6s %9s %8s %10s %8s %8s %9s %8s %8s %9s %8s  %s\n"
        printf format, "who", "rows", "wall s", "rows/s", "MB/s", "tool s", "server s", "total s", "peak MB", "speed of", "cpu of", "content"
        printf format, "", "", "", "", "", "", "", "", "", "limit", "limit", ""
        for (i = 1; i <= n; i++) {
            key = order[i]
            printf "%-6s %9d %8.2f %10.0f %8.0f %8.2f %9.2f %8.2f %8.1f %9.2f %8.2f  %s\n", key, rows, wall[key], rows / wall[key],
                size / wall[key] / 1e6, tools[key], servers[key], best[key], memory[key], wall["limit"] / wall[key],
                best[key] / best["limit"], content[key]
        }
    }' rounds
