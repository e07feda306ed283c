import { describe, expect, test } from "vitest";
import { makeAxis } from "../../../src/whatif/report/axis.js";
import { bandMark } from "../../../src/whatif/report/bandMark.js";
import {
  formatBeside,
  formatElasticity,
  formatInterval,
  formatShare,
  formatValue,
} from "../../../src/whatif/report/valueFormat.js";

const line = { from: 100, to: 500 };
const labels = (axis: ReturnType<typeof makeAxis>): readonly string[] =>
  axis.ticks.map(({ label }) => label);

describe("an axis", () => {
  test("of durations close together is linear from 0, with ticks that people would choose", () => {
    const axis = makeAxis({ ...line, values: [62_000, 184_000], unit: "duration" });
    expect(axis.isLog).toBe(false);
    expect(labels(axis)).toEqual(["0 s", "1 min", "2 min", "3 min"]);
    expect(axis.place(0)).toBe(100);
  });

  test("over decades is logarithmic", () => {
    const axis = makeAxis({ ...line, values: [65_000, 2 * 3_600_000], unit: "duration" });
    expect(axis.isLog).toBe(true);
    expect(labels(axis)).toEqual(["2 min", "5 min", "10 min", "30 min", "1 h"]);
  });

  test("keeps a place for 0 where the others are logarithmic", () => {
    const axis = makeAxis({ ...line, values: [0, 1, 100_000], unit: "number" });
    expect(labels(axis)[0]).toBe("0");
    expect(axis.place(0)).toBe(100);
    expect(axis.place(1)).toBeGreaterThan(130);
  });

  test("of ratios near 1 has even ticks", () => {
    const axis = makeAxis({ ...line, values: [1, 1.42, 1.57], unit: "number", scale: "log" });
    expect(labels(axis)).toEqual(["1", "1.2", "1.4", "1.6"]);
  });

  test.each([
    [[0], "number"],
    [[5, 5], "duration"],
    [[-3, 4], "number"],
    [[], "number"],
    [[1e-7, 1], "number"],
    [[1, 1e14], "duration"],
  ] as const)("holds %j with room between its labels", (values, unit) => {
    const axis = makeAxis({ ...line, values, unit });
    const places = axis.ticks.map(({ value }) => axis.place(value));
    expect(places.length).toBeGreaterThan(0);
    for (const place of [...places, ...values.map(axis.place)]) {
      expect(place).toBeGreaterThanOrEqual(100);
      expect(place).toBeLessThanOrEqual(500);
    }
    for (const [at, place] of places.slice(1).entries())
      expect(place - (places[at] as number)).toBeGreaterThanOrEqual(30);
  });
});

