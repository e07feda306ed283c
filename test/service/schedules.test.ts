import { ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { after, group, lone, pair, small } from "../rules/fixtures.js";
import { idsOf } from "./statusChanges.js";

/*
 * Backup schedules as their users see them (§1.8, §2.6, §3.4, §3.7): when they fire, what they take, what they keep, and
 * what becomes of them when their set is converted to HA.
 */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 2026-01-01, the first moment of every world here, was a Thursday. */
const thursday = 4;
const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 0, day, hour, minute);

/** What was backed up, as "day hour:minute kind". */
function taken(sim: ReplicationSimulator, ownerId = "instance-0"): string[] {
  const found: string[] = [];
  for (let marker: string | undefined, more = true; more; more = marker !== undefined) {
    const page = sim.listBackups({ ownerId, ...(marker === undefined ? {} : { marker }) });
    for (const { createdAt, parentId } of page.items) {
      const moment = new Date(createdAt).toISOString();
      found.push(
        `${moment.slice(8, 10)} ${moment.slice(11, 16)} ${parentId === null ? "full" : "incremental"}`,
      );
    }
    marker = page.nextMarker;
  }
  return found.sort();
}

describe("a schedule", () => {
  test("says when it runs next, and when it last did", () => {
    const sim = lone();
    const schedule = sim.createSchedule({
      ownerId: "instance-0",
      dayOfWeek: thursday,
      hour: 4,
      minute: 30,
    });
    expect(schedule).toMatchObject({
      ownerKind: "instance",
      ownerId: "instance-0",
      nextRunAt: at(1, 4, 30),
      lastScheduledAt: null,
      fullBackupRetention: 2,
      copyTo: null,
    });
    expect(sim.getInstance("instance-0").scheduleId).toBe(schedule.id);
    sim.advanceTo(at(1, 4, 30) - 1);
    expect(sim.getSchedule(schedule.id).lastScheduledAt).toBeNull();
    sim.advance(1);
    expect(sim.getSchedule(schedule.id)).toMatchObject({
      lastScheduledAt: at(1, 4, 30),
      nextRunAt: at(2, 4, 30),
    });
    expect(sim.getInstance("instance-0").status).toBe("BACKUP");
  });

  test("draws its day, hour and minute where they are left out, the same ones for the same seed", () => {
    const drawn = (seed: number) => {
      const sim = lone({ seed });
      const { dayOfWeek, hour, minute } = sim.createSchedule({ ownerId: "instance-0" });
      return [dayOfWeek, hour, minute];
    };
    expect(drawn(5)).toEqual(drawn(5));
    const all = Array.from({ length: 40 }, (_, seed) => drawn(seed));
    expect(new Set(all.map(String)).size).toBeGreaterThan(30);
    for (const [day = -1, hour = -1, minute = -1] of all) {
      // "Every day" is asked for, never drawn.
      expect(day >= 0 && day <= 6 && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59).toBe(
        true,
      );
    }
  });

  test("takes a full backup on its day of the week, and an incremental one on each other day", () => {
    const sim = lone();
    sim.createSchedule({
      ownerId: "instance-0",
      dayOfWeek: thursday,
      hour: 4,
      minute: 0,
      fullBackupRetention: 9,
    });
    sim.advanceTo(at(17, 0));
    expect(taken(sim)).toEqual(
      Array.from({ length: 16 }, (_, day) => {
        const kind = day % 7 === 0 ? "full" : "incremental";
        return `${String(day + 1).padStart(2, "0")} 04:00 ${kind}`;
      }),
    );
    // Each adds to the one before it.
    const backups = sim.listBackups({ limit: 3 }).items;
    expect(backups[1]?.parentId).toBe(backups[0]?.id);
  });

  test("takes a full one every day where the day is 7", () => {
    const sim = lone();
    sim.createSchedule({
      ownerId: "instance-0",
      dayOfWeek: 7,
      hour: 4,
      minute: 0,
      fullBackupRetention: 9,
    });
    sim.advanceTo(at(4, 0));
    expect(taken(sim)).toEqual(["01 04:00 full", "02 04:00 full", "03 04:00 full"]);
  });

  test("takes no incremental one before there is a full one to add to: the first is full, whatever the day", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 6, hour: 4, minute: 0 });
    sim.advanceTo(at(4, 0));
    expect(taken(sim)).toEqual(["01 04:00 full", "02 04:00 incremental", "03 04:00 full"]);
  });

  test("adds to what was backed up by hand", () => {
    const sim = after(lone(), (sim) => sim.createBackup({ name: "mine", ownerId: "instance-0" }));
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 0, hour: 4, minute: 0 });
    sim.advanceTo(at(2, 0));
    expect(sim.listBackups().items).toMatchObject([
      { name: "mine", scheduleId: null },
      { parentId: "backup-0", scheduleId: "schedule-0" },
    ]);
  });

  test("begins anew with a full one after a full one that failed, or was deleted", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 4, minute: 0 });
    sim.updateSchedule("schedule-0", { dayOfWeek: thursday });
    sim.failTask({ task: "runBackup" });
    sim.advanceTo(at(3, 0));
    expect(sim.listBackups().items).toMatchObject([
      { status: "FAILED", parentId: null },
      { status: "COMPLETED", parentId: null },
    ]);
    sim.deleteBackup("backup-1");
    sim.advanceTo(at(4, 0));
    expect(sim.getBackup("backup-2").parentId).toBeNull();
  });

  test("skips its hour while its owner cannot be backed up, says why, and goes on", () => {
    const sim = lone({ latency: { resizeFlavor: 4 * hourMs } });
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 1, minute: 0 });
    sim.resizeFlavor("instance-0", 3);
    sim.advanceTo(at(2, 2));
    const fired = sim
      .journal()
      .lines.flatMap((line) => line.facts.filter((fact) => fact.type === "ScheduleFired"));
    expect(fired).toMatchObject([
      { slot: at(1, 1), backup: "nothing", reason: "its owner is RESIZE" },
      { slot: at(2, 1), backup: "full", reason: null },
    ]);
    expect(taken(sim)).toEqual(["02 01:00 full"]);
  });

  test("takes nothing without access to object storage", () => {
    const sim = lone({ policy: { objectStorageAccess: false } });
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 1, minute: 0 });
    sim.advance(2 * dayMs);
    expect(sim.listBackups().items).toEqual([]);
    expect(sim.getSchedule("schedule-0").lastScheduledAt).toBe(at(2, 1));
    expect(sim.journal().lines.at(-1)?.facts).toMatchObject([
      { type: "ScheduleFired", backup: "nothing", reason: "object storage is out of reach" },
    ]);
  });

  test("names its backups after what they are of, as long as a name may be", () => {
    const sim = lone();
    sim.renameInstance("instance-0", "🙂".repeat(100));
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 1, minute: 0 });
    sim.advance(dayMs);
    const { name } = sim.getBackup("backup-0");
    expect([...name]).toHaveLength(64);
    expect(name).toBe(`full backup of ${"🙂".repeat(49)}`);
  });
});

