import { ReplicationSimulator } from "replication-simulator";
import {
  checkScenario,
  journalToScenario,
  parseDuration,
  runScenario,
} from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";
import { type InputIssue } from "../../src/model/errors.js";
import { documentedLimits } from "../../src/model/limits.js";
import { type Field } from "../../src/model/schema/fields.js";
import {
  distributionField,
  fromDistribution,
  toDistribution,
} from "../../src/scenario/format/distributions.js";
import {
  bytesField,
  parseShare,
  shareField,
  sizeGbField,
} from "../../src/scenario/format/quantities.js";
import { parseReference } from "../../src/scenario/format/references.js";

/** The last ms of the year 9999: no virtual time is later. */
const lastMs = 253_402_300_799_999;

/** What a field makes of a value; where it refuses it, the rule. */
function read<T>(field: Field<T>, value: unknown): T | undefined | { readonly rule: string } {
  const issues: InputIssue[] = [];
  const found = field.read(value, "x", { limits: documentedLimits, issues });
  const [issue] = issues;
  return issue === undefined ? found : { rule: issue.rule };
}

describe("a duration", () => {
  test.each([
    ["ms of a sum are rounded once", "1.0004s 0.4ms", 1001],
    ["a week and a day", "1w 1d", 691_200_000],
    ["a fraction of a ms is rounded to the nearest", "1.5ms", 2],
    ["the last moment", lastMs, lastMs],
    ["the last moment as text", `${String(lastMs)}ms`, lastMs],
    ["0", 0, 0],
  ])("%s", (_, value, ms) => {
    expect(parseDuration(value)).toBe(ms);
  });

  test.each([
    ["beyond the last moment", lastMs + 1],
    ["beyond the last moment as text", `${String(lastMs + 1)}ms`],
    ["negative", -1],
    ["negative zero", -0],
    ["a fraction of a ms as a number", 0.5],
    ["no number", Number.NaN],
    ["endless", Number.POSITIVE_INFINITY],
    ["a list whose text is a duration", ["90s"]],
    ["nothing", null],
    ["two blanks", "1h  2m"],
    ["a blank at the end", "1h "],
    ["a second text behind", "1h 2m x"],
  ])("is refused: %s", (_, value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});

describe("a share", () => {
  test.each([
    [0, 0],
    [1, 1],
    [0.25, 0.25],
    ["0 %", 0],
    ["100 %", 1],
    ["100%", 1],
    ["99.95 %", 0.9995],
    ["12.25 %", 0.1225],
  ])("%j is %d", (value, share) => {
    expect(parseShare(value)).toBe(share);
    expect(read(shareField, value)).toBe(share);
  });

  test.each(
    [-0.01, 1.01, "100.1 %", "1", "-1 %", "1 %%", " 1 %", ["1 %"], null, Number.NaN].map(
      (value) => [value],
    ),
  )("%j is refused", (value) => {
    expect(parseShare(value)).toBeUndefined();
    expect(read(shareField, value)).toEqual({ rule: "scenario-share" });
  });
});

describe("a size", () => {
  test.each([
    ["10GB", 10],
    ["1.25 TB", 1280],
    ["12.75GB", 12.75],
    [12.5, 12.5],
    [0, 0],
  ])("of a volume, %j, is %d GB", (value, gb) => {
    expect(read(sizeGbField, value)).toBe(gb);
  });

  test.each(
    ["10MB", "10", "10 GB ", "x10GB", "1.GB", "toString", -1, ["10GB"], null].map((value) => [
      value,
    ]),
  )("of a volume is refused: %j", (value) => {
    expect(read(sizeGbField, value)).toEqual({ rule: "scenario-size" });
  });

  test.each([
    ["500B", 500],
    ["2kB", 2000],
    ["1.5 kB", 1500],
    ["1MB", 1_000_000],
    [1, 1],
    [1_000_000, 1_000_000],
  ])("of a transaction, %j, is %d bytes", (value, bytes) => {
    expect(read(bytesField, value)).toBe(bytes);
  });

  test.each(
    [0, 1_000_001, 1.5, "0B", "1.5B", "1.001MB", "1GB", "1 KB", ["1B"]].map((value) => [value]),
  )("of a transaction is refused, as text as well: %j", (value) => {
    expect(read(bytesField, value)).toEqual({ rule: "scenario-size" });
  });
});

describe("a distribution", () => {
  const forms = [
    ["5s", 5000, 5000],
    [
      { from: "1s", to: "1s" },
      { from: 1000, to: 1000 },
      { from: 1000, to: 1000 },
    ],
    [{ exponential: "1h" }, { exponential: 3_600_000 }, { kind: "exponential", meanMs: 3_600_000 }],
    [
      { weibull: "1m", shape: 0.8 },
      { weibull: 60_000, shape: 0.8 },
      { kind: "weibull", scaleMs: 60_000, shape: 0.8 },
    ],
    [
      { lognormal: "1m", sigma: 1.5 },
      { lognormal: 60_000, sigma: 1.5 },
      { kind: "lognormal", medianMs: 60_000, sigma: 1.5 },
    ],
    [{ measured: ["1s", 5] }, { measured: [1000, 5] }, { kind: "empirical", ms: [1000, 5] }],
  ] as const;
  test.each(forms)("%j is that of the simulator, and back", (written, parsed, own) => {
    expect(read(distributionField, written)).toEqual(parsed);
    expect(toDistribution(parsed)).toEqual(own);
    expect(fromDistribution(own)).toEqual(parsed);
  });

  test.each([
    [{ from: "2s", to: "1s" }],
    [{ from: "1s" }],
    [{ exponential: "1h", shape: 1 }],
    [{ weibull: "1m", shape: 0.09 }],
    [{ weibull: "1m", shape: 100.1 }],
    [{ lognormal: "1m" }],
    [{ measured: [] }],
    [{ measured: Array.from({ length: 1001 }, () => 1) }],
    [{}],
    [null],
  ])("is refused: %j", (written) => {
    expect(read(distributionField, written)).toHaveProperty("rule");
  });

  test.each(forms)("of the latency of a world survives its journal: %j", (_, parsed, own) => {
    const sim = new ReplicationSimulator({ seed: 2, latency: { restart: own } });
    const world = journalToScenario(sim.journal()).world;
    expect(world).toEqual({ seed: 2, latency: { restart: parsed } });
  });
});

describe("a reference", () => {
  test.each([
    ["orders", {}],
    ["orders.source", { role: "source" }],
    ["orders.replicas", { role: "replicas" }],
    ["orders.r12", { replica: 12 }],
    ["orders.12", { born: 12 }],
    ["orders.backup12", { backup: 12 }],
  ])("%s", (reference, part) => {
    expect(parseReference(reference)).toEqual({ name: "orders", ...part });
  });
});

describe("a journal of a world with options of its own", () => {
  test("is a scenario with the same options, and the same facts", () => {
    const sim = new ReplicationSimulator({
      seed: 4,
      startAt: 1_800_000_000_000,
      accountId: "77",
      region: "LON",
      jitter: 0.2,
      limits: { maxReplicasPerSource: 3 },
      policy: { databasesOnReplica: "ignore" },
      placement: { zones: 1, racksPerZone: 5 },
      rateLimits: { reads: 7 },
    });
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 10, rack: "rack-5" });
    sim.settle();
    sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: source.id });
    sim.settle();
    const reported = journalToScenario(sim.journal());
    expect(reported.world).toMatchObject({
      seed: 4,
      startAt: 1_800_000_000_000,
      accountId: "77",
      region: "LON",
      jitter: 0.2,
      limits: { maxReplicasPerSource: 3 },
      policy: { databasesOnReplica: "ignore" },
      placement: { zones: 1, racksPerZone: 5 },
    });
    expect(checkScenario(reported).issues).toEqual([]);
    const again = runScenario(reported);
    expect(again.refusals).toEqual([]);
    expect(again.sim.settings).toEqual(sim.settings);
    expect(again.sim.fingerprint()).toBe(sim.fingerprint());
  });
});
