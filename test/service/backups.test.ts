import { ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { backedUp } from "../rules/book/backups.js";
import { after, group, largeGroup, lone, pair, small } from "../rules/fixtures.js";
import { idsOf, received } from "./statusChanges.js";

/*
 * Backups as their users see them (§1.9, §2.5, §3.7): on demand, in chains, of groups, hidden ones, restored ones.
 */

const input = { name: "nightly", ownerId: "instance-0" } as const;

describe("a backup on demand", () => {
  test("waits, runs and is complete; what it is taken of reads BACKUP meanwhile", () => {
    const sim = lone();
    const reported = received(sim);
    const made = sim.createBackup({ ...input, description: "before the release" });
    expect(made).toMatchObject({
      id: "backup-0",
      status: "NEW",
      name: "nightly",
      description: "before the release",
      ownerKind: "instance",
      ownerId: "instance-0",
      parentId: null,
      sizeGb: null,
      datastoreType: "mysql",
      datastoreVersion: "5.6",
      flavorId: "2",
      volumeGb: 10,
    });
    sim.settle();
    expect(reported).toEqual([
      "0 s backup-0: NEW",
      "0 s instance-0: ACTIVE → BACKUP",
      "0.5 s backup-0: NEW → BUILDING",
      "6.5 s backup-0: BUILDING → COMPLETED",
      "6.5 s instance-0: BACKUP → ACTIVE",
    ]);
    expect(sim.getBackup("backup-0").sizeGb).toBeGreaterThan(0);
  });

  test("keeps its instance busy: neither a second one nor anything else is taken (R53, R104)", () => {
    const sim = lone();
    sim.createBackup(input);
    expect(sim.try.createBackup(input)).toMatchObject({ error: { rule: "one-backup" } });
    expect(sim.try.deleteInstance("instance-0")).toMatchObject({
      error: { rule: "delete-status" },
    });
    expect(sim.try.restartInstance("instance-0")).toMatchObject({
      error: { rule: "restart-status" },
    });
    expect(sim.try.createDatabases("instance-0", [{ name: "shop" }])).toMatchObject({
      error: { rule: "write-status", code: "unprocessableEntity" },
    });
    // It can still be renamed.
    expect(sim.renameInstance("instance-0", "orders").status).toBe("BACKUP");
  });

  test("is of an instance unless it says otherwise", () => {
    const made = lone().createBackup({ name: "b", ownerId: "instance-0" });
    expect(made).toMatchObject({ ownerKind: "instance", instanceId: "instance-0" });
  });

  test("that fails leaves its instance as it was", () => {
    for (const task of ["startBackup", "runBackup"] as const) {
      const sim = lone();
      sim.createBackup(input);
      sim.failTask({ task, message: "the disk was full" });
      sim.settle();
      expect(sim.getBackup("backup-0")).toMatchObject({
        status: "FAILED",
        sizeGb: null,
        lastError: { task, message: "the disk was full" },
      });
      expect(sim.getInstance("instance-0")).toMatchObject({ status: "ACTIVE", lastError: null });
      // A failed one can be deleted, and another one taken.
      sim.deleteBackup("backup-0");
      sim.createBackup(input);
      sim.settle();
      expect(idsOf(sim.listBackups())).toEqual(["backup-1"]);
    }
  });

  test("of an instance that needs a restart, hangs or is down brings it back to where it was", () => {
    const needsRestart = lone();
    needsRestart.createConfiguration({ name: "wide", values: { innodb_log_file_size: 48 } });
    needsRestart.attachConfiguration("instance-0", "configuration-0");
    const hung = lone();
    hung.inject({ kind: "hang", instanceId: "instance-0" });
    const down = lone();
    down.inject({ kind: "crash", instanceId: "instance-0" });
    for (const [sim, status] of [
      [needsRestart, "RESTART_REQUIRED"],
      [hung, "BLOCKED"],
      [down, "SHUTDOWN"],
    ] as const) {
      expect(sim.getInstance("instance-0").status).toBe(status);
      sim.createBackup(input);
      expect(sim.getInstance("instance-0").status).toBe("BACKUP");
      sim.settle();
      expect(sim.getInstance("instance-0").status).toBe(status);
      expect(sim.getBackup("backup-0").status).toBe("COMPLETED");
    }
  });

  test("fails when its instance crashes under it", () => {
    const sim = lone();
    sim.createBackup(input);
    sim.advance(2_000);
    sim.inject({ kind: "crash", instanceId: "instance-0" });
    sim.settle();
    expect(sim.getBackup("backup-0").status).toBe("FAILED");
    expect(sim.getInstance("instance-0")).toMatchObject({ status: "SHUTDOWN", backupId: null });
  });

  test("outlives its instance (R106)", () => {
    const sim = after(backedUp(), (sim) => {
      sim.deleteInstance("instance-0");
    });
    expect(sim.listInstances().items).toEqual([]);
    expect(sim.getBackup("backup-0")).toMatchObject({ ownerId: "instance-0", status: "COMPLETED" });
    sim.createInstance({ ...small, restoreFrom: "backup-0" });
    sim.settle();
    expect(sim.getInstance("instance-1").status).toBe("ACTIVE");
  });
});

describe("backups are listed", () => {
  test("by id, all or of one instance or group, page by page", () => {
    const sim = after(
      pair(),
      (sim) => sim.createBackup(input),
      (sim) => sim.createBackup({ ...input, ownerId: "instance-1" }),
      (sim) => sim.createBackup(input),
    );
    // backup-0 was the hidden one of the replica.
    expect(idsOf(sim.listBackups())).toEqual(["backup-1", "backup-2", "backup-3"]);
    expect(idsOf(sim.listBackups({ ownerId: "instance-0" }))).toEqual(["backup-1", "backup-3"]);
    const first = sim.listBackups({ limit: 2 });
    expect(first.nextMarker).toBe("backup-2");
    expect(idsOf(sim.listBackups({ limit: 2, marker: "backup-2" }))).toEqual(["backup-3"]);
    expect(sim.account("5678").listBackups().items).toEqual([]);
    expect(sim.account("5678").try.getBackup("backup-1").ok).toBe(false);
  });

  test("without the hidden one that a replica is built from, which callers cannot see or touch (R22)", () => {
    const sim = lone();
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    let seen = 0;
    for (;;) {
      expect(sim.listBackups().items).toEqual([]);
      expect(sim.listBackups({ ownerId: "instance-0" }).items).toEqual([]);
      expect(sim.try.getBackup("backup-0").ok).toBe(false);
      expect(sim.try.deleteBackup("backup-0").ok).toBe(false);
      if (sim.getInstance("instance-0").backupId === "backup-0") seen += 1;
      if (sim.step() === undefined) break;
    }
    // It was there, and the source never read BACKUP.
    expect(seen).toBeGreaterThan(1);
    expect(topologyOf(sim).backups.count).toBe(0);
  });

  test("nor after the build has failed, or the snapshot itself", () => {
    for (const task of ["build", "runBackup"] as const) {
      const sim = lone();
      sim.createReplica({ ...small, replicaOf: "instance-0" });
      sim.failTask({ task });
      sim.settle();
      expect(sim.getInstance("instance-1").status).toBe("ERROR");
      expect(sim.getInstance("instance-0")).toMatchObject({ status: "ACTIVE", backupId: null });
      expect(topologyOf(sim).backups.count).toBe(0);
    }
  });
});

describe("an incremental backup", () => {
  test("adds to a completed one, and is much smaller", () => {
    const sim = after(
      lone(),
      (sim) => sim.setDataSize("instance-0", 5),
      (sim) => sim.createBackup(input),
      (sim) => sim.createBackup({ ...input, parentId: "backup-0" }),
      (sim) => sim.createBackup({ ...input, parentId: "backup-1" }),
    );
    const [full, first, second] = sim.listBackups().items;
    expect(first?.parentId).toBe("backup-0");
    expect(second?.parentId).toBe("backup-1");
    expect(Number(full?.sizeGb)).toBeGreaterThanOrEqual(4 * Number(first?.sizeGb));
  });

  test("is deleted with what it adds to, however far; its siblings are not", () => {
    const sim = after(
      backedUp(),
      (sim) => sim.createBackup({ ...input, parentId: "backup-0" }),
      (sim) => sim.createBackup({ ...input, parentId: "backup-1" }),
      (sim) => sim.createBackup({ ...input, parentId: "backup-0" }),
      (sim) => sim.createBackup(input),
    );
    sim.deleteBackup("backup-1");
    // Until its files are gone, all of it is still there.
    expect(idsOf(sim.listBackups())).toHaveLength(5);
    sim.settle();
    expect(idsOf(sim.listBackups())).toEqual(["backup-0", "backup-3", "backup-4"]);
    sim.deleteBackup("backup-0");
    sim.settle();
    expect(idsOf(sim.listBackups())).toEqual(["backup-4"]);
  });

  test("cannot slip in under a deletion", () => {
    const sim = after(backedUp(), (sim) => sim.createBackup({ ...input, parentId: "backup-0" }));
    sim.deleteBackup("backup-0");
    expect(sim.try.createBackup({ ...input, parentId: "backup-1" })).toMatchObject({
      error: { rule: "parent-backup-usable" },
    });
    sim.settle();
    expect(sim.listBackups().items).toEqual([]);
    expect(sim.getInstance("instance-0").status).toBe("ACTIVE");
  });

  test("holds the deletion of what it adds to while it is taken", () => {
    const sim = backedUp();
    sim.createBackup({ ...input, parentId: "backup-0" });
    expect(sim.try.deleteBackup("backup-0")).toMatchObject({ error: { rule: "backup-ended" } });
    sim.settle();
    sim.deleteBackup("backup-0");
    sim.settle();
    expect(sim.listBackups().items).toEqual([]);
  });
});

describe("a deletion", () => {
  test("that fails leaves DELETE_FAILED, and can be asked for again; nothing is lost", () => {
    const sim = after(backedUp(), (sim) => sim.createBackup({ ...input, parentId: "backup-0" }));
    sim.deleteBackup("backup-0");
    sim.failTask({ task: "deleteBackup" });
    sim.settle();
    expect(sim.listBackups().items).toMatchObject([
      { status: "DELETE_FAILED" },
      { status: "COMPLETED" },
    ]);
    sim.deleteBackup("backup-0");
    sim.settle();
    expect(sim.listBackups().items).toEqual([]);
  });

  test("shows nothing of itself: a backup reads as it did before until its files are gone", () => {
    const failed = lone();
    failed.failTask({ task: "runBackup" });
    failed.createBackup(input);
    failed.settle();
    expect(failed.deleteBackup("backup-0").status).toBe("FAILED");
    // Asked for again, it goes on.
    expect(failed.deleteBackup("backup-0").status).toBe("FAILED");
    failed.settle();
    expect(failed.listBackups().items).toEqual([]);

    const again = backedUp();
    again.failTask({ task: "deleteBackup" });
    expect(again.deleteBackup("backup-0").status).toBe("COMPLETED");
    again.settle();
    expect(again.deleteBackup("backup-0").status).toBe("DELETE_FAILED");
    again.settle();
    expect(again.listBackups().items).toEqual([]);
  });

  test("asked for twice is one deletion", () => {
    const sim = backedUp();
    sim.deleteBackup("backup-0");
    sim.deleteBackup("backup-0");
    expect(sim.listPendingTasks()).toHaveLength(1);
    sim.settle();
    expect(sim.listBackups().items).toEqual([]);
  });
});

describe("a backup of a group", () => {
  test("is read from a replica; both read BACKUP, the source goes on (H10, R107)", () => {
    const sim = largeGroup();
    const reported = received(sim);
    const made = sim.createBackup({ name: "nightly", ownerKind: "ha", ownerId: "group-0" });
    expect(made).toMatchObject({ ownerKind: "ha", ownerId: "group-0", instanceId: "instance-1" });
    expect(sim.try.addReplica("group-0", small)).toMatchObject({ error: { rule: "group-status" } });
    sim.settle();
    expect(reported).toEqual([
      `0 s ${made.id}: NEW`,
      "0 s instance-1: ACTIVE → BACKUP",
      "0 s group-0: ACTIVE → BACKUP",
      `0.5 s ${made.id}: NEW → BUILDING`,
      `6.5 s ${made.id}: BUILDING → COMPLETED`,
      "6.5 s instance-1: BACKUP → ACTIVE",
      "6.5 s group-0: BACKUP → ACTIVE",
    ]);
    expect(idsOf(sim.listBackups({ ownerId: "group-0" }))).toEqual([made.id]);
    expect(idsOf(sim.listBackups({ ownerId: "instance-1" }))).toEqual([]);
  });

  test("can be added to, and restored as a plain instance", () => {
    const sim = group();
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    const made = sim.createBackup({ name: "full", ownerKind: "ha", ownerId: "group-0" });
    sim.settle();
    const added = sim.createBackup({
      name: "added",
      ownerKind: "ha",
      ownerId: "group-0",
      parentId: made.id,
    });
    sim.settle();
    const restored = sim.createInstance({ ...small, restoreFrom: added.id });
    sim.settle();
    expect(sim.getInstance(restored.id)).toMatchObject({
      status: "ACTIVE",
      groupId: null,
      databases: [{ name: "shop" }],
    });
  });
});

describe("an instance that is restored", () => {
  const made = () =>
    after(
      lone(),
      (sim) => sim.createDatabases("instance-0", [{ name: "shop" }]),
      (sim) =>
        sim.createUsers("instance-0", [{ name: "app", password: "one", databases: ["shop"] }]),
      (sim) => sim.setDataSize("instance-0", 4),
      (sim) => sim.createBackup(input),
      // What comes later is not in it.
      (sim) => sim.createDatabases("instance-0", [{ name: "later" }]),
      (sim) => sim.setDataSize("instance-0", 8),
    );

  test("has the data, databases and users of the moment of the backup, and new ones beside them", () => {
    const sim = made();
    const restored = sim.createInstance({
      flavorId: "3",
      volumeGb: 4,
      restoreFrom: "backup-0",
      databases: [{ name: "log" }],
      users: [{ name: "audit", password: "two", databases: ["log"] }],
    });
    expect(restored).toMatchObject({ status: "BUILD", datastoreType: "mysql" });
    sim.settle();
    expect(sim.getInstance(restored.id)).toMatchObject({
      status: "ACTIVE",
      usedGb: 4,
      databases: [{ name: "shop" }, { name: "log" }],
      users: [{ name: "app", databases: ["shop"] }, { name: "audit" }],
    });
  });

  test("is read from a snapshot that was taken while it is built", () => {
    const sim = made();
    sim.setDataSize("instance-0", 0.16);
    const light = sim.createBackup({ ...input, name: "light" });
    sim.settle();
    const restored = sim.createInstance({ ...small, restoreFrom: light.id });
    const text = JSON.stringify(sim.snapshot());
    const again = ReplicationSimulator.restore(JSON.parse(text));
    expect(JSON.stringify(again.snapshot())).toBe(text);
    again.settle();
    expect(again.getInstance(restored.id)).toMatchObject({ status: "ACTIVE", usedGb: 0.16 });
  });

  test("gets the datastore of the backup where none is named", () => {
    const sim = after(
      lone(),
      (sim) => sim.createInstance({ ...small, datastore: { type: "mariadb", version: "10" } }),
      (sim) => sim.createBackup({ ...input, ownerId: "instance-1" }),
    );
    const restored = sim.createInstance({ ...small, restoreFrom: "backup-0" });
    expect(restored).toMatchObject({ datastoreType: "mariadb", datastoreVersion: "10" });
  });

  test("as a replica has its source's data, and needs no hidden backup (R19)", () => {
    const sim = made();
    const replica = sim.createReplica({
      ...small,
      replicaOf: "instance-0",
      restoreFrom: "backup-0",
    });
    expect(sim.getInstance("instance-0").backupId).toBeNull();
    sim.settle();
    expect(sim.getInstance(replica.id)).toMatchObject({
      sourceId: "instance-0",
      usedGb: 8,
      databases: [{ name: "shop" }, { name: "later" }],
    });
  });

  test("fails to build like any other, and leaves the backup alone", () => {
    const sim = made();
    sim.createInstance({ ...small, restoreFrom: "backup-0" });
    sim.failTask({ task: "build", atPreparation: true });
    sim.settle();
    expect(sim.getInstance("instance-1").status).toBe("FAILED");
    expect(sim.getBackup("backup-0").status).toBe("COMPLETED");
  });
});
