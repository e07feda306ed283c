import { estimateRare } from "replication-simulator/whatif";
import { describe, expect, test, vi } from "vitest";
import { type RareFigure, rareFigure } from "../../../src/whatif/rare/rareFigure.js";
import { exactModels, exactOf } from "./models.js";

/*
 * How often an interval of 95 % that passes the guards holds the exact probability. `RARE_REPETITIONS=200` is the size of
 * the record in docs/rare.md: it takes half an hour. The quick size finds gross mistakes only.
 */
const repetitions = Number(process.env["RARE_REPETITIONS"] ?? 0);
const isWhole = repetitions >= 200;
const quick = ["a pair of which both are down", "an HA group of two that hangs and crashes"];
const models = exactModels.filter(({ name }) => isWhole || quick.includes(name));

vi.setConfig({ testTimeout: isWhole ? 3_600_000 : 60_000 });

describe("the interval of a rare event holds the exact probability in 95 of 100 cases", () => {
  test.each(models)("$name", async ({ name, scenario, rootsOfInterval = 100 }) => {
    const count = isWhole ? repetitions : 12;
    const roots = count * rootsOfInterval;
    const { results } = await estimateRare(scenario, { roots, until: null, firstSeed: 1_000_000 });
    const column = (measure: string): Float64Array =>
      results?.column("as it is", measure).values ?? new Float64Array();
    const [values, departures, hits, direct] = ["value", "departures", "hits", "direct"].map(
      column,
    );
    if (!values || !departures || !hits || !direct) throw new Error("four columns were asked for");
    const part = (from: number, to: number): RareFigure => {
      const cut = (one: Float64Array): Float64Array => one.slice(from, to);
      return rareFigure(
        { values: cut(values), departures: cut(departures), hits: cut(hits), direct: cut(direct) },
        "forced",
      );
    };
    const exact = exactOf(scenario);
    const figures = Array.from({ length: count }, (_, at) =>
      part(at * rootsOfInterval, (at + 1) * rootsOfInterval),
    );
    const estimates = figures.filter((figure) => figure.kind === "estimate");
    const held = estimates.filter(
      ({ interval: { low, high } }) => low <= exact && exact <= high,
    ).length;
    const coverage = (100 * held) / estimates.length;
    const whole = part(0, roots);
    if (whole.kind !== "estimate") throw new Error("the whole passes the guards");
    const error = (whole.interval.high - whole.interval.low) / 2 / 1.96;
    const z = (whole.probability - exact) / error;
    if (isWhole) {
      const figure = `${whole.probability.toExponential(4)} +- ${((196 * error) / exact).toFixed(1)} %`;
      process.stdout.write(
        `RECORD ${name} | ${exact.toExponential(4)} | ${figure} | z ${z.toFixed(2)} | ${String(held)} of ${String(estimates.length)} = ${coverage.toFixed(1)} %\n`,
      );
    }
    expect(Math.abs(z)).toBeLessThan(3);
    // Most samples of this size must pass the guards: an interval that is seldom given says little.
    expect(estimates.length).toBeGreaterThan(0.8 * count);
    expect(coverage).toBeGreaterThanOrEqual(isWhole ? 93 : 80);
    if (isWhole) expect(coverage).toBeLessThanOrEqual(97.5);
  });
});
