import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  checkScenario,
  conditionKinds,
  measureKinds,
  propertyKinds,
  scenarioJsonSchema,
} from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";
import { conditionBounds } from "../../src/scenario/format/conditionFields.js";
import { commandFields } from "../../src/service/commands/commandFields.js";

const schema = scenarioJsonSchema();
const validate = new Ajv2020({ strict: false }).compile(schema as object);

describe("the published schema", () => {
  test("is the one of the package", () => {
    const published = readFileSync(
      new URL("../../scenario-1.schema.json", import.meta.url),
      "utf8",
    );
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  test("knows every command but injectFault, whose form is a fault", () => {
    const text = JSON.stringify(schema);
    const commands = Object.keys(commandFields).filter((type) => type !== "injectFault");
    expect(commands.filter((type) => !text.includes(`"enum":["${type}"]`))).toEqual([]);
    expect(text).not.toContain('"enum":["injectFault"]');
  });

  const base = { scenario: 1, topology: { orders: { kind: "group" } } };
  const accepted: readonly unknown[] = [
    base,
    {
      ...base,
      world: { startAt: "2026-03-01T00:00:00Z", latency: "fast", limits: { maxVolumeGb: 9 } },
    },
    { ...base, world: { latency: { build: { weibull: "10d", shape: 0.8 } } } },
    {
      ...base,
      steps: ["settle", "step", "restore", { advance: "1h" }].map((action) => ({ do: action })),
    },
    {
      ...base,
      steps: [
        { do: { fault: "random", effect: "crash", of: "orders", every: "1d", timeToRepair: 5 } },
      ],
    },
    {
      ...base,
      steps: [
        { do: { command: "addReplica", of: "orders", flavorId: 2, volumeGb: "10GB" }, label: "r" },
      ],
    },
    { ...base, steps: [{ do: { fork: { seed: 4, jitter: 0.5 } } }] },
    ...measureKinds.map((measure) => ({
      ...base,
      topology: { orders: { kind: "group", writes: { perSecond: 10 } } },
      measures: { m: { measure, ...(measure === "refused" ? {} : { of: "orders" }) } },
    })),
    ...conditionKinds.map((never) => ({
      ...base,
      topology: { orders: { kind: "group", writes: { perSecond: 10 } } },
      expect: {
        m: {
          never,
          of: "orders",
          ...(conditionBounds[never] === "limit" ? { limit: "1m" } : {}),
        },
      },
    })),
    ...propertyKinds.map((holds) => ({ ...base, expect: { m: { holds } } })),
    {
      ...base,
      operators: {
        "on call": {
          when: { condition: "writesDown", of: "orders", for: "10m" },
          after: { from: "1m", to: "2m" },
          do: [{ command: "forceFailover", of: "orders" }],
        },
      },
    },
  ];
  test.each(accepted.map((one) => [JSON.stringify(one).slice(0, 120), one]))(
    "takes, as the reader does, %s",
    (_, one) => {
      expect(checkScenario(one).issues).toEqual([]);
      validate(one);
      expect(validate.errors ?? []).toEqual([]);
    },
  );

  const refused: readonly unknown[] = [
    [],
    {},
    { scenario: 2 },
    { ...base, more: 1 },
    { ...base, horizon: "1x" },
    { ...base, topology: { "a.b": { kind: "set" } } },
    { ...base, world: { jitter: 2 } },
    { ...base, steps: [{ do: { command: "addReplica", of: "orders", flavorId: 2 } }] },
    { ...base, steps: [{ do: { command: "injectFault", of: "orders" } }] },
    { ...base, steps: [{ do: { fault: "crash", of: "orders", lag: "1s" } }] },
    { ...base, steps: [{ do: "wait" }] },
    { ...base, measures: { m: { measure: "uptime" } } },
    {
      ...base,
      random: {
        c: {
          fault: "crash",
          of: "orders",
          every: { exponential: "1d", sigma: 1 },
          timeToRepair: 1,
        },
      },
    },
    { ...base, operators: { o: { when: { condition: "writesDown", of: "orders" }, do: [] } } },
    { ...base, expect: { e: { maximum: "m" } } },
  ];
  test.each(refused.map((one) => [JSON.stringify(one).slice(0, 120), one]))(
    "refuses, as the reader does, %s",
    (_, one) => {
      expect(checkScenario(one).issues).not.toEqual([]);
      expect(validate(one)).toBe(false);
    },
  );
});
