import { ReplicationSimulator } from "replication-simulator";
import { haGroup } from "replication-simulator/testing";
import { expect, test } from "vitest";
import { small } from "../rules/fixtures.js";

/*
 * A seed is a promise: whoever wrote it down finds the same world again, in the next version too. These figures were
 * drawn once; when one of them changes, every seed in the world means something else.
 */

test("the seed 42 means what it always meant", () => {
  const sim = new ReplicationSimulator({ seed: 42, jitter: 0.2, startAt: 0 });
  const { group } = haGroup(sim);
  expect(group.id).toBe("19e4db37-d9a3-4098-823d-a0d52f8dc201");
  expect(group.sourceId).toBe("50ad8d60-7333-4979-8807-3415b42ba412");
  const other = sim.createInstance(small);
  const schedule = sim.createSchedule({ ownerId: group.id, ownerKind: "ha" });
  expect(schedule).toMatchObject({
    id: "d673d36e-a2ba-425f-b33c-dbf90a27fc27",
    dayOfWeek: 2,
    hour: 5,
    minute: 55,
  });
  expect(sim.createConfiguration({ name: "c", values: {} }).id).toBe(
    "85575cab-8685-463a-88b8-41122da42557",
  );
  expect(sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id }).id).toBe(
    "5b32ca52-c1fb-48f8-b820-0cf9f07279e3",
  );
  sim.settle();
  expect(sim.now).toBe(221_232);

  sim.setWorkload(group.sourceId ?? "", { transactionsPerSecond: 10 });
  const [replicaId = ""] = group.replicaIds;
  expect(sim.getInstance(replicaId).link).toMatchObject({ lagMs: 1056, applyMs: 971 });
  sim.injectRandom({
    fault: "crash",
    of: { instanceId: other.id },
    every: { kind: "exponential", meanMs: 10_000_000 },
    timeToRepair: { kind: "exponential", meanMs: 10_000 },
  });
  expect(sim.listFaults().map(({ dueAt }) => dueAt)).toEqual([7_706_291]);
  sim.inject({ kind: "crash", instanceId: group.sourceId ?? "" });
  sim.settle();
  expect(sim.listFailovers(group.id)).toMatchObject([
    { id: "3c166de0-4c79-4fa0-985c-057e686202ea", at: 241_810 },
  ]);
  expect(sim.now).toBe(315_173);
});
