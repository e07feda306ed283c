import { ancestryOf, backupOf, descendantsOf, membersOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import type { Command, CommandOf } from "../../model/commandTypes.js";
import type { Topology } from "../../model/topology.js";
import { labelIsFree } from "../accounts/labelRules.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { groupStatusViolation, type Rule, rule, statusViolation } from "../shared/rule.js";
import type { Backup } from "./backup.model.js";
import { kindOfOwner, ownerExists, ownerOf, ownerOutsideHa } from "./backupOwner.js";
import { objectStorageAccess } from "./objectStorage.js";

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
  description: "The parent of an incremental backup exists in the caller's account.",
  violation: ({ parentId }, { topology, accountId }) =>
    parentId === undefined ||
    backupOf(topology, { accountId, id: parentId })?.hiddenForReplicaId === null
      ? undefined
      : { message: `parent backup ${parentId} not found`, value: parentId },
});

const parentServes = rule<Create>({
  id: "parent-backup-usable",
  source: "R105 [inferred]",
  code: "badRequest",
  field: "parentId",
  description:
    "The parent of an incremental backup is a completed backup of the same instance or group, and so are the parent's own parents.",
  violation: ({ parentId, ownerId }, { topology, accountId }) => {
    const parent =
      parentId === undefined ? undefined : backupOf(topology, { accountId, id: parentId });
    if (parent === undefined) return undefined;
    if (parent.ownerId !== ownerId) {
      return {
        message: `parent backup ${parent.id} is a backup of ${parent.ownerId}, not of ${ownerId}`,
        value: parent.id,
      };
    }
    if (isUnderWay(parent)) return undefined;
    const flaw = backupViolation(topology, parent);
    return flaw === undefined
      ? undefined
      : {
          message: `parent backup ${parent.id} ${flaw}; COMPLETED is required`,
          value: parent.id,
        };
  },
});

const parentCompleted = rule<Create>({
  id: "parent-backup-completed",
  source: "R105 [inferred]",
  code: "unprocessableEntity",
  field: "parentId",
  description: "The parent of an incremental backup is completed.",
  violation: ({ parentId }, { topology, accountId }) => {
    const parent =
      parentId === undefined ? undefined : backupOf(topology, { accountId, id: parentId });
    return parent === undefined || !isUnderWay(parent)
      ? undefined
      : {
          message: `parent backup ${parent.id} is ${parent.status}; COMPLETED is required`,
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
    description:
      "An instance or group has at most one running backup. The hidden backup for a new replica counts.",
    violation: (command, context) => {
      const owner = ownerOf(command, context);
      return owner === undefined || owner.backupId === null
        ? undefined
        : {
            message: `${kindOfOwner(owner)} ${owner.id} is already being backed up`,
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
    description:
      "The status of the instance or group allows a backup. In a group, one of its replicas allows it too, or the source if it is the only member.",
    violation: (command, context) => {
      const owner = ownerOf(command, context);
      if (owner === undefined) return undefined;
      const requested = { signal: "backup.requested", doing: "back up" } as const;
      if (!("networks" in owner)) return statusViolation(owner, requested, context);
      const busy = groupStatusViolation(
        owner,
        { signal: "backup.started", doing: "back up" },
        context,
      );
      if (busy !== undefined) return busy;
      const violations = membersToRead(context.topology, owner).map((member) =>
        statusViolation(member, requested, context),
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
    description: "The instance does not belong to an HA group. Back up the group instead.",
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
  description: "The backup exists in the caller's account.",
  violation: ({ backupId }, { topology, accountId }) =>
    backupOf(topology, { accountId, id: backupId })?.hiddenForReplicaId === null
      ? undefined
      : { message: `backup ${backupId} not found`, value: backupId },
});

const backupEnded = rule<Delete>({
  id: "backup-ended",
  source: "§2.5 [trove]",
  code: "unprocessableEntity",
  field: "backupId",
  description: "The backup and all backups that are based on it have ended.",
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
        message: `backup ${busy.id}${which} is ${busy.status}; delete it in status COMPLETED, FAILED or DELETE_FAILED`,
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
