import type { Change } from "replication-simulator";
import {
  checkScenario,
  type MeasureKind,
  type ScenarioInput,
  scenario,
} from "replication-simulator/scenario";
import type { Outcome } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { dataScenario } from "../../src/whatif/dataScenario.js";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";

const minute = 60_000;
const hour = 60 * minute;

/** Every measure of a thing that is called orders. */
function outcomeOf(
  about: Omit<ScenarioInput, "scenario">,
  kinds: readonly MeasureKind[],
  ofLag = {},
): Record<string, unknown> {
  const measures = Object.fromEntries(
    kinds.map((measure) => [
      measure,
      {
        measure,
        ...(measure === "refused" ? {} : { of: "orders" }),
        ...(measure === "lag" ? ofLag : {}),
      },
    ]),
  );
  const { outcome } = runFuture(prepareDesign(scenario({ scenario: 1, ...about, measures })), 1);
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

  test("of clients that an operator moves: what the new source never received, and how far back", () => {
    const outcome = outcomeOf(
      {
        world: { latency: { receiveLag: "8s" } },
        topology: set,
        steps: [
          { at: "1h", do: { command: "detachReplica", of: "orders.r1" } },
          { at: "70m", do: { command: "moveClients", of: "orders.1", toInstanceId: "orders.2" } },
        ],
        horizon: "2h",
      },
      ["lostTransactions", "recoveryPoint"],
    );
    // It is detached after 5 s, 8 s behind; then its source is written for 595 s more, each 10 ms.
    expect(outcome).toEqual({ lostTransactions: 60_300, recoveryPoint: [602_990] });
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

  test("of a lag after an outage of the source is what it was before, since nothing was written", () => {
    const lagOf = (quantile: number | "mean"): unknown =>
      outcomeOf(
        {
          topology: set,
          steps: [{ at: "1h", do: { fault: "crash", of: "orders.source", for: "1h" } }],
          warmUp: "1m",
          horizon: "4h",
        },
        ["lag"],
        { quantile },
      )["lag"];
    expect(lagOf(1)).toBe(1000);
    // The second that was under way is read in 100 ms (550 ms of lag in the mean), then the lag grows to 1 s again within
    // 900 ms (550 ms in the mean): for one second it is 450 ms less.
    expect(lagOf("mean")).toBeCloseTo(1000 - (450 * 1000) / (4 * hour - minute), 6);
  });

  test("of a lag while clients pause: nothing is missing, and a backlog before the pause waits", () => {
    const lagOf = (fault: object): unknown =>
      outcomeOf(
        {
          topology: set,
          steps: [
            { at: "1h", do: { fault: "cutLink", of: "orders.r1", ...fault } },
            {
              at: "70m",
              do: { command: "setWorkload", of: "orders.source", transactionsPerSecond: 0 },
            },
          ],
          horizon: "2h",
        },
        ["lag"],
        { quantile: 1 },
      )["lag"];
    expect(lagOf({ for: "5m" })).toBe(1000 + 5 * minute);
    expect(lagOf({})).toBe(1000 + 10 * minute);
  });

  test("of loss where all replicas of a lost source are detached, each transaction once", () => {
    const detachAt = (at: string, of: string) =>
      ({ at, do: { command: "detachReplica", of } }) as const;
    for (const detached of [
      [detachAt("70m", "orders.replicas")],
      [detachAt("70m", "orders.2"), detachAt("80m", "orders.3")],
    ]) {
      const outcome = outcomeOf(
        {
          topology: { orders: { ...set.orders, replicas: 2 } },
          steps: [{ at: "1h", do: { fault: "crash", of: "orders.1" } }, ...detached],
          horizon: "2h",
        },
        ["lostTransactions", "recoveryPoint"],
      );
      expect(outcome).toEqual({ lostTransactions: 100, recoveryPoint: [990] });
    }
  });

  test("of loss where the replica that is detached first has everything, and the second one does not: none", () => {
    const crash = { at: "1h", do: { fault: "crash", of: "orders.1" } } as const;
    // What is written in the last minute never arrives at the second replica.
    const cut = { at: "59m", do: { fault: "cutLink", of: "orders.3" } } as const;
    const quiet = {
      at: "59m 30s",
      do: { command: "setWorkload", of: "orders", transactionsPerSecond: 0 },
    } as const;
    const lossOf = (before: NonNullable<ScenarioInput["steps"]>, ...detached: readonly string[]) =>
      outcomeOf(
        {
          world: { latency: { receiveLag: 0 } },
          topology: { orders: { ...set.orders, replicas: 2 } },
          steps: [
            ...before,
            ...detached.map(
              (of) => ({ after: "10m", do: { command: "detachReplica", of } }) as const,
            ),
          ],
          horizon: "2h",
        },
        ["lostTransactions"],
      )["lostTransactions"];
    // Clients that write until the crash go to the first one. Those that stopped before it have nowhere to go.
    for (const [before, lacking] of [
      [[cut, crash], 6000],
      [[cut, quiet, crash], 3000],
    ] as const) {
      expect(lossOf(before, "orders.2")).toBe(0);
      expect(lossOf(before, "orders.2", "orders.3")).toBe(0);
      // The other way round, what the first one lacks is lost once, though the second one has it.
      expect(lossOf(before, "orders.3")).toBe(lacking);
      expect(lossOf(before, "orders.3", "orders.2")).toBe(lacking);
    }
  });

  test("of loss soon after an outage: the transactions of the lag, not those of the outage", () => {
    const lost = outcomeOf(
      {
        topology: set,
        steps: [
          { at: "1h", do: { fault: "crash", of: "orders.source", for: "1h" } },
          { at: "2h 10s", do: { fault: "crash", of: "orders.source" } },
          { at: "2h 1m", do: { command: "detachReplica", of: "orders.r1" } },
        ],
        horizon: "3h",
      },
      ["lostTransactions", "recoveryPoint"],
    );
    expect(lost).toEqual({ lostTransactions: 100, recoveryPoint: [990] });
  });

  test("of an operator that watches the lag: an outage of the source is none", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [{ at: "1h", do: { fault: "crash", of: "orders.source", for: "1h" } }],
        operators: {
          "on call": {
            when: { condition: "lagAbove", of: "orders", limit: "1m", for: "0s" },
            do: [{ command: "restartInstance", of: "orders.r1" }],
            after: "0s",
          },
        },
        horizon: "4h",
      },
      ["operatorActions"],
    );
    expect(outcome).toEqual({ operatorActions: 0 });
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
    const { outcome } = runFuture(
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

describe("a measure, in closed form,", () => {
  test("of availability: the down time of an instance that fails after 23 h and is down for 1 h", () => {
    const outcome = outcomeOf(
      {
        topology: { orders: { kind: "instance" } },
        random: { crashes: { fault: "crash", of: "orders", every: "23h", timeToRepair: "1h" } },
        horizon: "10d",
      },
      ["writesDown", "readsDown", "degraded", "noCopy", "interruptions", "faults", "recoveryTime"],
    );
    const down = 10 * hour;
    expect(outcome).toEqual({
      writesDown: down,
      readsDown: down,
      degraded: down,
      noCopy: down,
      interruptions: Array.from({ length: 10 }, () => hour),
      faults: 10,
      recoveryTime: [],
    });
  });

  test("of availability, at random: the two-state chain from its start", () => {
    const [failure, repair, horizon] = [24 * hour, 2 * hour, 5 * 24 * hour];
    const design = prepareDesign(
      scenario({
        scenario: 1,
        topology: { orders: { kind: "instance" } },
        random: {
          crashes: {
            fault: "crash",
            of: "orders",
            every: { exponential: failure },
            timeToRepair: { exponential: repair },
          },
        },
        measures: { down: { measure: "writesDown", of: "orders" } },
        horizon,
      }),
    );
    const downs = Array.from(
      { length: 1500 },
      (_, seed) => runFuture(design, seed).outcome["down"] as number,
    );
    const mean = downs.reduce((sum, down) => sum + down, 0) / downs.length;
    const variance = downs.reduce((sum, down) => sum + (down - mean) ** 2, 0) / (downs.length - 1);
    const rate = 1 / failure + 1 / repair;
    const share = repair / (failure + repair);
    const expected = share * (horizon - (1 - Math.exp(-rate * horizon)) / rate);
    expect(Math.abs(mean - expected)).toBeLessThan(3 * Math.sqrt(variance / downs.length));
    expect(expected / 8).toBeGreaterThan(3 * Math.sqrt(variance / downs.length));
  });

  test("of loss: the age of what is lost, whatever has happened to the source since then", () => {
    const restart = { command: "restartInstance", of: "orders.1" } as const;
    const outcome = outcomeOf(
      {
        world: { latency: { receiveLag: 8000 } },
        topology: set,
        steps: [
          { at: "10m", do: { command: "detachReplica", of: "orders.2" } },
          { at: "20m", do: restart },
          { at: "40m", do: restart },
          {
            at: "1h",
            do: { command: "moveClients", of: "orders.1", toInstanceId: "orders.2" },
          },
        ],
        horizon: "2h",
      },
      ["lostTransactions", "recoveryPoint"],
    );
    // Detached after 5 s, 8 s behind: 3,003 s, of which two restarts of 5 s had no writes.
    expect(outcome).toEqual({ lostTransactions: 299_300, recoveryPoint: [3_002_990] });
  });

  test("of loss: its age reaches back before a failover, to the log that the new source continues", () => {
    const outcome = outcomeOf(
      {
        topology: { orders: { ...group.orders, backup: { hour: 0, minute: 10 } } },
        steps: [
          { at: "1h", do: { fault: "crash", of: "orders.source" } },
          {
            at: "2h",
            do: {
              command: "createInstance",
              name: "restored",
              flavorId: "2",
              volumeGb: 20,
              restoreFrom: "orders.backup1",
            },
            label: "restored",
          },
          {
            at: "4h",
            do: { command: "moveClients", of: "orders.source", toInstanceId: "restored" },
          },
        ],
        horizon: "5h",
      },
      ["lostTransactions", "recoveryPoint"],
    );
    // The backup is begun at 10 min and has what was applied then; 20 s without writes, 1 s not acknowledged.
    const [failover, moved = Number.NaN] = outcome["recoveryPoint"] as number[];
    expect(failover).toBe(0);
    const seconds = 230 * 60 + 2;
    expect(Math.abs(moved - 1000 * seconds)).toBeLessThanOrEqual(20);
    expect(Math.abs((outcome["lostTransactions"] as number) - 100 * (seconds - 21))).toBeLessThan(
      200,
    );
  });

  test("of recovery: clients that wait where they are, until it is no replica any more, go nowhere", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [
          { at: "1h", do: { command: "promoteReplica", of: "orders.2", moveClients: false } },
          { at: "2h", do: { command: "detachReplica", of: "orders.1" } },
        ],
        horizon: "3h",
      },
      ["recoveryTime", "recoveryPoint", "interruptions"],
    );
    // Until the promotion has ended, 5 s and a ninth of the 2 s that were to be applied; then until the detach has.
    const from = 5_000 + Math.ceil(2_000 / 9);
    expect(outcome).toEqual({
      recoveryTime: [],
      recoveryPoint: [],
      interruptions: [hour + 5_000 - from],
    });
  });

  test("of redundancy: a set whose conversion failed has the copies that it had", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [
          { at: "10m", do: { command: "convertToHa", of: "orders", name: "ha" } },
          { at: "601s", do: { fault: "crash", of: "orders.1", for: "20m" } },
        ],
        horizon: "1h",
      },
      ["readsDown", "noCopy", "degraded"],
    );
    expect(outcome).toEqual({ readsDown: 0, noCopy: 0, degraded: 20 * minute });
    const takenOver = outcomeOf(
      {
        topology: set,
        steps: [
          { at: "10m", do: { command: "convertToHa", of: "orders", name: "ha" } },
          { at: "601s", do: { fault: "crash", of: "orders.1" } },
          { at: "20m", do: { command: "detachReplica", of: "orders.2" } },
        ],
        horizon: "1h",
      },
      ["writesDown", "recoveryTime"],
    );
    const down = 599_000 + 5_000;
    expect(takenOver).toEqual({ writesDown: down, recoveryTime: [down] });
  });

  test("of redundancy: a replica that a fault keeps from following its source is no copy", () => {
    for (const fault of ["cutLink", "breakReplication", "partition"] as const) {
      const outcome = outcomeOf(
        {
          topology: set,
          steps: [
            { at: "1h", do: { fault, of: "orders.2", for: "4h" } },
            { at: "2h", do: { fault: "crash", of: "orders.1", for: "1h" } },
          ],
          horizon: "6h",
        },
        ["degraded", "noCopy", "readsDown"],
      );
      expect(outcome).toEqual({ degraded: 4 * hour, noCopy: hour, readsDown: 0 });
    }
  });

  test("of redundancy: a replica that has only lost its source is one", () => {
    const about = {
      topology: set,
      steps: [{ at: "2h", do: { fault: "crash", of: "orders.1", for: "1h" } }],
      horizon: "6h",
    } as const;
    expect(outcomeOf(about, ["degraded", "noCopy"])).toEqual({ degraded: hour, noCopy: 0 });
    const ofOne = scenario({
      scenario: 1,
      ...about,
      measures: { m: { measure: "noCopy", of: "orders.2" } },
    });
    expect(runFuture(prepareDesign(ofOne), 1).outcome).toEqual({ m: 0 });
  });

  test("of redundancy: nor is one on which clients wait since an operator has promoted another one", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [
          { at: "1h", do: { command: "promoteReplica", of: "orders.2", moveClients: false } },
          { at: "2h", do: { fault: "crash", of: "orders.2", for: "1h" } },
        ],
        horizon: "4h",
      },
      ["noCopy", "readsDown"],
    );
    expect(outcome).toEqual({ noCopy: 0, readsDown: 0 });
  });

  test("of loss: the transactions of the lag, whatever the rate", () => {
    for (const [perSecond, lagMs] of [
      [100, 8000],
      [7, 3000],
      [1000, 500],
    ] as const) {
      const outcome = outcomeOf(
        {
          world: { latency: { receiveLag: lagMs } },
          topology: { orders: { ...set.orders, writes: { perSecond } } },
          steps: [
            { at: "1h", do: { fault: "crash", of: "orders.source" } },
            { at: "70m", do: { command: "detachReplica", of: "orders.r1" } },
          ],
          horizon: "2h",
        },
        ["lostTransactions", "recoveryPoint"],
      );
      expect(outcome["lostTransactions"]).toBe((perSecond * lagMs) / 1000);
      const [age = Number.NaN] = outcome["recoveryPoint"] as number[];
      expect(lagMs - age).toBeGreaterThanOrEqual(0);
      expect(lagMs - age).toBeLessThanOrEqual(Math.ceil(1000 / perSecond));
    }
  });

  test("of the age of backups: even over the time between two of them, in the mean half of it", () => {
    const ages = Array.from({ length: 24 }, (_, hours) => {
      const outcome = outcomeOf(
        {
          topology: { orders: { kind: "instance", backup: { hour: 0, minute: 0 } } },
          steps: [{ at: `${String(48 + hours)}h 30m`, do: { fault: "crash", of: "orders" } }],
          horizon: "4d",
        },
        ["backupAge"],
      );
      return (outcome["backupAge"] as number[])[0] ?? Number.NaN;
    });
    expect([...ages].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, hours) => hours * hour + hour / 2),
    );
  });

  test("of stalled commits: from the loss of the last replica to the timeout of the source", () => {
    const outcome = outcomeOf(
      {
        topology: { orders: { ...group.orders, replicas: 1 } },
        steps: [{ at: "1h", do: { fault: "cutLink", of: "orders.2", for: "30m" } }],
        horizon: "3h",
      },
      ["commitsStalled", "semiSyncOff"],
    );
    const stalled = outcome["commitsStalled"] as number;
    expect(stalled).toBeGreaterThan(0);
    expect(stalled).toBeLessThan(minute);
    // Off from the timeout until the replica has caught up, ten times as fast as it fell behind.
    const off = outcome["semiSyncOff"] as number;
    expect(off).toBeGreaterThan(30 * minute - stalled);
    expect(off).toBeLessThan(30 * minute - stalled + 4 * minute);
  });
});

