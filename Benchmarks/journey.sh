#!/usr/bin/env bash
# Times the whole journey of the example, from no services at all to tested marts, and the memory of leat itself.
#
#   Benchmarks/journey.sh LEAT [ROUNDS]
#
# Prints, for each step, the best of ROUNDS (3) wall times in seconds, leat's own CPU seconds and its peak resident
# memory in MB. Needs GNU time (`apt-get install time`) or the `time` of macOS. Runs on ports of its own, in a copy.
set -euo pipefail
leat=$(realpath "$1")
rounds=${2:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
# Open to the unprivileged user as whom root runs the servers.
chmod 755 "$work"
export CLIENTS_PORT=${BENCH_CLIENTS_PORT:-5561} WAREHOUSE_PORT=${BENCH_WAREHOUSE_PORT:-5571}

finish() {
    (cd "$work/superside" && "$leat" down >/dev/null 2>&1) || true
    rm -rf "$work"
}
trap finish EXIT

case "$(uname -s)" in
    Darwin) timer=(/usr/bin/time -l) ;;
    *) timer=(/usr/bin/time -f '%e %U %S %M') ;;
esac
command -v "${timer[0]}" >/dev/null || {
    echo "journey: GNU time is missing: apt-get install time" >&2
    exit 1
}

# measure COMMAND...: prints "wall cpu megabytes".
measure() {
    local report="$work/time"
    "${timer[@]}" "$@" >"$work/out" 2>"$report" || {
        cat "$work/out" "$report" >&2
        exit 1
    }
    if [ "$(uname -s)" = Darwin ]; then
        awk '/real/ {wall=$1; cpu=$3+$5} /maximum resident/ {memory=$1/1048576} END {print wall, cpu, memory}' "$report"
    else
        tail -n 1 "$report" | awk '{printf "%s %.2f %.1f\n", $1, $2+$3, $4/1024}'
    fi
}

cp -R "$root/examples/superside" "$work/superside"
rm -rf "$work/superside/.leat" "$work/superside/dbt/superside/target"
cd "$work/superside"
for round in $(seq "$rounds"); do
    "$leat" down >/dev/null 2>&1 || true
    rm -rf .leat
    echo "up $(measure "$leat" up)"
    echo "first_run $(measure "$leat" run transformations)"
    echo "next_run $(measure "$leat" run transformations)"
    echo "dbt_build $(measure "$leat" dbt build --target prod)"
done | awk '
    {
        if (!($1 in wall)) order[++n] = $1
        if (!($1 in wall) || $2 < wall[$1]) wall[$1] = $2
        if (!($1 in cpu) || $3 < cpu[$1]) cpu[$1] = $3
        if ($4 > memory[$1]) memory[$1] = $4
    }
    END {
        printf "%-12s %8s %8s %10s\n", "step", "wall s", "cpu s", "peak MB"
        for (i = 1; i <= n; i++) {
            step = order[i]
            printf "%-12s %8.2f %8.2f %10.1f\n", step, wall[step], cpu[step], memory[step]
            total += wall[step]
        }
        printf "%-12s %8.2f\n", "journey", wall["up"] + wall["first_run"]
    }'
