#!/usr/bin/env bash
# Builds and runs the whole test suite, and ends with what failed and the plain line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test --skip-build 2>&1 | tee "$log" | grep -Ev '(started\.$|^◇|Test case passing)' || status=${PIPESTATUS[0]}

# Swift Testing closes with: Test run with 17 tests in 3 suites passed (or: failed with 2 issues) after ...
total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
failed=$(grep -E '✘ Test .* failed after' "$log" | grep -cvE '✘ Test run with' || true)
if [ -z "$total" ] || [ "$total" = 0 ]; then
    echo "no test ran" >&2
    exit 1
fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
if [ "$status" != 0 ]; then
    # What failed once more, where a reader of the last lines finds it.
    echo "failures:"
    grep -E -A 3 '✘ Test .* recorded an issue|error: |Fatal error' "$log" | grep -vE '^(✔|◇|--)' |
        cut -c 1-400 | tail -n 20 || true
fi
echo "$((total - failed)) passed, $failed failed"
exit "$status"
