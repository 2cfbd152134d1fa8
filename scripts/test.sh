#!/usr/bin/env bash
# Builds and runs the whole test suite, and ends with what failed and the plain line "N passed, N failed".
#
# All tests run side by side, so that one may starve another on a busy machine. Up to five that failed are run again, alone, and
# count as passed where they pass then; they are named in the last lines, for they deserve a look all the same.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
log=$(mktemp)
results=.build/tests-swift-testing.xml
trap 'rm -f "$log"' EXIT
rm -f "$results"
status=0
swift test --skip-build --xunit-output .build/tests.xml 2>&1 | tee "$log" |
    grep --line-buffered -Ev '(started\.$|^◇|Test case passing)' || status=${PIPESTATUS[0]}

# Swift Testing closes with: Test run with 17 tests in 3 suites passed (or: failed with 2 issues) after ...
total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
if [ -z "$total" ] || [ "$total" = 0 ]; then
    echo "no test ran" >&2
    exit 1
fi
if [ "$status" = 0 ]; then
    echo "$total passed, 0 failed"
    exit 0
fi

# What failed once more, where a reader of the last lines finds it.
echo "failures:"
grep -E -A 3 '✘ Test .* recorded an issue|error: |Fatal error' "$log" | grep -vE '^(✔|◇|--)' | cut -c 1-400 | tail -n 20 || true

# The names of the failed tests: "Module.Suite/function(labels:)".
failed=()
if [ -e "$results" ]; then
    while IFS= read -r name; do failed+=("$name"); done < <(
        grep -B 1 '<failure' "$results" | sed -nE 's/.*<testcase classname="([^"]+)" name="([^"]+)".*/\1\/\2/p' | sort -u
    )
fi
unknown=$(grep -cE '«unknown» recorded an issue|Fatal error' "$log" || true)
again=0
if [ "${#failed[@]}" -ge 1 ] && [ "${#failed[@]}" -le 5 ]; then
    for name in "${failed[@]}"; do
        pattern=$(sed 's/[][().*^$\/]/\\&/g' <<<"$name")
        if swift test --skip-build --filter "^$pattern" >"$log" 2>&1 && grep -qE 'Test run with [1-9]' "$log"; then
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
if [ "${#failed[@]}" = 0 ] || [ "$unknown" -gt 0 ]; then left=$((left + 1)); fi
echo "$((total - left)) passed, $left failed"
[ "$left" = 0 ]
