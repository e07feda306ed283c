#!/usr/bin/env bash
# One small test for each test runner, against the built package; the first that fails stops the run. Needs `npm run build`.
set -euo pipefail
cd "$(dirname "$0")/../examples/recipes"
npm install --no-package-lock --no-audit --no-fund --silent
ln -sfn ../../.. node_modules/replication-simulator
export PATH="$PWD/node_modules/.bin:$PATH"

run() {
  printf '\n── %s\n' "$*"
  "$@"
}

run node --test node-test/recipe.test.js
run env NODE_OPTIONS=--experimental-vm-modules jest --rootDir . jest/recipe.test.js
run mocha mocha-sinon/recipe.test.js
run bun test ./bun/recipe.test.js
run deno test --no-check --node-modules-dir=manual --allow-env --allow-read deno/recipe.test.js
