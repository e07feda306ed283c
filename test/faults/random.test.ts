import { type Faults, type InjectedFault, ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { empty, group, lone, pair, small, trio } from "../rules/fixtures.js";

/*
 * Faults that come by themselves: when, target they strike, and how long they last. Times are in seconds from the order.
 */

/** What a process does to a world in so many seconds: `60 s crash instance-0 for 10 s`. */
function affectedIds(
  sim: ReplicationSimulator,
  input: Faults["random"] | Faults["randomAmong"],
  seconds: number,
): readonly string[] {
  const lines: string[] = [];
  const start = sim.now;
  sim.subscribe(({ at, facts }) => {
    const time = `${String((at - start) / 1000)} s`;
    for (const fact of facts) {
      if (fact.type === "FaultInjected" && !fact.injected.fault.kind.startsWith("random")) {
        const {
          kind,
          durationMs = 0,
          ...names
        } = fact.injected.fault as {
          readonly kind: string;
          readonly durationMs?: number;
        };
        const target = Object.values(names).join(" ");
        lines.push(`${time} ${kind} ${target} for ${String(durationMs / 1000)} s`);
      }
      if (fact.type === "FaultActivated" && fact.skipped !== null) {
        lines.push(`${time} skipped: ${fact.skipped}`);
      }
      if (fact.type === "FaultEnded" && fact.id === "fault-0")
        lines.push(`${time} ${fact.outcome}`);
    }
  });
  if ("timeToFailure" in input) sim.injectRandom(input);
  else sim.injectRandomAmong(input);
  sim.advance(seconds * 1000);
  expectNoBrokenInvariants(sim);
  return lines;
}

const often = { timeToFailure: 60_000, timeToRepair: 10_000 } as const;
const oneOften = { timeBetweenFailures: 60_000, timeToRepair: 10_000 } as const;
const it = { instanceId: "instance-0" } as const;

/** Returns the targets of a process over a long time. */
function victims(
  sim: ReplicationSimulator,
  input: Faults["random"] | Faults["randomAmong"],
): readonly string[] {
  const lines = affectedIds(sim, input, 6_000);
  const ids = lines.flatMap((line) => /(?:instance)-\d/.exec(line) ?? []);
  return [...new Set(ids)].sort();
}

/** The clock of an instance. */
function clockOf(sim: ReplicationSimulator, instanceId: string): InjectedFault | undefined {
  return sim.listFaults().find(({ fault, clock }) => {
    if (fault.kind !== "random" || clock === null || fault.target === "all") return false;
    return "instanceId" in fault.target && fault.target.instanceId === instanceId;
  });
}

describe("the clock of an instance", () => {
  test.each(["crash", "hang"] as const)("stands while it is down by a %s", (fault) => {
    expect(affectedIds(lone(), { fault, target: it, ...often }, 200)).toEqual([
      `60 s ${fault} instance-0 for 10 s`,
      `130 s ${fault} instance-0 for 10 s`,
      `200 s ${fault} instance-0 for 10 s`,
    ]);
  });

  test("stands while it is out of service for another reason, and goes on from there", () => {
    const sim = lone();
    const begun = sim.now;
    sim.inject({ kind: "hang", ...it, durationMs: 100_000 }, { afterMs: 20_000 });
    sim.subscribe(({ at, facts }) => {
      for (const fact of facts) {
        if (fact.type === "FaultClockChanged") lines.push(`${String(at - begun)} ${fact.change}`);
      }
    });
    const lines: string[] = [];
    expect(affectedIds(sim, { fault: "crash", target: it, ...often }, 200)).toEqual([
      "120 s expired",
      "160 s crash instance-0 for 10 s",
    ]);
    expect(lines).toEqual(["0 started", "20000 stopped", "120000 started", "170000 started"]);
  });

  test("does not run before the instance is in service, nor during a reboot", () => {
    const sim = empty();
    sim.createInstance(small);
    expect(clockOf(sim, "instance-0")).toBeUndefined();
    sim.injectRandom({ fault: "crash", target: "all", ...often });
    expect(clockOf(sim, "instance-0")).toBeUndefined();
    sim.settle();
    expect(clockOf(sim, "instance-0")).toMatchObject({ dueAt: sim.now + 60_000 });
    sim.advance(10_000);
    sim.restartInstance("instance-0");
    expect(clockOf(sim, "instance-0")).toMatchObject({ dueAt: null, seq: null });
    sim.settle();
    expect(clockOf(sim, "instance-0")).toMatchObject({ dueAt: sim.now + 50_000 });
    expectNoBrokenInvariants(sim);
  });

  test("goes on by 1 ms at least, whatever is drawn", () => {
    const input = { fault: "crash", target: it, timeToFailure: 0, timeToRepair: 0 } as const;
    expect(affectedIds(lone(), input, 0.003)).toEqual([
      "0.001 s crash instance-0 for 0 s",
      "0.002 s crash instance-0 for 0 s",
      "0.003 s crash instance-0 for 0 s",
    ]);
  });

  test("ends with its instance, and begins anew for the next", () => {
    const sim = empty();
    sim.injectRandom({ fault: "crash", target: "all", ...often });
    for (const instanceId of ["instance-0", "instance-1"]) {
      sim.createInstance(small);
      sim.settle();
      expect(clockOf(sim, instanceId)).toBeDefined();
      sim.deleteInstance(instanceId);
      sim.settle();
      expect(clockOf(sim, instanceId)).toBeUndefined();
    }
    expect(sim.listFaults()).toHaveLength(1);
    expectNoBrokenInvariants(sim);
  });

  test("is cleared with its process, and not by itself", () => {
    const sim = trio();
    const id = sim.injectRandom({ fault: "crash", target: "all", ...often });
    const clock = clockOf(sim, "instance-1");
    expect(sim.listFaults()).toHaveLength(4);
    expect(() => {
      sim.clearFault(clock?.id ?? "");
    }).toThrow(`is the part of a random fault for one instance; clear ${id}`);
    sim.clearFault(id);
    expect(sim.listFaults()).toEqual([]);
    expect(sim.nextDueAt).toBeUndefined();
    expectNoBrokenInvariants(sim);
  });
});

describe("a process on several instances", () => {
  test("is a clock for each, which nothing of the others touches", () => {
    const input = {
      fault: "crash",
      target: "all",
      timeToFailure: 60_000,
      timeToRepair: 70_000,
    } as const;
    expect([...affectedIds(trio(), input, 200)].sort()).toEqual([
      "190 s crash instance-0 for 70 s",
      "190 s crash instance-1 for 70 s",
      "190 s crash instance-2 for 70 s",
      "60 s crash instance-0 for 70 s",
      "60 s crash instance-1 for 70 s",
      "60 s crash instance-2 for 70 s",
    ]);
  });

  test("is one for members that come later, too", () => {
    const sim = group();
    sim.injectRandom({
      fault: "crash",
      target: { groupId: "group-0" },
      timeToFailure: 3_600_000,
      timeToRepair: 1,
    });
    sim.addReplica("group-0", small);
    sim.settle();
    expect(clockOf(sim, "instance-2")).toMatchObject({ dueAt: sim.now + 3_600_000 });
    sim.removeReplica("group-0", "instance-2");
    sim.settle();
    expect(clockOf(sim, "instance-2")).toMatchObject({ dueAt: null });
    expectNoBrokenInvariants(sim);
  });

  test("of one role follows who is in that role", () => {
    const sim = pair();
    sim.injectRandom({
      fault: "hang",
      target: { role: "replica" },
      timeToFailure: 3_600_000,
      timeToRepair: 1,
    });
    expect([clockOf(sim, "instance-0"), clockOf(sim, "instance-1")?.dueAt]).toEqual([
      undefined,
      sim.now + 3_600_000,
    ]);
    sim.advance(1_000);
    sim.detachReplica("instance-1");
    sim.settle();
    expect(clockOf(sim, "instance-1")).toMatchObject({ dueAt: null });
    expectNoBrokenInvariants(sim);
  });

  test("and one instance more shifts no strike of another, whatever becomes of it", () => {
    const activationsOf = (isThere: boolean): readonly string[] => {
      const sim = new ReplicationSimulator({ seed: 3, latency: "instant" });
      for (const name of isThere ? ["idle", "a", "b", "c"] : ["a", "b", "c"]) {
        sim.createInstance({ ...small, name });
      }
      sim.settle();
      const [mtbf, mttr] = [3_600_000, 60_000];
      sim.injectRandom({
        fault: "crash",
        target: "all",
        timeToFailure: { kind: "exponential", meanMs: mtbf },
        timeToRepair: { kind: "exponential", meanMs: mttr },
      });
      const lines: string[] = [];
      sim.subscribe(({ at, facts }) => {
        for (const fact of facts) {
          if (fact.type !== "FaultInjected" || fact.injected.fault.kind !== "crash") continue;
          const { fault } = fact.injected;
          const { name } = sim.getInstance(fault.instanceId);
          lines.push(`${String(at)} ${name} ${String(fault.durationMs)}`);
        }
      });
      sim.advance(100 * mtbf);
      return lines;
    };
    const [without, within] = [activationsOf(false), activationsOf(true)];
    expect(without.length).toBeGreaterThan(200);
    expect(within.length).toBeGreaterThan(without.length + 50);
    expect(within.filter((line) => !line.includes("idle"))).toEqual(without);
  });
});

describe("a process on a population", () => {
  test("has one clock, which does not wait for repairs", () => {
    const input = {
      fault: "crash",
      target: "all",
      timeBetweenFailures: 60_000,
      timeToRepair: 70_000,
    } as const;
    const lines = affectedIds(trio(), input, 240);
    expect(lines.map((line) => line.replace(/instance-\d/, "one"))).toEqual([
      "60 s crash one for 70 s",
      "120 s crash one for 70 s",
      "180 s crash one for 70 s",
      "240 s crash one for 70 s",
    ]);
    const [first, second] = lines;
    expect(first?.split(" ")[3]).not.toBe(second?.split(" ")[3]);
  });

  test("says why it strikes none", () => {
    const sim = pair();
    for (const instanceId of ["instance-0", "instance-1"])
      sim.inject({ kind: "crash", instanceId });
    expect(affectedIds(sim, { fault: "crash", target: "all", ...oneOften }, 60)).toEqual([
      "60 s skipped: none of 2 instances can be struck",
    ]);
    expect(affectedIds(empty(), { fault: "crash", target: "all", ...oneOften }, 60)).toEqual([
      "60 s skipped: none of 0 instances can be struck",
    ]);
  });

  test("strikes each as likely as the others, at times of the distribution", () => {
    const input = {
      fault: "crash",
      target: "all",
      timeBetweenFailures: 60_000,
      timeToRepair: 1_000,
    } as const;
    const counts = new Map<string, number>();
    for (const line of affectedIds(trio({ seed: 3 }), input, 60_000)) {
      const id = line.split(" ")[3] ?? "";
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["instance-0", "instance-1", "instance-2"]);
    // 1,000 strikes on three: 333 each, with a standard deviation of 15.
    for (const count of counts.values()) expect(Math.abs(count - 1000 / 3)).toBeLessThan(4 * 15);
  });

  test("with one candidate more strikes that one its share of times, and otherwise the same ones", () => {
    const victimsWith = (more: boolean): readonly string[] => {
      const sim = new ReplicationSimulator({ seed: 3, latency: "instant", startAt: 0 });
      for (const name of ["a", "b", "c"]) sim.createInstance({ ...small, name });
      if (more) sim.createInstance({ ...small, name: "idle" });
      sim.settle();
      sim.injectRandomAmong({
        fault: "crash",
        target: "all",
        timeBetweenFailures: 60_000,
        timeToRepair: 1_000,
      });
      const names: string[] = [];
      sim.subscribe(({ facts }) => {
        for (const fact of facts) {
          if (fact.type === "FaultInjected" && fact.injected.fault.kind === "crash") {
            names.push(sim.getInstance(fact.injected.fault.instanceId).name);
          }
        }
      });
      sim.advance(60_000 * 400);
      return names;
    };
    const [three, four] = [victimsWith(false), victimsWith(true)];
    expect(four).toHaveLength(three.length);
    const moved = four.filter((name, at) => name !== three[at]);
    expect(new Set(moved)).toEqual(new Set(["idle"]));
    // A quarter of 400, with a standard deviation of 8.7.
    expect(Math.abs(moved.length - 100)).toBeLessThan(4 * 8.7);
  });
});

describe("the targets of a process:", () => {
  /** Two sets, a group, and one that stands alone. */
  function world(): ReplicationSimulator {
    const sim = group();
    sim.createInstance(small);
    sim.settle();
    sim.createReplica({ ...small, replicaOf: "instance-2" });
    sim.createInstance(small);
    sim.settle();
    sim.account("5678").createInstance(small);
    sim.settle();
    return sim;
  }

  describe.each([
    ["each", often],
    ["one", oneOften],
  ] as const)("%s of", (_, times) => {
    test.each<[string, Faults["random"]["target"], readonly string[]]>([
      ["a set", { sourceId: "instance-2" }, ["instance-2", "instance-3"]],
      ["the source of a set", { sourceId: "instance-2", role: "source" }, ["instance-2"]],
      ["the replicas of a set", { sourceId: "instance-2", role: "replica" }, ["instance-3"]],
      ["all that stand alone", { role: "standalone" }, ["instance-4"]],
      ["one", { instanceId: "instance-4" }, ["instance-4"]],
      ["one of a set", { instanceId: "instance-3" }, ["instance-3"]],
    ])("%s", (_what, target, ids) => {
      expect(victims(world(), { fault: "crash", target, ...times })).toEqual(ids);
    });

    test("a group, whose members change", () => {
      const ids = victims(world(), { fault: "crash", target: { groupId: "group-0" }, ...times });
      expect(ids).toEqual(expect.arrayContaining(["instance-0"]));
      expect(ids).not.toContain("instance-2");
      expect(ids).not.toContain("instance-4");
    });

    test("all of the account, and none of another", () => {
      const ids = victims(world(), { fault: "hang", target: "all", ...times });
      expect(ids).toContain("instance-4");
      expect(ids).not.toContain("instance-5");
    });

    test.each(["breakReplication", "cutLink"] as const)("%s: replicas alone", (fault) => {
      expect(victims(world(), { fault, target: "all", ...times })).toEqual([
        "instance-1",
        "instance-3",
      ]);
    });
  });

  test.each(["breakReplication", "cutLink"] as const)(
    "%s: none with broken replication or a cut link",
    (fault) => {
      const [among, each] = [
        { fault, target: "all", timeBetweenFailures: 60_000, timeToRepair: 100_000 } as const,
        { fault, target: "all", timeToFailure: 60_000, timeToRepair: 100_000 } as const,
      ];
      expect(affectedIds(pair(), among, 120)).toEqual([
        `60 s ${fault} instance-1 for 100 s`,
        "120 s skipped: none of 2 instances can be struck",
      ]);
      expect(affectedIds(pair(), each, 230)).toEqual([
        `60 s ${fault} instance-1 for 100 s`,
        `220 s ${fault} instance-1 for 100 s`,
      ]);
    },
  );
});

describe("a process that ends", () => {
  test("does so after durationMs, without a last strike at that moment", () => {
    const sim = lone();
    expect(
      affectedIds(sim, { fault: "crash", target: it, ...often, durationMs: 130_000 }, 1_000),
    ).toEqual(["60 s crash instance-0 for 10 s", "130 s expired"]);
    expect(sim.listFaults()).toEqual([]);
  });

  test("takes its clocks with it", () => {
    const sim = trio();
    expect(
      affectedIds(sim, { fault: "crash", target: "all", ...often, durationMs: 60_000 }, 1_000),
    ).toEqual(["60 s expired"]);
    expect(sim.listFaults()).toEqual([]);
  });

  test("has already reported how often it has struck, and when it does next", () => {
    const sim = lone();
    affectedIds(sim, { fault: "crash", target: it, ...often }, 100);
    const [process] = sim.listFaults();
    expect(process).toMatchObject({
      id: "fault-0",
      phase: "recurring",
      activations: 1,
      targetOrdinal: null,
    });
    expect(process?.dueAt).toBe(sim.now + 30_000);
    sim.clearFault("fault-0");
    sim.advance(1_000_000);
    expect(sim.listFaults()).toEqual([]);
    expect(sim.getInstance("instance-0").status).toBe("ACTIVE");
  });
});

test.each([
  [
    "random",
    { of: "all", every: 1, repairedAfter: 1 },
    ["target", "timeToFailure", "timeToRepair"],
  ],
  [
    "randomAmong",
    { of: "all", every: 1, repairedAfter: 1 },
    ["target", "timeBetweenFailures", "timeToRepair"],
  ],
])("the names of before are refused with those of now: %s", (kind, old, names) => {
  const check = lone().check({
    type: "injectFault",
    fault: { kind, fault: "crash", ...old },
  } as never);
  const [refused] = check.map(({ message }) => message);
  Object.keys(old).forEach((name, at) => {
    expect(refused).toContain(
      `fault.${name} is not known here; it must be called ${names[at] ?? ""} now`,
    );
  });
});

describe("two stores", () => {
  test("see the same strikes", () => {
    const fingerprints = (["immutable", "in-place"] as const).map((store) => {
      const sim = group({ store, seed: 9 });
      sim.injectRandom({
        fault: "crash",
        target: "all",
        timeToFailure: { kind: "exponential", meanMs: 3_600_000 },
        timeToRepair: { kind: "lognormal", medianMs: 600_000, sigma: 1 },
      });
      sim.injectRandom({
        fault: "cutLink",
        target: "all",
        timeToFailure: 7_000_000,
        timeToRepair: 60_000,
      });
      sim.advance(30 * 3_600_000);
      expectNoBrokenInvariants(sim);
      return JSON.stringify(sim.journal().lines);
    });
    expect(fingerprints[0]).toBe(fingerprints[1]);
  });

  test("and a restored world goes on as the one that it was taken of", () => {
    const sim = group({ seed: 9 });
    sim.injectRandom({
      fault: "crash",
      target: "all",
      timeToFailure: 3_600_000,
      timeToRepair: 60_000,
    });
    sim.advance(5_000_000);
    const restored = ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())), {
      createId: (kind, ordinal) => `${kind}-${String(ordinal)}`,
    });
    for (const world of [sim, restored]) world.advance(20_000_000);
    expect(restored.fingerprint()).toBe(sim.fingerprint());
  });
});

