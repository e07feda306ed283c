import { describe, expect, test } from "vitest";
import { birthOf } from "../../src/kernel/lineage.js";
import type { Fact } from "../../src/model/facts.js";
import type { FaultOf, InjectedFault, RandomTarget } from "../../src/service/faults/fault.model.js";
import { clockKey, followClocks } from "../../src/service/faults/faultClocks.js";
import { activateAmong, activateByClock, dueAtOf } from "../../src/service/faults/randomFaults.js";
import type { Rows } from "./rows.js";
import { faultRow, foreign, instanceRow, transactionOn } from "./transaction.js";

/*
 * Which facts start and stop the clocks of random faults, and what happens when one expires.
 */

const random = (target: RandomTarget): FaultOf<"random"> => ({
  kind: "random",
  fault: "crash",
  target,
  timeToFailure: 500,
  timeToRepair: 50,
});

const process = (target: RandomTarget, changes: Partial<InjectedFault> = {}) =>
  faultRow(0, random(target), { phase: "recurring", cause: 3, ...changes });

/** The clock of the process 0 for an instance. */
const clock = (
  ordinal: number,
  instance: number,
  {
    since,
    ranMs = 0,
    endsAt = null,
  }: { since: number | null; ranMs?: number; endsAt?: number | null },
) =>
  faultRow(ordinal, random({ instanceId: `i${String(instance)}` }), {
    phase: "recurring",
    clock: { distribution: 500, since, ranMs, totalMs: 500 },
    clockOf: { processOrdinal: 0, instanceOrdinal: instance },
    endsAt,
  });

const entered = (row: number) => ({ type: "InstanceStateEntered", row }) as Fact;

/** Facts that follow from given ones, in words: new clocks by their target, and changes of clocks. */
function followed(rows: Rows, facts: readonly Fact[], from = 0) {
  const noted = transactionOn(rows);
  noted.transaction.facts.push(...facts);
  followClocks(noted.transaction, from);
  const following = noted.facts.slice(facts.length);
  const words = following.map((fact) => {
    switch (fact.type) {
      case "FaultInjected":
        return `new ${JSON.stringify((fact.injected.fault as FaultOf<"random">).target)}`;
      case "FaultClockChanged":
        return `${fact.id} ${fact.change}`;
      case "FaultEnded":
        return `${fact.id} ${fact.outcome}`;
      default:
        return fact.type;
    }
  });
  return { following, words };
}

const newFor = (...instances: number[]) =>
  instances.map((one) => `new {"instanceId":"i${String(one)}"}`);

