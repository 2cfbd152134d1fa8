#!/usr/bin/env bash
# What a task in a pod costs beside its own work: `leat run` with 500 pods at once against the test suite's API server, whose kubelet has
# them done as soon as they begin. CPU time of Leat for each pod, and wall time, which the test's server (a debug build) has its part in:
# kubernetes.sh [LEAT]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then LEAT_BIN=$(readlink -f "$1"); export LEAT_BIN; fi
LEAT_BENCH=1 swift test --filter 'ProjectTests.PodBenchmark' 2>&1 | grep -E 'pods, for each|error|passed|failed'
