import type {
  CommandType,
  InputOf,
  InstanceStatus,
  ReplicationSimulator,
  SimulatorOptions,
} from "replication-simulator";
import { transitionTables } from "replication-simulator/lifecycle";
import {
  after,
  converting,
  foreign,
  group,
  lone,
  pair,
  small,
  unconverted,
  withBackupState,
  withGroupState,
  withState,
} from "../fixtures.js";
import { groupStatus, labelUnique } from "../shared.js";
import { type RuleSpec, specify, statusSpec } from "../spec.js";

const input = { name: "nightly", ownerId: "instance-0" } as const;
const ofGroup = { name: "nightly", ownerKind: "ha", ownerId: "group-0" } as const;
const ended = ["COMPLETED", "FAILED", "DELETE_FAILED"];

/** `backup-0` is a completed full backup of `instance-0`. */
export const backedUp = (options: SimulatorOptions = {}): ReplicationSimulator =>
  after(lone(options), (sim) => sim.createBackup({ name: "full", ownerId: "instance-0" }));

/** `backup-1` adds to `backup-0`, and `backup-2` to that. */
const chained = (): ReplicationSimulator =>
  after(
    backedUp(),
    (sim) => sim.createBackup({ name: "first", ownerId: "instance-0", parentId: "backup-0" }),
    (sim) => sim.createBackup({ name: "second", ownerId: "instance-0", parentId: "backup-1" }),
  );

/** The hidden backup `backup-0` is being taken of `instance-0` for the replica `instance-1`. */
const silently = (): ReplicationSimulator => {
  const sim = lone();
  sim.createReplica({ ...small, replicaOf: "instance-0" });
  sim.waitFor("instance-0", "ACTIVE");
  return sim;
};
const takenIn: readonly InstanceStatus[] = ["ACTIVE", "RESTART_REQUIRED", "BLOCKED", "SHUTDOWN"];

