import { estimateRare } from "replication-simulator/whatif";
import { describe, expect, test, vi } from "vitest";
import { relativeHalfWidth } from "../../../src/statistics/interval.js";
import {
  type RareEstimate,
  type RareFigure,
  type RootColumns,
  rareFigure,
} from "../../../src/whatif/rare/rareFigure.js";
import { exactModels, exactOf } from "./models.js";

/*
 * How often an interval of 95 % that passes the guards holds the exact probability. `RARE_REPETITIONS=1000` is the size of
 * the record in docs/rare.md: it takes ten minutes. The quick size finds gross mistakes only.
 */
const repetitions = Number(process.env["RARE_REPETITIONS"] ?? 0);
const isWhole = repetitions >= 200;
const quick = ["a pair of which both are down", "an HA group of two that hangs and crashes"];
const models = exactModels.filter(({ name }) => isWhole || quick.includes(name));

vi.setConfig({ testTimeout: isWhole ? 3_600_000 : 60_000 });

/** Roots of one stream, to be cut into experiments. */
class Stream {
  readonly #columns: readonly Float64Array[];

  constructor(columns: readonly Float64Array[]) {
    this.#columns = columns;
  }

  get length(): number {
    return this.#columns[0]?.length ?? 0;
  }

  figure(from: number, to: number): RareFigure {
    const [values = [], departures = [], hits = [], direct = []] = this.#columns.map((column) =>
      column.subarray(from, to),
    );
    return rareFigure({ values, departures, hits, direct } satisfies RootColumns, "forced");
  }

  /** Experiments of so many roots each. */
  cut(roots: number): readonly RareFigure[] {
    return Array.from({ length: Math.floor(this.length / roots) }, (_, at) =>
      this.figure(at * roots, (at + 1) * roots),
    );
  }

  /** Experiments that end by themselves, as the command does: at a doubling checkpoint, at 10 % to either side. */
  stopped(): readonly RareEstimate[] {
    const found: RareEstimate[] = [];
    for (let from = 0, roots = 100; from + roots <= this.length; ) {
      const figure = this.figure(from, from + roots);
      const isEnough =
        figure.kind === "estimate" && relativeHalfWidth(figure.probability, figure.interval) <= 0.1;
      if (!isEnough) roots *= 2;
      else {
        found.push(figure);
        from += roots;
        roots = 100;
      }
    }
    return found;
  }
}

interface Coverage {
  readonly of: number;
  readonly held: number;
  readonly percent: number;
}

function coverageOf(figures: readonly RareFigure[], exact: number): Coverage {
  const estimates = figures.filter((figure) => figure.kind === "estimate");
  const held = estimates.filter(
    ({ interval: { low, high } }) => low <= exact && exact <= high,
  ).length;
  return { of: estimates.length, held, percent: (100 * held) / estimates.length };
}

const shown = ({ of, held, percent }: Coverage): string =>
  `${String(held)} of ${String(of)} = ${percent.toFixed(1)} %`;

describe("the interval of a rare event holds the exact probability in 95 of 100 cases", () => {
  test.each(models)("$name", async ({ name, scenario, rootsOfInterval = 100 }) => {
    const count = isWhole ? repetitions : 12;
    const roots = count * rootsOfInterval;
    const { results } = await estimateRare(scenario, { roots, until: null, firstSeed: 1_000_000 });
    const stream = new Stream(
      ["value", "departures", "hits", "direct"].map(
        (measure) => results?.column("as it is", measure).values ?? new Float64Array(),
      ),
    );
    const exact = exactOf(scenario);
    const coverage = coverageOf(stream.cut(rootsOfInterval), exact);
    const whole = stream.figure(0, roots);
    if (whole.kind !== "estimate") throw new Error("the whole passes the guards");
    const error = (whole.interval.high - whole.interval.low) / 2 / 1.96;
    const z = (whole.probability - exact) / error;
    if (isWhole) {
      const figure = `${whole.probability.toExponential(4)} +- ${((196 * error) / exact).toFixed(1)} %`;
      const stopped = coverageOf(stream.stopped(), exact);
      process.stdout.write(
        `RECORD ${name} | ${exact.toExponential(4)} | ${figure} | z ${z.toFixed(2)} | ${String(rootsOfInterval)} roots: ${shown(coverage)} | ended by itself: ${shown(stopped)}\n`,
      );
      expect(stopped.percent).toBeGreaterThanOrEqual(93);
      expect(stopped.percent).toBeLessThanOrEqual(97.5);
    }
    expect(Math.abs(z)).toBeLessThan(3);
    // Most samples of this size must pass the guards: an interval that is seldom given says little.
    expect(coverage.of).toBeGreaterThan(0.8 * count);
    expect(coverage.percent).toBeGreaterThanOrEqual(isWhole ? 93 : 80);
    if (isWhole) expect(coverage.percent).toBeLessThanOrEqual(97.5);
  });
});
