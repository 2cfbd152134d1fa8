#!/usr/bin/env bash
# Layout of the sources, syntax of the scripts, links of the pages.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --parallel --recursive "$@"
for script in scripts/*.sh Benchmarks/*.sh .ci/run; do bash -n "$script"; done

# Every relative link in a page leads to a file of the repository.
status=0
while IFS= read -r page; do
    while IFS= read -r link; do
        target=${link%%#*}
        if [ -n "$target" ] && ! [ -e "$(dirname "$page")/$target" ]; then
            echo "$page: dead link $link" >&2
            status=1
        fi
    done < <(grep -oE '\]\([^)]+\)' "$page" | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^(https?:|mailto:|#)' || true)
done < <(git ls-files '*.md')
exit "$status"
