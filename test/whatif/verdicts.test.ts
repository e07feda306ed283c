import { describe, expect, test } from "vitest";
import type { ScenarioInput } from "../../src/scenario/format/scenario.js";
import { answerText } from "../../src/whatif/answerText.js";
import type { PropertyFactory } from "../../src/whatif/future/properties.js";
import { shrink } from "../../src/whatif/shrink/shrink.js";
import { type WhatIfAnswer, whatIf } from "../../src/whatif/whatIf.js";

const question: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1 } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders",
      every: { exponential: "5d" },
      timeToRepair: "1h",
    },
  },
  horizon: "30d",
  measures: { down: { measure: "writesDown", of: "orders" } },
};

const verdictsOf = (answer: WhatIfAnswer): readonly string[] =>
  answer.expectations().map(({ design, name, verdict }) => `${design}: ${name}: ${verdict}`);

describe("what a design expects", () => {
  const strict: ScenarioInput = {
    ...question,
    expect: { quick: { mean: "down", atMost: "10h" } },
    designs: {
      strict: {
        expect: {
          quick: { atMost: "1h" },
          "never long": { never: "writesDown", of: "orders", for: "30m" },
        },
      },
      lax: { expect: null },
    },
  };

  test("is what its verdict is about", async () => {
    const answer = await whatIf(strict).run({ futures: 200 });
    expect(verdictsOf(answer)).toEqual([
      "as it is: quick: met",
      "strict: quick: not met",
      "strict: never long: not met",
    ]);
    const { designs } = answer.summary();
    expect(designs["as it is"]?.expectations["quick"]?.verdict).toBe("met");
    expect(designs["strict"]?.expectations["quick"]?.verdict).toBe("not met");
    expect(designs["strict"]?.expectations["never long"]?.verdict).toBe("not met");
    expect(designs["lax"]?.expectations).toEqual({});
  });

  test("is what a run waits for", async () => {
    const answer = await whatIf({
      ...strict,
      designs: { even: { expect: { quick: { atMost: "6.2h" } } } },
    }).run({ futures: 400, until: "decided" });
    expect(answer.futures).toBe(400);
    expect(answer.stop?.figures.map(({ design, futures }) => [design, futures])).toEqual([
      ["as it is", 100],
      ["even", null],
    ]);
  });

  test("may differ in anything but its measures, which are compared", () => {
    const designs = {
      other: { measures: { down: { measure: "readsDown" } } },
      more: { measures: { more: { measure: "refused" } } },
      less: { measures: null },
    };
    expect(() => whatIf({ ...question, designs })).toThrow(
      "designs.other.measures.down must be measure writesDown, as without the patch, since designs are compared",
    );
    expect(() => whatIf({ ...question, designs: { more: designs.more } })).toThrow(
      "designs.more.measures.more must be no measure of its own",
    );
    expect(() => whatIf({ ...question, designs: { less: designs.less } })).toThrow(
      "designs.less.measures.down is required: measure writesDown",
    );
  });
});

describe("what is no expectation of a file", () => {
  const broken: PropertyFactory = () => ({ end: () => "always broken" });
  const properties = { never: broken, kept: (() => ({})) as PropertyFactory };

  test("a property of a module has a verdict, with seeds", async () => {
    const answer = await whatIf(question, { properties }).run({ futures: 20 });
    expect(verdictsOf(answer)).toEqual(["as it is: kept: met", "as it is: never: not met"]);
    expect(answer.expectations()[1]).toMatchObject({ value: 1, seeds: [0, 1, 2] });
  });

  test("a check of a step has a verdict in the designs that check", async () => {
    const answer = await whatIf({
      ...question,
      random: {},
      steps: [
        { at: "1m", do: { fault: "crash", of: "orders", for: "5m" } },
        { at: "2m", do: { expect: "orders.source", status: "ACTIVE" } },
        { at: "10m", do: { expect: "orders.source", status: "ACTIVE" } },
      ],
      designs: { quiet: { steps: null } },
    }).run({ futures: 3 });
    expect(verdictsOf(answer)).toEqual(["as it is: step 2: not met", "as it is: step 3: met"]);
  });

  test("a check of a step is shrunk with the steps that break it", () => {
    const { scenario } = whatIf({
      ...question,
      random: {},
      steps: [
        { at: "10s", do: { fault: "crash", of: "orders.1", for: "10s" } },
        { at: "1m", do: { fault: "crash", of: "orders", for: "5m" } },
        { at: "2m", do: { expect: "orders.source", status: "ACTIVE" } },
      ],
    });
    const found = shrink(scenario, 0, { expectation: "step 3" });
    expect(found?.failure).toMatchObject({ expectation: "step 2" });
    expect(found?.scenario.steps?.map(({ do: action }) => action)).toMatchObject([
      { fault: "crash", of: "orders" },
      { expect: "orders.source", status: "ACTIVE" },
    ]);
  });
});

