#!/usr/bin/env bash
# Builds and runs the whole test suite, and ends with what failed and the plain line "N passed, N failed".
#
# All tests run side by side, so that one may starve another on a busy machine. Up to five that failed are run again, alone, and
# count as passed where they pass then; they are named in the last lines, for they deserve a look all the same. So do tests that
# hang: where nothing begins or ends for ten minutes, the run is ended, and what it waited for is shown.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
events=$scratch/events
touch "$log" "$events"
patience=${LEAT_TEST_PATIENCE:-600}

# Swift Testing's events: a line of JSON each, written as they happen. What a test prints comes later, in blocks.
(
    swift test --skip-build --event-stream-output-path "$events" 2>&1 | tee "$log" |
        grep --line-buffered -Ev '(started\.$|^◇|Test case passing)' || exit "${PIPESTATUS[0]}"
) &
run=$!

# `timeout`, where there is one.
limited() { if command -v timeout >/dev/null; then timeout "$@"; else shift && "$@"; fi; }

# The tests (not suites) of events of a kind, as filters name them: "Module.Suite/function(labels:)".
tests() {
    grep -a "\"kind\":\"$1\".*${2:-}" "$events" | sed -nE 's/.*"testID":"([^"]*\))\\\/[^"]*".*/\1/p' | sed 's/\\\//\//g' | sort -u || true
}

hung=
quiet=0
size=0
while kill -0 "$run" 2>/dev/null; do
    sleep 2
    now=$(wc -c <"$events")
    if [ "$now" = "$size" ]; then quiet=$((quiet + 2)); else quiet=0 && size=$now; fi
    [ "$quiet" -ge "$patience" ] || continue
    hung=yes
    echo "nothing began or ended for $patience s: the run is ended. Processes:"
    ps -eo pid,ppid,pgid,stat,etime,args | grep -vE '\]$' | cut -c 1-160 | tail -n 60
    for process in $(pgrep -f "testing-library.*$events" || true); do
        [ -e "/proc/$process/task" ] && echo "threads of $process wait in: $(cat "/proc/$process/task"/*/wchan 2>/dev/null | tr '\0' ' ' | head -c 400)"
        command -v lldb >/dev/null || continue
        limited 120 lldb --batch -p "$process" -o 'thread backtrace all' 2>/dev/null |
            grep -E 'thread #|at .*\.swift:' | cut -c 1-200 | head -n 80 || true
    done
    pkill -KILL -f "$events" || true
    break
done
status=0
wait "$run" || status=$?

total=$(tests testStarted | wc -l)
if [ "$total" = 0 ]; then
    cat "$log"
    echo "no test ran" >&2
    exit 1
fi
if [ "$status" = 0 ] && [ -z "$hung" ]; then
    echo "$total passed, 0 failed"
    exit 0
fi

# What failed once more, where a reader of the last lines finds it.
echo "failures:"
grep -E -A 3 '✘ Test .* recorded an issue|error: |Fatal error' "$log" | grep -vE '^(✔|◇|--)' | cut -c 1-400 | tail -n 20 || true

failed=()
while IFS= read -r name; do failed+=("$name"); done < <(tests testEnded '"symbol":"fail"')
while IFS= read -r name; do
    echo "has not ended: $name"
    failed+=("$name")
done < <(comm -23 <(tests testStarted) <(tests testEnded))
unknown=$(grep -cE '«unknown» recorded an issue|Fatal error' "$log" || true)
again=0
if [ "${#failed[@]}" -ge 1 ] && [ "${#failed[@]}" -le 5 ]; then
    for name in "${failed[@]}"; do
        pattern=$(sed 's/[][().*^$\/]/\\&/g' <<<"$name")
        if limited "$patience" swift test --skip-build --filter "^$pattern" >"$log" 2>&1 && grep -qE 'Test run with [1-9]' "$log"; then
            echo "passed when run again, alone: $name"
            again=$((again + 1))
        else
            echo "failed again, alone: $name"
            grep -E -A 30 'recorded an issue' "$log" | grep -vE '^(✔|◇|--)' | cut -c 1-400 | tail -n 60 || true
        fi
    done
fi
left=$((${#failed[@]} - again))
# Not every issue is one of a test's: a thread of its own does not know whose it is, and a crash is nobody's.
if [ "$unknown" -gt 0 ] || { [ "${#failed[@]}" = 0 ] && [ -z "$hung" ]; }; then left=$((left + 1)); fi
echo "$((total - left)) passed, $left failed"
[ "$left" = 0 ]
