import { onTestFailed, test } from "vitest";
import { failingTest } from "./world.js";

test("shows the world when it fails", () => {
  failingTest(onTestFailed); // the files are those of the reporter
});
