import type { CommandOf } from "../../domain/commands.js";
import type { HaGroup, Instance } from "../../domain/entities.js";
import { backupOf, instanceOf } from "../queries.js";
import { objectStorageAccess } from "./objectStorage.js";
import {
  groupStatusViolation,
  type Rule,
  type RuleContext,
  rule,
  statusViolation,
  subject,
  subjectGroup,
} from "./rule.js";

type Create = CommandOf<"createBackup">;
type Delete = CommandOf<"deleteBackup">;
type Restoring = CommandOf<"createInstance"> | CommandOf<"createReplica">;

const ownerExists = rule<Create>({
  id: "backup-owner-exists",
  source: "R103 [docs]",
  fault: "itemNotFound",
  field: "ownerId",
  says: "The instance or the HA group to back up exists in the caller's account.",
  violation: (command, context) =>
    ownerOf(command, context) === undefined
      ? {
          message: `${command.ownerKind === "ha" ? "HA group" : "instance"} ${command.ownerId} was not found`,
          value: command.ownerId,
        }
      : undefined,
});

const parentExists = rule<Create>({
  id: "parent-exists",
  source: "R105 [trove]",
  fault: "itemNotFound",
  field: "parentId",
  says: "The backup that an incremental one adds to exists in the caller's account.",
  violation: ({ parentId }, { topology, accountId }) =>
    parentId === undefined || backupOf(topology, { accountId, id: parentId })?.hiddenFor === null
      ? undefined
      : { message: `parent backup ${parentId} was not found`, value: parentId },
});

const ownerOutsideHa = rule<Create>({
  id: "backup-outside-ha",
  source: "R87 [howto]",
  fault: "forbidden",
  field: "ownerId",
  says: "A member of an HA group is backed up through its group.",
  violation: (command, context) => {
    const owner = ownerOf(command, context);
    return owner !== undefined && "groupId" in owner && owner.groupId !== null
      ? {
          message: `instance ${owner.id} belongs to HA group ${owner.groupId}; back up the group`,
          value: owner.id,
        }
      : undefined;
  },
});

const parentServes = rule<Create>({
  id: "parent-serves",
  source: "R105 [inferred]",
  fault: "badRequest",
  field: "parentId",
  says: "An incremental backup adds to a completed backup of the same source.",
  violation: ({ parentId, ownerId }, { topology, accountId }) => {
    const parent =
      parentId === undefined ? undefined : backupOf(topology, { accountId, id: parentId });
    if (parent === undefined || (parent.state === "completed" && parent.ownerId === ownerId))
      return undefined;
    return {
      message:
        parent.ownerId === ownerId
          ? `parent backup ${parent.id} is ${parent.status}; it must be COMPLETED`
          : `parent backup ${parent.id} was taken of ${parent.ownerId}, not of ${ownerId}`,
      value: parent.id,
    };
  },
});

const oneBackup = rule<Create>({
  id: "one-backup",
  source: "R104 R22 [docs]",
  fault: "unprocessableEntity",
  field: "ownerId",
  says: "One backup at a time is taken of an instance or a group, the hidden one for a new replica included.",
  violation: (command, context) => {
    const owner = ownerOf(command, context);
    return owner === undefined || owner.backupId === null
      ? undefined
      : { message: `${owner.id} is being backed up already`, value: owner.id, allowed: ["ACTIVE"] };
  },
});

const ownerStatus = rule<Create>({
  id: "backup-status",
  source: "§2.3 §2.4 [docs]",
  fault: "unprocessableEntity",
  field: "ownerId",
  says: "A backup is taken only in the statuses whose lifecycle takes it.",
  violation: (command, context) => {
    const owner = ownerOf(command, context);
    if (owner === undefined) return undefined;
    return "networks" in owner
      ? groupStatusViolation(owner, { signal: "backup.started", doing: "a backup" }, context)
      : statusViolation(owner, { signal: "backup.requested", doing: "a backup" }, context);
  },
});

/** In the order in which a caller hears of them. */
export const createBackupRules: readonly Rule<Create>[] = [
  ownerExists,
  parentExists,
  ownerOutsideHa,
  objectStorageAccess(),
  parentServes,
  oneBackup,
  ownerStatus,
];

const backupExists = rule<Delete>({
  id: "backup-exists",
  source: "§4.4 [docs]",
  fault: "itemNotFound",
  field: "backupId",
  says: "The backup exists in the caller's account.",
  violation: ({ backupId }, { topology, accountId }) =>
    backupOf(topology, { accountId, id: backupId })?.hiddenFor === null
      ? undefined
      : { message: `backup ${backupId} was not found`, value: backupId },
});

