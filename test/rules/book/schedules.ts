import type { InstanceStatus, ReplicationSimulator } from "replication-simulator";
import { converting, empty, group, lone, pair, small, withState } from "../fixtures.js";
import { labelUnique } from "../shared.js";
import { type RuleSpec, specify, statusSpec } from "../spec.js";

const owner = { ownerId: "instance-0" } as const;
const ofGroup = { ownerKind: "ha", ownerId: "group-0" } as const;
const takenIn: readonly InstanceStatus[] = [
  "ACTIVE",
  "RESTART",
  "REBOOT",
  "RESIZE",
  "DETACH_REPLICA",
  "CONVERT_TO_HA",
  "BACKUP",
  "RESTART_REQUIRED",
  "REPLICATION_ERROR",
  "BLOCKED",
  "SHUTDOWN",
];
const byStatus = statusSpec<"createSchedule">({
  world: (state) => withState(lone(), "instance-0", state),
  id: "instance-0",
  input: owner,
  field: "ownerId",
  doing: "add a schedule to",
  takenIn,
  needs: takenIn,
});
const groupNeeds = ["ACTIVE", "BACKUP", "RESTART_REQUIRED", "REPLICATION_ERROR"];

const scheduled = (): ReplicationSimulator => {
  const sim = lone();
  sim.createSchedule({ ...owner, dayOfWeek: 0, hour: 4, minute: 30 });
  return sim;
};

/** The caller had access to object storage, and has lost it. */
const outOfReach = (): ReplicationSimulator =>
  scheduled().fork({ policy: { objectStorageAccess: false } });

const runningBackup = (): ReplicationSimulator => {
  const sim = scheduled();
  sim.createBackup({ name: "full", ownerId: "instance-0" });
  return sim;
};

export const createSchedule = specify("createSchedule", {
  "schedule-owner-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no instance has the id",
        world: lone,
        input: { ownerId: "no-such-id" },
        message: "instance no-such-id not found",
        field: "ownerId",
        value: "no-such-id",
      },
      {
        when: "no HA group has the id",
        world: lone,
        input: { ownerKind: "ha", ownerId: "no-such-id" },
        message: "HA group no-such-id not found",
        field: "ownerId",
        value: "no-such-id",
      },
      {
        when: "an instance is named as an HA group",
        world: lone,
        input: { ownerKind: "ha", ownerId: "instance-0" },
        message: "HA group instance-0 not found",
        field: "ownerId",
        value: "instance-0",
      },
      {
        when: "an HA group is named as an instance",
        world: group,
        input: { ownerId: "group-0" },
        message: "instance group-0 not found",
        field: "ownerId",
        value: "group-0",
      },
      {
        when: "another account has the instance",
        world: () => {
          const sim = empty();
          sim.account("5678").createInstance(small);
          sim.settle();
          return sim;
        },
        input: owner,
        message: "instance instance-0 not found",
        field: "ownerId",
        value: "instance-0",
      },
    ],
    passes: [
      { when: "it is an instance", world: lone, input: { ...owner, ownerKind: "instance" } },
      { when: "it is an HA group", world: group, input: ofGroup },
    ],
  },
  "schedule-outside-ha": {
    code: "forbidden",
    refuses: ["instance-0", "instance-1"].map((ownerId) => ({
      when: `it is the ${ownerId === "instance-0" ? "source" : "replica"} of an HA group`,
      world: group,
      input: { ownerId },
      message: `instance ${ownerId} belongs to HA group group-0; schedule the group`,
      field: "ownerId",
      value: ownerId,
    })),
    passes: [
      // It will be carried over to the group when the conversion is done.
      { when: "its set is still being converted to HA", world: converting, input: owner },
      { when: "it is a plain source", world: pair, input: owner },
      { when: "it is a plain replica", world: pair, input: { ownerId: "instance-1" } },
    ],
  },
  "one-schedule": {
    code: "badRequest",
    refuses: [
      {
        when: "the instance has one",
        world: scheduled,
        input: owner,
        message: "instance instance-0 already has schedule schedule-0",
        field: "ownerId",
        value: "instance-0",
      },
      {
        when: "the HA group has one",
        world: () => {
          const sim = group();
          sim.createSchedule(ofGroup);
          return sim;
        },
        input: ofGroup,
        message: "HA group group-0 already has schedule schedule-0",
        field: "ownerId",
        value: "group-0",
      },
    ],
    passes: [
      {
        when: "only the source of the replica has one",
        world: () => {
          const sim = pair();
          sim.createSchedule(owner);
          return sim;
        },
        input: { ownerId: "instance-1" },
      },
      {
        when: "the one that it had is deleted",
        world: () => {
          const sim = scheduled();
          sim.deleteSchedule("schedule-0");
          return sim;
        },
        input: owner,
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ ...owner, label }), lone),
  "schedule-status": {
    ...byStatus,
    refuses: [
      ...byStatus.refuses,
      {
        when: "the HA group is BUILD",
        world: converting,
        input: ofGroup,
        message: `cannot add a schedule to HA group group-0 in status BUILD; allowed: ${groupNeeds.join(", ")}`,
        field: "ownerId",
        value: "BUILD",
        allowed: groupNeeds,
      },
      {
        when: "the HA group is ERROR",
        world: () => {
          const sim = converting();
          sim.failTask({ task: "convert" });
          sim.settle();
          return sim;
        },
        input: ofGroup,
        message: `cannot add a schedule to HA group group-0 in status ERROR; allowed: ${groupNeeds.join(", ")}`,
        field: "ownerId",
        value: "ERROR",
        allowed: groupNeeds,
      },
    ],
    passes: [...byStatus.passes, { when: "the HA group is ACTIVE", world: group, input: ofGroup }],
  },
});

