/**
 * Mutation tests of the layers that decide: the lifecycle, the kernel and the service. CONTRIBUTING.md has their
 * duration and the way to run a part of them. scripts/mutation/tests.mjs selects the tests.
 *
 * All mutators are on, those of error messages and journal entries included. The documentation of rules is ignored, since
 * no behaviour depends on it: see scripts/mutation/ignorer.mjs.
 */
export default {
  // Starts no process and no Vitest for a mutant, which would take longer than the tests that notice it.
  testRunner: "in-process",
  coverageAnalysis: "perTest",
  plugins: ["./scripts/mutation/runner.mjs", "./scripts/mutation/ignorer.mjs"],
  ignorers: ["rule-documentation"],
  mutate: ["src/lifecycle/**/*.ts", "src/kernel/**/*.ts", "src/service/**/*.ts"],
  concurrency: 2,
  // The runner itself gives up in time; only an endless loop that changes nothing waits for this.
  timeoutMS: 10_000,
  dryRunTimeoutMinutes: 20,
  timeoutFactor: 0.1,
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  clearTextReporter: { reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  // The runner checks no types, so type checks need not be disabled.
  disableTypeChecks: false,
  incremental: true,
  incrementalFile: "reports/stryker-incremental.json",
  tempDirName: ".stryker-tmp",
};
