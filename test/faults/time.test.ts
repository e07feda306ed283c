import {
  InjectedOutageError,
  type InputOf,
  InvalidInputError,
  ReplicationSimulator,
} from "replication-simulator";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
  expectRefused,
  expectSettled,
} from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { rowAt } from "../../src/collections/table.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { byNumber } from "../ids.js";

const small = { flavorId: 2, volumeGb: 10 };

function lone(sim: ReplicationSimulator): string {
  const { id } = sim.createInstance(small);
  sim.settle();
  return id;
}

const live = { createId: byNumber };

/** Replayed, restored and replayed in place, a world is the same to the byte. */
function expectSameEverywhere(sim: ReplicationSimulator): void {
  expectNoBrokenInvariants(sim);
  const fingerprint = sim.fingerprint();
  expect(ReplicationSimulator.replay(sim.journal(), live).fingerprint()).toBe(fingerprint);
  const json = JSON.parse(JSON.stringify(sim.snapshot())) as never;
  const restored = ReplicationSimulator.restore(json, live);
  expect(restored.fingerprint()).toBe(fingerprint);
  const fork = sim.fork();
  for (const world of [restored, fork, sim]) world.advance(3_600_000);
  expect(restored.fingerprint()).toBe(sim.fingerprint());
  expect(fork.fingerprint()).toBe(sim.fingerprint());
}

describe("a fault that is to come", () => {
  test("strikes at its time, is shown until then, and is not waited for", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    const fault = sim.inject({ kind: "crash", instanceId: id }, { afterMs: 10_000 });
    const at = sim.now + 10_000;
    expect(sim.listPendingTasks()).toMatchObject([
      { kind: "fault", id: fault, task: null, dueAt: at },
    ]);
    expectSettled(sim);
    const before = sim.now;
    sim.settle();
    expect(sim.now).toBe(before);
    sim.advance(9_999);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    sim.advance(1);
    expect(sim.getInstance(id).status).toBe("SHUTDOWN");
    expect(sim.journal().lines.at(-1)).toMatchObject({
      at,
      trigger: { kind: "fault", faultId: fault, action: "activate" },
    });
    expect(sim.listFaults()).toMatchObject([{ id: fault, phase: "active" }]);
    expectSameEverywhere(sim);
  });

  test("strikes on the way, when work is waited for", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "crash", instanceId: id }, { at: sim.now + 1000 });
    sim.resizeVolume(id, 20);
    sim.settle();
    expect(sim.getInstance(id).status).toBe("ERROR");
  });

  test("can be lifted before it comes", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    const fault = sim.inject({ kind: "crash", instanceId: id }, { afterMs: 10_000 });
    sim.clearFault(fault);
    expect(sim.listPendingTasks()).toEqual([]);
    sim.advance(20_000);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    expectRefused(() => sim.clearFault(fault), "fault-exists");
    expectSameEverywhere(sim);
  });

  test("that cannot strike when it comes says why, and nothing else happens", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "recover", instanceId: id }, { afterMs: 0 });
    sim.inject({ kind: "crash", instanceId: "one that is not there yet" }, { afterMs: 0 });
    sim.advance(0);
    const ends = sim
      .journal()
      .lines.slice(-2)
      .map(({ facts }) => facts);
    expect(ends[0]).toMatchObject([
      {
        type: "FaultEnded",
        outcome: "rejected",
        reason: `cannot recover instance ${id} in status ACTIVE; allowed: BACKUP, REPLICATION_ERROR, BLOCKED, SHUTDOWN`,
      },
    ]);
    expect(ends[1]).toMatchObject([
      { type: "FaultEnded", reason: "instance one that is not there yet not found" },
    ]);
    expect(sim.listFaults()).toEqual([]);
  });

  test("ends with what it was for", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "crash", instanceId: id }, { afterMs: 100_000 });
    sim.failTask({ task: "reboot", of: id });
    sim.injectRandom({
      fault: "hang",
      target: { instanceId: id },
      timeToFailure: 1e6,
      timeToRepair: 1,
    });
    sim.deleteInstance(id);
    expect(sim.listFaults()).toHaveLength(3);
    sim.settle();
    expect(sim.listFaults()).toEqual([]);
    expect(sim.listPendingTasks()).toEqual([]);
  });

  test("has one time, and not one that is past", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const fault = { kind: "outage" } as const;
    expectRefused(() => sim.inject(fault, { at: sim.now, afterMs: 0 }), "fault-time");
    expectRefused(() => sim.inject(fault, { at: sim.now - 1 }), "fault-time-in-future");
    expect(sim.inject(fault, { at: sim.now })).toBe("fault-0");
  });
});

