import {
  type Instance,
  InvalidStatusError,
  type ReplicationSimulator,
} from "replication-simulator";
import { handleRequest, type Method } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { accepted, numbersChapter } from "../../scripts/pages/ruleNumbers.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { configured, group, largeGroup, lone, pair, small, trio } from "./fixtures.js";

/*
 * The rules of the service by number: none is forgotten, and those that refuse no command by themselves let happen
 * what they say.
 */

const replica = { ...small, replicaOf: "instance-0" } as const;

function statusOf(sim: ReplicationSimulator, id: string): string {
  return sim.getInstance(id).status;
}

function requested(sim: ReplicationSimulator, method: Method, path: string, body?: unknown) {
  return handleRequest(sim, { method, path, body });
}

/** What a change of `instance-1` answers: the status, and the rule that refuses. */
function changed(sim: ReplicationSimulator, method: "PATCH" | "PUT", instance: unknown): string {
  const { status, body } = requested(sim, method, "/instances/instance-1", { instance });
  const [fault] = Object.values(body ?? {}) as { details?: string }[];
  return `${String(status)} ${/rule ([\w-]+)/.exec(fault?.details ?? "")?.[1] ?? ""}`.trimEnd();
}

const lets: Readonly<Record<string, () => void>> = {
  R14: () => {
    const sim = lone();
    sim.createReplica(replica);
    expect(() => sim.createReplica(replica)).toThrow(InvalidStatusError);
    sim.waitFor("instance-0", "ACTIVE");
    // The first may still be building.
    expect(statusOf(sim, "instance-1")).toBe("BUILD");
    sim.createReplica(replica);
    expect(statusOf(sim, "instance-0")).toBe("RESTART");
  },
  R15: () => {
    const sim = lone();
    for (const size of [
      { flavorId: "8", volumeGb: 300 },
      { flavorId: "3", volumeGb: 1 },
    ]) {
      sim.createReplica({ ...size, replicaOf: "instance-0" });
      sim.settle();
    }
    expect(sim.listReplicas("instance-0").map(({ status }) => status)).toEqual([
      "ACTIVE",
      "ACTIVE",
    ]);
  },
  R16: () => {
    const sim = lone();
    sim.setDataSize("instance-0", 3.2);
    sim.createReplica({ ...replica, volumeGb: 3 });
    sim.settle();
    expect(sim.getInstance("instance-1")).toMatchObject({
      status: "ERROR",
      lastError: { message: "replica volume 3 GB cannot hold 3.2 GB of source data" },
    });
  },
  R18: () => {
    const sim = configured();
    sim.attachConfiguration("instance-0", "configuration-0");
    sim.createReplica(replica);
    sim.settle();
    sim.createReplica({ ...replica, configurationId: "configuration-0" });
    expect(sim.getInstance("instance-1").configurationId).toBeNull();
    expect(sim.getInstance("instance-2").configurationId).toBe("configuration-0");
  },
  R22: () => {
    const sim = lone();
    sim.createReplica(replica);
    expect(sim.getInstance("instance-0").backupId).toBe("backup-0");
    expect(sim.listBackups().items).toEqual([]);
    sim.settle();
    expect(topologyOf(sim).backups.count).toBe(0);
  },
  // Nothing to see.
  R24: () => undefined,
  R26: () => {
    const one = { volume: { size: 1 }, flavorRef: "2" };
    expect(requested(lone(), "POST", "/instances", { instance: [one, one] }).status).toBe(400);
  },
  R30: () => {
    const answer = requested(pair(), "PATCH", "/instances/instance-1", {
      instance: { replica_of: "" },
    });
    expect(answer).toEqual({ status: 202 });
  },
  R32: () => {
    for (const body of [{ slave_of: "" }, { slave_of: "", replica_of: "" }, { slave_of: null }]) {
      const sim = pair();
      expect(changed(sim, "PATCH", body)).toBe("202");
      expect(statusOf(sim, "instance-1")).toBe("DETACH_REPLICA");
    }
  },
  R37: () => {
    const sim = pair();
    sim.detachReplica("instance-1");
    const ends = () => [
      sim.getInstance("instance-1").sourceId,
      sim.getInstance("instance-0").replicaIds,
    ];
    expect(ends()).toEqual(["instance-0", ["instance-1"]]);
    sim.settle();
    expect(ends()).toEqual([null, []]);
  },
  R38: () => {
    const sim = pair();
    sim.detachReplica("instance-1", { name: "free" });
    expect(sim.getInstance("instance-1")).toMatchObject({
      name: "free",
      status: "DETACH_REPLICA",
    });
    expect(sim.try.detachReplica("instance-1", { name: "again" }).ok).toBe(false);
    expect(sim.getInstance("instance-1").name).toBe("free");
  },
  R39: () => {
    expect(changed(pair(), "PATCH", { configuration: "x", replica_of: "" })).toBe("400 one-change");
  },
  R40: () => {
    expect(changed(pair(), "PATCH", {})).toBe("400 update-not-empty");
    expect(changed(pair(), "PATCH", { colour: "red" })).toBe("400 known-field");
  },
  R41: () => {
    expect(changed(pair(), "PUT", { name: "x" })).toBe("400 put-configures");
    expect(changed(pair(), "PUT", { replica_of: "", configuration: "" })).toBe(
      "400 put-configures",
    );
    expect(changed(pair(), "PUT", {})).toBe("202");
    const sim = pair();
    expect(changed(sim, "PUT", { replica_of: "" })).toBe("202");
    expect(statusOf(sim, "instance-1")).toBe("DETACH_REPLICA");
  },
  R42: () => {
    const sim = trio();
    const before = sim.getInstance("instance-2");
    sim.detachReplica("instance-1");
    sim.settle();
    expect(sim.getInstance("instance-2")).toBe(before);
    expect(sim.getInstance("instance-0").replicaIds).toEqual(["instance-2"]);
  },
  R51: () => {
    const sim = pair();
    sim.deleteInstance("instance-1");
    sim.settle();
    expect(sim.getInstance("instance-0").replicaIds).toEqual([]);
  },
  R60: () => {
    const converted = (id: string): readonly Instance[] => {
      const sim = pair();
      sim.convertToHa(id, { name: "orders" });
      sim.settle();
      return sim.listInstances().items;
    };
    expect(converted("instance-1")).toEqual(converted("instance-0"));
  },
  R70: () => {
    const creator = pair().account("1234", { role: "creator" });
    expect(creator.try.convertToHa("instance-0", { name: "orders" })).toMatchObject({
      error: { code: "forbidden", rule: "role-allows", allowed: ["admin"] },
    });
  },
  R71: () => {
    const sim = pair();
    sim.convertToHa("instance-0", { name: "orders" });
    expect(sim.getGroup("group-0").replicationMode).toBe("asynchronous");
    sim.waitFor("group-0", "ACTIVE");
    expect(sim.getReplicationStatus("instance-1").mode).toBe("semi-synchronous");
  },
  R90: () => {
    const answer = requested(group(), "POST", "/ha/group-0/acls", { address: "1.2.3.4/5" });
    expect(answer).toEqual({ status: 200 });
  },
  R93: () => {
    const sim = group();
    const before = sim.getGroup("group-0");
    expect(sim.addAcl("group-0", "10.0.0.0/8")).toBe(before);
  },
  R94: () => {
    for (const slash of ["%2F", "%252F", "%25252F"]) {
      const answer = requested(group(), "DELETE", `/ha/group-0/acls/10.0.0.0${slash}8`);
      expect(answer).toEqual({ status: 202 });
    }
  },
  R101: () => {
    const sim = pair();
    for (const ownerId of ["instance-0", "instance-1"]) sim.createSchedule({ ownerId });
    expect(sim.listSchedules().items).toHaveLength(2);
  },
  R106: () => {
    const sim = group();
    sim.createBackup({ name: "last", ownerKind: "ha", ownerId: "group-0" });
    sim.settle();
    sim.deleteHaGroup("group-0");
    sim.settle();
    expect(sim.listBackups().items).toMatchObject([{ ownerId: "group-0", status: "COMPLETED" }]);
  },
  R107: () => {
    const sim = largeGroup();
    sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
    sim.inject({ kind: "cutLink", replicaId: "instance-1" });
    sim.advance(60_000);
    const made = sim.createBackup({ name: "b", ownerKind: "ha", ownerId: "group-0" });
    expect(made.instanceId).toBe("instance-2");
  },
};

describe("the rules that refuse nothing by themselves", () => {
  test.each(Object.entries(accepted))("%s: %s", (number) => {
    lets[number]?.();
  });

  test("are all tried", () => {
    expect(Object.keys(lets)).toEqual(Object.keys(accepted));
  });
});

test("no rule of the service is forgotten", () => {
  const ranges = [
    ...([1, 26, 30, 42, 50, 55, 60, 71, 80, 88] as const),
    ...([90, 94, 100, 107] as const),
  ];
  const numbers: string[] = [];
  for (let at = 0; at < ranges.length; at += 2) {
    const [from = 0, to = 0] = ranges.slice(at);
    for (let n = from; n <= to; n++) numbers.push(`R${String(n)}`);
  }
  const listed = numbersChapter().flatMap((line) => /^\| (R\d+) /.exec(line)?.[1] ?? []);
  expect(listed).toEqual(numbers);
});
