import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The first test that fails ends a mutant: what is quick and specific is asked before stories at random. */
const order = [
  "lifecycle/documented",
  "rules/book",
  "topology/",
  "engine/",
  "service/",
  "faults/",
  "rules/",
  "failover/",
  "tenants/",
  "lifecycle/",
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

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: [
      "test/lifecycle/**/*.test.ts",
      "test/rules/**/*.test.ts",
      "test/topology/**/*.test.ts",
      "test/engine/**/*.test.ts",
      "test/faults/**/*.test.ts",
      "test/service/**/*.test.ts",
      "test/failover/**/*.test.ts",
      "test/tenants/**/*.test.ts",
      "test/simulator/**/*.test.ts",
      "test/time/**/*.test.ts",
      "test/properties/{stories,schedules,listings}.test.ts",
      "test/differential/{copies,stores,worlds,histories}.test.ts",
    ],
    exclude: ["test/failover/longRun.test.ts", "test/rules/fields.test.ts"],
    setupFiles: ["test/setup.fast-check.ts"],
    env: { FC_RUNS: "5", FC_SEED: "1" },
    sequence: { sequencer: QuickestFirst },
    isolate: false,
    runner: "./test/stryker.runner.ts",
    testTimeout: 60_000,
  },
});