describe("a fault that lasts", () => {
  test("lifts itself: a crash, a hang, broken replication", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const [first, second] = replicas.map(({ id }) => id);
    sim.inject({ kind: "hang", instanceId: source.id, durationMs: 1000 });
    sim.advance(1000);
    expect(sim.getInstance(source.id).status).toBe("ACTIVE");
    sim.inject({ kind: "breakReplication", replicaId: first ?? "", durationMs: 5000 });
    sim.inject({ kind: "crash", instanceId: second ?? "", durationMs: 10_000 });
    expect(sim.listReplicas(source.id).map(({ status }) => status)).toEqual([
      "REPLICATION_ERROR",
      "SHUTDOWN",
    ]);
    sim.advance(4999);
    expect(sim.getInstance(first ?? "").status).toBe("REPLICATION_ERROR");
    sim.advance(1);
    expect(sim.getInstance(first ?? "").status).toBe("ACTIVE");
    sim.advance(5000);
    expect(sim.getInstance(second ?? "").status).toBe("ACTIVE");
    expect(sim.listFaults()).toEqual([]);
    expectSameEverywhere(sim);
  });

  test("and is overtaken is no more, so that it repairs nothing that it did not break", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "crash", instanceId: id, durationMs: 60_000 });
    sim.restartInstance(id);
    expect(sim.listFaults()).toEqual([]);
    sim.settle();
    sim.inject({ kind: "hang", instanceId: id });
    sim.advance(100_000);
    expect(sim.getInstance(id).status).toBe("BLOCKED");
  });

  test("of a hang that becomes a crash is that of the crash", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "hang", instanceId: id, durationMs: 1000 });
    sim.inject({ kind: "crash", instanceId: id, durationMs: 5000 });
    expect(sim.listFaults()).toMatchObject([{ id: "fault-1" }]);
    sim.advance(4999);
    expect(sim.getInstance(id).status).toBe("SHUTDOWN");
    sim.advance(1);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    expectSameEverywhere(sim);
  });

  test("keeps replication broken through restarts of both ends", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const { source, replicas } = createReplicationSet(sim);
    const replicaId = replicas[0]?.id ?? "";
    const fault = sim.inject({ kind: "breakReplication", replicaId });
    sim.restartInstance(replicaId);
    sim.settle();
    expect(sim.getInstance(replicaId).status).toBe("REPLICATION_ERROR");
    sim.restartInstance(source.id);
    sim.settle();
    expect(sim.getInstance(replicaId).status).toBe("REPLICATION_ERROR");
    sim.clearFault(fault);
    expect(sim.getInstance(replicaId).status).toBe("ACTIVE");
    sim.inject({ kind: "breakReplication", replicaId });
    sim.inject({ kind: "repairReplication", replicaId });
    expect(sim.getInstance(replicaId).status).toBe("ACTIVE");
    expect(sim.listFaults()).toEqual([]);
    sim.inject({ kind: "breakReplication", replicaId });
    sim.detachReplica(replicaId);
    sim.settle();
    expect(sim.getInstance(replicaId).status).toBe("ACTIVE");
    expect(sim.listFaults()).toEqual([]);
  });

  test("recovers an instance under its backup, which goes on", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "crash", instanceId: id, durationMs: 1000 });
    const backup = sim.createBackup({ name: "b", ownerId: id });
    sim.advance(1000);
    expect(sim.getInstance(id).status).toBe("BACKUP");
    sim.settle();
    expect(sim.getBackup(backup.id).status).toBe("COMPLETED");
    expect(sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("cannot bring back what its crash left in ERROR", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.resizeVolume(id, 20);
    sim.inject({ kind: "crash", instanceId: id, durationMs: 1000 });
    sim.advance(1000);
    expect(sim.getInstance(id).status).toBe("ERROR");
    expect(sim.journal().lines.at(-1)?.facts).toMatchObject([
      { outcome: "expired", reason: `instance ${id} is ERROR and does not recover` },
    ]);
  });
});

/** How each fault ended, and why: `fault-0 superseded: …`. */
function endings(sim: ReplicationSimulator): readonly string[] {
  return sim
    .journal()
    .lines.flatMap(({ facts }) => facts)
    .flatMap((fact) =>
      fact.type === "FaultEnded" ? [`${fact.id} ${fact.outcome}: ${fact.reason ?? "-"}`] : [],
    );
}

