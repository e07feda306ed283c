import { describe, expect, test } from "vitest";
import { after, group, lone, pair, small } from "../rules/fixtures.js";

/*
 * How much data there is (§1.2, R16): said of a source, true of all that follow it.
 */

describe("the data of a source", () => {
  test("are on its replicas as well, as far as they fit", () => {
    const sim = lone();
    for (const volumeGb of [10, 2]) {
      sim.createReplica({ ...small, volumeGb, replicaOf: "instance-0" });
      sim.settle();
    }
    sim.setDataSize("instance-0", 5);
    const used = () => sim.listReplicas("instance-0").map(({ usedGb }) => usedGb);
    expect(used()).toEqual([5, 2]);
    sim.setDataSize("instance-0", 1);
    expect(used()).toEqual([1, 1]);
  });

  test("come with the build of a replica that is not there yet", () => {
    const sim = lone();
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.setDataSize("instance-0", 5);
    expect(sim.getInstance("instance-1").usedGb).toBe(0);
    sim.settle();
    expect(sim.getInstance("instance-1").usedGb).toBe(5);
  });

  test("come to a replica as far as they did not fit when its volume has grown", () => {
    const sim = after(pair(), (sim) => {
      sim.resizeVolume("instance-0", 20);
    });
    sim.setDataSize("instance-0", 15);
    expect(sim.getInstance("instance-1")).toMatchObject({ volumeGb: 10, usedGb: 10 });
    sim.resizeVolume("instance-1", 12);
    sim.settle();
    expect(sim.getInstance("instance-1")).toMatchObject({ volumeGb: 12, usedGb: 12 });
    sim.resizeVolume("instance-1", 20);
    sim.settle();
    expect(sim.getInstance("instance-1").usedGb).toBe(15);
  });

  test("are not lost with it: a group has them after a failover, and its backups hold them", () => {
    const sim = group();
    sim.setDataSize("instance-0", 5);
    const { id } = sim.createBackup({ name: "nightly", ownerKind: "ha", ownerId: "group-0" });
    sim.settle();
    expect(sim.getBackup(id).dataGb).toBe(5);
    sim.inject({ kind: "crash", instanceId: "instance-0" });
    sim.waitFor("group-0", "ADDING_REPLICA");
    sim.waitFor("group-0", "ACTIVE");
    expect(sim.listInstances().items.map(({ usedGb }) => usedGb)).toEqual([5, 5]);
  });
});

test("the data of a replica can be set alone, and its source does not change", () => {
  const sim = pair();
  sim.setDataSize("instance-1", 5);
  expect(sim.getInstance("instance-0").usedGb).toBeLessThan(1);
});
