import { describe, expect, test } from "vitest";
import { after, empty, lone, pair, small, trio } from "../rules/fixtures.js";
import { received } from "./statusChanges.js";

/*
 * Single instances as their users see them (§1.1, §2.3): what they are after each operation, and after one that failed.
 */

describe("an instance", () => {
  test("is built in 35 s, and has the logs of a fresh database", () => {
    const sim = empty();
    const lines = received(sim);
    sim.createInstance({ ...small, name: "orders" });
    expect(sim.getInstance("instance-0").usedGb).toBe(0);
    sim.settle();
    expect(lines).toEqual(["0 s instance-0: BUILD", "35 s instance-0: BUILD → ACTIVE"]);
    expect(sim.getInstance("instance-0")).toMatchObject({
      name: "orders",
      flavorId: "2",
      volumeGb: 10,
      usedGb: 0.16,
      lastError: null,
    });
  });

  test("has another flavor when its resize is done, and not before", () => {
    const sim = lone();
    sim.resizeFlavor("instance-0", 4);
    expect(sim.getInstance("instance-0")).toMatchObject({ status: "RESIZE", flavorId: "2" });
    sim.settle();
    expect(sim.getInstance("instance-0")).toMatchObject({
      status: "ACTIVE",
      flavorId: "4",
      volumeGb: 10,
    });
  });

  test("has a larger volume when its resize is done, and not before", () => {
    const sim = lone();
    sim.resizeVolume("instance-0", 25);
    expect(sim.getInstance("instance-0")).toMatchObject({ status: "RESIZE", volumeGb: 10 });
    sim.settle();
    expect(sim.getInstance("instance-0")).toMatchObject({
      status: "ACTIVE",
      flavorId: "2",
      volumeGb: 25,
    });
  });

  test.each([
    ["reboot", "SHUTDOWN", (sim: ReturnType<typeof lone>) => sim.restartInstance("instance-0")],
    ["resizeFlavor", "ERROR", (sim: ReturnType<typeof lone>) => sim.resizeFlavor("instance-0", 4)],
    ["resizeVolume", "ERROR", (sim: ReturnType<typeof lone>) => sim.resizeVolume("instance-0", 25)],
  ] as const)("whose %s fails is %s, says why, and is what it was", (task, status, action) => {
    for (const message of [undefined, "disk failed"]) {
      const sim = lone();
      sim.failTask({ task, ...(message === undefined ? {} : { message }) });
      action(sim);
      sim.settle();
      expect(sim.getInstance("instance-0")).toMatchObject({
        status,
        flavorId: "2",
        volumeGb: 10,
        lastError: { task, message: message ?? `the ${task} task failed`, createdAt: sim.now },
      });
    }
  });

  test("is ERROR when its build fails, or FAILED when its preparation does", () => {
    for (const [atPreparation, status] of [
      [false, "ERROR"],
      [true, "FAILED"],
    ] as const) {
      const sim = empty();
      sim.failTask({ task: "build", atPreparation, message: "no room" });
      sim.createInstance(small);
      sim.settle();
      expect(sim.getInstance("instance-0")).toMatchObject({
        status,
        usedGb: 0,
        lastError: { task: "build", message: "no room", createdAt: sim.now },
      });
    }
  });
});

describe("a replica", () => {
  test("has as much data as its source", () => {
    const sim = lone();
    sim.setDataSize("instance-0", 4);
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.settle();
    expect(sim.getInstance("instance-1").usedGb).toBe(4);
  });

  test.each([
    ["fills", 10, "ACTIVE"],
    ["no longer fits", 10.5, "ERROR"],
  ] as const)("that %s its volume with what its source has become is %s", (_, dataGb, status) => {
    const sim = empty();
    sim.createInstance({ ...small, volumeGb: 20 });
    sim.settle();
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.setDataSize("instance-0", dataGb);
    sim.settle();
    const { lastError: fault, ...replica } = sim.getInstance("instance-1");
    expect(replica).toMatchObject({ status, volumeGb: 10 });
    expect(fault?.message).toBe(
      status === "ACTIVE" ? undefined : "replica volume 10 GB cannot hold 10.5 GB of source data",
    );
    expect(sim.listBackups().items).toEqual([]);
  });

  test("is not built when its source does not come back from the restart that it needs (T7)", () => {
    const sim = lone();
    sim.failTask({ task: "restart", message: "it hangs" });
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.settle();
    expect(sim.getInstance("instance-0")).toMatchObject({
      status: "SHUTDOWN",
      backupId: null,
      lastError: { task: "restart", message: "it hangs" },
    });
    expect(sim.getInstance("instance-1")).toMatchObject({
      status: "ERROR",
      lastError: {
        task: "build",
        message: "the source instance-0 did not come back from its restart",
        createdAt: sim.getInstance("instance-0").updatedAt,
      },
    });
  });

  test("that was there before is not the one that such a restart fails", () => {
    const sim = pair();
    sim.failTask({ task: "restart" });
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.settle();
    expect(
      sim.listReplicas("instance-0").map(({ status, lastError: fault }) => [status, fault?.task]),
    ).toEqual([
      ["REPLICATION_ERROR", undefined],
      ["ERROR", "build"],
    ]);
  });

  test("that is still being built for an earlier restart goes on, too", () => {
    const sim = lone();
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.waitFor("instance-0", "ACTIVE");
    sim.failTask({ task: "restart" });
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.waitFor("instance-2", "ERROR");
    expect(sim.getInstance("instance-1")).toMatchObject({ status: "BUILD", lastError: null });
  });

  test("that is detached can have a new name, at once (R38), and keeps its own without (R37)", () => {
    const sim = trio();
    const { name } = sim.getInstance("instance-2");
    sim.detachReplica("instance-1", { name: "alone" });
    expect(sim.getInstance("instance-1")).toMatchObject({
      name: "alone",
      status: "DETACH_REPLICA",
      sourceId: "instance-0",
    });
    sim.settle();
    sim.detachReplica("instance-2");
    sim.settle();
    expect(sim.getInstance("instance-2")).toMatchObject({ name, sourceId: null, status: "ACTIVE" });
    expect(sim.getInstance("instance-0").replicaIds).toEqual([]);
  });

  test("whose detachment fails is a replica still (T11)", () => {
    const sim = after(pair(), (world) => {
      world.failTask({ task: "detach" });
      world.detachReplica("instance-1");
    });
    expect(sim.getInstance("instance-1")).toMatchObject({
      status: "ERROR",
      sourceId: "instance-0",
      lastError: { task: "detach", message: "the detach task failed" },
    });
  });
});