describe("a random fault of instances", () => {
  const instances = [0, 1, 2, 3].map((ordinal) => instanceRow(ordinal));
  const fleet = { instances, faults: [process("all")], watched: [0] };

  test("gives a clock to each instance in service of its account", () => {
    const faults = [
      process("all"),
      faultRow(1, random("all"), { phase: "recurring", accountId: "b" }),
    ];
    const rows: Rows = {
      instances: [instanceRow(0), instanceRow(1, { state: "shutdown" }), instanceRow(2), foreign],
      faults,
      watched: [0, 1],
    };
    const injected = { type: "FaultInjected", injected: faults[0] } as Fact;
    const { following, words } = followed(rows, [injected]);
    expect(words).toEqual(newFor(0, 2));
    const [first] = following;
    const key = clockKey("key-f0", "key-i0");
    expect(first).toEqual({
      type: "FaultInjected",
      counted: null,
      injected: faultRow(2, random({ instanceId: "i0" }), {
        accountOrdinal: 0,
        id: `fault-${key.slice(0, 16)}`,
        key,
        phase: "recurring",
        injectedAt: 1_000,
        dueAt: 1_500,
        seq: 100,
        cause: 3,
        activations: 0,
        clock: { distribution: 500, since: 1_000, ranMs: 0, totalMs: 500 },
        clockOf: { processOrdinal: 0, instanceOrdinal: 0 },
      }),
    });
    const activated = { type: "FaultActivated", row: 0 } as Fact;
    expect(followed(rows, [activated]).words).toEqual(newFor(0, 2));
  });

  test("has clocks whose keys depend on both the fault and the instance", () => {
    expect(clockKey("key-f0", "key-i0")).toBe("a53e74f27ca9ea95e50ed3d722b7aa32");
    expect(clockKey("key-f1", "key-i0")).not.toBe(clockKey("key-f0", "key-i0"));
    expect(clockKey("key-f0", "key-i1")).not.toBe(clockKey("key-f0", "key-i0"));
  });

  test.each([
    [[entered(2)], [2]],
    [[{ type: "PartitionChanged", row: 1 } as Fact], [1]],
    [[{ type: "ReplicationStarted", replicaRow: 3, sourceRow: 1 } as Fact], [1, 3]],
    [[{ type: "ReplicationStopped", replicaRow: 2, sourceRow: 0 } as Fact], [0, 2]],
    [[{ type: "MemberJoined", instanceRow: 1, groupRow: 0 } as unknown as Fact], [1]],
    [[{ type: "MemberLeft", instanceRow: 2, groupRow: 0 } as unknown as Fact], [2]],
    [[{ type: "LinkChanged", row: 3 } as Fact], [3]],
    [
      [entered(3), entered(1), entered(3)],
      [1, 3],
    ],
    [[{ type: "WorkloadSet", row: 1 } as Fact], []],
    [[entered(99)], []],
    [[], []],
  ] satisfies [Fact[], number[]][])(
    "looks at the instances of %j, in order of creation",
    (facts, expected) => {
      expect(followed(fleet, facts).words).toEqual(newFor(...expected));
    },
  );

  test("looks at instances in order of their numbers, not of the digits", () => {
    const many = Array.from({ length: 12 }, (_, ordinal) => instanceRow(ordinal));
    const facts = [entered(10), entered(9), entered(2)];
    expect(followed({ ...fleet, instances: many }, facts).words).toEqual(newFor(2, 9, 10));
  });

  test("leaves facts alone that were followed before", () => {
    expect(followed(fleet, [entered(0), entered(1)], 1).words).toEqual(newFor(1));
  });

  test("gives no clock to an instance out of its scope", () => {
    const faults = [process({ sourceId: "i2" })];
    expect(followed({ ...fleet, faults }, [entered(0), entered(2)]).words).toEqual(newFor(2));
  });

  test("that is none, or is not watched any more, gives no clocks", () => {
    const outage = [faultRow(0, { kind: "outage" })];
    expect(followed({ ...fleet, faults: outage }, [entered(0)]).words).toEqual([]);
    expect(followed({ ...fleet, watched: [] }, [entered(0)]).words).toEqual([]);
  });

  test("looks at one instance alone when the clock of that one has expired", () => {
    const faults = [process("all"), clock(1, 0, { since: 700 })];
    const rows = { ...fleet, faults, standing: { "clock 0 0": 1 } };
    expect(followed(rows, [{ type: "FaultActivated", row: 1 } as Fact]).words).toEqual([]);
    const paused = [process("all"), clock(1, 0, { since: null })];
    const again = { ...rows, faults: paused };
    expect(followed(again, [{ type: "FaultActivated", row: 1 } as Fact]).words).toEqual([
      "f1 started",
    ]);
  });

  test("stops the clock of an instance that goes out of service, and keeps how long it ran", () => {
    const rows: Rows = {
      instances: [instanceRow(0, { state: "shutdown" })],
      faults: [process("all"), clock(1, 0, { since: 700, ranMs: 40 })],
      watched: [0],
      standing: { "clock 0 0": 1 },
    };
    const { following } = followed(rows, [entered(0)]);
    expect(following).toEqual([
      {
        type: "FaultClockChanged",
        id: "f1",
        row: 1,
        change: "stopped",
        changes: {
          dueAt: null,
          seq: null,
          endsAt: null,
          clock: { distribution: 500, since: null, ranMs: 340, totalMs: 500 },
        },
      },
    ]);
  });

  test("resumes the clock of an instance that comes back, until the end of the fault at most", () => {
    const resumed = (endsAt: number | null) => {
      const rows: Rows = {
        instances: [instanceRow(0)],
        faults: [process("all"), clock(1, 0, { since: null, ranMs: 40, endsAt })],
        watched: [0],
        standing: { "clock 0 0": 1 },
      };
      return followed(rows, [entered(0)]).following;
    };
    const changes = {
      dueAt: 1_460,
      seq: 100,
      endsAt: null,
      clock: { distribution: 500, since: 1_000, ranMs: 40, totalMs: 500 },
    };
    expect(resumed(null)).toEqual([
      { type: "FaultClockChanged", id: "f1", row: 1, change: "started", changes },
    ]);
    expect(resumed(1_200)).toMatchObject([{ changes: { dueAt: 1_200, endsAt: 1_200 } }]);
  });

  test("leaves a clock alone that runs, stands or is not known, as it should", () => {
    const rows: Rows = {
      instances: [instanceRow(0), instanceRow(1, { state: "shutdown" }), instanceRow(2)],
      faults: [
        process("all"),
        clock(1, 0, { since: 700 }),
        clock(2, 1, { since: null }),
        { ...clock(3, 2, { since: null }), clock: null },
      ],
      watched: [0],
      standing: { "clock 0 0": 1, "clock 0 1": 2, "clock 0 2": 3 },
    };
    expect(followed(rows, [entered(0), entered(1), entered(2)]).words).toEqual([]);
  });

  test("ends with all its clocks, and with nothing else", () => {
    const rows: Rows = {
      instances: [instanceRow(0), instanceRow(1)],
      faults: [
        process("all"),
        clock(1, 0, { since: 700 }),
        clock(2, 1, { since: 700 }),
        faultRow(3, { kind: "crash", instanceId: "i0" }),
      ],
      standing: { "clock 0 0": 1, "clock 0 1": 2, "service 0": 3 },
    };
    const ended = { type: "FaultEnded", row: 0, outcome: "cleared" } as Fact;
    expect(followed(rows, [ended]).words).toEqual(["f1 cleared", "f2 cleared"]);
    const other = { type: "FaultEnded", row: 3, outcome: "cleared" } as Fact;
    expect(followed(rows, [other]).words).toEqual([]);
  });
});

