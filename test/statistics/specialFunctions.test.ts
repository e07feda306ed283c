import * as cephes from "cephes";
import { beforeAll, describe, expect, test } from "vitest";
import { cubeRoot } from "../../src/statistics/cubeRoot.js";
import {
  betaCdf,
  betaQuantile,
  normalQuantile,
  normalTail,
  tQuantile,
} from "../../src/statistics/specialFunctions.js";

/** Relative, so that quantiles near 0 are held to as many digits. */
const tolerance = 1e-9;
const near = (own: number, other: number): void => {
  expect(Math.abs(own - other)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(other), 1e-300));
};

const shares = [1e-6, 0.0001, 0.003125, 0.005, 0.025, 0.05, 0.3, 0.6, 0.975, 0.995, 0.9999];

describe("special functions agree with Cephes to nine digits", () => {
  beforeAll(async () => {
    await cephes.compiled;
  });

  test.each([1, 2, 3, 5, 10, 29, 59, 99, 299, 999, 9_999, 1_000_000])(
    "quantiles of t with %i degrees of freedom",
    (degrees) => {
      for (const p of shares) near(tQuantile(p, degrees), cephes.stdtri(degrees, p));
      expect(tQuantile(0.5, degrees)).toBe(0);
    },
  );

  test("quantiles of the normal distribution", () => {
    for (const p of [1e-12, ...shares]) near(normalQuantile(p), cephes.ndtri(p));
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
  });

  test("tails of the normal distribution, ten standard deviations out", () => {
    for (const x of [-3, 0, 0.5, 1.96, 2.7, 2.9, 4, 10]) near(normalTail(x), cephes.ndtr(-x));
  });

  test.each([
    [1, 1],
    [1, 100],
    [2, 99],
    [0.5, 0.5],
    [5, 5],
    [50, 50],
    [1, 1_000_000],
    [13, 288],
    [300, 700],
    [300_000, 700_000],
  ])("quantiles and shares of Beta(%d, %d)", (a, b) => {
    for (const p of shares) {
      const x = cephes.incbi(a, b, p);
      near(betaQuantile(p, a, b), x);
      expect(Math.abs(betaCdf(x, a, b) - p)).toBeLessThan(1e-9);
    }
  });

  test("cube roots", () => {
    for (const x of [-27, -1e-9, 0, 1e-300, 0.3, 8, 1e300]) near(cubeRoot(x), Math.cbrt(x));
  });
});

test("a quantile has the same bytes on every runtime", () => {
  const bytes = new DataView(new ArrayBuffer(8));
  const hex = (x: number): string => {
    bytes.setFloat64(0, x);
    return bytes.getBigUint64(0).toString(16);
  };
  expect([
    hex(tQuantile(0.975, 29)),
    hex(tQuantile(0.99375, 999)),
    hex(betaQuantile(0.975, 1, 300)),
    hex(normalQuantile(0.975)),
    hex(cubeRoot(2)),
  ]).toMatchInlineSnapshot(`
    [
      "40005ca15bce2873",
      "40040495321973f6",
      "3f89074f75190e4c",
      "3fff5c0331eeff90",
      "3ff428a2f98d728b",
    ]
  `);
});
