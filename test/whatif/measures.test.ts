import type { Change } from "replication-simulator";
import { type MeasureKind, type ScenarioInput, scenario } from "replication-simulator/scenario";
import type { Outcome } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { dataScenario } from "../../src/whatif/dataScenario.js";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { playFuture } from "../../src/whatif/future/playFuture.js";

const minute = 60_000;
const hour = 60 * minute;

/** Every measure of a thing that is called orders. */
function outcomeOf(
  about: Omit<ScenarioInput, "scenario">,
  kinds: readonly MeasureKind[],
  more = {},
): Record<string, unknown> {
  const measures = Object.fromEntries(
    kinds.map((measure) => [measure, { measure, of: "orders", ...more }]),
  );
  const { outcome } = playFuture(prepareDesign(scenario({ scenario: 1, ...about, measures })), 1);
  return outcome;
}

const group = { orders: { kind: "group", replicas: 2, writes: { perSecond: 100 } } } as const;
const set = { orders: { kind: "set", replicas: 1, writes: { perSecond: 100 } } } as const;

describe("a measure", () => {
  test("of a failover: 20 s without writes, one failover, one copy less until the replacement is built", () => {
    const outcome = outcomeOf(
      {
        topology: group,
        steps: [{ at: "1h", do: { fault: "crash", of: "orders.source" } }],
        horizon: "2h",
      },
      [
        "writesDown",
        "readsDown",
        "interruptions",
        "failovers",
        "failoverTime",
        "recoveryTime",
        "recoveryPoint",
        "lostTransactions",
        "degraded",
        "noCopy",
        "faults",
        "abortedFailovers",
      ],
    );
    expect(outcome).toMatchObject({
      writesDown: 20_000,
      readsDown: 0,
      interruptions: [20_000],
      failovers: 1,
      failoverTime: [20_000],
      recoveryTime: [20_000],
      recoveryPoint: [0],
      lostTransactions: 0,
      noCopy: 0,
      faults: 1,
      abortedFailovers: 0,
    });
    // Detection, promotion, the old source's deletion and 74 s of the build.
    expect(outcome["degraded"]).toBeGreaterThanOrEqual(94_000);
  });

  test("counts what is still open at the horizon", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [{ at: "1h", do: { fault: "crash", of: "orders.source" } }],
        horizon: "90m",
      },
      ["writesDown", "interruptions", "recoveryTime", "readsDown", "degraded"],
    );
    expect(outcome).toEqual({
      writesDown: 30 * minute,
      interruptions: [30 * minute],
      recoveryTime: [],
      readsDown: 0,
      degraded: 30 * minute,
    });
  });

  test("begins after the warm-up, in the middle of an interruption too", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [{ at: "1h", do: { fault: "crash", of: "orders.source", for: "1h" } }],
        horizon: "3h",
        warmUp: "90m",
      },
      ["writesDown", "interruptions", "instanceHours"],
    );
    expect(outcome).toEqual({
      writesDown: 30 * minute,
      interruptions: [30 * minute],
      instanceHours: 3,
    });
  });

  test("of a loss: how much, how far back, how long", () => {
    const outcome = outcomeOf(
      {
        world: { latency: { receiveLag: "8s" } },
        topology: set,
        steps: [
          { at: "1h", do: { fault: "crash", of: "orders.source" } },
          { at: "70m", do: { command: "detachReplica", of: "orders.freshest" } },
        ],
        horizon: "2h",
      },
      ["lostTransactions", "recoveryPoint", "recoveryTime", "failoverTime"],
    );
    expect(outcome).toEqual({
      lostTransactions: 800,
      recoveryPoint: [7990],
      recoveryTime: [10 * minute + 5000],
      failoverTime: [],
    });
  });

  test("of a lag is weighted by time: 1 s for an hour, then growing for an hour", () => {
    const about: Omit<ScenarioInput, "scenario"> = {
      topology: set,
      steps: [{ at: "1h", do: { fault: "cutLink", of: "orders.r1" } }],
      horizon: "2h",
    };
    const at = (quantile: number | "mean"): unknown =>
      outcomeOf(about, ["lag"], { quantile })["lag"];
    expect(at(0.5)).toBe(1000);
    expect(at(0.75)).toBe(1000 + hour / 2);
    expect(at(1)).toBe(1000 + hour);
    expect(at("mean")).toBeCloseTo(1000 + hour / 4, 0);
  });

  test("of backups: their age when a source is lost, and at the end", () => {
    const outcome = outcomeOf(
      {
        topology: { orders: { kind: "instance", backup: { hour: 3, minute: 0 } } },
        steps: [{ at: "10h", do: { fault: "crash", of: "orders", for: "1h" } }],
        horizon: "1d",
      },
      ["backupAge"],
    );
    expect(outcome).toEqual({ backupAge: [7 * hour, 21 * hour] });
  });

  test("of semi-synchrony, operators, refusals and instance hours", () => {
    const outcome = outcomeOf(
      {
        topology: { orders: { ...group.orders, replicas: 1 } },
        steps: [
          { at: "1h", do: { fault: "cutLink", of: "orders.r1", for: "10m" } },
          { at: "2h", do: { command: "detachReplica", of: "orders.r1" } },
          { at: "3h", do: { fault: "crash", of: "orders.source", for: "4s" } },
        ],
        operators: {
          "on call": {
            when: { condition: "writesDown", of: "orders" },
            do: [
              { command: "restartGroup", of: "orders" },
              { command: "disableFailover", of: "orders" },
            ],
          },
        },
        horizon: "4h",
      },
      ["semiSyncOff", "operatorActions", "refused", "instanceHours"],
    );
    expect(outcome["semiSyncOff"]).toBeGreaterThan(9 * minute);
    expect(outcome["semiSyncOff"]).toBeLessThan(11 * minute);
    expect(outcome["operatorActions"]).toBe(2);
    expect(outcome["refused"]).toBeGreaterThanOrEqual(1);
    expect(outcome["instanceHours"]).toBe(8);
  });

  test("of one instance follows that instance, of nothing all things", () => {
    const { outcome } = playFuture(
      prepareDesign(
        scenario({
          scenario: 1,
          topology: { a: { kind: "set" }, b: { kind: "instance" } },
          steps: [
            { at: "1h", do: { fault: "crash", of: "a.2", for: "1h" } },
            { at: "1h", do: { fault: "crash", of: "b", for: "30m" } },
          ],
          measures: {
            source: { measure: "writesDown", of: "a.1" },
            replica: { measure: "writesDown", of: "a.2" },
            all: { measure: "writesDown" },
            hours: { measure: "instanceHours" },
          },
          horizon: "4h",
        }),
      ),
      1,
    );
    expect(outcome).toEqual({ source: 0, replica: hour, all: hour / 2, hours: 12 });
  });
});

