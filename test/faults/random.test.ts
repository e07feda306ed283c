import type { RandomFaultInput, ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { empty, group, lone, pair, small, trio } from "../rules/fixtures.js";

/*
 * Faults that come by themselves: when, whom they strike, and how long they last. Times are in seconds from the order.
 */

/** What a process does to a world in so many seconds: `60 s crash instance-0 for 10 s`. */
function struck(
  sim: ReplicationSimulator,
  input: RandomFaultInput,
  seconds: number,
): readonly string[] {
  const told: string[] = [];
  const start = sim.now;
  sim.subscribe(({ at, facts }) => {
    const time = `${String((at - start) / 1000)} s`;
    for (const fact of facts) {
      if (fact.type === "FaultInjected" && fact.injected.fault.kind !== "random") {
        const {
          kind,
          durationMs = 0,
          ...target
        } = fact.injected.fault as {
          readonly kind: string;
          readonly durationMs?: number;
        };
        const whom = Object.values(target).join(" ");
        told.push(`${time} ${kind} ${whom} for ${String(durationMs / 1000)} s`);
      }
      if (fact.type === "FaultActivated" && fact.skipped !== null) {
        told.push(`${time} skipped: ${fact.skipped}`);
      }
      if (fact.type === "FaultEnded" && fact.id === "fault-0") told.push(`${time} ${fact.outcome}`);
    }
  });
  sim.injectRandom(input);
  sim.advance(seconds * 1000);
  expectNoBrokenInvariants(sim);
  return told;
}

const often = { every: 60_000, timeToRepair: 10_000 } as const;

/** Whom a process strikes in a long time. */
function victims(sim: ReplicationSimulator, input: RandomFaultInput): readonly string[] {
  const lines = struck(sim, input, 6_000);
  const ids = lines.flatMap((line) => /(?:instance)-\d/.exec(line) ?? []);
  return [...new Set(ids)].sort();
}

describe("the clock of one instance", () => {
  test.each(["crash", "hang"] as const)("stands while it is down by a %s", (fault) => {
    expect(struck(lone(), { fault, of: { instanceId: "instance-0" }, ...often }, 200)).toEqual([
      `60 s ${fault} instance-0 for 10 s`,
      `130 s ${fault} instance-0 for 10 s`,
      `200 s ${fault} instance-0 for 10 s`,
    ]);
  });

  test("goes on where it cannot be struck, and says why", () => {
    const sim = lone();
    sim.inject({ kind: "crash", instanceId: "instance-0", durationMs: 100_000 });
    const input = { fault: "crash", of: { instanceId: "instance-0" }, ...often } as const;
    const lines = struck(sim, input, 130);
    expect(lines).toEqual([
      "60 s skipped: instance instance-0 is SHUTDOWN",
      "100 s expired",
      "120 s crash instance-0 for 10 s",
    ]);
  });

  test("goes on by 1 ms at least, whatever is drawn", () => {
    const input = { fault: "crash", of: { instanceId: "instance-0" } } as const;
    expect(struck(lone(), { ...input, every: 0, timeToRepair: 0 }, 0.003)).toEqual([
      "0.001 s crash instance-0 for 0 s",
      "0.002 s crash instance-0 for 0 s",
      "0.003 s crash instance-0 for 0 s",
    ]);
  });
});

describe("several instances", () => {
  test("are struck by one clock, which does not wait for repairs", () => {
    const input = { fault: "crash", of: "all", every: 60_000, timeToRepair: 70_000 } as const;
    const lines = struck(trio(), input, 240);
    expect(lines.map((line) => line.replace(/instance-\d/, "one"))).toEqual([
      "60 s crash one for 70 s",
      "120 s crash one for 70 s",
      "180 s crash one for 70 s",
      "240 s crash one for 70 s",
    ]);
    const [first, second] = lines;
    expect(first?.split(" ")[3]).not.toBe(second?.split(" ")[3]);
  });

  test("are told together when none can be struck", () => {
    const sim = pair();
    for (const instanceId of ["instance-0", "instance-1"])
      sim.inject({ kind: "crash", instanceId });
    expect(struck(sim, { fault: "crash", of: "all", ...often }, 60)).toEqual([
      "60 s skipped: none of 2 instances can be struck",
    ]);
  });

  test("where there is none, none is struck", () => {
    expect(struck(empty(), { fault: "crash", of: "all", ...often }, 60)).toEqual([
      "60 s skipped: none of 0 instances can be struck",
    ]);
  });
});

describe("whom a process strikes:", () => {
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

  test.each<[string, RandomFaultInput["of"], readonly string[]]>([
    ["a set", { sourceId: "instance-2" }, ["instance-2", "instance-3"]],
    ["one", { instanceId: "instance-4" }, ["instance-4"]],
    ["one of a set", { instanceId: "instance-3" }, ["instance-3"]],
  ])("%s", (_, of, ids) => {
    expect(victims(world(), { fault: "crash", of, ...often })).toEqual(ids);
  });

  test("a group, whose members change", () => {
    const sim = world();
    const ids = victims(sim, { fault: "crash", of: { groupId: "group-0" }, ...often });
    expect(ids).toEqual(expect.arrayContaining(["instance-0"]));
    expect(ids).not.toContain("instance-2");
    expect(ids).not.toContain("instance-4");
  });

  test("all of the account, and nobody else's", () => {
    const ids = victims(world(), { fault: "hang", of: "all", every: 600_000, timeToRepair: 1 });
    expect(ids).toContain("instance-4");
    expect(ids).not.toContain("instance-5");
  });

  test.each(["breakReplication", "cutLink"] as const)("%s: replicas alone", (fault) => {
    expect(victims(world(), { fault, of: "all", ...often })).toEqual(["instance-1", "instance-3"]);
  });

  test.each(["breakReplication", "cutLink"] as const)(
    "%s: nobody whose replication is broken, or whose line is cut",
    (fault) => {
      const input = { fault, of: "all", every: 60_000, timeToRepair: 1_000_000 } as const;
      const lines = struck(pair(), input, 120);
      expect(lines).toEqual([
        `60 s ${fault} instance-1 for 1000 s`,
        "120 s skipped: none of 2 instances can be struck",
      ]);
    },
  );
});

describe("a process that ends", () => {
  test("does so after durationMs, without a last strike at that moment", () => {
    const input = { fault: "crash", of: { instanceId: "instance-0" }, ...often } as const;
    const sim = lone();
    expect(struck(sim, { ...input, durationMs: 130_000 }, 1_000)).toEqual([
      "60 s crash instance-0 for 10 s",
      "130 s expired",
    ]);
    expect(sim.listFaults()).toEqual([]);
  });

  test("has told meanwhile how often it has struck, and when it does next", () => {
    const sim = lone();
    struck(sim, { fault: "crash", of: { instanceId: "instance-0" }, ...often }, 100);
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

test("each victim is as likely as the others, and times are those of the distribution", () => {
  const sim = trio({ seed: 3 });
  const input = { fault: "crash", of: "all", every: 60_000, timeToRepair: 1_000 } as const;
  const counts = new Map<string, number>();
  for (const line of struck(sim, input, 60_000)) {
    const id = line.split(" ")[3] ?? "";
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(["instance-0", "instance-1", "instance-2"]);
  for (const count of counts.values()) expect(count).toBeGreaterThan(1000 / 4);
});
