import { ReplicationSimulator, TimeLimitError } from "replication-simulator";
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

describe("createReplicationSet", () => {
  test("a source and a replica are ACTIVE after one call", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    expect(source).toMatchObject({ status: "ACTIVE", flavorId: "2", volumeGb: 10, name: "orders" });
    expect(replicas).toMatchObject([
      { status: "ACTIVE", sourceId: source.id, name: "orders-replica-1" },
    ]);
    expectSettled(sim);
    expectNoBrokenInvariants(sim);
  });

  test("two replicas, and what every instance is made of, are one's choice", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim, {
      replicas: 2,
      flavorId: 4,
      volumeGb: 33,
      name: "billing",
      datastore: { type: "percona", version: "5.6" },
    });
    const members = [source, ...replicas];
    expect(members.map(({ name }) => name)).toEqual([
      "billing",
      "billing-replica-1",
      "billing-replica-2",
    ]);
    for (const member of members) {
      expect(member).toMatchObject({ flavorId: "4", volumeGb: 33, datastoreType: "percona" });
    }
  });

  test("time moves on until the last replica is ACTIVE, and no further", () => {
    const one = new ReplicationSimulator();
    const start = one.now;
    createReplicationSet(one);
    expect(one.now - start).toBe(35_000 + 55_000);
    const two = new ReplicationSimulator();
    createReplicationSet(two, { replicas: 2 });
    expect(two.now - start).toBe(35_000 + 3_000 + 55_000);
  });

  test("what is due later stays pending", () => {
    const sim = new ReplicationSimulator({ latency: { delete: 500_000 } });
    const other = sim.createInstance({ flavorId: "2", volumeGb: 1 });
    sim.settle();
    sim.deleteInstance(other.id);
    createReplicationSet(sim);
    expect(sim.getInstance(other.id).status).toBe("DELETION_PENDING");
    expect(sim.listPendingTasks()).toHaveLength(1);
  });

  test("a planned failure strikes, and the call says which status did not come", () => {
    const sim = new ReplicationSimulator();
    sim.failTask({ task: "build", skip: 1 });
    const refusal = expectRefused(() => createReplicationSet(sim), "status-in-time");
    expect(refusal).toBeInstanceOf(TimeLimitError);
    expect(refusal.value).toBe("ERROR");
  });

  test("a third replica is refused before anything is made", () => {
    const sim = new ReplicationSimulator();
    const before = topologyOf(sim);
    for (const replicas of [0, 3, "2", null] as unknown as 1[]) {
      expectRefused(() => createReplicationSet(sim, { replicas }), "replica-count");
    }
    expect(sim.topology).toBe(before);
  });
});

describe("createActiveHaGroup", () => {
  test("a group and its members are ACTIVE after one call", () => {
    const sim = new ReplicationSimulator();
    const { group, source, replicas } = createActiveHaGroup(sim, {
      replicas: 2,
      groupName: "orders-live",
      networks: ["public"],
      acls: ["192.0.2.0/24"],
    });
    expect(group).toMatchObject({
      status: "ACTIVE",
      name: "orders-live",
      sourceId: source.id,
      replicaIds: replicas.map(({ id }) => id),
      networks: ["servicenet", "public"],
      acls: ["192.0.2.0/24"],
      replicationMode: "semi-synchronous",
    });
    for (const member of [source, ...replicas]) {
      expect(member).toMatchObject({ status: "ACTIVE", groupId: group.id });
    }
    expectSettled(sim);
    expectNoBrokenInvariants(sim);
  });

  test("one replica and the service network are the default", () => {
    const { group } = createActiveHaGroup(new ReplicationSimulator());
    expect(group).toMatchObject({ networks: ["servicenet"], acls: [], replicaIds: { length: 1 } });
  });
});

describe("expectations", () => {
  test("a broken invariant is named with the row that breaks it", () => {
    const sim = new ReplicationSimulator({ store: "in-place" });
    const { replicas } = createReplicationSet(sim);
    const topology = structuredClone(topologyOf(sim));
    const replica = rowAt(topology.instances, replicas[0]?.ordinal ?? 0);
    Object.assign(replica ?? {}, { sourceId: null });
    Object.defineProperty(sim, "topology", { value: topology });
    expect(() => {
      expectNoBrokenInvariants(sim);
    }).toThrow(/these invariants are broken:\n {2}both ends of a link agree/);
  });

  test("the limits of the simulator are those that count", () => {
    const sim = new ReplicationSimulator({ limits: { maxReplicasPerSource: 3 } });
    const { source } = createReplicationSet(sim, { replicas: 2 });
    sim.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: source.id });
    expectNoBrokenInvariants(sim);
  });

  test("work under way is named with what it does", () => {
    const sim = new ReplicationSimulator();
    const { id } = sim.createInstance({ flavorId: "2", volumeGb: 1 });
    expect(() => {
      expectSettled(sim);
    }).toThrow(`this work is under way:\n  instance ${id}: build, due in 35000 ms`);
    sim.settle();
    sim.createSchedule({ ownerId: id });
    expectSettled(sim);
  });

  test("a refusal is handed out, and anything else is an error", () => {
    const sim = new ReplicationSimulator();
    const detach = () => sim.detachReplica("no-such-id");
    expect(expectRefused(detach).code).toBe("itemNotFound");
    expect(expectRefused(detach, "instance-exists").value).toBe("no-such-id");
    expect(() => expectRefused(detach, "is-replica")).toThrow(
      "expected a refusal by is-replica, but instance-exists refused",
    );
    expect(() => expectRefused(() => sim.now)).toThrow("expected a refusal, but it was accepted");
    expect(() =>
      expectRefused(() => {
        throw new RangeError("mine");
      }),
    ).toThrow(RangeError);
  });

  test("one of several problems of an input is enough", () => {
    const sim = new ReplicationSimulator();
    const action = () => sim.createInstance({ flavorId: "", volumeGb: 0 });
    expectRefused(action, "flavor-id");
    expectRefused(action, "volume-size");
  });
});
