import { assertInput } from "../assertInput.js";
import type { Shrunk } from "./shrink.js";

/** Returns the source of a unit test that runs a shrunk scenario and expects that it holds. */
export function shrunkTest(shrunk: Shrunk, file: string): string {
  const expected = "what shrink returns";
  assertInput(shrunk, { field: "shrunk", expected }, "seed", "failure");
  const { seed, failure } = shrunk;
  const name = JSON.stringify(failure.expectation);
  return `import { readFileSync } from "node:fs";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { whatIf } from "replication-simulator/whatif";
import { expect, test } from "vitest";

test(${name}, () => {
  const text = readFileSync(new URL("./${file}", import.meta.url), "utf8");
  const { breaks } = whatIf(parseScenarioFile(text, { file: "${file}" })).future(${String(seed)});
  expect(breaks).not.toContain(${name});
});
`;
}
