import { describe, expect, test } from "vitest";
import { levelTexts, parseLevel } from "../../../src/whatif/rare/parseLevel.js";
import { type RootColumns, rareFigure } from "../../../src/whatif/rare/rareFigure.js";

const of = "orders";

describe("a level of the command line", () => {
  test.each<[texts: readonly string[], level: unknown]>([
    [[], "copies"],
    [["copies"], "copies"],
    [["lagAbove=10s"], [{ condition: "lagAbove", of, limit: 10_000 }]],
    [["backupOlderThan=1d 12h"], [{ condition: "backupOlderThan", of, limit: 129_600_000 }]],
    [["degraded"], [{ condition: "degraded", of }]],
    [["degraded=0"], [{ condition: "degraded", of, copies: 0 }]],
    [
      ["replicationBroken", "degraded=12"],
      [
        { condition: "replicationBroken", of },
        { condition: "degraded", of, copies: 12 },
      ],
    ],
  ])("%j, and back", (texts, level) => {
    const parsed = parseLevel(texts, of);
    expect(parsed).toEqual(level);
    expect(levelTexts(parsed)).toEqual(texts.length === 0 ? ["copies"] : texts);
  });

  test.each<[text: string, expected: RegExp]>([
    ["lag=10s", /copies alone, or conditions: writesDown, .*lagAbove/],
    ["lagAbove", /lagAbove=DURATION, such as lagAbove=10s/],
    ["lagAbove=", /lagAbove=DURATION/],
    ["lagAbove=10", /lagAbove=DURATION/],
    ["lagAbove=10s=20s", /lagAbove=DURATION/],
    ["noCopy=1", /noCopy without a bound/],
    ["noCopy=", /noCopy without a bound/],
    ["degraded=", /degraded=COPIES, a whole number/],
    ["degraded=1=2", /degraded=COPIES/],
    ["degraded=1.5", /degraded=COPIES/],
    ["degraded=1000", /degraded=COPIES/],
    ["degraded=-1", /degraded=COPIES/],
  ])("is refused: %s", (text, expected) => {
    expect(() => parseLevel([text], of)).toThrow(expected);
    expect(() => parseLevel([text], of)).toThrow(expect.objectContaining({ rule: "rare-level" }));
  });

  test("of copies stands alone", () => {
    expect(() => parseLevel(["copies", "noCopy"], of)).toThrow(/copies alone/);
  });
});

describe("the figure of a rare event", () => {
  const columns = (values: readonly number[], more: Partial<RootColumns> = {}): RootColumns => ({
    values,
    departures: values.map(() => 2),
    hits: values.map((value) => (value > 0 ? 3 : 0)),
    direct: values.map(() => 0),
    ...more,
  });
  /** 200 roots, of which every other one has 2e-6. */
  const even = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 2e-6 : 0));

  test("is the mean of all roots, with the interval of a mean", () => {
    const figure = rareFigure(columns(even), "forced");
    if (figure.kind !== "estimate") throw new Error("this is enough");
    const { probability, interval, confidence, ...roots } = figure;
    expect(probability).toBeCloseTo(1e-6, 12);
    expect(confidence).toBe(0.95);
    // The standard error is 1e-6 / sqrt(199): half the width is 1.972 times it.
    const half = (1.972 * 1e-6) / Math.sqrt(199);
    expect(interval.low).toBeCloseTo(1e-6 - half, 9);
    expect(interval.high).toBeCloseTo(1e-6 + half, 9);
    expect(roots).toEqual({
      kind: "estimate",
      method: "forced",
      roots: 200,
      notZero: 100,
      largestShare: expect.closeTo(0.01, 9),
      departures: 400,
      hits: 300,
      direct: 0,
    });
    const wider = rareFigure(columns(even), "forced", 0.99);
    if (wider.kind !== "estimate") throw new Error("this is enough");
    expect(wider.interval.low).toBeLessThan(interval.low);
    expect(wider.interval.high).toBeGreaterThan(interval.high);
  });

  test("is no probability over 1, nor below 0", () => {
    const most = rareFigure(columns(even.map((value) => (value > 0 ? 2 : 0))), "restart");
    expect(most).toMatchObject({ kind: "estimate", interval: { high: 1 } });
    const few = Array.from({ length: 4000 }, (_, at) => (at < 20 ? 1e-6 * (1 + (at % 4)) : 0));
    const least = rareFigure(columns(few), "restart");
    if (least.kind !== "estimate") throw new Error(JSON.stringify(least));
    expect(least.interval.low).toBeGreaterThanOrEqual(0);
  });

  const other = "run more roots (--roots), or let --method restart show whether another step";
  test.each<[guard: string, found: number, bound: number, advice: string, figure: RootColumns]>([
    ["departures", 0, 1, "name a level", columns(even, { departures: even.map(() => 0) })],
    ["direct", 151, 150, "name a level", columns(even, { direct: [151] })],
    ["roots", 99, 100, "run more roots (--roots)", columns(even.slice(0, 99))],
    ["notZero", 19, 20, other, columns(even.map((value, at) => (at < 38 ? value : 0)))],
    [
      "largestShare",
      100 / 199,
      0.1,
      other,
      columns(even.map((value, at) => (at === 0 ? 100 * value : value))),
    ],
  ])("is withheld by %s", (guard, found, bound, advice, given) => {
    const figure = rareFigure(given, "forced");
    if (figure.kind !== "shortfall") throw new Error("this falls short");
    expect(figure.reasons).toEqual([
      {
        guard,
        found: expect.closeTo(found, 9),
        bound,
        advice: expect.stringContaining(advice),
      },
    ]);
  });

  test("of RESTART that falls short asks for more levels", () => {
    const given = columns(even.map((value, at) => (at < 38 ? value : 0)));
    const figure = rareFigure(given, "restart");
    if (figure.kind !== "shortfall") throw new Error("this falls short");
    expect(figure.reasons.map(({ advice }) => advice)).toEqual([
      "run more roots (--roots), or more levels (--level) between health and the event",
    ]);
  });

  test("counts half of the hits as direct, and no more", () => {
    expect(rareFigure(columns(even, { direct: [150] }), "forced").kind).toBe("estimate");
    const none = columns(even.map(() => 0));
    const figure = rareFigure(none, "forced");
    if (figure.kind !== "shortfall") throw new Error("nothing was found");
    expect(figure.reasons.map(({ guard }) => guard)).toEqual(["notZero"]);
    expect(figure.largestShare).toBe(0);
  });
});
