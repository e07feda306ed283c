import type { ScenarioInput } from "replication-simulator/scenario";
import { estimateRare, type RareOptions } from "replication-simulator/whatif";
import { describe, expect, test, vi } from "vitest";
import { type ExactModel, exactModels, exactOf, group } from "./models.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

/** More roots, for a slow and sharp run: `RARE_ROOTS=20 npx vitest run test/whatif/rare` runs twenty times as many. */
const times = Number(process.env["RARE_ROOTS"] ?? 1);

/** How many standard errors an estimate lies beside the exact probability. */
async function errorsBeside(scenario: ScenarioInput, options: RareOptions): Promise<number> {
  const { results } = await estimateRare(scenario, { until: null, ...options });
  const values = [...(results?.column("as it is", "value").values ?? [])];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  return (mean - exactOf(scenario)) / error;
}

describe("forced excursions agree with the exact chain", () => {
  test.each<ExactModel>(exactModels)("$name", async ({ scenario, near, roots = 100 }) => {
    const exact = exactOf(scenario);
    expect(exact).toBeGreaterThan(near / 4);
    expect(exact).toBeLessThan(near * 10);
    expect(Math.abs(await errorsBeside(scenario, { roots: roots * times }))).toBeLessThan(3.5);
  });

  test.each([0.1, 10])("with a scale that is wrong by %d", async (factor) => {
    const options = { scaleMs: factor * 20 * 60_000, roots: 60 * times };
    expect(Math.abs(await errorsBeside(group("30d"), options))).toBeLessThan(3.5);
  });
});

test("copies are copied again on the way to a state, not where a measure counts the event", async () => {
  const ofState = group("30d");
  const counted: ScenarioInput = {
    ...ofState,
    measures: { none: { measure: "noCopy", of: "orders" } },
    expect: { event: { share: "none", above: 0, atMost: "1 %" } },
  };
  const runs = [ofState, counted].map(async (scenario) => {
    const { results } = await estimateRare(scenario, {
      until: null,
      roots: 100,
      engine: "simulator",
    });
    const sum = (column: string): number =>
      [...(results?.column("as it is", column).values ?? [])].reduce((all, one) => all + one, 0);
    return { departures: sum("departures"), forks: sum("forks") };
  });
  const [state, measured] = await Promise.all(runs);
  expect(measured?.departures).toBe(state?.departures);
  // One copy in three comes to a second failure.
  expect(state?.forks).toBeGreaterThan(1.5 * (measured?.forks ?? Infinity));
});
