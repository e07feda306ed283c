#!/usr/bin/env bash
# Every example, as its reader would run it; the first that fails stops the run.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

run() {
  printf '\n── %s\n' "$*"
  "$@"
}

run tsx examples/replication-tour/main.ts
run vitest run --config examples/unit-test/vitest.config.ts
run tsx examples/what-if/main.ts
run tsx examples/failover/main.ts
run tsx examples/server/main.ts
