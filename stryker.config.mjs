/**
 * Mutation tests of the floors that decide: the lifecycle, the kernel and the service. CONTRIBUTING.md says how long
 * they take and how to run a part of them; which tests are the judges stands in vitest.stryker.config.ts.
 *
 * All mutators are on, messages of errors and words of journal lines included. One thing is not counted, since no
 * behaviour depends on it: see scripts/stryker-ignorer.mjs.
 */
export default {
  testRunner: "vitest",
  // Each mutant is judged by the tests that reach it, so that nothing has to be found by its imports.
  vitest: { configFile: "vitest.stryker.config.ts", related: false },
  coverageAnalysis: "perTest",
  plugins: ["@stryker-mutator/vitest-runner", "./scripts/stryker-ignorer.mjs"],
  ignorers: ["rule-documentation"],
  mutate: ["src/lifecycle/**/*.ts", "src/kernel/**/*.ts", "src/service/**/*.ts"],
  concurrency: 2,
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  clearTextReporter: { reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  // Nothing is checked for types, so that nothing must be kept from it.
  disableTypeChecks: false,
  incremental: true,
  incrementalFile: "reports/stryker-incremental.json",
  tempDirName: ".stryker-tmp",
};
