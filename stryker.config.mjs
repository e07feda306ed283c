/**
 * Mutation tests of the layers that decide: the lifecycle, the kernel and the service. CONTRIBUTING.md has their
 * duration and the way to run a part of them. vitest.stryker.config.ts selects the tests.
 *
 * All mutators are on, those of error messages and journal entries included. The documentation of rules is ignored, since
 * no behaviour depends on it: see scripts/stryker-ignorer.mjs.
 */
export default {
  testRunner: "vitest",
  // Each mutant runs the tests that reach it, so related files need not be found by imports.
  vitest: { configFile: "vitest.stryker.config.ts", related: false },
  coverageAnalysis: "perTest",
  plugins: ["@stryker-mutator/vitest-runner", "./scripts/stryker-ignorer.mjs"],
  ignorers: ["rule-documentation"],
  mutate: ["src/lifecycle/**/*.ts", "src/kernel/**/*.ts", "src/service/**/*.ts"],
  concurrency: 2,
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  clearTextReporter: { reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  // The runner checks no types, so type checks need not be disabled.
  disableTypeChecks: false,
  incremental: true,
  incrementalFile: "reports/stryker-incremental.json",
  tempDirName: ".stryker-tmp",
};
