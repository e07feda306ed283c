import { test } from "bun:test";
import { withOnTestFailed } from "replication-simulator/matchers";
import { failingTest } from "./world.js";

test(
  "shows the world when it fails",
  withOnTestFailed((onTestFailed) => {
    failingTest(onTestFailed, "test-results/bun");
  }),
);