describe("retention", () => {
  test("keeps so many full backups, and the incremental ones that add to them", () => {
    const sim = lone();
    sim.createSchedule({
      ownerId: "instance-0",
      dayOfWeek: thursday,
      hour: 4,
      minute: 0,
      fullBackupRetention: 2,
    });
    // The third Thursday: two full ones with six incremental ones each, and the third is not taken yet.
    sim.advanceTo(at(15, 0));
    expect(taken(sim)).toHaveLength(14);
    sim.advanceTo(at(15, 5));
    expect(taken(sim)).toEqual([
      "08 04:00 full",
      ...[9, 10, 11, 12, 13, 14].map((day) => `${String(day).padStart(2, "0")} 04:00 incremental`),
      "15 04:00 full",
    ]);
  });

  test("lets go of the oldest only when the new one is complete, and not for one that fails", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 4, minute: 0 });
    sim.advanceTo(at(3, 0));
    sim.failTask({ task: "runBackup" });
    sim.advanceTo(at(3, 5));
    expect(sim.listBackups().items.map(({ status }) => status)).toEqual([
      "COMPLETED",
      "COMPLETED",
      "FAILED",
    ]);
    sim.advanceTo(at(4, 4));
    expect(idsOf(sim.listBackups())).toHaveLength(4);
    sim.settle();
    expect(idsOf(sim.listBackups())).toEqual(["backup-1", "backup-2", "backup-3"]);
  });

  test("never touches what was taken by hand, or by another schedule", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 4, minute: 0 });
    sim.advanceTo(at(3, 0));
    sim.deleteSchedule("schedule-0");
    sim.createBackup({ name: "mine", ownerId: "instance-0" });
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 4, minute: 0 });
    sim.advanceTo(at(9, 0));
    const left = sim.listBackups().items;
    expect(left.filter(({ scheduleId }) => scheduleId === "schedule-0")).toHaveLength(2);
    expect(left.filter(({ scheduleId }) => scheduleId === null)).toHaveLength(1);
    expect(left.filter(({ scheduleId }) => scheduleId === "schedule-1")).toHaveLength(2);
  });

  test("that is raised holds from the next full backup on", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 4, minute: 0 });
    sim.advanceTo(at(3, 0));
    sim.updateSchedule("schedule-0", { fullBackupRetention: 3 });
    sim.advanceTo(at(9, 0));
    expect(sim.listBackups().items).toHaveLength(3);
  });
});

