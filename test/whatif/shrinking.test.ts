import { readFileSync } from "node:fs";
import { formatScenario, parseScenarioFile } from "replication-simulator/scenario-file";
import * as unbroken from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { buildCopy, mutants } from "./mutants.js";

const chaos = parseScenarioFile(readFileSync(new URL("chaos.yaml", import.meta.url), "utf8"));
const seedsMax = 150;

/** Whether a future breaks any expectation, or throws. */
function fails(playable: unbroken.PlayableScenario, seed: number): boolean {
  try {
    const outcome = playable.play(playable.designs[0] ?? "", seed);
    return Object.values(outcome).some((value) => value === 1);
  } catch {
    return true;
  }
}

describe("shrinking", () => {
  test("has nothing to shrink in unbroken code", () => {
    const playable = unbroken.dataScenario(chaos);
    const failing = Array.from({ length: 40 }, (_, seed) => seed).filter((seed) =>
      fails(playable, seed),
    );
    expect(failing).toEqual([]);
  }, 120_000);

  test.each(mutants)(
    "finds and shrinks: $name",
    async (mutant) => {
      const broken = await buildCopy(mutant);
      const playable = broken.dataScenario(chaos);
      let seed = 0;
      while (seed < seedsMax && !fails(playable, seed)) seed += 1;
      expect(seed, "no future of the ensemble fails").toBeLessThan(seedsMax);
      const shrunk = broken.shrink(chaos, seed);
      expect(shrunk).toBeDefined();
      if (shrunk === undefined) return;
      const text = formatScenario(shrunk.scenario);
      expect(shrunk.scenario.steps?.length ?? 0, text).toBeLessThanOrEqual(4);
      expect(shrunk.scenario.random).toBeUndefined();
      expect(shrunk.runs).toBeLessThanOrEqual(300);
      // What was written to a file fails on the copy, and holds in the code as it is.
      const read = parseScenarioFile(text);
      if (shrunk.failure.expectation !== "exception") {
        expect(broken.whatIf(read).future(shrunk.seed).breaks).toContain(
          shrunk.failure.expectation,
        );
      } else expect(fails(broken.dataScenario(read), shrunk.seed)).toBe(true);
      expect(unbroken.whatIf(read).future(shrunk.seed).breaks, text).toEqual([]);
      if (process.env["SHOW_SHRUNK"] !== undefined) {
        console.log(
          `${mutant.name}: seed ${String(seed)}, ${String(shrunk.runs)} runs, ${shrunk.failure.message}\n${text}`,
        );
      }
    },
    120_000,
  );
});