export const createBackup = specify("createBackup", {
  "backup-owner-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no instance has the id",
        world: lone,
        input: { ...input, ownerId: "no-such-id" },
        message: "instance no-such-id not found",
        field: "ownerId",
        value: "no-such-id",
      },
      {
        when: "an HA group is named as an instance",
        world: group,
        input: { ...input, ownerId: "group-0" },
        message: "instance group-0 not found",
        field: "ownerId",
        value: "group-0",
      },
      {
        when: "an instance is named as an HA group",
        world: lone,
        input: { ...ofGroup, ownerId: "instance-0" },
        message: "HA group instance-0 not found",
        field: "ownerId",
        value: "instance-0",
      },
      {
        when: "another account has the group",
        world: foreign,
        input: ofGroup,
        message: "HA group group-0 not found",
        field: "ownerId",
        value: "group-0",
      },
    ],
    passes: [
      { when: "it is an instance", world: lone, input: { ...input, ownerKind: "instance" } },
      { when: "it is an HA group", world: group, input: ofGroup },
    ],
  },
  "parent-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: backedUp,
        input: { ...input, parentId: "no-such-id" },
        message: "parent backup no-such-id not found",
        field: "parentId",
        value: "no-such-id",
      },
      {
        when: "it is the hidden backup for a replica",
        world: silently,
        input: { ...input, parentId: "backup-0" },
        message: "parent backup backup-0 not found",
        field: "parentId",
        value: "backup-0",
      },
      {
        when: "it has been deleted",
        world: () => after(backedUp(), (sim) => sim.deleteBackup("backup-0")),
        input: { ...input, parentId: "backup-0" },
        message: "parent backup backup-0 not found",
        field: "parentId",
        value: "backup-0",
      },
    ],
    passes: [
      { when: "it exists", world: backedUp, input: { ...input, parentId: "backup-0" } },
      { when: "none is named", world: backedUp, input: input },
    ],
  },
  "backup-outside-ha": {
    code: "forbidden",
    refuses: ["instance-0", "instance-1"].map((ownerId) => ({
      when: `it is the ${ownerId === "instance-0" ? "source" : "replica"} of an HA group`,
      world: group,
      input: { ...input, ownerId },
      message: `instance ${ownerId} belongs to HA group group-0; back up the group`,
      field: "ownerId",
      value: ownerId,
    })),
    passes: [
      { when: "its conversion has failed", world: unconverted, input: input },
      { when: "it is a plain source", world: pair, input: input },
      { when: "it is a plain replica", world: pair, input: { ...input, ownerId: "instance-1" } },
    ],
  },
  "object-storage-access": {
    code: "forbidden",
    refuses: [
      {
        when: "the caller has no access",
        world: () => lone({ policy: { objectStorageAccess: false } }),
        input: input,
        message: "access to object storage is required, where backups are stored",
        field: "accountId",
        value: "1234",
      },
    ],
    passes: [
      {
        when: "the caller has access",
        world: () => lone({ policy: { objectStorageAccess: true } }),
        input: input,
      },
    ],
  },
  "parent-backup-usable": {
    code: "badRequest",
    refuses: [
      {
        when: "it was taken of another instance",
        world: () =>
          after(backedUp(), (sim) => sim.createReplica({ ...small, replicaOf: "instance-0" })),
        input: { ...input, ownerId: "instance-1", parentId: "backup-0" },
        message: "parent backup backup-0 is a backup of instance-0, not of instance-1",
        field: "parentId",
        value: "backup-0",
      },
      {
        when: "it was taken of the source before that became an HA group",
        world: () =>
          after(
            pair(),
            (sim) => sim.createBackup({ name: "full", ownerId: "instance-0" }),
            (sim) => sim.convertToHa("instance-0", { name: "orders" }),
          ),
        // The hidden one of the replica was the first.
        input: { ...ofGroup, parentId: "backup-1" },
        message: "parent backup backup-1 is a backup of instance-0, not of group-0",
        field: "parentId",
        value: "backup-1",
      },
      {
        when: "it has failed",
        world: () => {
          const sim = lone();
          sim.failTask({ task: "runBackup" });
          return after(sim, () => sim.createBackup({ name: "full", ownerId: "instance-0" }));
        },
        input: { ...input, parentId: "backup-0" },
        message: "parent backup backup-0 is FAILED; COMPLETED is required",
        field: "parentId",
        value: "backup-0",
      },
      {
        when: "it is being deleted",
        world: () => {
          const sim = backedUp();
          sim.deleteBackup("backup-0");
          return sim;
        },
        input: { ...input, parentId: "backup-0" },
        message: "parent backup backup-0 is being deleted; COMPLETED is required",
        field: "parentId",
        value: "backup-0",
      },
      {
        when: "the full one that it adds to is being deleted, and it with that",
        world: () => {
          const sim = chained();
          sim.deleteBackup("backup-0");
          return sim;
        },
        input: { ...input, parentId: "backup-2" },
        message: "parent backup backup-2 is being deleted; COMPLETED is required",
        field: "parentId",
        value: "backup-2",
      },
      {
        when: "the full one that it adds to could not be deleted",
        world: () => withBackupState(chained(), "backup-0", "deleteFailed"),
        input: { ...input, parentId: "backup-2" },
        message:
          "parent backup backup-2 adds to backup-0, which is DELETE_FAILED; COMPLETED is required",
        field: "parentId",
        value: "backup-2",
      },
    ],
    passes: [
      { when: "it is the full one", world: chained, input: { ...input, parentId: "backup-0" } },
      { when: "it is the newest", world: chained, input: { ...input, parentId: "backup-2" } },
      {
        when: "it was taken of the group",
        world: () => after(group(), (sim) => sim.createBackup(ofGroup)),
        input: { ...ofGroup, parentId: "backup-1" },
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ ...input, label }), lone),
  "parent-backup-completed": {
    code: "unprocessableEntity",
    refuses: (
      [
        { status: "NEW", after: 0 },
        { status: "BUILDING", after: 500 },
      ] as const
    ).map(({ status, after: ms }) => ({
      when: `it is ${status}`,
      world: () => {
        const sim = lone();
        sim.createBackup({ name: "full", ownerId: "instance-0" });
        sim.advance(ms);
        return sim;
      },
      input: { ...input, parentId: "backup-0" },
      message: `parent backup backup-0 is ${status}; COMPLETED is required`,
      field: "parentId",
      value: status,
      allowed: ["COMPLETED"],
    })),
    passes: [
      { when: "it is completed", world: backedUp, input: { ...input, parentId: "backup-0" } },
    ],
  },
  "one-backup": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "one is being taken",
        world: () => {
          const sim = lone();
          sim.createBackup({ name: "full", ownerId: "instance-0" });
          return sim;
        },
        input: input,
        message: "instance instance-0 is already being backed up",
        field: "ownerId",
        value: "instance-0",
        allowed: "one backup at a time",
      },
      {
        when: "the hidden one for a new replica is being taken",
        world: silently,
        input: input,
        message: "instance instance-0 is already being backed up",
        field: "ownerId",
        value: "instance-0",
        allowed: "one backup at a time",
      },
      {
        when: "one is being taken of the group",
        world: () => {
          const sim = group();
          sim.createBackup(ofGroup);
          return sim;
        },
        input: ofGroup,
        message: "HA group group-0 is already being backed up",
        field: "ownerId",
        value: "group-0",
        allowed: "one backup at a time",
      },
    ],
    passes: [
      { when: "the last one is completed", world: backedUp, input: input },
      {
        when: "the hidden one is taken, and the replica is still building",
        world: () => {
          const sim = silently();
          sim.advance(5_000);
          return sim;
        },
        input: input,
      },
      {
        when: "one is being taken of its replica",
        world: () => {
          const sim = pair();
          sim.createBackup({ ...input, ownerId: "instance-1" });
          return sim;
        },
        input: input,
      },
    ],
  },
  "backup-status": (() => {
    const byStatus = statusSpec<"createBackup">({
      world: (state) => withState(lone(), "instance-0", state),
      id: "instance-0",
      input: input,
      field: "ownerId",
      doing: "back up",
      takenIn,
      needs: takenIn,
    });
    const byGroupStatus = groupStatus<"createBackup">({
      world: (state) => withGroupState(group(), "group-0", state),
      input: ofGroup,
      field: "ownerId",
      doing: "back up",
      takenIn: ["active"],
    });
    return {
      ...byStatus,
      refuses: [
        ...byStatus.refuses,
        ...byGroupStatus.refuses,
        {
          when: "its set is still being converted to HA",
          world: converting,
          input: input,
          message: `cannot back up instance instance-0 in status CONVERT_TO_HA; allowed: ${takenIn.join(", ")}`,
          field: "ownerId",
          value: "CONVERT_TO_HA",
          allowed: takenIn,
        },
        {
          when: "the only replica of the group cannot be read",
          world: () => withState(group(), "instance-1", "error"),
          input: ofGroup,
          message: `cannot back up instance instance-1 in status ERROR; allowed: ${takenIn.join(", ")}`,
          field: "ownerId",
          value: "ERROR",
          allowed: takenIn,
        },
      ],
      passes: [...byStatus.passes, ...byGroupStatus.passes],
    };
  })(),
});

