import { readFileSync } from "node:fs";
import { formatScenario, parseScenarioFile } from "replication-simulator/scenario-file";
import * as unbroken from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { buildCopy, mutants } from "./mutants.js";

const chaos = parseScenarioFile(readFileSync(new URL("chaos.yaml", import.meta.url), "utf8"));
const seedsMax = 150;

/** Runs the unit test of a shrunk scenario against a copy of the library. */
function runWrittenTest(
  shrunk: unbroken.Shrunk,
  text: string,
  { whatIf }: Pick<typeof unbroken, "whatIf">,
): void {
  const source = unbroken.shrunkTest(shrunk, "shrunk.yaml");
  const imported = source.match(/^import \{.*\} from ".*";$/gm) ?? [];
  expect(imported).toHaveLength(4);
  const body = source
    .replaceAll(/^import .*$/gm, "")
    .replaceAll("import.meta.url", '"file:///here/shrunk.test.ts"');
  const names = ["readFileSync", "parseScenarioFile", "whatIf", "expect", "test"];
  const run = new Function(...names, body);
  const readFile = ({ href }: URL): string => {
    expect(href).toBe("file:///here/shrunk.yaml");
    return text;
  };
  run(readFile, parseScenarioFile, whatIf, expect, (_: string, simulate: () => void) => {
    simulate();
  });
}

/** Whether a future breaks any expectation, or throws. */
function fails(runnable: unbroken.RunnableScenario, seed: number): boolean {
  return howItFails(runnable, seed) !== undefined;
}

function howItFails(
  runnable: unbroken.RunnableScenario,
  seed: number,
): "expectation" | "exception" | undefined {
  try {
    const outcome = runnable.simulate(runnable.designs[0] ?? "", seed);
    return Object.values(outcome).some((value) => value === 1) ? "expectation" : undefined;
  } catch {
    return "exception";
  }
}

describe("shrinking", () => {
  test("has nothing to shrink in unbroken code", () => {
    const runnable = unbroken.dataScenario(chaos);
    const failing = Array.from({ length: 40 }, (_, seed) => seed).filter((seed) =>
      fails(runnable, seed),
    );
    expect(failing).toEqual([]);
  }, 120_000);

  test.each(mutants)(
    "finds and shrinks: $name",
    async (mutant) => {
      const broken = await buildCopy(mutant);
      const runnable = broken.dataScenario(chaos);
      // An expectation that is broken says more than an error somewhere else.
      let seed = 0;
      let thrown: number | undefined;
      for (; seed < seedsMax; seed++) {
        const how = howItFails(runnable, seed);
        if (how === "expectation") break;
        if (how === "exception") thrown ??= seed;
      }
      if (seed === seedsMax && thrown !== undefined) seed = thrown;
      expect(seed, "no future of the ensemble fails").toBeLessThan(seedsMax);
      const shrunk = broken.shrink(chaos, seed);
      expect(shrunk).toBeDefined();
      if (shrunk === undefined) return;
      const text = formatScenario(shrunk.scenario);
      expect(shrunk.scenario.steps?.length ?? 0, text).toBeLessThanOrEqual(4);
      expect(shrunk.scenario.random).toBeUndefined();
      expect(shrunk.runs).toBeLessThanOrEqual(300);
      // Within one of the smallest that a person wrote, which breaks by the mutant alone.
      const smallest = mutant.byHand.steps?.length ?? 0;
      expect(shrunk.scenario.steps?.length ?? 0, text).toBeLessThanOrEqual(smallest + 1);
      const seeds = Array.from({ length: 20 }, (_, at) => at);
      expect(seeds.some((at) => fails(broken.dataScenario(mutant.byHand), at))).toBe(true);
      expect(seeds.some((at) => fails(unbroken.dataScenario(mutant.byHand), at))).toBe(false);
      // The unit test that was written fails on the copy, and passes on the code as it is.
      expect(() => {
        runWrittenTest(shrunk, text, broken);
      }).toThrow();
      runWrittenTest(shrunk, text, unbroken);
      if (process.env["SHOW_SHRUNK"] !== undefined) {
        console.log(
          `${mutant.name}: seed ${String(seed)}, ${String(shrunk.runs)} runs, ${shrunk.failure.message}\n${text}`,
        );
      }
    },
    120_000,
  );

  test("shrinks an error that comes among random faults", async () => {
    const mutant = mutants.find(({ name }) => name === "a replica receives before it is written");
    const broken = await buildCopy(mutant);
    const runnable = broken.dataScenario(chaos);
    const throws = (seed: number): boolean => {
      try {
        runnable.simulate(runnable.designs[0] ?? "", seed);
        return false;
      } catch {
        return true;
      }
    };
    let seed = 0;
    while (seed < seedsMax && !throws(seed)) seed += 1;
    const shrunk = broken.shrink(chaos, seed, { maxRuns: 30 });
    expect(shrunk?.failure.expectation).toBe("exception");
    expect(shrunk?.scenario.random).toBeUndefined();
  }, 120_000);
});