describe("an update", () => {
  const scheduled = () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 2, hour: 4, minute: 30 });
    return sim;
  };

  test("moves the next run when the time changes, and only then", () => {
    const sim = scheduled();
    expect(sim.updateSchedule("schedule-0", { dayOfWeek: 3 }).nextRunAt).toBe(at(1, 4, 30));
    expect(sim.updateSchedule("schedule-0", { hour: 5 })).toMatchObject({
      dayOfWeek: 3,
      minute: 30,
      nextRunAt: at(1, 5, 30),
    });
    sim.advanceTo(at(1, 6));
    // The hour of this day is over: the next one is tomorrow's.
    expect(sim.updateSchedule("schedule-0", { minute: 15 }).nextRunAt).toBe(at(2, 5, 15));
    expect(sim.updateSchedule("schedule-0", { hour: 7 }).nextRunAt).toBe(at(1, 7, 15));
  });

  test("is fired at its new hour, once, whether that is earlier or later", () => {
    for (const hour of [3, 9]) {
      const sim = scheduled();
      sim.advanceTo(at(1, 2));
      sim.updateSchedule("schedule-0", { hour });
      expect(sim.listPendingTasks().map(({ id, dueAt }) => [id, dueAt])).toEqual([
        ["schedule-0", at(1, hour, 30)],
      ]);
      sim.advanceTo(at(2, 0));
      expect(taken(sim)).toEqual([`01 0${String(hour)}:30 full`]);
    }
  });

  test("names regions once each, in order; an empty list is none", () => {
    const sim = scheduled();
    expect(
      sim.updateSchedule("schedule-0", { copyTo: ["IAD", "SYD", "DFW", "SYD"] }).copyTo,
    ).toEqual(["DFW", "IAD", "SYD"]);
    expect(sim.updateSchedule("schedule-0", { copyTo: ["DFW", "IAD"] }).copyTo).toEqual([
      "DFW",
      "IAD",
    ]);
    expect(sim.updateSchedule("schedule-0", { copyTo: [] }).copyTo).toBeNull();
  });

  test("with runNow takes a full backup at once, which counts for retention; the next run stays", () => {
    const sim = scheduled();
    const before = sim.getSchedule("schedule-0");
    sim.updateSchedule("schedule-0", { runNow: true });
    expect(sim.listBackups().items).toMatchObject([
      { status: "NEW", parentId: null, scheduleId: "schedule-0" },
    ]);
    sim.settle();
    const { updatedAt: _, ...rest } = sim.getSchedule("schedule-0");
    expect(before).toMatchObject(rest);
    sim.updateSchedule("schedule-0", { runNow: true });
    sim.settle();
    sim.updateSchedule("schedule-0", { runNow: true });
    sim.settle();
    expect(idsOf(sim.listBackups())).toEqual(["backup-1", "backup-2"]);
  });

  test("with runNow is refused while a backup is being taken, and changes nothing then", () => {
    const sim = scheduled();
    sim.createBackup({ name: "mine", ownerId: "instance-0" });
    expect(sim.try.updateSchedule("schedule-0", { hour: 9, runNow: true })).toMatchObject({
      error: { rule: "one-backup", code: "unprocessableEntity" },
    });
    expect(sim.getSchedule("schedule-0").hour).toBe(4);
  });
});

