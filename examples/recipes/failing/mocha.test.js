import { it } from "mocha";
import { withOnTestFailed } from "replication-simulator/matchers";
import { failingTest } from "./world.js";

it(
  "shows the world when it fails",
  withOnTestFailed((onTestFailed) => {
    failingTest(onTestFailed, "test-results/mocha");
  }),
);
