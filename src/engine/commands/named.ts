import { ordinalOf } from "../../collections/idIndex.js";
import type { Backup, BackupSchedule, HaGroup, Instance, Place } from "../../domain/entities.js";
import { InvariantBrokenError, RuleRefusedError, shown } from "../../domain/errors.js";
import { accountOf, backupOf, groupOf, scheduleOf } from "../../topology/queries.js";
import { subject } from "../../topology/rules/rule.js";
import type { IdKind } from "../chance.js";
import type { Moment } from "../moment.js";

/** The instance that a command names; the rules have proved that it is there. */
export function named(
  { context }: Moment,
  { instanceId }: { readonly instanceId: string },
): Instance {
  const found = subject(instanceId, context);
  if (found === undefined)
    throw new InvariantBrokenError(`the rules let pass the unknown ${instanceId}`);
  return found;
}

/** The group that a command names. */
export function namedGroup({ context }: Moment, groupId: string): HaGroup {
  const found = groupOf(context.topology, { accountId: context.accountId, id: groupId });
  if (found === undefined)
    throw new InvariantBrokenError(`the rules let pass the unknown ${groupId}`);
  return found;
}

/** The schedule that a command names. */
export function namedSchedule({ context }: Moment, scheduleId: string): BackupSchedule {
  const found = scheduleOf(context.topology, { accountId: context.accountId, id: scheduleId });
  if (found === undefined)
    throw new InvariantBrokenError(`the rules let pass the unknown ${scheduleId}`);
  return found;
}

/** The backup that a command names. */
export function namedBackup({ context }: Moment, backupId: string): Backup {
  const found = backupOf(context.topology, { accountId: context.accountId, id: backupId });
  if (found === undefined)
    throw new InvariantBrokenError(`the rules let pass the unknown ${backupId}`);
  return found;
}

/** A fresh id; one that a caller's own maker has given before is refused, never overwritten. */
export function freshId(moment: Moment, kind: Exclude<IdKind, "failover">, place: Place): string {
  const { topology, accountId } = moment.context;
  const id = newIdOf(moment, kind, place);
  const account = accountOf(topology, accountId);
  const isTaken =
    (account !== undefined && ordinalOf(account[`${kind}s`], id) !== undefined) ||
    moment.facts.some((fact) => fact.type === "InstanceCreated" && fact.instance.id === id);
  return isTaken ? refuseId({ kind, place, id }) : id;
}

/** An id that nothing is looked up by; `sequence` tells those of one place apart. */
export function newIdOf(
  { context: { newId, chance } }: Moment,
  kind: IdKind,
  place: Place & { readonly sequence?: number },
): string {
  const { accountOrdinal, sequence = 0 } = place;
  const id =
    newId === undefined
      ? chance.id(kind, { whose: accountOrdinal, sequence })
      : newId(kind, place.ordinal);
  return typeof id !== "string" || id === "" ? refuseId({ kind, place, id }) : id;
}

function refuseId(given: {
  readonly kind: IdKind;
  readonly place: Place;
  readonly id: unknown;
}): never {
  const { kind, place, id } = given;
  throw new RuleRefusedError({
    fault: "badRequest",
    rule: "fresh-id",
    message: `the ids option gave ${shown(id)} for ${kind} ${String(place.ordinal)}, which is taken or not a text`,
    field: "ids",
    value: id,
  });
}