describe("the end of a fault is reported:", () => {
  test("overtaken by what became of its target", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const { source, replicas } = createReplicationSet(sim);
    const [replica] = replicas;
    if (replica === undefined) throw new Error("the set has a replica");
    sim.inject({ kind: "cutLink", replicaId: replica.id });
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.restartInstance(source.id);
    sim.settle();
    sim.failTask({ task: "reboot", of: replica.id });
    sim.detachReplica(replica.id);
    sim.settle();
    sim.deleteInstance(replica.id);
    sim.settle();
    expect(endings(sim)).toEqual([
      `fault-1 superseded: instance ${source.id} is REBOOT`,
      `fault-0 superseded: ${replica.id} follows ${source.id} no more`,
      "fault-2 superseded: its target is gone",
    ]);
  });

  test("over when its time was, lifted by order, or done at once", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "crash", instanceId: id, durationMs: 1_000 });
    sim.advance(1_000);
    sim.inject({ kind: "hang", instanceId: id });
    sim.clearFault("fault-1");
    sim.inject({ kind: "crash", instanceId: id });
    sim.inject({ kind: "recover", instanceId: id });
    expect(endings(sim).map((line) => line.replace(/: -$/, ""))).toEqual([
      "fault-0 expired",
      "fault-1 cleared",
      "fault-3 completed",
      `fault-2 superseded: instance ${id} is ACTIVE`,
    ]);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("by the line of the journal, which says whether it was the fault's beginning or end", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    sim.inject({ kind: "crash", instanceId: id, durationMs: 1_000 }, { afterMs: 500 });
    sim.injectRandom({
      fault: "hang",
      target: { instanceId: id },
      timeToFailure: 10_000,
      timeToRepair: 1,
      durationMs: 15_000,
    });
    const from = sim.history.entries().length;
    const start = sim.now;
    sim.advance(20_000);
    const turns = sim.history.entries(from).map(({ at, trigger, cause }) => {
      if (trigger.kind !== "fault") return trigger.kind;
      return `${String(at - start)} ${trigger.faultId} ${trigger.action} since ${String(cause)}`;
    });
    expect(turns).toEqual([
      `500 fault-0 activate since ${String(from - 2)}`,
      `1500 fault-0 clear since ${String(from - 2)}`,
      `11000 fault-1 activate since ${String(from - 1)}`,
      `11001 fault-2 clear since ${String(from + 2)}`,
      `15000 fault-1 clear since ${String(from - 1)}`,
    ]);
  });
});

describe("an outage", () => {
  test("refuses every operation of the API, reads too, and names itself and its end", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const id = lone(sim);
    const faultId = sim.inject({
      kind: "outage",
      respondWith: "instanceFault",
      durationMs: 60_000,
    });
    for (const refused of [
      () => sim.getInstance(id),
      () => sim.listInstances(),
      () => sim.restartInstance(id),
      () => sim.account("5678").createInstance(small),
      () => sim.createInstance({} as never),
    ]) {
      const error = expectRefused(refused, "outage");
      expect(error).toBeInstanceOf(InjectedOutageError);
      expect(error.toJSON()).toMatchObject({
        name: "InjectedOutageError",
        code: "instanceFault",
        faultId,
        endsAt: sim.now + 60_000,
      });
    }
    const before = topologyOf(sim);
    expect(sim.check({ type: "restartInstance", instanceId: id })[0]?.rule).toBe("outage");
    expect(sim.topology).toBe(before);
    sim.advance(59_999);
    expectRefused(() => sim.getInstance(id), "outage");
    sim.advance(1);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    expectSameEverywhere(sim);
  });

  test("lets operators work, and work go on", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const { id } = sim.createInstance(small);
    const fault = sim.inject({ kind: "outage", message: "down for maintenance" });
    sim.settle();
    sim.setDataSize(id, 1);
    sim.inject({ kind: "crash", instanceId: id });
    expect(expectRefused(() => sim.getInstance(id))).toMatchObject({
      code: "serviceUnavailable",
      message: "down for maintenance",
      endsAt: null,
    });
    sim.clearFault(fault);
    expect(sim.getInstance(id).status).toBe("SHUTDOWN");
  });
});

describe("slow tasks", () => {
  test("take so many times as long: all, or one kind, multiplied", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    sim.inject({ kind: "slowTasks", factor: 2 });
    const slow = sim.inject({ kind: "slowTasks", factor: 1.5, task: "build", durationMs: 1000 });
    const { id } = sim.createInstance(small);
    expect(sim.getInstance(id).work?.dueAt).toBe(sim.now + 105_000);
    sim.advance(1000);
    expect(sim.listFaults().map((fault) => fault.id)).toEqual(["fault-0"]);
    expectRefused(() => sim.clearFault(slow), "fault-exists");
    expect(sim.createInstance(small).work?.dueAt).toBe(sim.now + 70_000);
    sim.settle();
    expect(sim.restartInstance(id).work?.dueAt).toBe(sim.now + 10_000);
    sim.settle();
    sim.clearFault("fault-0");
    expect(sim.restartInstance(id).work?.dueAt).toBe(sim.now + 5_000);
    expectSameEverywhere(sim);
  });
});