describe("the end of a schedule", () => {
  test("is its deletion, or that of its owner; backups stay", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 1, minute: 0 });
    sim.advanceTo(at(1, 2));
    sim.deleteSchedule("schedule-0");
    expect(sim.getInstance("instance-0").scheduleId).toBeNull();
    sim.advanceTo(at(3, 0));
    expect(taken(sim)).toEqual(["01 01:00 full"]);
    sim.createSchedule({ ownerId: "instance-0" });
    sim.deleteInstance("instance-0");
    sim.settle();
    expect(sim.listSchedules().items).toEqual([]);
    expect(sim.listPendingTasks()).toEqual([]);
    expect(taken(sim)).toEqual(["01 01:00 full"]);
  });

  test("is no end of a backup that is being taken", () => {
    const sim = lone();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 1, minute: 0 });
    sim.advanceTo(at(1, 1));
    sim.deleteSchedule("schedule-0");
    sim.settle();
    expect(sim.listBackups().items).toMatchObject([{ status: "COMPLETED" }]);
  });
});

describe("a schedule of a group", () => {
  test("backs the group up through a replica", () => {
    const sim = group();
    sim.createSchedule({
      ownerKind: "ha",
      ownerId: "group-0",
      dayOfWeek: thursday,
      hour: 1,
      minute: 0,
    });
    sim.advanceTo(at(3, 0));
    expect(taken(sim, "group-0")).toEqual(["01 01:00 full", "02 01:00 incremental"]);
    expect(sim.listBackups().items[0]?.instanceId).toBe("instance-1");
  });
});

describe("when a set is converted to HA", () => {
  const times = { dayOfWeek: 3, hour: 4, minute: 30, fullBackupRetention: 5, copyTo: ["SYD"] };

  test("its schedule becomes the group's: new id, same times, retention and regions (§3.4)", () => {
    const sim = pair();
    sim.createSchedule({ ownerId: "instance-0", ...times });
    const { nextRunAt } = sim.getSchedule("schedule-0");
    sim.convertToHa("instance-0", { name: "orders" });
    // Not before the conversion has succeeded.
    expect(sim.getGroup("group-0").scheduleId).toBeNull();
    expect(sim.getInstance("instance-0").scheduleId).toBe("schedule-0");
    sim.settle();
    expect(sim.getGroup("group-0").scheduleId).toBe("schedule-1");
    expect(sim.listSchedules().items).toMatchObject([
      { id: "schedule-1", ownerKind: "ha", ownerId: "group-0", ...times, nextRunAt },
    ]);
    expect(sim.getInstance("instance-0").scheduleId).toBeNull();
  });

  test("the next run is full, since the group has nothing to add to; old backups stay the instance's", () => {
    const sim = pair();
    sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 0, hour: 4, minute: 0 });
    sim.advanceTo(at(2, 0));
    sim.convertToHa("instance-0", { name: "orders" });
    sim.advanceTo(at(4, 0));
    expect(taken(sim, "instance-0")).toEqual(["01 04:00 full"]);
    expect(taken(sim, "group-0")).toEqual(["02 04:00 full", "03 04:00 incremental"]);
  });

  test("a slot that is due in the moment of the conversion's end is not lost", () => {
    for (const late of [false, true]) {
      const sim = pair();
      const start = at(1, 4) - 120_000;
      sim.createSchedule({ ownerId: "instance-0", dayOfWeek: 7, hour: 3, minute: 0 });
      sim.advanceTo(start);
      if (!late) sim.updateSchedule("schedule-0", { hour: 4 });
      sim.convertToHa("instance-0", { name: "orders" });
      // Numbered after the work of the conversion, it would come after it.
      if (late) sim.updateSchedule("schedule-0", { hour: 4 });
      sim.advanceTo(at(1, 5));
      const slots = sim
        .journal()
        .lines.flatMap((line) => line.facts.filter((fact) => fact.type === "ScheduleFired"))
        .map((fact) => fact.slot);
      expect(slots.filter((slot) => slot === at(1, 4))).toHaveLength(1);
      expect(sim.getGroup("group-0").status).toBe("ACTIVE");
    }
  });
});

test("two accounts have their own schedules, at the same hour", () => {
  const sim = new ReplicationSimulator();
  for (const account of [sim, sim.account("5678")]) {
    const { id } = account.createInstance(small);
    sim.settle();
    account.createSchedule({ ownerId: id, dayOfWeek: 7, hour: 1, minute: 0 });
  }
  sim.advanceTo(at(1, 2));
  for (const account of [sim, sim.account("5678")]) {
    expect(account.listSchedules().items).toHaveLength(1);
    expect(account.listBackups().items).toMatchObject([{ status: "COMPLETED" }]);
  }
});