function exists<K extends "updateSchedule" | "deleteSchedule">(
  input: (scheduleId: string) => RuleSpec<K>["passes"][number]["input"],
): RuleSpec<K> {
  return {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: scheduled,
        input: input("no-such-id"),
        message: "schedule no-such-id not found",
        field: "scheduleId",
        value: "no-such-id",
      },
      {
        when: "another account has it",
        world: () => {
          const sim = empty();
          sim.account("5678").createInstance(small);
          sim.settle();
          sim.account("5678").createSchedule(owner);
          return sim;
        },
        input: input("schedule-0"),
        message: "schedule schedule-0 not found",
        field: "scheduleId",
        value: "schedule-0",
      },
      {
        when: "its instance has been deleted",
        world: () => {
          const sim = scheduled();
          sim.deleteInstance("instance-0");
          sim.settle();
          return sim;
        },
        input: input("schedule-0"),
        message: "schedule schedule-0 not found",
        field: "scheduleId",
        value: "schedule-0",
      },
    ],
    passes: [{ when: "it is the account's own", world: scheduled, input: input("schedule-0") }],
  };
}

export const updateSchedule = specify("updateSchedule", {
  "schedule-exists": exists((scheduleId) => ({ scheduleId, hour: 5 })),
  "object-storage-access": {
    code: "forbidden",
    refuses: [
      {
        when: "a backup is asked for, and the caller has no access",
        world: outOfReach,
        input: { scheduleId: "schedule-0", runNow: true },
        message: "access to object storage is required, where backups are stored",
        field: "accountId",
        value: "1234",
      },
    ],
    passes: [
      {
        when: "the caller has no access, but asks for no backup",
        world: outOfReach,
        input: { scheduleId: "schedule-0", hour: 5, runNow: false },
      },
      {
        when: "the caller has access",
        world: scheduled,
        input: { scheduleId: "schedule-0", runNow: true },
      },
    ],
  },
  "update-not-empty": {
    code: "badRequest",
    refuses: [
      {
        when: "no field is given",
        world: scheduled,
        input: { scheduleId: "schedule-0" },
        message: "schedule schedule-0 has nothing to change; pass at least one field",
        field: "input",
        value: "schedule-0",
      },
    ],
    passes: [
      {
        when: "the day is given",
        world: scheduled,
        input: { scheduleId: "schedule-0", dayOfWeek: 7 },
      },
      { when: "the hour is given", world: scheduled, input: { scheduleId: "schedule-0", hour: 0 } },
      {
        when: "the minute is given",
        world: scheduled,
        input: { scheduleId: "schedule-0", minute: 0 },
      },
      {
        when: "the retention is given",
        world: scheduled,
        input: { scheduleId: "schedule-0", fullBackupRetention: 9 },
      },
      {
        when: "regions are given",
        world: scheduled,
        input: { scheduleId: "schedule-0", copyTo: [] },
      },
      {
        when: "the values are the present ones",
        world: scheduled,
        input: { scheduleId: "schedule-0", hour: 4 },
      },
    ],
  },
  "one-backup": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "one is being taken already",
        world: runningBackup,
        input: { scheduleId: "schedule-0", runNow: true },
        message: "instance instance-0 is already being backed up",
        field: "runNow",
        value: "instance-0",
        allowed: "one backup at a time",
      },
    ],
    passes: [
      {
        when: "one is being taken, but no other is asked for",
        world: runningBackup,
        input: { scheduleId: "schedule-0", hour: 5 },
      },
    ],
  },
  "backup-status": (() => {
    const backups: readonly InstanceStatus[] = [
      "ACTIVE",
      "RESTART_REQUIRED",
      "BLOCKED",
      "SHUTDOWN",
    ];
    const bySchedule = statusSpec<"updateSchedule">({
      world: (state) => withState(scheduled(), "instance-0", state),
      id: "instance-0",
      input: { scheduleId: "schedule-0", runNow: true },
      field: "runNow",
      doing: "back up",
      takenIn: backups,
      needs: backups,
    });
    return {
      ...bySchedule,
      passes: [
        ...bySchedule.passes,
        {
          when: "it is BUILD, but no backup is asked for",
          world: () => withState(scheduled(), "instance-0", "building"),
          input: { scheduleId: "schedule-0", minute: 1 },
        },
        {
          when: "the schedule is a group's",
          world: () => {
            const sim = group();
            sim.createSchedule(ofGroup);
            return sim;
          },
          input: { scheduleId: "schedule-0", runNow: true },
        },
      ],
    };
  })(),
});

export const deleteSchedule = specify("deleteSchedule", {
  "schedule-exists": exists((scheduleId) => ({ scheduleId })),
});
