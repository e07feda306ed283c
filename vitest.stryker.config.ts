import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The first test that fails ends a mutant: what is quick and specific is asked before stories at random. */
const order = [
  "lifecycle/documented",
  "rules/book",
  "topology/",
  "simulator/",
  "dataPlane/",
  "service/",
  "faults/",
  "rules/",
  "failover/",
  "tenants/",
  "lifecycle/",
  "wire/",
  "properties/",
  "differential/",
];

class QuickestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = order.findIndex((folder) => moduleId.includes(`/test/${folder}`));
      return at === -1 ? order.length : at;
    };
    return Promise.resolve([...files].sort((a, b) => place(a) - place(b)));
  }
}

/**
 * What a mutant is judged by: one flat project, because the mutation runner wants no projects and no type checks.
 *
 * Judges are the tests of what these floors do. Left out are the doors above them, tests that read the files of the
 * house, and what takes seconds, since a mutant that survives costs all the tests that reach it: properties that check
 * first that their stories reach everything, the year of crashes, and long runs for statistics.
 */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: [
      "test/lifecycle/**/*.test.ts",
      "test/rules/**/*.test.ts",
      "test/topology/**/*.test.ts",
      "test/dataPlane/**/*.test.ts",
      "test/faults/**/*.test.ts",
      "test/service/**/*.test.ts",
      "test/failover/**/*.test.ts",
      "test/tenants/**/*.test.ts",
      "test/simulator/**/*.test.ts",
      "test/time/**/*.test.ts",
      "test/wire/golden.test.ts",
      "test/properties/{stories,schedules,listings}.test.ts",
      "test/differential/{copies,stores,worlds,histories}.test.ts",
    ],
    exclude: [
      "test/failover/longRun.test.ts",
      "test/dataPlane/longRuns.test.ts",
      "test/rules/fields.test.ts",
    ],
    setupFiles: ["test/setup.fast-check.ts"],
    // Few stories, and always the same: a mutant must not die by luck.
    env: { FC_RUNS: "5", FC_SEED: "1" },
    sequence: { sequencer: QuickestFirst },
    // Files of one run share their modules; each mutant has a run of its own.
    isolate: false,
    runner: "./test/stryker.runner.ts",
    testTimeout: 60_000,
  },
});