describe("work that is to fail", () => {
  test("every second build, so many times, for a while", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const builds = (): string => {
      const { id } = sim.createInstance(small);
      sim.settle();
      return sim.getInstance(id).status;
    };
    const fault = { kind: "failTask", task: "build", skip: 1, every: 2, times: 100 } as const;
    sim.inject({ ...fault, durationMs: 200_000 });
    expect([builds(), builds(), builds(), builds()]).toEqual([
      "ACTIVE",
      "ERROR",
      "ACTIVE",
      "ERROR",
    ]);
    sim.advance(100_000);
    expect([builds(), builds()]).toEqual(["ACTIVE", "ACTIVE"]);
  });

  test("the next backup of an instance or a group, by the id of what is backed up", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    const { group } = createActiveHaGroup(sim);
    const id = lone(sim);
    sim.failTask({ task: "runBackup", of: group.id });
    const other = sim.createBackup({ name: "a", ownerId: id });
    const failing = sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id });
    sim.settle();
    expect(sim.getBackup(other.id).status).toBe("COMPLETED");
    expect(sim.getBackup(failing.id).status).toBe("FAILED");
    expect(sim.listFaults()).toEqual([]);
  });

  test("is reported with the rest of it, and how it ended", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    sim.failTask({ task: "build", skip: 1, every: 2, times: 2 });
    const left: unknown[] = [];
    const ended: unknown[] = [];
    sim.subscribe(({ facts }) => {
      for (const fact of facts) {
        if (fact.type === "FaultCounterChanged") left.push(fact.left);
        if (fact.type === "FaultEnded") ended.push([fact.id, fact.outcome, fact.reason]);
      }
    });
    for (let builds = 0; builds < 4; builds++) {
      sim.createInstance(small);
      sim.settle();
    }
    expect(left).toEqual([
      { skip: 0, times: 2 },
      { skip: 1, times: 1 },
      { skip: 0, times: 1 },
    ]);
    expect(ended).toEqual([["fault-0", "exhausted", null]]);
    sim.clearFault(sim.failTask({ task: "build" }));
    expect(ended).toEqual([
      ["fault-0", "exhausted", null],
      ["fault-1", "cleared", null],
    ]);
  });

  test("of one instance is not that of another account's instance with the same id", () => {
    const sim = new ReplicationSimulator({ createId: (kind) => `the-${kind}` });
    sim.createInstance(small);
    const other = sim.account("5678");
    other.createInstance(small);
    sim.settle();
    sim.failTask({ task: "reboot", of: "the-instance" });
    other.restartInstance("the-instance");
    sim.settle();
    expect(other.getInstance("the-instance").status).toBe("ACTIVE");
    sim.restartInstance("the-instance");
    sim.settle();
    expect(sim.getInstance("the-instance").status).toBe("SHUTDOWN");
  });

  test("of an unknown target is refused", () => {
    const sim = new ReplicationSimulator({ createId: byNumber });
    expectRefused(() => sim.failTask({ task: "build", of: "unknown" }), "fault-target-exists");
    expectRefused(
      () => sim.inject({ kind: "failTask", task: "reboot", atPreparation: true }),
      "preparation-is-of-build",
    );
  });
});

describe("a plan in the options", () => {
  const faults: readonly InputOf<"injectFault">[] = [
    { fault: { kind: "failTask", task: "build" } },
    { fault: { kind: "crash", instanceId: "instance-1" }, afterMs: 100_000 },
    { fault: { kind: "outage" }, at: 1_767_225_700_000 },
  ];

  test("is injected at the start, and replayed from the journal", () => {
    const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;
    const sim = new ReplicationSimulator({ faults, createId: ids });
    expect(sim.listFaults().map(({ phase }) => phase)).toEqual([
      "active",
      "scheduled",
      "scheduled",
    ]);
    const first = sim.createInstance(small);
    const second = sim.createInstance(small);
    sim.settle();
    expect(sim.getInstance(first.id).status).toBe("ERROR");
    sim.advance(65_000);
    const crashed = { id: second.id, status: "SHUTDOWN" };
    expect(rowAt(topologyOf(sim).instances, 1)).toMatchObject(crashed);
    expectRefused(() => sim.getInstance(second.id), "outage");
    const again = ReplicationSimulator.replay(sim.journal(), { createId: ids });
    expect(again.fingerprint()).toBe(sim.fingerprint());
  });

  test("is read as a whole", () => {
    const bad = [{ fault: { kind: "outage" } }, { fault: { kind: "x" } }, { afterMs: -1 }];
    let refusal: unknown;
    try {
      new ReplicationSimulator({ faults: bad as never });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect((refusal as InvalidInputError).issues.map(({ field }) => field)).toEqual([
      "faults[1].fault.kind",
      "faults[2].fault",
      "faults[2].afterMs",
    ]);
  });
});
