import { ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { Group } from "./fixtures.js";

const hour = 3_600_000;

describe("a group under random crashes for a year", () => {
  test.each([1, 2, 3])(
    "(seed %i) is well whenever they have stopped for a while",
    (seed) => {
      const group = new Group(2, { seed, journal: false, store: "in-place" });
      const { sim, id } = group;
      sim.setWorkload(group.idOf("source"), { transactionsPerSecond: 10 });
      for (let day = 0; day < 365; day += 5) {
        sim.injectRandom({
          fault: "crash",
          target: { groupId: id },
          timeToFailure: { kind: "exponential", meanMs: 6 * hour },
          timeToRepair: { kind: "exponential", meanMs: hour / 6 },
          durationMs: 4 * 24 * hour,
        });
        sim.advance(5 * 24 * hour);
        expectNoBrokenInvariants(sim);
        expect([group.status, group.row.replicaIds.length]).toEqual(["ACTIVE", 2]);
        const members = [group.row.sourceId ?? "", ...group.row.replicaIds];
        for (const member of members) expect(sim.getInstance(member).status).toBe("ACTIVE");
        // Every other lost instance has been deleted.
        expect(sim.listInstances().items).toHaveLength(3);
      }
      expect(sim.listFailovers(id)).toHaveLength(100);
    },
    60_000,
  );

  test("repeats the same run to the byte", () => {
    const runYear = () => {
      const sim = new ReplicationSimulator({ seed: 9, jitter: 0.3 });
      const group = sim.createHaGroup({
        name: "ha",
        source: { flavorId: 2, volumeGb: 10 },
        replicas: [{ flavorId: 2, volumeGb: 10 }],
      });
      sim.settle();
      sim.injectRandom({
        fault: "hang",
        target: { groupId: group.id },
        timeToFailure: { kind: "exponential", meanMs: hour },
        timeToRepair: { kind: "exponential", meanMs: hour / 6 },
        durationMs: 20 * 24 * hour,
      });
      sim.advance(21 * 24 * hour);
      return sim;
    };
    const sim = runYear();
    expect(sim.fingerprint()).toBe(runYear().fingerprint());
    expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
  });
});
