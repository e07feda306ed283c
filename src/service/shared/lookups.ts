import { ordinalOf } from "../../collections/idIndex.js";
import type { IdKind } from "../../kernel/keyedRandom.js";
import { accountOf, backupOf, groupOf, scheduleOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { formatValue, InvariantViolationError, RuleViolationError } from "../../model/errors.js";
import { documentedLimits } from "../../model/limits.js";
import type { Place } from "../../model/rows.js";
import { idField } from "../../model/sharedFields.js";
import type { Backup } from "../backups/backup.model.js";
import { accepts } from "../commands/parseCommand.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import type { BackupSchedule } from "../schedules/schedule.model.js";
import { requireSubject } from "./rule.js";

/** Returns the instance of a command; the rules have checked that it exists. */
export function requireInstance(
  { context }: Transaction,
  { instanceId }: { readonly instanceId: string },
): Instance {
  const found = requireSubject(instanceId, context);
  if (found === undefined)
    throw new InvariantViolationError(
      `instance ${instanceId} is missing after rule instance-exists passed`,
    );
  return found;
}

/** Returns the group of a command. */
export function requireGroup({ context }: Transaction, groupId: string): HaGroup {
  const found = groupOf(context.topology, { accountId: context.accountId, id: groupId });
  if (found === undefined)
    throw new InvariantViolationError(
      `HA group ${groupId} is missing after rule group-exists passed`,
    );
  return found;
}

/** Returns the schedule of a command. */
export function requireSchedule({ context }: Transaction, scheduleId: string): BackupSchedule {
  const found = scheduleOf(context.topology, { accountId: context.accountId, id: scheduleId });
  if (found === undefined)
    throw new InvariantViolationError(
      `schedule ${scheduleId} is missing after rule schedule-exists passed`,
    );
  return found;
}

/** Returns the backup of a command. */
export function requireBackup({ context }: Transaction, backupId: string): Backup {
  const found = backupOf(context.topology, { accountId: context.accountId, id: backupId });
  if (found === undefined)
    throw new InvariantViolationError(
      `backup ${backupId} is missing after rule backup-exists passed`,
    );
  return found;
}

/** Returns a new id. An id of the caller's `createId` that is already in use is refused. */
export function freshId(
  moment: Transaction,
  kind: Exclude<IdKind, "failover" | "fault">,
  { place, key }: { readonly place: Place; readonly key: string },
): string {
  const { topology, accountId } = moment.context;
  const id = newIdOf(moment, kind, { ordinal: place.ordinal, key });
  const account = accountOf(topology, accountId);
  const isTaken = account !== undefined && ordinalOf(account[`${kind}s`], id) !== undefined;
  return isTaken ? refuseId({ kind, ordinal: place.ordinal, id }) : id;
}

/** Returns an id that nothing is looked up by; `sequence` distinguishes the ids of one row. */
export function newIdOf(
  { context: { newId, chance } }: Transaction,
  kind: IdKind,
  {
    ordinal,
    key,
    sequence = 0,
  }: { readonly ordinal: number; readonly key: string; readonly sequence?: number },
): string {
  const id = newId === undefined ? chance.id({ key, sequence }) : newId(kind, ordinal);
  return newId === undefined || accepts(idField, id, documentedLimits)
    ? id
    : refuseId({ kind, ordinal, id });
}

/** Refuses an id of the caller's `createId`. */
export function refuseId(given: {
  readonly kind: IdKind;
  readonly ordinal: number;
  readonly id: unknown;
}): never {
  const { kind, ordinal, id } = given;
  throw new RuleViolationError({
    code: "badRequest",
    rule: "fresh-id",
    message: `createId("${kind}", ${String(ordinal)}) returned ${formatValue(id)}, which is in use or not a valid string; return a unique string`,
    field: "createId",
    value: id,
  });
}