const backupEnded = rule<Delete>({
  id: "backup-ended",
  source: "§2.5 [trove]",
  fault: "unprocessableEntity",
  field: "backupId",
  says: "A backup is deleted only when it has ended.",
  violation: ({ backupId }, { topology, accountId, lifecycle }) => {
    const backup = backupOf(topology, { accountId, id: backupId });
    return backup === undefined || lifecycle.backup.cells[backup.state]["delete.requested"]
      ? undefined
      : {
          message: `backup ${backupId} is ${backup.status}; a deletion needs COMPLETED, FAILED, DELETE_FAILED`,
          value: backup.status,
          allowed: ["COMPLETED", "FAILED", "DELETE_FAILED"],
        };
  },
});

/** Its incrementals go with it. */
export const deleteBackupRules: readonly Rule<Delete>[] = [backupExists, backupEnded];

/** The backup to restore from exists (§1.1). */
export const restorePointExists = rule<Restoring>({
  id: "restore-point-exists",
  source: "§1.1 [api]",
  fault: "itemNotFound",
  field: "restoreFrom",
  says: "The backup to restore from exists in the caller's account.",
  violation: ({ restoreFrom }, { topology, accountId }) =>
    restoreFrom === undefined ||
    backupOf(topology, { accountId, id: restoreFrom })?.hiddenFor === null
      ? undefined
      : { message: `backup ${restoreFrom} was not found`, value: restoreFrom },
});

/** The backup's data fit: same datastore, room on the volume (§1.1). */
export const restorePointFits = rule<Restoring>({
  id: "restore-point-fits",
  source: "§1.1 [trove]",
  fault: "badRequest",
  field: "restoreFrom",
  says: "A backup is restored to the same datastore version, on a volume that holds its data.",
  violation: ({ restoreFrom, volumeGb, datastore = {} }, { topology, accountId }) => {
    const backup =
      restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
    if (backup === undefined) return undefined;
    const { type = backup.datastoreType, version = backup.datastoreVersion } = datastore;
    if (type.toLowerCase() !== backup.datastoreType || version !== backup.datastoreVersion) {
      return {
        message: `backup ${backup.id} is of ${backup.datastoreType} ${backup.datastoreVersion}, not of ${type} ${version}`,
        value: backup.id,
      };
    }
    return volumeGb >= backup.dataGb
      ? undefined
      : {
          message: `a volume of ${String(volumeGb)} GB cannot hold the ${String(backup.dataGb)} GB of backup ${backup.id}`,
          value: volumeGb,
          allowed: `at least ${String(backup.dataGb)} GB`,
        };
  },
});

/** The backup is completed (C16). */
export const restorePointCompleted = rule<Restoring>({
  id: "restore-point-completed",
  source: "C16 [trove]",
  fault: "unprocessableEntity",
  field: "restoreFrom",
  says: "Only a completed backup can be restored.",
  violation: ({ restoreFrom }, { topology, accountId }) => {
    const backup =
      restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
    return backup === undefined || backup.state === "completed"
      ? undefined
      : {
          message: `backup ${backup.id} is ${backup.status}; a restore needs COMPLETED`,
          value: backup.status,
          allowed: ["COMPLETED"],
        };
  },
});

/** A replica starts from a backup of its own source only (R19). */
export const restorePointOfSource = rule<CommandOf<"createReplica">>({
  id: "restore-point-of-source",
  source: "R19 [docs]",
  fault: "badRequest",
  field: "restoreFrom",
  says: "A replica is restored only from a backup of its source.",
  violation: ({ restoreFrom, replicaOf }, { topology, accountId }) => {
    const backup =
      restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
    const source = instanceOf(topology, { accountId, id: replicaOf });
    return backup === undefined || source === undefined || backup.ownerId === source.id
      ? undefined
      : {
          message: `backup ${backup.id} was not taken of the source ${source.id}`,
          value: backup.id,
        };
  },
});

/** What a backup brings along cannot be given as well ("Create replica", restorePoint). */
export const restoreBringsNames = rule<CommandOf<"createInstance">>({
  id: "restore-brings-names",
  source: "§1.1 [api]",
  fault: "badRequest",
  field: "databases",
  says: "Databases and users that come with a backup cannot be created again by the same request.",
  violation: ({ restoreFrom, databases = [], users = [] }, { topology, accountId }) => {
    const backup =
      restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
    if (backup === undefined) return undefined;
    const database = databases.find(({ name }) =>
      backup.databases.some((known) => known.name === name),
    );
    if (database !== undefined) {
      return {
        message: `the database ${database.name} comes with backup ${backup.id}`,
        value: database.name,
      };
    }
    const user = users.find(({ name }) => backup.users.some((known) => known.name === name));
    return (
      user && {
        message: `the user ${user.name} comes with backup ${backup.id}`,
        field: "users",
        value: user.name,
      }
    );
  },
});

function ownerOf(
  { ownerKind = "instance", ownerId }: Create,
  context: RuleContext,
): Instance | HaGroup | undefined {
  return ownerKind === "ha" ? subjectGroup(ownerId, context) : subject(ownerId, context);
}