describe("a random fault of places", () => {
  const rows = (target: RandomTarget, changes: Partial<InjectedFault> = {}): Rows => ({
    instances: [instanceRow(0)],
    faults: [process(target, changes)],
    watched: [0],
  });
  const activated = [{ type: "FaultActivated", row: 0 } as Fact];

  test("gives a clock to each zone or each rack of the region", () => {
    const { following, words } = followed(rows({ each: "zone" }), activated);
    expect(words).toEqual(['new {"zone":"zone-1"}', 'new {"zone":"zone-2"}']);
    expect(following).toMatchObject([
      {
        injected: {
          id: "fault-4cd69fcb404f4c21",
          phase: "recurring",
          dueAt: 1_500,
          clockOf: { processOrdinal: 0, instanceOrdinal: null },
        },
      },
      { injected: { id: "fault-12d39f6a6484d131" } },
    ]);
    const injected = { type: "FaultInjected", injected: process({ each: "rack" }) } as Fact;
    expect(followed(rows({ each: "rack" }), [injected]).words).toEqual(
      [1, 2, 3, 4].map((rack) => `new {"rack":"rack-${String(rack)}"}`),
    );
  });

  test("gives none before it is active, for one place, for instances, or of another kind", () => {
    expect(followed(rows({ each: "zone" }, { phase: "scheduled" }), activated).words).toEqual([]);
    expect(followed(rows({ zone: "zone-1" }), activated).words).toEqual([]);
    expect(followed(rows("all"), activated).words).toEqual(newFor(0));
    const outage = { faults: [faultRow(0, { kind: "outage" })], watched: [0] };
    expect(followed(outage, activated).words).toEqual([]);
  });

  describe("when the failure of a place ends", () => {
    const failed = (
      own: InjectedFault["clock"],
      changes: Partial<InjectedFault> = {},
      fault: InjectedFault["fault"] = { kind: "correlated", effect: "crash", zone: "zone-1" },
    ): Rows => ({
      instances: [instanceRow(0)],
      faults: [
        process({ zone: "zone-1" }, { clock: own }),
        faultRow(1, fault, { partOf: "f0", ...changes }),
      ],
      watched: [0, 1],
    });
    const stopped = { distribution: 500, since: null, ranMs: 0, totalMs: 300 };
    const ended = [{ type: "FaultEnded", row: 1, outcome: "expired" } as Fact];

    test("starts the clock of the place anew", () => {
      expect(followed(failed(stopped), ended).following).toEqual([
        {
          type: "FaultClockChanged",
          id: "f0",
          row: 0,
          change: "started",
          changes: {
            dueAt: 1_300,
            seq: 100,
            endsAt: null,
            clock: { distribution: 500, since: 1_000, ranMs: 0, totalMs: 300 },
          },
        },
      ]);
    });

    test("starts no clock that runs already, or that has ended", () => {
      expect(followed(failed({ ...stopped, since: 900 }), ended).words).toEqual([]);
      expect(followed(failed(null), ended).words).toEqual([]);
      expect(followed(failed(stopped, { partOf: "f9" }), ended).words).toEqual([]);
      expect(followed(failed(stopped, { partOf: null }), ended).words).toEqual([]);
      expect(followed(failed(stopped, { accountId: "b" }), ended).words).toEqual([]);
      const crash = { kind: "crash", instanceId: "i0" } as const;
      expect(followed(failed(stopped, {}, crash), ended).words).toEqual([]);
      // Another fact with a row of the same number ends no fault.
      const other = [{ type: "WorkloadSet", row: 1 } as Fact];
      expect(followed(failed(stopped), other).words).toEqual([]);
    });
  });
});