describe("values are said", () => {
  test.each([
    [0, "0 s"],
    [850, "850 ms"],
    [27_512, "27.5 s"],
    [64_800, "1.08 min"],
    [6_408_000, "1.78 h"],
    [450_000_000, "5.21 d"],
    [999.7, "1,000 ms"],
    [1000, "1 s"],
    [60_000, "1 min"],
    [3_600_000, "1 h"],
    [86_400_000, "1 d"],
    [-1500, "-1.50 s"],
  ])("as durations with three digits: %d", (ms, expected) => {
    expect(formatValue(ms, "duration")).toBe(expected);
  });

  test.each([
    [3510, "3,510"],
    [1_234_567, "1,230,000"],
    [0.0123, "0.0123"],
    [999.4, "999"],
    [999.7, "1,000"],
    [-999.7, "-1,000"],
    [999_999, "1,000,000"],
    [0.0001, "0.000100"],
    [1.5e-7, "1.50e-7"],
    [-720, "-720"],
    [3, "3"],
  ])("as numbers: %d", (value, expected) => {
    expect(formatValue(value, "number")).toBe(expected);
  });

  test("without a power of ten where three digits round up to a fourth", () => {
    expect(formatValue(999.7, "number")).toBe("1,000");
    expect(formatValue(-999.7, "number")).toBe("-1,000");
    expect(formatValue(999.96, "duration")).toBe("1,000 ms");
    expect(formatValue(999.4, "number")).toBe("999");
  });

  test("beside a limit with as many digits as it takes that only an equal value looks like it", () => {
    const shares = formatBeside([0.999_998, 1], [0.999_999], "share");
    expect([0.999_998, 0.999_999, 1].map(shares)).toEqual(["99.9998 %", "99.9999 %", "100 %"]);
    const close = formatBeside([0.123_41], [0.123_44], "share");
    expect([0.123_41, 0.123_44].map(close)).toEqual(["12.341 %", "12.344 %"]);
    const durations = formatBeside([3_602_000], [3_600_000], "duration");
    expect([3_602_000, 3_600_000].map(durations)).toEqual(["1.001 h", "1 h"]);
    const numbers = formatBeside([12_345.6, 7], [12_345], "number");
    expect([12_345.6, 12_345, 7].map(numbers)).toEqual(["12,346", "12,345", "7"]);
    const usual = formatBeside([61_000, 69_000], [69_000], "duration");
    expect([61_000, 69_000].map(usual)).toEqual(["1.02 min", "1.15 min"]);
    const equal = formatBeside([0.1 + 0.2], [0.3], "number");
    expect(equal(0.3)).not.toBe(equal(0.1 + 0.2));
  });

  test("as an elasticity with what is known of its interval", () => {
    const value = 0.98;
    expect(formatElasticity({ value, interval: null })).toBe("0.98");
    expect(formatElasticity({ value, interval: { low: 0.95, high: 1.01 } }, " %")).toBe(
      "0.98 % (0.95 to 1.01)",
    );
    expect(formatElasticity({ value, interval: { low: null, high: 1.01 } })).toBe(
      "0.98 (less than 1.01)",
    );
  });

  test("as shares with the digits that matter near 0 and 1", () => {
    const shares: Readonly<Record<string, number>> = {
      "0 %": 0,
      "100 %": 1,
      "95 %": 0.95,
      "50 %": 0.5,
      "99.99 %": 0.9999,
      "0.43 %": 0.0043,
      "9.5 %": 0.0951,
      "90.5 %": 0.905,
      "0.052 %": 0.00052,
      "0.0014 %": 0.000014,
      "0.001 %": 0.00001,
      "9.90e-6": 0.0000099,
      "99.9996 %": 0.999996,
      "99.99999999 %": 0.9999999999,
    };
    for (const [text, share] of Object.entries(shares)) expect(formatShare(share)).toBe(text);
  });

  test("as intervals whose unit stands once", () => {
    expect(formatInterval({ low: 61_000, high: 69_000 }, "duration")).toBe("1.02 to 1.15 min");
    expect(formatInterval({ low: 44_000, high: 69_000 }, "duration")).toBe("44 s to 1.15 min");
    expect(formatInterval({ low: 3, high: null }, "number")).toBe("more than 3");
    expect(formatInterval({ low: null, high: 5 }, "number")).toBe("less than 5");
    expect(formatInterval({ low: null, high: null }, "number")).toBe("no bound");
    expect(formatInterval({ low: 3510, high: 4000 }, "number")).toBe("3,510 to 4,000");
  });
});

describe("a band over time", () => {
  const moments = [1, 2, 3, 4, 5].map((hours) => hours * 3_600_000);
  const none = { low: null, high: null };
  const known = { low: 1, high: 3 };
  const areasOf = (intervals: readonly (typeof none | typeof known)[]): number => {
    const row = { colour: 0, means: moments.map(() => 2) };
    const rows = [{ ...row, pointwise: intervals, simultaneous: intervals }];
    const drawn = bandMark(rows, { moments, unit: "number", title: "down over time" });
    expect(drawn.match(/class="line/g)).toHaveLength(1);
    return drawn.match(/class="area/g)?.length ?? 0;
  };

  test("is drawn only at moments where it has ends, and never from 0 on for want of one", () => {
    expect(areasOf([known, known, known, known, known])).toBe(2);
    expect(areasOf([none, none, none, none, none])).toBe(0);
    expect(areasOf([none, known, known, none, known])).toBe(4);
  });
});
