import fc from "fast-check";
import type { JournalEntry } from "replication-simulator";
import type { MeasureKind, ScenarioInput } from "replication-simulator/scenario";
import { checkScenario, scenario } from "replication-simulator/scenario";
import type { MeasureFactory, Outcome } from "replication-simulator/whatif";
import { expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import type { Topology } from "../../src/model/topology.js";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";
import { runs } from "../scenarioGenerators.js";
import {
  type Frame,
  type GivenCommand,
  isWritten,
  lagSamples,
  naiveMeasures,
  type Recording,
} from "./naiveMeasures.js";

type Step = NonNullable<ScenarioInput["steps"]>[number];
type Action = NonNullable<ScenarioInput["operators"]>[string]["do"][number];

const rate = 100;

const member = fc.constantFrom(
  "orders.source",
  "orders.replicas",
  "orders.r1",
  "orders.1",
  "orders.2",
);
const time = fc.constantFrom("0s", "1s", "1m", "10m", "1h", "90m", "3h", "4h", "8h", "1d");
const length = fc.constantFrom("0s", "5s", "1m", "20m", "2h", "8h", "2d");

const action = fc.oneof(
  fc.record({
    fault: fc.constantFrom("crash" as const, "hang" as const, "partition" as const),
    of: member,
    for: length,
  }),
  fc.record({
    fault: fc.constantFrom("crash" as const, "hang" as const, "loseHost" as const),
    of: member,
  }),
  fc.record({ fault: fc.constant("crash" as const), of: member, in: time, for: length }),
  fc.record({
    fault: fc.constantFrom("cutLink" as const, "breakReplication" as const),
    of: fc.constantFrom("orders.replicas", "orders.r1", "orders.2"),
    for: length,
  }),
  fc.constant({ fault: "slowLink", of: "orders.r1", factor: 3, for: "2h" }),
  fc.record({
    command: fc.constantFrom(
      "restartInstance" as const,
      "detachReplica" as const,
      "deleteInstance" as const,
    ),
    of: member,
  }),
  fc.record({
    command: fc.constant("resizeFlavor" as const),
    of: member,
    flavorId: fc.constant("3"),
  }),
  fc.record({
    command: fc.constantFrom(
      "restartGroup" as const,
      "deleteHaGroup" as const,
      "forceFailover" as const,
      "disableFailover" as const,
    ),
    of: fc.constant("orders"),
  }),
  fc.record({
    command: fc.constant("promoteReplica" as const),
    of: fc.constantFrom("orders.2", "orders.r1", "orders.freshest"),
    moveClients: fc.boolean(),
  }),
) as fc.Arbitrary<Action>;

const labelled: fc.Arbitrary<Step["do"]> = fc.constantFrom(
  { command: "convertToHa", of: "orders", name: "made" },
  {
    command: "createReplica",
    replicaOf: "orders.source",
    name: "more",
    flavorId: "2",
    volumeGb: 20,
  },
  { command: "createInstance", name: "another", flavorId: "2", volumeGb: 20 },
  { command: "createBackup", of: "orders.source", name: "kept" },
  { command: "moveClients", of: "orders.source", toInstanceId: "made1" },
  { command: "moveClients", of: "orders.source", toInstanceId: "made0" },
  { command: "deleteInstance", of: "made1" },
) as fc.Arbitrary<Step["do"]>;

const kinds = [
  "writesDown",
  "readsDown",
  "degraded",
  "noCopy",
  "semiSyncOff",
  "commitsStalled",
  "interruptions",
  "recoveryTime",
  "failoverTime",
  "failovers",
  "abortedFailovers",
  "faults",
  "lostTransactions",
  "recoveryPoint",
  "operatorActions",
  "refused",
  "backupAge",
  "instanceHours",
] as const satisfies readonly MeasureKind[];

/** Kinds that do not need what replicas have received. */
const ofStates = kinds.filter(
  (kind) => !["semiSyncOff", "commitsStalled", "lostTransactions", "recoveryPoint"].includes(kind),
);

/** Kinds that are measured without a thing. */
const ofAll: readonly MeasureKind[] = ["instanceHours", "faults", "refused"];

const measuresOf = (chosen: readonly MeasureKind[]): NonNullable<ScenarioInput["measures"]> =>
  Object.fromEntries(
    chosen.map((measure) => [
      measure,
      { measure, ...(ofAll.includes(measure) ? {} : { of: "orders" }) },
    ]),
  );

const futures: fc.Arbitrary<ScenarioInput> = fc
  .record({
    fixture: fc.record({
      kind: fc.constantFrom("instance" as const, "set" as const, "group" as const),
      replicas: fc.integer({ min: 1, max: 2 }),
      backup: fc.constantFrom(undefined, { hour: 1 }, { hour: 2, fullBackupRetention: 1 }),
    }),
    isRandom: fc.boolean(),
    steps: fc.array(
      fc.record({ at: time, do: fc.oneof({ weight: 3, arbitrary: action }, labelled) }),
      {
        maxLength: 6,
      },
    ),
    operator: fc.option(
      fc.record({ do: fc.array(action, { minLength: 1, maxLength: 2 }), after: length }),
      { nil: undefined },
    ),
    warmUp: fc.constantFrom("0s", "90m", "3h"),
    horizon: fc.constantFrom("4h", "8h", "3d"),
    jitter: fc.constantFrom(0, 0.3),
  })
  .map(({ fixture, isRandom, steps, operator, warmUp, horizon, jitter }) => ({
    scenario: 1 as const,
    world: { jitter },
    topology: {
      orders: {
        kind: fixture.kind,
        ...(fixture.kind === "instance" ? {} : { replicas: fixture.replicas }),
        ...(fixture.backup === undefined ? {} : { backup: fixture.backup }),
        writes: { perSecond: rate },
      },
    },
    steps: steps.map((step, index) => {
      const creates =
        "command" in (step.do as object) &&
        /^(create|convert)/.test((step.do as { command: string }).command);
      return creates ? { ...step, label: `made${String(index)}` } : step;
    }),
    ...(isRandom
      ? {
          random: {
            crashes: {
              fault: "crash",
              of: "orders",
              every: { exponential: "6h" },
              timeToRepair: "20m",
            },
            cuts: {
              fault: "cutLink",
              of: "orders",
              every: { exponential: "8h" },
              timeToRepair: "1h",
            },
          },
        }
      : {}),
    ...(operator === undefined
      ? {}
      : {
          operators: {
            "on call": { when: { condition: "writesDown", of: "orders", for: "5m" }, ...operator },
          },
        }),
    warmUp,
    horizon,
  })) as fc.Arbitrary<ScenarioInput>;

/** Scenarios whose steps fit their topology. */
const fitting = futures.filter((input) => checkScenario(input).issues.length === 0);

/** Plays a future, and keeps what there was after each entry of its journal. */
function record(
  input: ScenarioInput,
  { seed = 1, workload = true }: { readonly seed?: number; readonly workload?: boolean } = {},
): Recording & { readonly outcome: Outcome } {
  const parsed = scenario(input);
  const frames: Frame[] = [];
  const commands: GivenCommand[] = [];
  const recorder: MeasureFactory = ({ names: { sim } }) => {
    const execute = sim.execute.bind(sim);
    sim.execute = (command) => {
      const { now: at } = sim;
      try {
        const result = execute(command);
        commands.push({ at, isRefused: false });
        return result;
      } catch (error) {
        commands.push({ at, isRefused: true });
        throw error;
      }
    };
    const add = (entry: JournalEntry | undefined): void => {
      frames.push({ at: sim.now, topology: sim.topology as Topology, entry });
    };
    add(undefined);
    return { after: add, end: () => 0 };
  };
  const own = { measures: { recorder }, workload };
  const { run, outcome } = runFuture(prepareDesign(parsed, own, { journal: true }), seed);
  const { kind = "instance", replicas } = input.topology?.["orders"] ?? {};
  return {
    frames,
    begin: run.start + (parsed.warmUp ?? 0),
    end: run.sim.now,
    planned: (replicas ?? (kind === "instance" ? 0 : 1)) + 1,
    rate,
    commands,
    stepTimes: (parsed.steps ?? []).map(({ at = 0 }) => run.start + at),
    outcome,
  };
}

test("every measure is what one sees who looks at the topology after each entry", () => {
  fc.assert(
    fc.property(fitting, fc.integer({ min: 0, max: 1000 }), (input, seed) => {
      const recording = record({ ...input, measures: measuresOf(kinds) }, { seed });
      const { losses, ...naive } = naiveMeasures(recording);
      const { recorder, ...outcome } = recording.outcome;
      expect(outcome).toEqual(naive);
      expect(losses).not.toContain(Number.NaN);
      expect(recorder).toBe(0);
    }),
    { numRuns: runs(100) },
  );
});

test("a measure that needs no positions is the same with and without a workload", () => {
  fc.assert(
    fc.property(fitting, fc.integer({ min: 0, max: 1000 }), (input, seed) => {
      const measured = { ...input, measures: measuresOf(ofStates) };
      const outcomeWith = (workload: boolean): Outcome =>
        record(measured, { seed, workload }).outcome;
      expect(outcomeWith(false)).toEqual(outcomeWith(true));
    }),
    { numRuns: runs(100) },
  );
});

const lagQuantiles = [0.5, 0.9, 0.99] as const;
const lags: NonNullable<ScenarioInput["measures"]> = {
  mean: { measure: "lag", of: "orders", quantile: "mean" },
  ...Object.fromEntries(
    lagQuantiles.map((quantile) => [
      `up to ${String(100 * quantile)}`,
      { measure: "lag", of: "orders", quantile },
    ]),
  ),
};

test("the lag is what one sees who looks at every replica again and again", () => {
  let behind = 0;
  fc.assert(
    fc.property(fitting, fc.integer({ min: 0, max: 1000 }), (input, seed) => {
      const recording = record({ ...input, measures: lags }, { seed });
      const samples = lagSamples(recording);
      const total = samples.reduce((sum, { ms }) => sum + ms, 0);
      const seen = (counts: (lagMs: number) => number): number =>
        total === 0
          ? 0
          : samples.reduce((sum, { lagMs, ms }) => sum + ms * counts(lagMs), 0) / total;
      const mean = seen((lagMs) => lagMs);
      const most = samples.reduce((max, { lagMs }) => Math.max(max, lagMs), 0);
      expect(Math.abs((recording.outcome["mean"] as number) - mean)).toBeLessThan(2 + most / 1000);
      for (const quantile of lagQuantiles) {
        const found = recording.outcome[`up to ${String(100 * quantile)}`] as number;
        if (total === 0) expect(found).toBe(0);
        else {
          // Times are rounded to whole ms, shares of time to the distance of two samples.
          const share = (bound: number): number => seen((lagMs) => (lagMs <= bound ? 1 : 0));
          expect(share(found + 1)).toBeGreaterThan(quantile - 0.005);
          expect(share(found - 2)).toBeLessThan(quantile + 0.005);
        }
        if (found > 60_000) behind += 1;
      }
    }),
    { numRuns: 30 },
  );
  expect(behind).toBeGreaterThan(3);
});

test("these futures reach every measure, losses, moves of clients, and interruptions that are not over", () => {
  const reached = new Set<string>();
  for (const input of fc.sample(fitting, { seed: 4, numRuns: 150 })) {
    const recording = record({ ...input, measures: measuresOf(kinds) });
    for (const [name, value] of Object.entries(naiveMeasures(recording))) {
      if (typeof value === "number" ? value > 0 : (value as unknown[]).length > 0)
        reached.add(name);
      if (name === "recoveryPoint" && (value as number[]).some((age) => age > 0)) {
        reached.add("age");
      }
    }
    const last = recording.frames.at(-1)?.topology;
    if (last !== undefined && !isWritten(last, rate)) reached.add("open");
    if (last !== undefined && [...rowsOf(last.backups)].length > 0) reached.add("backup");
    if (
      recording.frames.some(({ entry }) =>
        entry?.facts.some(({ type }) => type === "WorkloadMoved"),
      )
    ) {
      reached.add("moved");
    }
  }
  expect([...reached].sort()).toEqual(
    [...kinds, "age", "backup", "losses", "moved", "open"].sort(),
  );
});
