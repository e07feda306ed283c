import fc from "fast-check";
import type { ScenarioInput } from "replication-simulator/scenario";
import { checkScenario } from "replication-simulator/scenario";
import { dataScenario } from "replication-simulator/whatif";
import { expect, test } from "vitest";
import { CompiledDesign } from "../../src/whatif/compiled/compiledDesign.js";

type Step = NonNullable<ScenarioInput["steps"]>[number];
type Action = NonNullable<ScenarioInput["operators"]>[string]["do"][number];

const member = fc.constantFrom(
  "orders.source",
  "orders.replicas",
  "orders.all",
  "orders.1",
  "orders.2",
);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    fault: fc.constantFrom("crash" as const, "hang" as const, "loseHost" as const),
    of: member,
  }),
  fc.record({
    fault: fc.constantFrom("crash" as const, "partition" as const),
    of: member,
    for: fc.constantFrom("1m", "2h", "2d"),
  }),
  fc.record({ fault: fc.constant("crash" as const), of: member, in: fc.constantFrom("0s", "1h") }),
  fc.record({
    fault: fc.constantFrom("cutLink" as const, "breakReplication" as const),
    of: fc.constantFrom("orders.replicas", "orders.2"),
  }),
  fc.record({
    command: fc.constantFrom(
      "restartInstance" as const,
      "detachReplica" as const,
      "deleteInstance" as const,
    ),
    of: member,
  }),
  fc.record({
    command: fc.constantFrom("restartGroup" as const, "deleteHaGroup" as const),
    of: fc.constant("orders"),
  }),
  fc.record({
    command: fc.constant("promoteReplica" as const),
    of: fc.constantFrom("orders.2", "orders.replicas"),
  }),
) as fc.Arbitrary<Action>;

const labelled: fc.Arbitrary<Step["do"]> = fc.constantFrom(
  { command: "convertToHa", of: "orders", name: "made" },
  {
    command: "createReplica",
    replicaOf: "orders.source",
    name: "made",
    flavorId: "2",
    volumeGb: 20,
  },
  { command: "addHaMember", of: "orders", name: "made" },
  {
    fault: "random",
    effect: "hang",
    of: "orders.any",
    every: { exponential: "1d" },
    timeToRepair: "1h",
  },
) as fc.Arbitrary<Step["do"]>;

const at = fc.integer({ min: 0, max: 40 }).map((steps) => `${String(steps * 6)}h`);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ at, do: action }),
  fc.record({ at, repeat: fc.constantFrom("6h", "2d"), do: action }),
  fc.record({ after: fc.constantFrom("0s", "5m"), do: action }),
  fc.record({ at, label: fc.constantFrom("made", "other"), do: labelled }),
  fc.record({
    at,
    do: fc.record({
      command: fc.constantFrom("restartInstance" as const, "deleteInstance" as const),
      of: fc.constantFrom("made", "other"),
    }),
  }),
);

const operator = fc.record({
  when: fc.record(
    {
      condition: fc.constantFrom(
        "writesDown" as const,
        "readsDown" as const,
        "degraded" as const,
        "replicationBroken" as const,
      ),
      of: fc.constant("orders"),
      for: fc.constantFrom("0s", "10m", "6h"),
    },
    { requiredKeys: ["condition", "of"] },
  ),
  after: fc.constantFrom("0s", { lognormal: "20m", sigma: 1 } as const),
  evenIfOver: fc.boolean(),
  do: fc.array(action, { minLength: 1, maxLength: 2 }),
});

const designs: fc.Arbitrary<ScenarioInput> = fc.record({
  scenario: fc.constant(1 as const),
  world: fc.constantFrom({}, { jitter: 0.3 }, { latency: "instant" as const }),
  topology: fc.record({
    orders: fc.constantFrom(
      { kind: "set" as const, replicas: 1 },
      { kind: "set" as const, replicas: 2 },
      { kind: "group" as const, replicas: 1 },
      { kind: "group" as const, replicas: 2 },
    ),
  }),
  random: fc.constantFrom(
    {},
    {
      crashes: {
        fault: "crash" as const,
        of: "orders.any",
        every: { exponential: "1d" },
        timeToRepair: { measured: ["0s", "20m", "6h"] },
      },
    },
    { crashes: { fault: "crash" as const, of: "orders.all", every: "12h", timeToRepair: "6h" } },
  ),
  steps: fc.array(step, { maxLength: 4 }),
  operators: fc.dictionary(fc.constantFrom("on call", "late"), operator, { maxKeys: 2 }),
  horizon: fc.constant("10d"),
  measures: fc.constant({
    down: { measure: "writesDown", of: "orders" },
    reads: { measure: "readsDown", of: "orders" },
    interruptions: { measure: "interruptions", of: "orders" },
    taken: { measure: "recoveryTime", of: "orders" },
    failovers: { measure: "failovers", of: "orders" },
    faults: { measure: "faults" },
    hours: { measure: "instanceHours" },
    degraded: { measure: "degraded", of: "orders" },
    actions: { measure: "operatorActions" },
    refused: { measure: "refused" },
  } as const),
});

test("compiled futures with steps and operators at random have every value of the simulator's", () => {
  let compiled = 0;
  const reached: Record<string, number> = { down: 0, failovers: 0, actions: 0, refused: 0 };
  fc.assert(
    fc.property(designs, (input) => {
      const { scenario } = checkScenario(input);
      fc.pre(scenario !== undefined);
      const design = new CompiledDesign(scenario);
      const full = dataScenario(input, {}, { engine: "simulator" });
      for (let seed = 0; seed < 5; seed++) {
        const outcome = design.simulate(seed);
        if (outcome === undefined) break;
        for (const name of Object.keys(reached))
          reached[name] = (reached[name] ?? 0) + (outcome[name] === 0 ? 0 : 1);
        expect(outcome, `seed ${String(seed)}`).toEqual(full.simulate("as it is", seed));
      }
      if (design.report().reason === undefined) compiled += 1;
    }),
    { numRuns: 40 },
  );
  // Reach: most designs are compiled, and what steps and operators can do comes up.
  expect(compiled).toBeGreaterThan(30);
  for (const [name, futures] of Object.entries(reached)) {
    expect(futures, name).toBeGreaterThan(5);
  }
});
