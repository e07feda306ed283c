import type { CommandOf } from "../../domain/commands.js";
import { backupOf, instanceOf } from "../queries.js";
import { flawOf } from "./backups.js";
import { rule } from "./rule.js";

type Restoring = CommandOf<"createInstance"> | CommandOf<"createReplica">;

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
          field: "volumeGb",
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
  says: "Only a completed backup can be restored, and only while all that it adds to is completed.",
  violation: ({ restoreFrom }, { topology, accountId }) => {
    const backup =
      restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
    if (backup === undefined) return undefined;
    const flaw = flawOf(topology, backup);
    return flaw === undefined
      ? undefined
      : {
          message: `backup ${backup.id} ${flaw}; a restore needs COMPLETED`,
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
    const user = users.find(({ name, host = "%" }) =>
      backup.users.some((known) => known.name === name && known.host === host),
    );
    return (
      user && {
        message: `the user ${user.name} comes with backup ${backup.id}`,
        field: "users",
        value: user.name,
      }
    );
  },
});