test("a clock is due when it has run in full, or when its fault ends", () => {
  const running = { distribution: 500, since: 1_000, ranMs: 100, totalMs: 500 };
  expect(dueAtOf(running, null)).toBe(1_400);
  expect(dueAtOf(running, 1_399)).toBe(1_399);
  expect(dueAtOf(running, 1_401)).toBe(1_400);
  expect(dueAtOf({ ...running, since: null }, 1_399)).toBe(1_399);
  expect(dueAtOf({ ...running, since: null }, null)).toBeNull();
});

/** Durations of 0 to 999 ms; a draw of one half is 500 ms. */
const upTo999 = { from: 0, to: 999 };
const half = 0x8000_0000;
const born = birthOf("key-f0", "strike", 3);

describe("the clock of one instance or place expires", () => {
  const expire = (
    target: RandomTarget,
    timeToFailure: FaultOf<"random">["timeToFailure"] = upTo999,
  ) => {
    const fault = { ...random(target), timeToFailure, timeToRepair: upTo999 };
    const row = faultRow(0, fault, { phase: "recurring", activations: 3, endsAt: 9_000, seq: 5 });
    const draws = { "timeToFailure key-f0 4": half, [`timeToRepair ${born.key} 0`]: half / 2 };
    const noted = transactionOn({ instances: [instanceRow(0), foreign], faults: [row] }, { draws });
    return { activation: activateByClock(noted.transaction, row, fault), facts: noted.facts };
  };

  test("and strikes the instance, with the next draw for its own next failure", () => {
    const { activation, facts } = expire({ instanceId: "i0" });
    expect(activation).toEqual({
      fault: { kind: "crash", instanceId: "i0", durationMs: 250 },
      birth: born,
      repair: { distribution: upTo999, since: 1_000, ranMs: 0, totalMs: 250 },
      partOf: null,
    });
    expect(facts).toEqual([
      {
        type: "FaultActivated",
        id: "f0",
        row: 0,
        changes: {
          phase: "recurring",
          dueAt: 9_000,
          seq: 100,
          endsAt: 9_000,
          targetOrdinal: null,
          activations: 4,
          clock: { distribution: upTo999, since: null, ranMs: 0, totalMs: 500 },
          remaining: null,
        },
        skipped: null,
      },
    ]);
  });

  test("and strikes the place, as a part of it", () => {
    expect(expire({ rack: "rack-2" }).activation).toMatchObject({
      fault: { kind: "correlated", effect: "crash", rack: "rack-2", durationMs: 250 },
      partOf: "f0",
    });
  });

  test.each<RandomTarget>([
    "all",
    { instanceId: "foreign" },
    { instanceId: "gone" },
    { role: "source" },
  ])("and strikes nothing where there is no instance: %j", (target) => {
    expect(expire(target).activation).toBeUndefined();
    expect(expire(target).facts).toHaveLength(1);
  });

  test("and runs at least 1 ms the next time", () => {
    expect(expire({ instanceId: "i0" }, 0).facts).toMatchObject([
      { changes: { clock: { totalMs: 1 } } },
    ]);
  });
});

