import { ReplicationSimulator } from "replication-simulator";
import { journalTimeline, topologyTree } from "replication-simulator/render";
import { describe, expect, test } from "vitest";
import { plain } from "../../src/outline/escape.js";
import { colourfulWorld, groupIn, hostileName, replica, worldNamed } from "./fixtures.js";

describe("topologyTree", () => {
  test("shows groups, then sets, then what stands alone, with status, size, schedule and fault", () => {
    expect(lines(topologyTree(colourfulWorld().topology))).toEqual([
      "HA group orders-ha     ACTIVE   semi-synchronous, servicenet, open to 10.0.0.0/8, backups at 03:30 UTC (full on Sunday)",
      "├─ source orders       ACTIVE   mysql 5.6, flavor 2, 10 GB",
      "└─ replica orders-r1   ACTIVE   mysql 5.6, flavor 2, 10 GB",
      "source users           RESTART  mysql 5.6, flavor 3, 20 GB, backups at 00:05 UTC (full every day)",
      "├─ replica users-r1    ERROR    mysql 5.6, flavor 3, 20 GB, no host has room",
      "└─ replica users-r2    BUILD    mysql 5.6, flavor 3, 20 GB",
      "stand-alone orders-r2  ACTIVE   mysql 5.6, flavor 2, 10 GB",
    ]);
  });

  test("shows a group that a failed conversion left without members, and why", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    replica(sim, "b", source);
    sim.failTask({ task: "convert", message: "it did not work" });
    sim.convertToHa(source.id, { name: "g", networks: ["public"] });
    sim.settle();
    expect(lines(topologyTree(sim.topology))).toEqual([
      "HA group g    ERROR   asynchronous, servicenet and public, it did not work",
      "source a      ACTIVE  mysql 5.6, flavor 2, 1 GB",
      "└─ replica b  ACTIVE  mysql 5.6, flavor 2, 1 GB",
    ]);
  });

  test("shows every account under its name, or the one that is asked for without it", () => {
    const sim = new ReplicationSimulator({ accountId: "11" });
    sim.createInstance({ name: "mine", flavorId: 1, volumeGb: 1 });
    sim.account("22").createInstance({ name: "yours", flavorId: 1, volumeGb: 1 });
    const mine = "stand-alone mine  BUILD  mysql 5.6, flavor 1, 1 GB";
    const yours = "stand-alone yours  BUILD  mysql 5.6, flavor 1, 1 GB";
    expect(lines(topologyTree(sim.topology))).toEqual(["account 11", mine, "account 22", yours]);
    expect(topologyTree(sim.topology, { accountId: "22" })).toBe(yours);
  });

  test("says so when there is nothing", () => {
    expect(topologyTree(new ReplicationSimulator().topology)).toBe("(nothing)");
    expect(topologyTree(colourfulWorld().topology, { accountId: "no-such-id" })).toBe("(nothing)");
  });

  test("puts ids beside names on request, and does not repeat an id that is the name", () => {
    const sim = new ReplicationSimulator({ createId: (kind, ordinal) => `${kind}-${ordinal}` });
    sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
    sim.createInstance({ flavorId: 2, volumeGb: 10 });
    const [first, second] = lines(topologyTree(sim.topology, { ids: true }));
    expect(first).toMatch(/^stand-alone orders \[instance-0\] {2}BUILD/);
    expect(second).toMatch(/^stand-alone instance-1 +BUILD/);
  });

  test("keeps the order of creation, whatever the ids are", () => {
    const backwards = new ReplicationSimulator({
      createId: (kind, ordinal) => `${kind}-${9 - ordinal}`,
    });
    for (const name of ["first", "second", "third"]) {
      backwards.createInstance({ name, flavorId: 2, volumeGb: 10 });
    }
    const names = lines(topologyTree(backwards.topology)).map((line) => line.split(/\s+/)[1]);
    expect(names).toEqual(["first", "second", "third"]);
  });
});

