import type { Command, CommandOf } from "../../domain/commandTypes.js";
import type { Backup, HaGroup, Instance } from "../../domain/entities.js";
import { ancestryOf, backupOf, descendantsOf, membersOf } from "../queries.js";
import type { Topology } from "../state.js";
import { ownerExists, ownerOf, ownerOutsideHa } from "./backupOwner.js";
import { labelIsFree } from "./labels.js";
import { objectStorageAccess } from "./objectStorage.js";
import {
  groupStatusViolation,
  type Rule,
  type RuleContext,
  rule,
  statusViolation,
} from "./rule.js";

type Create = CommandOf<"createBackup">;
type Delete = CommandOf<"deleteBackup">;

/** What a command would back up, or undefined where it would not. */
export type OwnerOf<C extends Command> = (
  command: C,
  context: RuleContext,
) => Instance | HaGroup | undefined;

const parentExists = rule<Create>({
  id: "parent-exists",
  source: "R105 [trove]",
  code: "itemNotFound",
  field: "parentId",
  says: "The backup that an incremental one adds to exists in the caller's account.",
  violation: ({ parentId }, { topology, accountId }) =>
    parentId === undefined ||
    backupOf(topology, { accountId, id: parentId })?.hiddenForReplicaId === null
      ? undefined
      : { message: `parent backup ${parentId} was not found`, value: parentId },
});

const parentServes = rule<Create>({
  id: "parent-backup-usable",
  source: "R105 [inferred]",
  code: "badRequest",
  field: "parentId",
  says: "An incremental backup adds to a completed backup of the same source; so is all that this one adds to.",
  violation: ({ parentId, ownerId }, { topology, accountId }) => {
    const parent =
      parentId === undefined ? undefined : backupOf(topology, { accountId, id: parentId });
    if (parent === undefined) return undefined;
    if (parent.ownerId !== ownerId) {
      return {
        message: `parent backup ${parent.id} was taken of ${parent.ownerId}, not of ${ownerId}`,
        value: parent.id,
      };
    }
    if (isUnderWay(parent)) return undefined;
    const flaw = backupViolation(topology, parent);
    return flaw === undefined
      ? undefined
      : {
          message: `parent backup ${parent.id} ${flaw}; it must be COMPLETED`,
          value: parent.id,
        };
  },
});

const parentCompleted = rule<Create>({
  id: "parent-backup-completed",
  source: "R105 [inferred]",
  code: "unprocessableEntity",
  field: "parentId",
  says: "An incremental backup is taken when the one that it adds to is completed.",
  violation: ({ parentId }, { topology, accountId }) => {
    const parent =
      parentId === undefined ? undefined : backupOf(topology, { accountId, id: parentId });
    return parent === undefined || !isUnderWay(parent)
      ? undefined
      : {
          message: `parent backup ${parent.id} is ${parent.status}; it must be COMPLETED`,
          value: parent.status,
          allowed: ["COMPLETED"],
        };
  },
});

function isUnderWay({ state }: Backup): boolean {
  return state === "queued" || state === "running";
}

/** Nothing else is being backed up there (R104). */
export function oneBackup<C extends Command>(ownerOf: OwnerOf<C>, field: string): Rule<C> {
  return rule<C>({
    id: "one-backup",
    source: "R104 R22 [docs]",
    code: "unprocessableEntity",
    field,
    says: "One backup at a time is taken of an instance or a group, the hidden one for a new replica included.",
    violation: (command, context) => {
      const owner = ownerOf(command, context);
      return owner === undefined || owner.backupId === null
        ? undefined
        : {
            message: `${owner.id} is being backed up already`,
            value: owner.id,
            allowed: "one backup at a time",
          };
    },
  });
}

