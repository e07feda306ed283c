import { scheduleOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import type { Command, CommandOf } from "../../model/commandTypes.js";
import { labelIsFree } from "../accounts/labelRules.js";
import { kindOfOwner, ownerExists, ownerOf, ownerOutsideHa } from "../backups/backupOwner.js";
import { backupStatus, oneBackup } from "../backups/backupRules.js";
import { objectStorageAccess } from "../backups/objectStorage.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { groupStatusViolation, type Rule, rule, statusViolation } from "../shared/rule.js";

type Create = CommandOf<"createSchedule">;
type Update = CommandOf<"updateSchedule">;

const oneSchedule = rule<Create>({
  id: "one-schedule",
  source: "R100 R101 C17 [howto]",
  code: "badRequest",
  field: "ownerId",
  description: "An instance or a group has at most one schedule.",
  violation: (command, context) => {
    const owner = ownerOf(command, context);
    return owner === undefined || owner.scheduleId === null
      ? undefined
      : {
          message: `${kindOfOwner(owner)} ${owner.id} already has schedule ${owner.scheduleId}`,
          value: owner.id,
        };
  },
});

const ownerStatus = rule<Create>({
  id: "schedule-status",
  source: "§2.3 [inferred]",
  code: "unprocessableEntity",
  field: "ownerId",
  description: "The status of the instance or group allows a schedule.",
  violation: (command, context) => {
    const owner = ownerOf(command, context);
    const requested = { signal: "schedule.requested", doing: "add a schedule to" } as const;
    if (owner === undefined) return undefined;
    return "networks" in owner
      ? groupStatusViolation(owner, requested, context)
      : statusViolation(owner, requested, context);
  },
});

/** Rules in the order in which their errors are reported. */
export const createScheduleRules: readonly Rule<Create>[] = [
  ownerExists("schedule-owner-exists"),
  ownerOutsideHa({
    id: "schedule-outside-ha",
    source: "R88 [howto]",
    description:
      "The instance does not belong to an HA group. Schedule backups of the group instead.",
    instead: "schedule the group",
  }),
  oneSchedule,
  labelIsFree(),
  ownerStatus,
];

function scheduleExists<C extends Command & { readonly scheduleId: string }>(): Rule<C> {
  return rule<C>({
    id: "schedule-exists",
    source: "§4.4 [docs]",
    code: "itemNotFound",
    field: "scheduleId",
    description: "The schedule exists in the caller's account.",
    violation: ({ scheduleId }, { topology, accountId }) =>
      scheduleOf(topology, { accountId, id: scheduleId }) === undefined
        ? { message: `schedule ${scheduleId} not found`, value: scheduleId }
        : undefined,
  });
}

const somethingChanges = rule<Update>({
  id: "update-not-empty",
  source: "R40 [inferred]",
  code: "badRequest",
  field: "input",
  description: "At least one field is given.",
  violation: ({ type: _, scheduleId, ...changes }) =>
    Object.keys(changes).length > 0
      ? undefined
      : {
          message: `schedule ${scheduleId} has nothing to change; pass at least one field`,
          value: scheduleId,
        },
});

/** Any field but the owner can be changed; running it now is a backup on demand. */
export const updateScheduleRules: readonly Rule<Update>[] = [
  scheduleExists(),
  onlyIf(({ runNow = false }) => runNow, objectStorageAccess()),
  somethingChanges,
  oneBackup(toRunNow, "runNow"),
  backupStatus(toRunNow, "runNow"),
];

/** A schedule can always be deleted. */
export const deleteScheduleRules: readonly Rule<CommandOf<"deleteSchedule">>[] = [scheduleExists()];

/** What an update would back up at once. */
function toRunNow(
  { scheduleId, runNow = false }: Update,
  context: RuleContext,
): Instance | HaGroup | undefined {
  const { topology, accountId } = context;
  const schedule = scheduleOf(topology, { accountId, id: scheduleId });
  return schedule === undefined || !runNow ? undefined : ownerOf(schedule, context);
}

function onlyIf<C extends Command>(holds: (command: C) => boolean, limited: Rule<C>): Rule<C> {
  return {
    ...limited,
    violation: (command, context) =>
      holds(command) ? limited.violation(command, context) : undefined,
  };
}
