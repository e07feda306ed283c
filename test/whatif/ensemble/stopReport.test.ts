import type { Outcome } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { EnsembleResults } from "../../../src/whatif/ensemble/ensembleResults.js";
import { shardsOf } from "../../../src/whatif/ensemble/ensembleSpec.js";
import { checkExpectation } from "../../../src/whatif/ensemble/expectation.js";
import { runShard } from "../../../src/whatif/ensemble/shardResult.js";
import { reportDecisions, reportHalfWidths } from "../../../src/whatif/ensemble/stopReport.js";
import { prepareToy, toyScenario } from "./toyScenario.js";

/** 1,600 futures, looked at after 100, 200, 400 and 800; every other one has 1. */
async function alternating(): Promise<EnsembleResults> {
  const simulate = (_: string, seed: number): Outcome => ({
    m: seed % 2,
    zero: 0,
    "broken: never": 0,
  });
  const prepared = await prepareToy(
    { futures: 1600, shardSize: 100 },
    toyScenario({ designs: ["as it is"], simulate }),
  );
  const results = new EnsembleResults(prepared.spec);
  for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
  return results;
}

describe("what a run waited for", () => {
  test("is each mean, with the first checkpoint at which it was known well enough", async () => {
    const results = await alternating();
    const report = (halfWidth: number, shards = 16, of?: string) =>
      reportHalfWidths(results, { halfWidth, shards, ...(of === undefined ? {} : { of }) });
    // t / sqrt(n - 1) is 0.1398 of the mean for 200 futures, 0.0984 for 400, 0.04905 for 1,600.
    expect(report(0.1)).toEqual({
      until: { halfWidth: 0.1 },
      figures: [
        { design: "as it is", name: "m", futures: 400, halfWidth: expect.closeTo(0.04905, 5) },
        { design: "as it is", name: "zero", futures: null, halfWidth: null },
      ],
    });
    const futuresOf = (...of: Parameters<typeof report>): number | null | undefined =>
      report(...of).figures[0]?.futures;
    expect(futuresOf(0.2)).toBe(100);
    expect(futuresOf(0.0491)).toBe(1600);
    expect(futuresOf(0.049)).toBeNull();
    expect(futuresOf(0.1, 4)).toBe(400);
    expect(futuresOf(0.1, 2)).toBeNull();
    expect(report(0.1, 16, "zero").figures.map(({ name }) => name)).toEqual(["zero"]);
  });

  test("is each expectation, with the checkpoint that decided it", async () => {
    const results = await alternating();
    const expectations = {
      // Decided by 100 futures at 95 %; but five looks need 99 % each, which 200 give.
      "at most": [{ mean: "m", atMost: 0.6 }],
      between: [
        { mean: "m", atMost: 0.6 },
        { mean: "m", atLeast: 0.45 },
      ],
      near: [
        { mean: "m", atMost: 0.6 },
        { mean: "m", atLeast: 0.48 },
      ],
      "not met": [{ mean: "m", atMost: 0.2 }],
    };
    const decisionsAt = (shards: number) =>
      Object.entries(expectations).map(([name, bounds]) => ({
        design: "as it is",
        name,
        isDecided: bounds.every(
          (bound) =>
            checkExpectation(results, "as it is", bound, { shards, confidence: 0.99 }).verdict !==
            "undecided",
        ),
      }));
    expect(reportDecisions(results, 16, decisionsAt)).toEqual({
      until: "decided",
      figures: [
        { design: "as it is", name: "at most", futures: 200, halfWidth: null },
        { design: "as it is", name: "between", futures: 800, halfWidth: null },
        { design: "as it is", name: "near", futures: null, halfWidth: null },
        { design: "as it is", name: "not met", futures: 100, halfWidth: null },
      ],
    });
  });
});
