import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import {
  createActiveHaGroup,
  createFullAccount,
  createGroupInFailover,
  createGroupWithLaggingReplica,
  createLoneInstance,
  createReplicationSet,
  createScheduledGroup,
  createSetWithLostSource,
  expectNoBrokenInvariants,
  expectRefused,
  expectSettled,
} from "replication-simulator/testing";
import { describe, expect, test } from "vitest";

test("createLoneInstance: ACTIVE, without replicas", () => {
  const sim = new ReplicationSimulator();
  const start = sim.now;
  const instance = createLoneInstance(sim, { name: "billing", volumeGb: 33 });
  expect(instance).toMatchObject({
    name: "billing",
    volumeGb: 33,
    flavorId: "2",
    status: "ACTIVE",
    sourceId: null,
    replicaIds: [],
  });
  expect(sim.now - start).toBe(35_000);
  expectSettled(sim);
});

describe("createGroupWithLaggingReplica", () => {
  test("one replica is behind, the other is not", () => {
    const sim = new ReplicationSimulator();
    const { group, replicas, laggingReplica } = createGroupWithLaggingReplica(sim);
    expect(group.status).toBe("ACTIVE");
    const [behind, other] = replicas.map(({ id }) => lagOf(sim, id));
    expect(behind).toBe(300_000);
    expect(other).toBeLessThan(5000);
    expect(replicas[0]?.id).toBe(laggingReplica.id);
    expectNoBrokenInvariants(sim);
  });

  test("how far is one's choice, and restoreLink ends it", () => {
    const sim = new ReplicationSimulator();
    const { laggingReplica } = createGroupWithLaggingReplica(sim, { lagMs: 60_000, replicas: 1 });
    const { id } = laggingReplica;
    expect(lagOf(sim, id)).toBe(60_000);
    sim.inject({ kind: "restoreLink", replicaId: id });
    sim.advance(3_600_000);
    expect(lagOf(sim, id)).toBeLessThan(5000);
  });

  test.each([0, -1, 1.5, Number.NaN, "1000"])(
    "refuses a lag of %s before anything changes",
    (lagMs) => {
      const sim = new ReplicationSimulator();
      const refusal = expectRefused(
        () => createGroupWithLaggingReplica(sim, { lagMs: lagMs as number }),
        "duration-ms",
      );
      expect(refusal).toBeInstanceOf(InvalidInputError);
      expect(sim.instances()).toEqual([]);
    },
  );
});

test("createSetWithLostSource: the source is ERROR for good, its replicas are left", () => {
  const sim = new ReplicationSimulator();
  const { source, replicas } = createSetWithLostSource(sim, { replicas: 2 });
  expect(source.status).toBe("ERROR");
  expect(replicas.map(({ status }) => status)).toEqual(["REPLICATION_ERROR", "REPLICATION_ERROR"]);
  sim.advance(3_600_000);
  expect(sim.getInstance(source.id).status).toBe("ERROR");
  expectNoBrokenInvariants(sim);
});

describe("createFullAccount", () => {
  test("as many instances as the quota; one more is refused", () => {
    const sim = new ReplicationSimulator();
    const { instances } = createFullAccount(sim);
    expect(instances).toHaveLength(25);
    expect(new Set(instances.map(({ status }) => status))).toEqual(new Set(["ACTIVE"]));
    expect(instances.map(({ name }) => name).slice(0, 2)).toEqual(["orders-1", "orders-2"]);
    expectRefused(() => sim.createInstance({ flavorId: "2", volumeGb: 1 }), "instance-quota");
    expectSettled(sim);
  });

  test("what the account has is counted, by its own limits", () => {
    const sim = new ReplicationSimulator({ limits: { maxInstancesPerAccount: 5 } });
    createReplicationSet(sim, { replicas: 2 });
    expect(createFullAccount(sim).instances).toHaveLength(2);
    expect(createFullAccount(sim).instances).toEqual([]);
  });
});

test("createGroupInFailover: the promotion is under way, and ends", () => {
  const sim = new ReplicationSimulator();
  const { group, source, replicas } = createGroupInFailover(sim, { replicas: 2 });
  expect([group, source, ...replicas].map(({ status }) => status)).toEqual([
    "HA_FAILOVER",
    "SHUTDOWN",
    "REPLICATION_ERROR",
    "REPLICATION_ERROR",
  ]);
  expectNoBrokenInvariants(sim);
  sim.waitFor(group.id, "ACTIVE");
  expect(replicas.map(({ id }) => id)).toContain(sim.getGroup(group.id).sourceId);
});

test("createScheduledGroup: the group has the schedule that its source had", () => {
  const sim = new ReplicationSimulator();
  const requested = { hour: 3, minute: 15, dayOfWeek: 1, fullBackupRetention: 4 };
  const { group, schedule, scheduleOfSource } = createScheduledGroup(sim, { schedule: requested });
  expect(schedule).toMatchObject({ ...requested, ownerKind: "ha", ownerId: group.id });
  expect(scheduleOfSource).toMatchObject({ ...requested, ownerKind: "instance" });
  expect(sim.schedules()).toEqual([schedule]);
  expectNoBrokenInvariants(sim);
});

test.each([
  createLoneInstance,
  createReplicationSet,
  createActiveHaGroup,
  createGroupWithLaggingReplica,
  createSetWithLostSource,
  createFullAccount,
  createGroupInFailover,
  createScheduledGroup,
])("$name refuses an option that it does not have, and creates nothing", (create) => {
  const sim = new ReplicationSimulator();
  const options = { volumeGB: 10 } as object;
  expectRefused(() => create(sim, options), "known-field");
  expect(sim.instances()).toEqual([]);
});

function lagOf(sim: ReplicationSimulator, replicaId: string): number | null {
  const status = sim.getReplicationStatus(replicaId);
  if (status.role !== "replica") throw new Error(`${replicaId} is no replica`);
  return status.lagMs;
}