describe("one future alone", () => {
  const hours = (bound: object): ScenarioInput => ({
    ...question,
    measures: { hours: { measure: "instanceHours" } },
    expect: { share: { share: "hours", above: 100, ...bound } as never },
  });

  test("misses a share that is to be large where it is not above the value", () => {
    const { scenario } = whatIf(hours({ atLeast: "90 %" }));
    expect(whatIf(scenario).future(0).breaks).toEqual([]);
    expect(shrink(scenario, 0)).toBeUndefined();
    const high = whatIf({
      ...hours({}),
      expect: { share: { share: "hours", above: 1e6, atLeast: "90 %" } },
    });
    expect(high.future(0).breaks).toEqual(["share"]);
  });

  test("misses a share that is to be small where it is above the value", () => {
    expect(whatIf(hours({ atMost: "10 %" })).future(0).breaks).toEqual(["share"]);
  });
});

describe("results that are kept as a sketch", () => {
  const expecting = (expectations: ScenarioInput["expect"]): ScenarioInput => ({
    ...question,
    ...(expectations === undefined ? {} : { expect: expectations }),
  });

  test("give the verdicts of values on means and on what must never happen", async () => {
    const both = expecting({
      never: { never: "writesDown", of: "orders" },
      short: { mean: "down", atMost: "1h" },
      long: { mean: "down", atMost: "100h" },
    });
    const kept = await whatIf(both).run({ futures: 200 });
    const sketched = await whatIf(both).run({ futures: 200, keep: "sketch" });
    const figures = (answer: WhatIfAnswer) =>
      answer.expectations().map(({ verdict, value }) => [verdict, value?.toPrecision(9)]);
    expect(figures(kept)).toEqual([
      ["not met", expect.anything()],
      ["not met", expect.anything()],
      ["met", expect.anything()],
    ]);
    expect(figures(sketched)).toEqual(figures(kept));
  });

  test("are refused where an expectation needs every value, before anything runs", async () => {
    const shares = expecting({ seldom: { share: "down", above: 0, atMost: "1 %" } });
    await expect(whatIf(shares).run({ keep: "sketch" })).rejects.toThrow(
      'expect.seldom of design as it is needs every value, which a sketch does not keep; run with keep: "values"',
    );
  });
});

test("no future that has a value is no answer", async () => {
  const throws: PropertyFactory = () => {
    throw new Error("broken");
  };
  const never: ScenarioInput = {
    ...question,
    expect: {
      never: { never: "writesDown", of: "orders" },
      short: { mean: "down", atMost: "1h" },
    },
  };
  const answer = await whatIf(never, { properties: { throws } }).run({ futures: 20 });
  expect(verdictsOf(answer)).toEqual(["as it is: never: undecided", "as it is: short: undecided"]);
  expect(answerText(answer)).toMatch(/UNDECIDED never: no value.*\n.*UNDECIDED short: no value/);
});

describe("until all is decided", () => {
  const close = { close: { mean: "down", atMost: "6.2h" } } as const;

  test("the verdicts have the confidence of the looks", async () => {
    const answer = await whatIf({ ...question, expect: close }).run({
      futures: 900,
      until: "decided",
    });
    const [verdict] = answer.expectations();
    expect(answer.stop?.figures[0]?.futures).toBeNull();
    expect(verdict?.verdict).toBe("undecided");
    expect(verdict?.confidence).toBeCloseTo(1 - 0.05 / 5, 12);
    expect(answer.summary().designs["as it is"]?.expectations["close"]).toMatchObject({
      verdict: "undecided",
      confidence: verdict?.confidence,
    });
  });

  test("what must never happen keeps a run going until a future breaks it", async () => {
    const seldom = { never: "writesDown", of: "orders", for: "45m" } as const;
    const all = await whatIf({ ...question, expect: { seldom } }).run({
      futures: 300,
      until: "decided",
    });
    expect(verdictsOf(all)).toEqual(["as it is: seldom: not met"]);
    expect(all.futures).toBe(100);
    const kept = { never: "writesDown", of: "orders", for: "29d" } as const;
    const whole = await whatIf({ ...question, expect: { kept } }).run({
      futures: 300,
      until: "decided",
    });
    expect(whole.futures).toBe(300);
    expect(whole.stop?.figures).toEqual([
      { design: "as it is", name: "kept", futures: 300, halfWidth: null },
    ]);
  });

  test("nothing to decide ends nothing", async () => {
    const answer = await whatIf(question).run({ futures: 300, until: "decided" });
    expect(answer.futures).toBe(300);
  });

  test.each([
    ["decide", "until"],
    [{ halfwidth: 0.5 }, "until"],
    [{ halfWidth: 0.5, off: "down" }, "until"],
    [{ halfWidth: -1 }, "until.halfWidth"],
    [null, "until"],
  ])("%j is refused", async (until, field) => {
    const run = whatIf(question).run({ futures: 100, until: until as never });
    await expect(run).rejects.toMatchObject({ rule: "whatif-input", field });
  });

  test("a measure that is not there is refused", async () => {
    const run = whatIf(question).run({ until: { halfWidth: 0.5, of: "dwon" } });
    await expect(run).rejects.toThrow("measure dwon not found; allowed: down");
  });
});
