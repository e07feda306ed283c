import { withOnTestFailed } from "replication-simulator/matchers";
import { failingTest } from "./world.js";

Deno.test(
  "shows the world when it fails",
  withOnTestFailed((onTestFailed) => {
    failingTest(onTestFailed, "test-results/deno");
  }),
);