export const deleteBackup = specify("deleteBackup", {
  "backup-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: backedUp,
        input: { backupId: "no-such-id" },
        message: "backup no-such-id not found",
        field: "backupId",
        value: "no-such-id",
      },
      {
        when: "another account has it",
        world: foreign,
        // The hidden one of the replica was the first.
        input: { backupId: "backup-1" },
        message: "backup backup-1 not found",
        field: "backupId",
        value: "backup-1",
      },
      {
        when: "it is the hidden backup for a replica",
        world: silently,
        input: { backupId: "backup-0" },
        message: "backup backup-0 not found",
        field: "backupId",
        value: "backup-0",
      },
    ],
    passes: [
      { when: "it is the account's own", world: backedUp, input: { backupId: "backup-0" } },
      {
        when: "its instance is gone",
        world: () =>
          after(backedUp(), (sim) => {
            sim.deleteInstance("instance-0");
          }),
        input: { backupId: "backup-0" },
      },
    ],
  },
  "backup-ended": {
    code: "unprocessableEntity",
    refuses: [
      ...(["queued", "running"] as const).map((state) => {
        const status = transitionTables().backup.statusOf[state];
        return {
          when: `it is ${status}`,
          world: () => {
            const sim = lone();
            sim.createBackup({ name: "full", ownerId: "instance-0" });
            if (state === "running") sim.step();
            return sim;
          },
          input: { backupId: "backup-0" },
          message: `backup backup-0 is ${status}; delete it in status COMPLETED, FAILED or DELETE_FAILED`,
          field: "backupId",
          value: status,
          allowed: ended,
        };
      }),
      {
        when: "one that adds to it, not at first hand, is being taken",
        world: () => {
          const sim = chained();
          sim.createBackup({ ...input, parentId: "backup-2" });
          return sim;
        },
        input: { backupId: "backup-0" },
        message: `backup backup-3, which adds to backup-0, is NEW; delete it in status COMPLETED, FAILED or DELETE_FAILED`,
        field: "backupId",
        value: "NEW",
        allowed: ended,
      },
    ],
    passes: [
      ...(["completed", "failed", "deleteFailed", "deleting"] as const).map((state) => ({
        when: `it is ${state}`,
        world: () => withBackupState(backedUp(), "backup-0", state),
        input: { backupId: "backup-0" },
      })),
      { when: "those that add to it have ended", world: chained, input: { backupId: "backup-0" } },
      {
        when: "one that adds to nothing of it is being taken",
        world: () => {
          const sim = chained();
          sim.createBackup({ ...input, parentId: "backup-0" });
          return sim;
        },
        input: { backupId: "backup-1" },
      },
    ],
  },
});