describe("a fleet of n instances", () => {
  const [hour, minute] = [3_600_000, 60_000];
  const horizon = 400 * hour;
  const times = { kind: "exponential", meanMs: hour } as const;

  /** How often instances fail in a long time. */
  function failures(count: number, process: "of each" | "of all"): number {
    const sim = new ReplicationSimulator({ seed: 10, store: "in-place", journal: false });
    for (let n = 0; n < count; n++) sim.createInstance({ ...small, name: `db-${String(n)}` });
    sim.settle();
    const shared = { fault: "crash", target: "all", timeToRepair: minute } as const;
    if (process === "of each") sim.injectRandom({ ...shared, timeToFailure: times });
    else sim.injectRandomAmong({ ...shared, timeBetweenFailures: times });
    let failed = 0;
    sim.on("FaultActivated", ({ skipped }) => {
      if (skipped === null) failed += 1;
    });
    sim.advance(horizon);
    return failed;
  }

  /** Four standard deviations of a count of independent failures. */
  function expectAbout(found: number, expected: number): void {
    expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected));
  }

  test.each([1, 4, 16])("of %s fails so many times as often as one", (count) => {
    expectAbout(failures(count, "of each"), (count * horizon) / (hour + minute));
  });

  test.each([4, 16])("of %s fails as often as one in a process of all together", (count) => {
    expectAbout(failures(count, "of all"), horizon / hour);
  });
});