describe("journalTimeline", () => {
  test("shows who changed, from which status to which, by what, and because of which entry", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
    sim.settle();
    const { id } = replica(sim, "orders-r1", source);
    sim.detachReplica(id);
    sim.settle();
    expect(lines(journalTimeline(sim.journal()))).toEqual([
      "0:00:00  #0  orders     → BUILD                  createInstance: mysql 5.6, flavor 2, 10 GB",
      "0:00:35  #1  orders     BUILD → ACTIVE           build is done  ← #0",
      "0:00:35  #2  orders-r1  → BUILD                  createReplica: mysql 5.6, flavor 2, 10 GB; replicates from orders",
      "             orders     ACTIVE → RESTART",
      "0:00:38  #4  orders     RESTART → ACTIVE         restart is done  ← #2",
      "0:01:30  #6  orders-r1  BUILD → ACTIVE           build is done  ← #2",
      "0:01:30  #7  orders-r1  ACTIVE → DETACH_REPLICA  detachReplica",
      "0:01:35  #8  orders-r1  DETACH_REPLICA → ACTIVE  detach is done: cut from orders  ← #7",
    ]);
  });

  test("shows a conversion: members, mode of replication, and the schedule that is carried over", () => {
    const sim = colourfulWorld();
    const { lines: journal } = sim.journal();
    const since = journal.findIndex(
      ({ trigger }) => trigger.kind === "command" && trigger.command.type === "convertToHa",
    );
    const reported = lines(journalTimeline(sim.journal(), { since })).slice(0, 6);
    expect(reported.map(squeezed)).toEqual([
      `0:02:30.000 #${since} orders-ha → BUILD convertToHa`,
      "orders ACTIVE → CONVERT_TO_HA joins orders-ha as source",
      "orders-r1 ACTIVE → CONVERT_TO_HA joins orders-ha as replica",
      `0:04:30.000 #${since + 1} orders-ha BUILD → ACTIVE convert is done: replication is semi-synchronous; takes over: backups at 03:30 UTC (full on Sunday) ← #${since}`,
      "orders CONVERT_TO_HA → ACTIVE its backup schedule ends",
      "orders-r1 CONVERT_TO_HA → ACTIVE",
    ]);
  });

  test("shows failures, planned and active, and their effects", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    replica(sim, "b", source);
    const since = sim.journal().lines.length;
    sim.failTask({ task: "reboot", of: source.id });
    sim.failTask({ task: "delete", skip: 2, times: 3 });
    sim.restartInstance(source.id);
    sim.settle();
    expect(lines(journalTimeline(sim.journal(), { since })).map(squeezed)).toEqual([
      `0:01:30 #${since} a failTask: the next reboot will fail`,
      `0:01:30 #${since + 1} failTask: after 2 more, the next 3 delete will fail`,
      `0:01:30 #${since + 2} a ACTIVE → REBOOT restartInstance`,
      `0:01:35 #${since + 3} a REBOOT → SHUTDOWN reboot has failed: the reboot task failed ← #${since + 2}`,
      "b ACTIVE → REPLICATION_ERROR",
    ]);
  });

  test("shows everything else that can be done to an instance, a group and a schedule", () => {
    const sim = worldNamed("a");
    const [group] = sim.listGroups().items;
    const lone = sim.createInstance({ name: "c", flavorId: 2, volumeGb: 1 });
    sim.settle();
    const since = sim.journal().lines.length;
    sim.renameInstance(lone.id, "d");
    sim.resizeFlavor(lone.id, 3);
    sim.settle();
    sim.resizeVolume(lone.id, 5);
    sim.settle();
    sim.setDataSize(lone.id, 4);
    const schedule = sim.createSchedule({ ownerId: lone.id, dayOfWeek: 1, hour: 0, minute: 30 });
    sim.updateSchedule(schedule.id, { hour: 1 });
    sim.addAcl(group?.id ?? "", "10.0.0.0/8");
    sim.deleteAcl(group?.id ?? "", "10.0.0.0/8");
    sim.advance(3_600_000 * 2);
    sim.deleteSchedule(schedule.id);
    sim.deleteInstance(lone.id);
    sim.settle();
    const reported = lines(journalTimeline(sim.journal(), { since })).map((line) =>
      squeezed(line)
        .replace(/^\S+ #\d+ /, "")
        .replace(/ ← #\d+$/, ""),
    );
    expect(reported).toEqual([
      "d renameInstance: is called d",
      "d ACTIVE → RESIZE resizeFlavor",
      "d RESIZE → ACTIVE resizeFlavor is done: has flavor 3",
      "d ACTIVE → RESIZE resizeVolume",
      "d RESIZE → ACTIVE resizeVolume is done: has 5 GB",
      "d setDataSize: holds 4 GB of data",
      "d createSchedule: backups at 00:30 UTC (full on Monday)",
      "d updateSchedule: backups at 01:30 UTC (full on Monday)",
      "a addAcl: open to 10.0.0.0/8",
      "a deleteAcl: closed to 10.0.0.0/8",
      'd ACTIVE → BACKUP the hour of its backup: backup "full backup of d"',
      'd startBackup is done: backup "full backup of d" NEW → BUILDING',
      'd BACKUP → ACTIVE runBackup is done: backup "full backup of d" BUILDING → COMPLETED',
      "d deleteSchedule: its backup schedule ends",
      "d ACTIVE → DELETION_PENDING deleteInstance",
      "d DELETION_PENDING → gone delete is done",
    ]);
  });

  test("shows backups: of instances and groups, on demand and scheduled, until they are gone", () => {
    const sim = worldNamed("a");
    const group = groupIn(sim);
    sim.createSchedule({ ownerKind: "ha", ownerId: group.id, dayOfWeek: 7, hour: 0, minute: 30 });
    const since = sim.journal().lines.length;
    const own = sim.createBackup({ name: "mine", ownerKind: "ha", ownerId: group.id });
    sim.settle();
    sim.failTask({ task: "runBackup", message: "the disk is full" });
    sim.createBackup({ name: "more", ownerKind: "ha", ownerId: group.id, parentId: own.id });
    sim.settle();
    sim.deleteBackup(own.id);
    sim.settle();
    sim.advanceTo(sim.settings.startAt + 1_801_000);
    const reported = lines(journalTimeline(sim.journal(), { since })).map((line) =>
      squeezed(line)
        .replace(/^\S+ #\d+ /, "")
        .replace(/ ← #\d+$/, ""),
    );
    expect(reported).toEqual([
      'a ACTIVE → BACKUP createBackup: backup "mine"',
      "a-r1 ACTIVE → BACKUP",
      'a startBackup is done: backup "mine" NEW → BUILDING',
      'a BACKUP → ACTIVE runBackup is done: backup "mine" BUILDING → COMPLETED',
      "a-r1 BACKUP → ACTIVE",
      "failTask: the next runBackup will fail",
      'a ACTIVE → BACKUP createBackup: incremental backup "more"',
      "a-r1 ACTIVE → BACKUP",
      'a startBackup is done: incremental backup "more" NEW → BUILDING',
      'a BACKUP → ACTIVE runBackup has failed: incremental backup "more" BUILDING → FAILED (the disk is full)',
      "a-r1 BACKUP → ACTIVE",
      'a deleteBackup: backup "mine" COMPLETED',
      'a deleteBackup is done: backup "mine" is gone; incremental backup "more" is gone',
      'a ACTIVE → BACKUP the hour of its backup: backup "full backup of a"',
      "a-r1 ACTIVE → BACKUP",
      'a startBackup is done: backup "full backup of a" NEW → BUILDING',
    ]);
  });

  test("keeps the hidden backups of replicas to itself, unless it is asked, or they fail", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    replica(sim, "b", source);
    expect(journalTimeline(sim.journal())).not.toContain("hidden");
    const all = journalTimeline(sim.journal(), { hidden: true });
    expect(all).toContain("startBackup is done: hidden backup for b NEW → BUILDING");
    expect(lines(all).length - lines(journalTimeline(sim.journal())).length).toBe(2);
    sim.failTask({ task: "runBackup", message: "no space" });
    replica(sim, "c", source);
    expect(journalTimeline(sim.journal())).toContain(
      "runBackup has failed: hidden backup for c BUILDING → FAILED (no space)",
    );
  });

  test("shows groups that are built, changed and deleted, and what is inside an instance", () => {
    const sim = new ReplicationSimulator({
      createId: (kind, ordinal) => `${kind}-${String(ordinal)}`,
    });
    const node = { flavorId: 2, volumeGb: 1 };
    const group = sim.createHaGroup({
      ...{ name: "g", source: { name: "a", ...node }, replicas: [{ name: "b", ...node }] },
    });
    sim.settle();
    expect(lines(journalTimeline(sim.journal())).map(squeezed)).toEqual([
      "0:00:00 #0 g → BUILD createHaGroup",
      "a → BUILD mysql 5.6, flavor 2, 1 GB; joins g as source",
      "0:00:35 #1 a BUILD → ACTIVE build is done ← #0",
      "b → BUILD mysql 5.6, flavor 2, 1 GB; replicates from a; joins g as replica",
      "0:01:49 #2 b BUILD → ACTIVE build is done ← #1",
      "0:05:00 #3 g BUILD → ACTIVE connect is done: replication is semi-synchronous ← #2",
    ]);
    const since = sim.journal().lines.length;
    const configuration = sim.createConfiguration({ name: "fast", values: { max_connections: 5 } });
    sim.attachGroupConfiguration(group.id, configuration.id);
    sim.detachGroupConfiguration(group.id);
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    sim.createUsers("instance-0", [{ name: "ann", password: "a Very good1 one" }]);
    sim.deleteUser("instance-0", "ann");
    sim.addReplica(group.id, { name: "c", ...node });
    sim.settle();
    sim.resizeGroupVolumes(group.id, 2);
    sim.settle();
    sim.deleteHaGroup(group.id);
    sim.settle();
    const reported = squeezed(journalTimeline(sim.journal(), { since }));
    for (const words of [
      "createConfiguration: fast for mysql 5.6",
      "has configuration configuration-0",
      "has no configuration",
      "createDatabases: has databases shop",
      "createUsers: has users ann",
      "deleteUser: has no users ann",
      "c → BUILD addReplica: mysql 5.6, flavor 2, 1 GB; replicates from a; joins g as replica",
      "g ACTIVE → ADDING_REPLICA",
      "g ACTIVE → RESIZING_VOLUME resizeGroupVolumes",
      "has 2 GB",
      "g ACTIVE → DELETING deleteHaGroup",
      "b DELETION_PENDING → gone delete is done: leaves g",
      "g DELETED → gone",
    ]) {
      expect(reported).toContain(words);
    }
  });

  test("counts days where there are some, and milliseconds where they differ", () => {
    const sim = new ReplicationSimulator({ latency: { build: 1_250 } });
    sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    expect(times(sim)).toEqual(["0:00:00.000", "0:00:01.250"]);
    sim.advanceTo(sim.settings.startAt + 2 * 86_400_000 + 3_661_000);
    sim.createInstance({ name: "b", flavorId: 2, volumeGb: 1 });
    expect(times(sim)).toEqual(["0d 00:00:00.000", "0d 00:00:01.250", "2d 01:01:01.000"]);
  });

  test("counts from the moment of a fork that changed something, and knows the names from before", () => {
    const sim = worldNamed("orders");
    const future = sim.fork({ seed: 2 });
    future.addAcl(future.listGroups().items[0]?.id ?? "", "10.0.0.0/8");
    const seq = future.journal().lines[0]?.seq;
    expect(journalTimeline(future.journal())).toBe(
      `0:00:00  #${seq}  orders    addAcl: open to 10.0.0.0/8`,
    );
  });

  test("knows whose the schedules and backups are that were there before a fork", () => {
    const sim = worldNamed("orders");
    const group = groupIn(sim);
    const schedule = sim.createSchedule({ ownerKind: "ha", ownerId: group.id, dayOfWeek: 1 });
    const backup = sim.createBackup({ name: "mine", ownerKind: "ha", ownerId: group.id });
    sim.settle();
    const future = sim.fork({ seed: 2 });
    future.deleteSchedule(schedule.id);
    future.deleteBackup(backup.id);
    expect(lines(journalTimeline(future.journal())).map((line) => squeezed(line).slice(8))).toEqual(
      [
        `#${future.journal().lines[0]?.seq} orders deleteSchedule: its backup schedule ends`,
        `#${future.journal().lines[1]?.seq} orders deleteBackup: backup "mine" COMPLETED`,
      ],
    );
  });

  test("is empty for a journal without lines", () => {
    expect(journalTimeline(new ReplicationSimulator().journal())).toBe("");
  });
});

describe("text for terminals", () => {
  test.each([
    ["topologyTree", topologyTree(worldNamed(hostileName).topology, { ids: true })],
    ["journalTimeline", journalTimeline(worldNamed(hostileName).journal())],
  ])("%s lets no name move the cursor, break a line or turn the direction", (_, text) => {
    expect(text).toContain("\\u{1b}[31m");
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202e\uffff]/u);
    expect(text).toContain("</text>");
  });

  test("half a character is shown as its number", () => {
    // Names and ids with half a character are refused; what is drawn may come from elsewhere.
    expect(plain("a\ud800b")).toBe("a\\u{d800}b");
  });

  test("a long name is cut, and not in the middle of a character", () => {
    const tree = topologyTree(worldNamed("🦄".repeat(100)).topology);
    expect(tree).toContain(`${"🦄".repeat(47)}…  `);
    expect(tree).not.toContain("🦄".repeat(48));
  });

  test("the same world gives the same text", () => {
    const [one, other] = [colourfulWorld(), colourfulWorld()];
    expect(topologyTree(one.topology)).toBe(topologyTree(other.topology));
    expect(journalTimeline(one.journal())).toBe(journalTimeline(other.journal()));
  });
});

function lines(text: string): string[] {
  return text.split("\n");
}

function squeezed(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

function times(sim: ReplicationSimulator): string[] {
  return lines(journalTimeline(sim.journal())).map((line) => line.split("  ")[0] ?? "");
}
