import { readdirSync, readFileSync } from "node:fs";
import { designsOf } from "replication-simulator/scenario";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { dataScenario } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";

const folder = new URL("../../examples/scenarios/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

describe("the example scenarios", () => {
  test("are at least eight, each with a question", () => {
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const file of files) expect(read(file).title, file).toMatch(/\?$/);
  });

  test.each(files)("%s runs in all its designs, and every measure has a value", (file) => {
    const scenario = read(file);
    const runnable = dataScenario(scenario);
    expect(runnable.designs.length).toBe(designsOf(scenario).length);
    for (const design of runnable.designs) {
      for (const seed of [0, 1, 2]) {
        const outcome = runnable.simulate(design, seed);
        for (const name of Object.keys(scenario.measures ?? {})) {
          expect(outcome[name], `${design}, ${name}`).toBeDefined();
        }
      }
    }
    expect(JSON.stringify(runnable.simulate(runnable.designs[0] ?? "", 1))).toBe(
      JSON.stringify(dataScenario(scenario).simulate(runnable.designs[0] ?? "", 1)),
    );
  });
});

function read(file: string) {
  return parseScenarioFile(readFileSync(new URL(file, folder), "utf8"), { file });
}
