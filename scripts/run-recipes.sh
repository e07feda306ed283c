#!/usr/bin/env bash
# Small tests for each test runner and each HTTP client, and what `init` writes, against the packed package; the first that
# fails stops the run. Needs `npm run build`, and a Chromium (CHROMIUM_BIN, or `chromium` on the path).
set -euo pipefail
cd "$(dirname "$0")/../examples/recipes"
npm ci --no-audit --no-fund --silent

# The package as others get it: packed and unpacked. Its dependencies are found in the folders above.
package=node_modules/replication-simulator
tarball=$(cd ../.. && npm pack --silent --ignore-scripts --pack-destination examples/recipes/node_modules)
mkdir -p "$package"
tar -xzf "node_modules/$tarball" -C "$package" --strip-components=1
rm "node_modules/$tarball"
ln -sf ../replication-simulator/bin/replication-simulator.js node_modules/.bin/replication-simulator
export PATH="$PWD/node_modules/.bin:$PATH"
export CHROMIUM_BIN="${CHROMIUM_BIN:-$(command -v chromium)}"

run() {
  printf '\n── %s\n' "$*"
  "$@"
}

vm=(env NODE_OPTIONS=--experimental-vm-modules)
deno=(deno test --no-check --node-modules-dir=manual --allow-env --allow-read)

run vitest run --root . --config vitest/vitest.config.js
run "${vm[@]}" jest --rootDir . jest/recipe.test.js
run node --test node-test/recipe.test.js
run mocha mocha-sinon/recipe.test.js
run bun test ./bun/recipe.test.js
run "${deno[@]}" deno/recipe.test.js
for client in msw undici nock axios got; do run node --test "$client/recipe.test.js"; done
run playwright test --config playwright/playwright.config.js

# A failed test of each runner writes its timeline and its page beside the test output.
fails() {
  local name=$1 log
  shift
  printf '\n── a failing test: %s\n' "$*"
  rm -rf test-results
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    echo "it should have failed" && exit 1
  fi
  grep -q 'last journal entries' "$log" || { cat "$log" && exit 1; }
  rm "$log"
  ls test-results/"$name".svg test-results/"$name".html
  rm -rf test-results
}
named=failing-vitest-test-js-shows-the-world-when-it-fails
fails "$named" vitest run --root . --config failing/vitest.config.js
fails jest "${vm[@]}" jest --rootDir . failing/jest.test.js
fails node node --test failing/node.test.js
fails mocha mocha failing/mocha.test.js
fails bun bun test ./failing/bun.test.js
fails deno "${deno[@]}" --allow-write failing/deno.test.js

# A project of each runner: `init` finds the runner and writes a test, and the command that it prints passes.
modules=$PWD/node_modules
projects=$(mktemp -d)
trap 'rm -rf "$projects"' EXIT
first_test() {
  local runner=$1 manifest=$2 command
  mkdir -p "$projects/$runner"
  ln -s "$modules" "$projects/$runner/node_modules"
  printf '%s\n' "$manifest" >"$projects/$runner/package.json"
  printf '\n── init: %s\n' "$runner"
  (
    cd "$projects/$runner"
    if [ "$runner" = deno ]; then echo '{ "nodeModulesDir": "manual" }' >deno.json; fi
    command=$(replication-simulator init 2>&1 >/dev/null)
    command=${command#run it with: }
    printf '%s\n' "$command"
    [[ "$command" == *"${runner%-*}"* ]]
    bash -c "$command"
  )
}
first_test vitest '{ "devDependencies": { "vitest": "4" } }'
first_test jest '{ "devDependencies": { "jest": "30" } }'
first_test jest-modules '{ "type": "module", "devDependencies": { "jest": "30" } }'
first_test mocha '{ "devDependencies": { "mocha": "12" } }'
first_test bun '{ "scripts": { "test": "bun test" } }'
first_test deno '{}'
first_test node '{}'
