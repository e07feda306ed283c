import type { Distribution } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { durationBeyond, durationOf } from "../../../src/kernel/distribution.js";
import { expm1, hasDensity, logMass, logTail } from "../../../src/whatif/rare/failureLaw.js";
import {
  type Lomax,
  lomaxDuration,
  lomaxLogMass,
  lomaxLogTail,
} from "../../../src/whatif/rare/lomax.js";

const laws: readonly (readonly [string, Distribution])[] = [
  ["exponential", { kind: "exponential", meanMs: 900 }],
  ["weibull that ages", { kind: "weibull", scaleMs: 800, shape: 2 }],
  ["weibull of early deaths", { kind: "weibull", scaleMs: 700, shape: 0.7 }],
  ["lognormal", { kind: "lognormal", medianMs: 600, sigma: 1 }],
  ["lognormal of little variance", { kind: "lognormal", medianMs: 600, sigma: 0.25 }],
  ["uniform", { from: 100, to: 2500 }],
  ["measured", { kind: "empirical", ms: [0, 40, 40, 900] }],
  ["fixed", 700],
];

/** Draws spread evenly over 32 bits. */
const evenly = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) / count) * 2 ** 32));

describe("the law of a clock", () => {
  test.each(laws)(
    "of %s is that of the engine's draws, from the first on and given an age",
    (_, law) => {
      const draws = evenly(20_000);
      const share = (longer: (draw: number) => number, ms: number): number =>
        draws.filter((draw) => longer(draw) > ms).length / draws.length;
      for (const ms of [1, 5, 99, 350, 699, 1200, 2400]) {
        const found = share((draw) => Math.max(1, durationOf(law, draw)), ms);
        expect(Math.abs(found - Math.exp(logTail(law, ms)))).toBeLessThan(2e-4);
        const ageMs = 50;
        if (typeof law === "number" || ms <= ageMs) continue;
        const beyond = share((draw) => durationBeyond(law, { ageMs, draw }), ms);
        const expected = Math.exp(logTail(law, ms) - logTail(law, ageMs));
        expect(Math.abs(beyond - expected)).toBeLessThan(2e-4);
      }
    },
  );

  test.each(laws)("of %s: its masses add up to its tail", (_, law) => {
    let sum = 0;
    for (let ms = 1; ms <= 3000; ms++) sum += Math.exp(logMass(law, ms));
    expect(Math.abs(sum - (1 - Math.exp(logTail(law, 3000))))).toBeLessThan(1e-6);
  });

  test("of a fixed time ends with it, and with 1 ms at least", () => {
    expect([logTail(700, 0), logTail(700, 699), logTail(700, 700)]).toEqual([0, 0, -Infinity]);
    expect([logTail(0, 0), logTail(0, 1)]).toEqual([0, -Infinity]);
    expect([logMass(700, 699), logMass(700, 700)]).toEqual([-Infinity, 0]);
  });

  test("has a density unless its values are given one by one", () => {
    expect(laws.flatMap(([name, law]) => (hasDensity(law) ? [] : [name]))).toEqual([
      "measured",
      "fixed",
    ]);
  });

  test("keeps its digits where a ms is nothing", () => {
    const month: Distribution = { kind: "exponential", meanMs: 2_592_000_000 };
    expect(logMass(month, 5) + Math.log(2_592_000_000)).toBeCloseTo(0, 7);
    expect(expm1(-1e-12) / Math.expm1(-1e-12)).toBeCloseTo(1, 15);
    expect(expm1(-1e-4)).toBeCloseTo(Math.expm1(-1e-4), 15);
    for (const x of [-9e-5, -1e-4, -1.1e-4]) {
      expect(Math.abs(expm1(x) / Math.expm1(x) - 1)).toBeLessThan(x < -1e-4 ? 1e-11 : 1e-15);
    }
    expect(expm1(-2)).toBeCloseTo(Math.expm1(-2), 14);
  });
});

describe("the Lomax law", () => {
  test.each<Lomax>([
    { scaleMs: 300, shape: 1 },
    { scaleMs: 300, shape: 1 / 3 },
    { scaleMs: 5, shape: 2 },
  ])("with scale $scaleMs and shape $shape is that of its durations", (law) => {
    const draws = evenly(20_000);
    let mass = 0;
    for (let ms = 1; ms <= 1000; ms++) {
      mass += Math.exp(lomaxLogMass(law, ms));
      if (ms % 100 !== 1) continue;
      const found = draws.filter((draw) => lomaxDuration(law, draw) > ms).length / draws.length;
      expect(Math.abs(found - Math.exp(lomaxLogTail(law, ms)))).toBeLessThan(2e-4);
      expect(Math.abs(1 - mass - Math.exp(lomaxLogTail(law, ms)))).toBeLessThan(1e-9);
    }
    for (const draw of [0, 2 ** 32 - 1]) {
      expect(Number.isSafeInteger(lomaxDuration(law, draw))).toBe(true);
      expect(lomaxDuration(law, draw)).toBeGreaterThan(0);
    }
  });
});