describe("a measure, where something begins or ends,", () => {
  test("counts what happens at the horizon as an event of no length", () => {
    const crashAt = (at: string): Record<string, unknown> =>
      outcomeOf(
        { topology: set, steps: [{ at, do: { fault: "crash", of: "orders.1" } }], horizon: "2h" },
        ["writesDown", "interruptions", "faults"],
      );
    expect(crashAt("2h")).toEqual({ writesDown: 0, interruptions: [0], faults: 1 });
    expect(crashAt("1h")).toEqual({ writesDown: hour, interruptions: [hour], faults: 1 });
  });

  test("counts a fault when it strikes, not when it is planned, and no repair", () => {
    const steps = [
      { at: "1h", do: { fault: "crash", of: "orders.1", in: "1h", for: "10m" } },
      { at: "1h", do: { fault: "crash", of: "orders.2", in: "9h" } },
      { at: "3h", do: { fault: "crash", of: "orders.2" } },
      { at: "4h", do: { fault: "recover", of: "orders.2" } },
    ] as const;
    const faultsFrom = (warmUp: string): unknown =>
      outcomeOf({ topology: set, steps, horizon: "8h", warmUp }, ["faults"])["faults"];
    expect(faultsFrom("0s")).toBe(2);
    expect(faultsFrom("90m")).toBe(2);
    expect(faultsFrom("150m")).toBe(1);
  });

  test("leaves the clients of a set where they are when a replica of a crashed source is deleted", () => {
    const outcome = outcomeOf(
      {
        topology: set,
        steps: [
          { at: "1h", do: { fault: "crash", of: "orders.1", for: "1h" } },
          { at: "90m", do: { command: "deleteInstance", of: "orders.2" } },
        ],
        horizon: "4h",
      },
      ["writesDown", "interruptions", "recoveryTime"],
    );
    expect(outcome).toEqual({ writesDown: hour, interruptions: [hour], recoveryTime: [] });
  });

  test("of all instance hours has what a step creates and deletes in between", () => {
    const hours = (of: string | undefined): unknown =>
      runFuture(
        prepareDesign(
          scenario({
            scenario: 1,
            topology: { orders: { kind: "group", replicas: 1 }, users: { kind: "instance" } },
            steps: [
              {
                at: "1h",
                label: "spare",
                do: { command: "createInstance", name: "spare", flavorId: "2", volumeGb: 10 },
              },
              { at: "3h", do: { command: "deleteInstance", of: "spare" } },
            ],
            world: { latency: { delete: "0s" } },
            horizon: "10h",
            measures: { hours: { measure: "instanceHours", ...(of === undefined ? {} : { of }) } },
          }),
        ),
        1,
      ).outcome["hours"];
    expect([hours("orders"), hours("users"), hours(undefined)]).toEqual([20, 10, 32]);
  });

  test("follows clients that an operator moves, though nothing else needs what they write", () => {
    const outcome = outcomeOf(
      {
        topology: { orders: { kind: "instance", writes: { perSecond: 10 } } },
        steps: [
          {
            at: "1h",
            label: "spare",
            do: { command: "createInstance", name: "spare", flavorId: "2", volumeGb: 10 },
          },
          { at: "2h", do: { fault: "crash", of: "orders" } },
          { at: "3h", do: { command: "moveClients", of: "orders.1", toInstanceId: "spare" } },
          { at: "4h", do: { fault: "crash", of: "spare", for: "30m" } },
        ],
        horizon: "6h",
      },
      ["writesDown", "interruptions", "recoveryTime", "faults", "refused"],
    );
    expect(outcome).toEqual({
      writesDown: hour + 30 * minute,
      interruptions: [hour, 30 * minute],
      recoveryTime: [hour],
      faults: 2,
      refused: 0,
    });
  });

  test("of several groups at once is the sum, or the lists one after the other", () => {
    const { outcome } = runFuture(
      prepareDesign(
        scenario({
          scenario: 1,
          topology: { a: { kind: "group", replicas: 1 }, b: { kind: "group", replicas: 1 } },
          steps: [
            { at: "1h", do: { fault: "crash", of: "a.source" } },
            { at: "1h", do: { fault: "crash", of: "b.source" } },
          ],
          horizon: "3h",
          measures: Object.fromEntries(
            (
              ["writesDown", "failovers", "failoverTime", "recoveryTime", "interruptions"] as const
            ).map((measure) => [measure, { measure }]),
          ),
        }),
      ),
      1,
    );
    const both = [20_000, 20_000];
    expect(outcome).toEqual({
      writesDown: 40_000,
      failovers: 2,
      failoverTime: both,
      recoveryTime: both,
      interruptions: both,
    });
  });

  test("of operators counts those that watch the thing", () => {
    const crash = (of: string) => ({ at: "1h", do: { fault: "crash", of, for: "1h" } }) as const;
    const restart = (of: string) =>
      ({
        when: { condition: "writesDown", of },
        do: [{ command: "restartInstance", of }],
      }) as const;
    const countsAfter = (warmUp: string): unknown =>
      runFuture(
        prepareDesign(
          scenario({
            scenario: 1,
            topology: { a: { kind: "instance" }, b: { kind: "instance" } },
            steps: [
              crash("a"),
              crash("b"),
              { at: "5h", do: { fault: "crash", of: "b", for: "1h" } },
            ],
            operators: { one: restart("a"), two: restart("b") },
            warmUp,
            horizon: "8h",
            measures: {
              a: { measure: "operatorActions", of: "a" },
              b: { measure: "operatorActions", of: "b" },
              all: { measure: "operatorActions" },
            },
          }),
        ),
        1,
      ).outcome;
    expect(countsAfter("0s")).toEqual({ a: 1, b: 2, all: 3 });
    expect(countsAfter("2h")).toEqual({ a: 0, b: 1, all: 1 });
  });
});