describe("time without writes, from states", () => {
  const chaos = scenario({
    scenario: 1,
    world: { jitter: 0.3 },
    topology: {
      orders: { kind: "group", replicas: 2, writes: { perSecond: 100 } },
      users: { kind: "set", replicas: 2, writes: { perSecond: 50 } },
    },
    random: {
      crashes: {
        fault: "crash",
        of: "orders.any",
        every: { exponential: "6h" },
        timeToRepair: { lognormal: "20m", sigma: 1 },
      },
      others: {
        fault: "crash",
        of: "users.any",
        every: { exponential: "1d" },
        timeToRepair: { lognormal: "20m", sigma: 1 },
      },
    },
    operators: {
      "on call": {
        when: { condition: "writesDown", of: "users", for: "10m" },
        do: [{ command: "detachReplica", of: "users.freshest" }],
      },
    },
    steps: [{ at: "1d", repeat: "2d", do: { command: "forceFailover", of: "orders" } }],
    measures: {
      orders: { measure: "writesDown", of: "orders" },
      users: { measure: "writesDown", of: "users" },
    },
    horizon: "20d",
  });

  test("is what the facts about the clients say, for every future", () => {
    const design = prepareDesign(chaos);
    let total = 0;
    for (let seed = 0; seed < 30; seed++) {
      let reported = 0;
      const open = new Map<string, number>();
      const { run, outcome } = playFuture(design, seed, {
        onEntry: ({ at, facts }: Pick<Change, "at" | "facts">) => {
          for (const fact of facts) {
            if (fact.type === "WritesInterrupted") open.set(fact.id, at);
            if (fact.type === "WorkloadMoved") {
              const since = open.get(fact.id);
              open.delete(fact.id);
              if (since !== undefined) open.set(fact.toId, since);
            }
            if (fact.type !== "WritesResumed") continue;
            open.delete(fact.id);
            reported += fact.unavailableMs;
          }
        },
      });
      for (const since of open.values()) reported += run.sim.now - since;
      expect((outcome["orders"] as number) + (outcome["users"] as number)).toBe(reported);
      total += reported;
    }
    expect(total).toBeGreaterThan(hour);
  });
});

test("a scenario of data gives the same outcomes whatever was played before", () => {
  const input: ScenarioInput = {
    scenario: 1,
    world: { jitter: 0.3 },
    topology: { orders: { kind: "group", replicas: 2 } },
    random: {
      crashes: {
        fault: "crash",
        of: "orders.any",
        every: { exponential: "1d" },
        timeToRepair: "20m",
      },
    },
    horizon: "10d",
    measures: { down: { measure: "writesDown", of: "orders" } },
    designs: { "one replica": { topology: { orders: { replicas: 1 } } } },
  };
  const [one, other] = [dataScenario(input), dataScenario(input)];
  expect(one.designs).toEqual(["as it is", "one replica"]);
  const outcomes: Outcome[] = [];
  for (const seed of [3, 1, 2]) outcomes.push(one.play("one replica", seed));
  expect(other.play("one replica", 2)).toEqual(outcomes[2]);
  expect(other.factsOf("one replica", 1)).toBe(one.factsOf("one replica", 1));
  expect(other.factsOf("one replica", 1)).not.toBe(one.factsOf("one replica", 2));
});