describe("the clock of a population expires", () => {
  const failureOf = (
    ranks: Readonly<Record<string, number>>,
    {
      victimId,
      instances = [0, 1, 2].map((one) => instanceRow(one)),
    }: { victimId?: string; instances?: Rows["instances"] } = {},
  ) => {
    const fault: FaultOf<"randomAmong"> = {
      kind: "randomAmong",
      fault: "hang",
      target: "all",
      timeBetweenFailures: upTo999,
      timeToRepair: 50,
    };
    const row = faultRow(0, fault, { phase: "recurring", activations: 3 });
    const victims = Object.entries(ranks).map(([id, rank]) => [`victim key-f0 3 key-${id}`, rank]);
    const draws = { "timeToFailure key-f0 4": half, ...Object.fromEntries(victims) };
    const noted = transactionOn({ instances, faults: [row] } as Rows, { draws });
    const activation = activateAmong(noted.transaction, row, { fault, victimId });
    const hung = activation?.fault as FaultOf<"hang"> | undefined;
    return { activation, facts: noted.facts, hung: hung?.instanceId };
  };

  test("and strikes the instance with the highest rank", () => {
    expect(failureOf({ i0: 1, i1: 3, i2: 2 }).hung).toBe("i1");
    expect(failureOf({ i0: 3, i1: 1, i2: 2 }).hung).toBe("i0");
    expect(failureOf({ i0: 1, i1: 2, i2: 3 }).hung).toBe("i2");
    expect(failureOf({ i0: 0 }, { instances: [instanceRow(0)] }).hung).toBe("i0");
  });

  test("and strikes the one with the higher key among equal ranks, in whatever order they come", () => {
    const [a, b] = ["key-a", "key-b"].map((key) => ({ key }));
    const instances = (...keys: ({ key: string } | undefined)[]) =>
      keys.map((key, at) => instanceRow(at, key));
    const equal = { a: 5, b: 5 };
    expect(failureOf(equal, { instances: instances(a, b) }).hung).toBe("i1");
    expect(failureOf(equal, { instances: instances(b, a) }).hung).toBe("i0");
    expect(failureOf({ a: 5, b: 4 }, { instances: instances(a, b) }).hung).toBe("i0");
    // Of two with one key the first.
    expect(failureOf(equal, { instances: instances(a, a) }).hung).toBe("i0");
  });

  test("and strikes the one that the caller chose, if it can be struck", () => {
    expect(failureOf({ i1: 3 }, { victimId: "i2" }).hung).toBe("i2");
    expect(failureOf({ i1: 3 }, { victimId: "i9" }).hung).toBeUndefined();
  });

  test("and goes on at once, also where it strikes nothing", () => {
    const next = {
      activations: 4,
      dueAt: 1_500,
      clock: { distribution: upTo999, since: 1_000, ranMs: 0, totalMs: 500 },
    };
    expect(failureOf({}).facts).toMatchObject([{ changes: next, skipped: null }]);
    const instances = [
      instanceRow(0, { state: "shutdown" }),
      instanceRow(1, { state: "restarting" }),
    ];
    const skipped = failureOf({}, { instances });
    expect(skipped.activation).toBeUndefined();
    expect(skipped.facts).toMatchObject([
      { changes: next, skipped: "none of 2 instances can be struck" },
    ]);
  });

  test("with the time to its repair", () => {
    expect(failureOf({ i1: 1 }).activation).toEqual({
      fault: { kind: "hang", instanceId: "i1", durationMs: 50 },
      birth: born,
      repair: { distribution: 50, since: 1_000, ranMs: 0, totalMs: 50 },
      partOf: null,
    });
  });
});
