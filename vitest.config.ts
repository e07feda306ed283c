import { defineConfig } from "vitest/config";
import { pageProgramForVitest } from "./scripts/page-program.js";
import { blockModules } from "./test/docs/blockModules.js";

/** Tests that use fast-check: their seed and number of runs come from `test/setup.fast-check.ts`. */
const properties = [
  "test/properties/**/*.test.ts",
  "test/differential/**/*.test.ts",
  "test/dataPlane/closedForm.test.ts",
  "test/failover/candidate.test.ts",
  "test/exploration/apiCommands.test.ts",
  "test/http/fuzz.test.ts",
  "test/lifecycle/actors.test.ts",
  "test/matchers/coverage.test.ts",
  "test/accounts/rates.test.ts",
  "test/testing/inputs.test.ts",
  "test/testing/scenarios.test.ts",
  "test/testing/drafts.test.ts",
];

export default defineConfig({
  // `replication-simulator` and its entry points resolve to src by the paths in tsconfig.json
  resolve: { tsconfigPaths: true },
  plugins: [blockModules(), pageProgramForVitest()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...properties, "test/clients/**"],
          // A slow machine is not a failure.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "properties",
          include: properties,
          setupFiles: ["test/setup.fast-check.ts"],
          // Runs that are longer than usual have no short limit.
          testTimeout: process.env["FC_RUNS"] === undefined ? 180_000 : 3_600_000,
        },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            // one path, spawned without a shell
            checker: "./node_modules/ts7/bin/tsc",
            include: ["test/types/**/*.test-d.ts"],
            tsconfig: "./tsconfig.json",
          },
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text", "json-summary", "lcov"],
      thresholds: { lines: 90, branches: 85, functions: 90, statements: 90 },
    },
  },
});