/** The backup that something is restored from is one of the account's own. */
export function restorePointExists<K extends CommandType>(
  input: (restoreFrom: string) => InputOf<K>,
): RuleSpec<K> {
  return {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: backedUp,
        input: input("no-such-id"),
        message: "backup no-such-id not found",
        field: "restoreFrom",
        value: "no-such-id",
      },
      {
        when: "it is the hidden backup for another replica",
        world: silently,
        input: input("backup-0"),
        message: "backup backup-0 not found",
        field: "restoreFrom",
        value: "backup-0",
      },
    ],
    passes: [{ when: "it is the account's own", world: backedUp, input: input("backup-0") }],
  };
}

/** The backup's data fit: the same datastore, and room on the volume. `input` takes what differs from `small`. */
export function restorePointFits<K extends CommandType>(
  input: (difference: Partial<InputOf<"createInstance">>) => InputOf<K>,
): RuleSpec<K> {
  const filled = () =>
    after(
      lone(),
      (sim) => sim.setDataSize("instance-0", 4.5),
      (sim) => sim.createBackup({ name: "full", ownerId: "instance-0" }),
      (sim) => sim.setDataSize("instance-0", 0.5),
    );
  return {
    code: "badRequest",
    refuses: [
      {
        when: "the volume is smaller than the data",
        world: filled,
        input: input({ volumeGb: 4 }),
        message: "a volume of 4 GB is too small for backup backup-0 (4.5 GB)",
        field: "volumeGb",
        value: 4,
        allowed: "at least 4.5 GB",
      },
    ],
    passes: [
      { when: "the volume holds the data", world: filled, input: input({ volumeGb: 5 }) },
      {
        when: "the datastore is the same, in other letters",
        world: backedUp,
        input: input({ datastore: { type: "MySQL", version: "5.6" } }),
      },
    ],
  };
}

/** Only what is completed can be restored. */
export function restorePointCompleted<K extends CommandType>(
  input: (restoreFrom: string) => InputOf<K>,
): RuleSpec<K> {
  return {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "it is still being taken",
        world: () => {
          const sim = lone();
          sim.createBackup({ name: "full", ownerId: "instance-0" });
          sim.step();
          return sim;
        },
        input: input("backup-0"),
        message: "backup backup-0 is BUILDING; only a COMPLETED backup can be restored",
        field: "restoreFrom",
        value: "BUILDING",
        allowed: ["COMPLETED"],
      },
      {
        when: "what it adds to is being deleted",
        world: () => {
          const sim = chained();
          sim.deleteBackup("backup-0");
          return sim;
        },
        input: input("backup-1"),
        message: "backup backup-1 is being deleted; only a COMPLETED backup can be restored",
        field: "restoreFrom",
        value: "COMPLETED",
        allowed: ["COMPLETED"],
      },
    ],
    passes: [
      { when: "it is a completed full one", world: backedUp, input: input("backup-0") },
      { when: "it is a completed incremental one", world: chained, input: input("backup-2") },
    ],
  };
}
