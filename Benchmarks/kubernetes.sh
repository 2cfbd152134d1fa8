#!/usr/bin/env bash
# What a task in a pod costs beside its own work: 500 pods at once against the test suite's API server, whose kubelet has them done as
# soon as they begin. Wall and CPU time for each pod, of Leat and of that server together, in a debug build.
set -euo pipefail
cd "$(dirname "$0")/.."
LEAT_BENCH=1 swift test --filter 'OrchestrateTests.PodBenchmark' "$@" 2>&1 | grep -E 'pods:|error|passed|failed'
