import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { handleRequest } from "replication-simulator/wire";
import { expect, test } from "vitest";
import { group } from "../rules/fixtures.js";

const maxTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test("virtual time ends with the year 9999, which is the last that a timestamp can say", () => {
  const sim = new ReplicationSimulator({ startAt: maxTime - 10_000 });
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
  expect(() => {
    sim.advance(10_001);
  }).toThrow(InvalidInputError);
  expect(sim.now).toBe(maxTime - 10_000);
  sim.advance(10_000);
  expect(sim.now).toBe(maxTime);
  sim.settle(); // what is due later never comes, and is not waited for
  expect([sim.getInstance(id).status, sim.now, sim.step()]).toEqual(["BUILD", maxTime, undefined]);
});

test("a schedule whose next hour would come after the end runs no more", () => {
  const sim = new ReplicationSimulator({ startAt: maxTime - 60_000 });
  const { id: ownerId } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
  sim.settle();
  const { id } = sim.createSchedule({ ownerId, dayOfWeek: 7, hour: 3, minute: 0 });
  const answer = handleRequest(sim, { method: "GET", path: `/schedules/${id}` });
  expect(answer.body).toMatchObject({ schedule: { id, next_run: null, last_scheduled: null } });
  sim.advanceTo(maxTime);
  expect(sim.listBackups().items).toEqual([]);
});

test("positions stay integers to the end of time, and commits go on being acknowledged", () => {
  const sim = group();
  sim.setWorkload("instance-0", { transactionsPerSecond: 100_000, bytesPerTransaction: 1_000_000 });
  sim.advanceTo(Date.UTC(9990, 0));
  sim.inject({ kind: "slowLink", replicaId: "instance-1", factor: 1.1, durationMs: 3_600_000 });
  sim.advance(86_400_000);
  const source = sim.getReplicationStatus("instance-0");
  const replica = sim.getReplicationStatus("instance-1");
  if (source.role !== "source" || replica.role !== "replica") throw new RangeError("roles");
  expect(source.semiSynchronous).toBe("on");
  const positions = [
    source.writtenPosition,
    source.acknowledgedPosition,
    replica.receivedPosition,
    replica.appliedPosition,
  ];
  for (const { transactions, bytes } of positions) {
    expect([transactions, bytes]).toEqual([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
  }
  expectNoBrokenInvariants(sim);
});