/** What is to be backed up is in a status that takes it; of a group, one of its replicas as well (R107). */
export function backupStatus<C extends Command>(ownerOf: OwnerOf<C>, field: string): Rule<C> {
  return rule<C>({
    id: "backup-status",
    source: "§2.3 §2.4 [docs]",
    code: "unprocessableEntity",
    field,
    says: "A backup is taken only in the statuses whose lifecycle takes it; of a group, one of its replicas must take it too (or its source, where that is alone).",
    violation: (command, context) => {
      const owner = ownerOf(command, context);
      if (owner === undefined) return undefined;
      const asked = { signal: "backup.requested", doing: "a backup" } as const;
      if (!("networks" in owner)) return statusViolation(owner, asked, context);
      const busy = groupStatusViolation(
        owner,
        { signal: "backup.started", doing: "a backup" },
        context,
      );
      if (busy !== undefined) return busy;
      const violations = membersToRead(context.topology, owner).map((member) =>
        statusViolation(member, asked, context),
      );
      return violations.includes(undefined) ? undefined : violations[0];
    },
  });
}

/** Rules in the order in which their errors are reported. */
export const createBackupRules: readonly Rule<Create>[] = [
  ownerExists("backup-owner-exists"),
  parentExists,
  ownerOutsideHa({
    id: "backup-outside-ha",
    source: "R87 [howto]",
    says: "A member of an HA group is backed up through its group.",
    instead: "back up the group",
  }),
  objectStorageAccess(),
  parentServes,
  labelIsFree(),
  parentCompleted,
  oneBackup<Create>(ownerOf, "ownerId"),
  backupStatus<Create>(ownerOf, "ownerId"),
];

const backupExists = rule<Delete>({
  id: "backup-exists",
  source: "§4.4 [docs]",
  code: "itemNotFound",
  field: "backupId",
  says: "The backup exists in the caller's account.",
  violation: ({ backupId }, { topology, accountId }) =>
    backupOf(topology, { accountId, id: backupId })?.hiddenForReplicaId === null
      ? undefined
      : { message: `backup ${backupId} was not found`, value: backupId },
});

const backupEnded = rule<Delete>({
  id: "backup-ended",
  source: "§2.5 [trove]",
  code: "unprocessableEntity",
  field: "backupId",
  says: "A backup is deleted only when it has ended, and so have all that were made from it.",
  violation: ({ backupId }, { topology, accountId, lifecycle }) => {
    const backup = backupOf(topology, { accountId, id: backupId });
    const busy =
      backup &&
      [backup, ...descendantsOf(topology, backup)].find(
        ({ state }) => lifecycle.backup.transitions[state]["delete.requested"] === undefined,
      );
    const which = busy === backup ? "" : `, which adds to ${backupId},`;
    return (
      busy && {
        message: `backup ${busy.id}${which} is ${busy.status}; a deletion needs COMPLETED, FAILED, DELETE_FAILED`,
        value: busy.status,
        allowed: ["COMPLETED", "FAILED", "DELETE_FAILED"],
      }
    );
  },
});

/** Its incrementals go with it. */
export const deleteBackupRules: readonly Rule<Delete>[] = [backupExists, backupEnded];

/**
 * The members that a group's backup may be read from: its replicas, in the order of membership (R107); the source where
 * a failover has left it alone ([inferred]).
 */
export function membersToRead(topology: Topology, group: HaGroup): readonly Instance[] {
  const members = membersOf(topology, group);
  return members.length === 1 ? members : members.filter(({ id }) => id !== group.sourceId);
}

/** What speaks against using a backup: it, or one that it adds to, is not completed, or is going. */
export function backupViolation(topology: Topology, backup: Backup): string | undefined {
  const ancestry = ancestryOf(topology, backup);
  if (ancestry.some(({ work }) => work?.task === "deleteBackup")) return "is being deleted";
  const broken = ancestry.find(({ state }) => state !== "completed");
  if (broken === undefined) return undefined;
  return broken === backup
    ? `is ${backup.status}`
    : `adds to ${broken.id}, which is ${broken.status}`;
}
