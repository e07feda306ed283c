import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The first failing test ends a mutant, so fast and specific tests run before random scenarios. */
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
  "field/",
  "accounts/",
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
 * The tests that run on mutants: one flat project, because the mutation runner supports no projects and no type checks.
 *
 * They are the tests of the mutated layers. Excluded are the entry points above them, tests that read the files of the
 * repository, and slow tests, since a surviving mutant costs all tests that reach it: properties that first check the
 * reach of their scenarios, the year of crashes, and long runs for statistics.
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
      // Without those of servers, timers and clients.
      "test/field/{backlog,configuration*,copies,lostHosts,moveClients,names}.test.ts",
      "test/field/{operations,partitions,placements,promoteReplica,refusals,stalls}.test.ts",
      "test/field/{threads,waits}.test.ts",
      "test/accounts/**/*.test.ts",
      "test/simulator/**/*.test.ts",
      "test/time/**/*.test.ts",
      "test/wire/golden.test.ts",
      "test/properties/{drafts,schedules,listings}.test.ts",
      "test/differential/{copies,stores,worlds,histories}.test.ts",
    ],
    exclude: [
      "test/failover/longRun.test.ts",
      "test/dataPlane/longRuns.test.ts",
      "test/rules/fields.test.ts",
    ],
    setupFiles: ["test/setup.fast-check.ts"],
    // Few runs with a fixed seed: whether a mutant dies must not depend on chance.
    env: { FC_RUNS: "5", FC_SEED: "1" },
    sequence: { sequencer: QuickestFirst },
    // Files of one run share their modules; each mutant has its own run.
    isolate: false,
    runner: "./test/stryker.runner.ts",
    testTimeout: 60_000,
  },
});
