import { backupOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { type Rule, requireSubject, rule, type Violation } from "../shared/rule.js";
import type { Backup } from "./backup.model.js";
import { backupViolation } from "./backupRules.js";

type Restoring = CommandOf<"createInstance"> | CommandOf<"createReplica">;

/** The backup to restore from exists (§1.1). */
export const restorePointExists = rule<Restoring>({
  id: "restore-point-exists",
  source: "§1.1 [api]",
  code: "itemNotFound",
  field: "restoreFrom",
  description: "The backup to restore from exists in the caller's account.",
  violation: ({ restoreFrom }, { topology, accountId }) =>
    restoreFrom === undefined ||
    backupOf(topology, { accountId, id: restoreFrom })?.hiddenForReplicaId === null
      ? undefined
      : { message: `backup ${restoreFrom} not found`, value: restoreFrom },
});

/** The backup's data fit: same datastore, room on the volume (§1.1). */
export const restorePointFits = restoreRule<Restoring>({
  id: "restore-point-fits",
  source: "§1.1 [trove]",
  code: "badRequest",
  description:
    "The datastore version equals that of the backup, and the volume is large enough for its data.",
  violation: (backup, _context, { volumeGb, datastore = {} }) => {
    const { type = backup.datastoreType, version = backup.datastoreVersion } = datastore;
    if (type.toLowerCase() !== backup.datastoreType || version !== backup.datastoreVersion) {
      return {
        message: `backup ${backup.id} is a backup of ${backup.datastoreType} ${backup.datastoreVersion}, not of ${type} ${version}`,
        value: backup.id,
      };
    }
    return volumeGb >= backup.dataGb
      ? undefined
      : {
          field: "volumeGb",
          message: `a volume of ${String(volumeGb)} GB is too small for backup ${backup.id} (${String(backup.dataGb)} GB)`,
          value: volumeGb,
          allowed: `at least ${String(backup.dataGb)} GB`,
        };
  },
});

/** The backup is completed (C16). */
export const restorePointCompleted = restoreRule<Restoring>({
  id: "restore-point-completed",
  source: "C16 [trove]",
  code: "unprocessableEntity",
  description: "The backup and all its parents are completed.",
  violation: (backup, { topology }) => {
    const flaw = backupViolation(topology, backup);
    return flaw === undefined
      ? undefined
      : {
          message: `backup ${backup.id} ${flaw}; only a COMPLETED backup can be restored`,
          value: backup.status,
          allowed: ["COMPLETED"],
        };
  },
});

/** A replica starts from a backup of its own source only (R19). */
export const restorePointOfSource = restoreRule<CommandOf<"createReplica">>({
  id: "restore-point-of-source",
  source: "R19 [docs]",
  code: "badRequest",
  description: "The backup is a backup of the source.",
  violation: (backup, context, { replicaOf }) => {
    const source = requireSubject(replicaOf, context);
    return source === undefined || backup.ownerId === source.id
      ? undefined
      : {
          message: `backup ${backup.id} is not a backup of the source ${source.id}`,
          value: backup.id,
        };
  },
});

/** What a backup brings along cannot be given as well ("Create replica", restorePoint). */
export const restoreBringsNames = restoreRule<CommandOf<"createInstance">>({
  id: "restore-name-conflict",
  source: "§1.1 [api]",
  code: "badRequest",
  field: "databases",
  description: "The request names no database or user that the backup already contains.",
  violation: (backup, _context, { databases = [], users = [] }) => {
    const database = databases.find(({ name }) =>
      backup.databases.some((known) => known.name === name),
    );
    if (database !== undefined) {
      return {
        message: `database ${database.name} is already in backup ${backup.id}; omit it`,
        value: database.name,
      };
    }
    const user = users.find(({ name, host = "%" }) =>
      backup.users.some((known) => known.name === name && known.host === host),
    );
    return (
      user && {
        message: `user ${user.name} is already in backup ${backup.id}; omit it`,
        field: "users",
        value: user.name,
      }
    );
  },
});

/** A rule on the backup that is restored, silent when there is none. */
function restoreRule<C extends Restoring>(
  declared: Omit<Rule<C>, "violation" | "field"> & {
    readonly field?: string;
    readonly violation: (backup: Backup, context: RuleContext, command: C) => Violation | undefined;
  },
): Rule<C> {
  return {
    field: "restoreFrom",
    ...declared,
    violation: (command, context) => {
      const { topology, accountId } = context;
      const { restoreFrom: id } = command;
      const backup = id === undefined ? undefined : backupOf(topology, { accountId, id });
      return backup && declared.violation(backup, context, command);
    },
  };
}