describe("a measure that could say nothing but 0 is refused:", () => {
  const issuesOf = (more: Partial<ScenarioInput>): readonly string[] =>
    checkScenario({
      scenario: 1,
      topology: { orders: { kind: "group", replicas: 1 } },
      horizon: "1d",
      ...more,
    }).issues.map(({ field, expected }) => `${field}: ${expected}`);
  const measured = (measure: MeasureKind, of: string): readonly string[] =>
    issuesOf({ measures: { m: { measure, of } } });

  test("an instance that does not exist", () => {
    expect(measured("writesDown", "orders.2")).toEqual([]);
    expect(measured("writesDown", "orders.3")).toEqual([
      "measures.m.of: orders, or an instance that exists at time 0: orders.1 to orders.2, the source first",
    ]);
  });

  test.each(["source", "replicas", "freshest", "r1", "backup1"])(
    "a role that changes hands: orders.%s",
    (role) => {
      expect(measured("writesDown", `orders.${role}`)).toHaveLength(1);
    },
  );

  test("what only a thing as a whole has, of one instance", () => {
    expect(measured("failovers", "orders")).toEqual([]);
    expect(measured("failovers", "orders.1")).toEqual([
      "measures.m.of: a thing as a whole: orders",
    ]);
  });

  test("the refused commands of one thing", () => {
    expect(measured("refused", "orders")).toHaveLength(1);
  });

  test("what is lost where nothing is written", () => {
    const writes = { perSecond: 10 };
    const lost = { lost: { measure: "lostTransactions", of: "orders" } } as const;
    expect(issuesOf({ measures: lost })).toEqual([
      "measures.lost.measure: one that needs no writes, or writes: { perSecond: 100 } at the thing",
    ]);
    const written = { orders: { kind: "group", writes } } as const;
    expect(issuesOf({ measures: lost, topology: written })).toEqual([]);
    const begins = {
      command: "setWorkload",
      of: "orders.source",
      transactionsPerSecond: 5,
    } as const;
    expect(issuesOf({ measures: lost, steps: [{ at: "1h", do: begins }] })).toEqual([]);
  });

  test("a lag where nothing is written, as a condition", () => {
    const fresh = { fresh: { never: "lagAbove", of: "orders", limit: "1m" } } as const;
    const operators = {
      "on call": {
        when: { condition: "lagAbove", of: "orders", limit: "1m" },
        do: [{ command: "restartInstance", of: "orders.r1" }],
      },
    } as const;
    const expected = "one that needs no writes, or writes: { perSecond: 100 } at orders";
    expect(issuesOf({ expect: fresh, operators })).toEqual([
      `operators["on call"].when.condition: ${expected}`,
      `expect.fresh.never: ${expected}`,
    ]);
    const written = { orders: { kind: "group", writes: { perSecond: 10 } } } as const;
    expect(issuesOf({ expect: fresh, operators, topology: written })).toEqual([]);
  });

  test("a condition of a part, which would be read as one of the whole", () => {
    const when = { condition: "writesDown", of: "orders.1" } as const;
    const restart = { command: "restartGroup", of: "orders" } as const;
    expect(issuesOf({ operators: { one: { when, do: [restart] } } })).toEqual([
      "operators.one.when.of: a thing as a whole: orders",
    ]);
    expect(issuesOf({ expect: { up: { never: "writesDown", of: "orders.source" } } })).toEqual([
      "expect.up.of: a thing as a whole: orders",
    ]);
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
      const { run, outcome } = runFuture(design, seed, {
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

test("a scenario of data gives the same outcomes whatever was run before", () => {
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
  for (const seed of [3, 1, 2]) outcomes.push(one.simulate("one replica", seed));
  expect(other.simulate("one replica", 2)).toEqual(outcomes[2]);
  expect(other.factsOf("one replica", 1)).toBe(one.factsOf("one replica", 1));
  expect(other.factsOf("one replica", 1)).not.toBe(one.factsOf("one replica", 2));
});

test("a step after the horizon is refused in the durations that one writes", () => {
  const { issues } = checkScenario({
    scenario: 1,
    topology: { orders: { kind: "group" } },
    steps: [{ at: "2d", do: { fault: "crash", of: "orders.source" } }],
    horizon: "1d 12h",
  });
  expect(issues).toMatchObject([{ value: "2d", expected: "a time before the horizon, 1d 12h" }]);
});

describe("a failover that an operator forces", () => {
  const about = {
    topology: group,
    steps: [{ at: "1h", do: { command: "forceFailover", of: "orders" } }],
    horizon: "2h",
  } as const;

  test("interrupts writes, and is no failover by itself", () => {
    const outcome = outcomeOf(about, [
      "failovers",
      "failoverTime",
      "interruptions",
      "recoveryTime",
    ]);
    expect(outcome).toMatchObject({ failovers: 0, failoverTime: [] });
  });
});

test("a loss at the moment at which measures begin counts", () => {
  const about = {
    world: { latency: { receiveLag: "8s" } },
    topology: set,
    steps: [
      { at: "1h", do: { fault: "crash", of: "orders.source" } },
      { at: "70m", do: { command: "detachReplica", of: "orders.r1" } },
    ],
    horizon: "2h",
  } as const;
  const lossFrom = (warmUp: string): unknown =>
    outcomeOf({ ...about, warmUp }, ["lostTransactions", "recoveryPoint"]);
  expect(lossFrom("70m 5s")).toEqual({ lostTransactions: 800, recoveryPoint: [7990] });
  expect(lossFrom("71m")).toEqual({ lostTransactions: 0, recoveryPoint: [] });
});
