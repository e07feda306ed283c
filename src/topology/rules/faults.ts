import { rowAt } from "../../collections/table.js";
import type { CommandOf, InputOf } from "../../domain/commandTypes.js";
import type { Fault, FaultOf } from "../../domain/faults.js";
import type { InstanceSignal } from "../../domain/statuses.js";
import { isDown } from "../../lifecycle/instanceStates.js";
import { faultOf, faultOnPart, findResource, targetIdOf } from "../faults.js";
import { labelIsFree } from "./labels.js";
import {
  type Rule,
  type RuleContext,
  requireSubject,
  rule,
  statusViolation,
  subjectGroup,
  type Violation,
} from "./rule.js";

type Inject = CommandOf<"injectFault">;
type FailTask = CommandOf<"failTask">;
type Lift = CommandOf<"clearFault">;

const targetExists = rule<Inject>({
  id: "fault-target-exists",
  source: "§11 [inferred]",
  code: "itemNotFound",
  field: "fault",
  says: "What a fault strikes exists in the caller's account, at the latest when it strikes.",
  violation: (command, context) =>
    isToCome(command) ? undefined : missingTarget(command.fault, context),
});

const oneTime = rule<Inject>({
  id: "fault-time",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "at",
  says: "A fault that is to come has one time, said once, as a time or as a delay.",
  violation: ({ at, afterMs }) =>
    at !== undefined && afterMs !== undefined
      ? { message: "a fault is to come at a time or after a delay, not both", value: at }
      : undefined,
});

const preparationIsOfBuild = rule<Inject>({
  id: "preparation-is-of-build",
  source: "T4 [inferred]",
  code: "badRequest",
  field: "fault.atPreparation",
  says: "Only a build has a preparation that can fail.",
  violation: ({ fault }) => (fault.kind === "failTask" ? noPreparation(fault) : undefined),
});

const targetReplicates = rule<Inject>({
  id: "fault-is-of-replica",
  source: "T19 [docs]",
  code: "badRequest",
  field: "fault.replicaId",
  says: "Replication breaks and is repaired on a replica, and a link is a replica's.",
  violation: (command, context) => {
    const { fault } = command;
    if (isToCome(command) || !("replicaId" in fault)) return undefined;
    return requireSubject(fault.replicaId, context)?.sourceId === null
      ? { message: `${fault.replicaId} is not a replica`, value: fault.replicaId }
      : undefined;
  },
});

const slowSomehow = rule<Inject>({
  id: "slow-link-needs-lag-or-factor",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "fault.lagMs",
  says: "A slow link has a lag, a factor, or both.",
  violation: ({ fault }) =>
    fault.kind === "slowLink" && fault.lagMs === undefined && fault.factor === undefined
      ? { message: "a slow link needs a lagMs or a factor", allowed: "lagMs, factor" }
      : undefined,
});

const oneOnLink = rule<Inject>({
  id: "fault-link",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "fault.replicaId",
  says: "A link has one fault at a time, and is restored when it has one.",
  violation: (command, context) => {
    const { fault } = command;
    if (isToCome(command) || !isOfLink(fault)) return undefined;
    const replica = requireSubject(fault.replicaId, context);
    const found = replica && faultOnPart(context.topology, "link", replica);
    if (fault.kind !== "restoreLink") {
      return (
        found && {
          message: `the link of ${fault.replicaId} has ${found.id} already; lift that first`,
          value: fault.replicaId,
        }
      );
    }
    return found === undefined
      ? { message: `nothing is wrong with the link of ${fault.replicaId}`, value: fault.replicaId }
      : undefined;
  },
});

const sourceServes = rule<Inject>({
  id: "source-available",
  source: "C35 T20 [inferred]",
  code: "unprocessableEntity",
  field: "fault.replicaId",
  says: "Replication is repaired only while its source serves: without one there is nothing to follow.",
  violation: (command, context) => {
    const { fault } = command;
    if (isToCome(command) || fault.kind !== "repairReplication") return undefined;
    const id = requireSubject(fault.replicaId, context)?.sourceId;
    const source = typeof id === "string" ? requireSubject(id, context) : undefined;
    return source === undefined || !isDown(source.state)
      ? undefined
      : {
          message: `the source ${source.id} is ${source.status}; replication cannot be repaired before it is back`,
          value: source.status,
        };
  },
});

const canStrike = rule<Inject>({
  id: "fault-status",
  source: "T19 T20 T21 [docs]",
  code: "unprocessableEntity",
  field: "fault",
  says: "The instance is in a status that the fault can strike: none strikes twice, and a repair needs damage.",
  violation: (command, context) => {
    const { fault } = command;
    const signal = signals[fault.kind];
    if (isToCome(command) || signal === undefined) return undefined;
    const instance = requireSubject(targetIdOf(fault) ?? "", context);
    const found = instance && statusViolation(instance, signal, context);
    return found && { ...found, field: `fault.${fieldOf(fault)}` };
  },
});

const faultTimeToCome = rule<Inject>({
  id: "fault-time-in-future",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "at",
  says: "A fault comes now or later, never before.",
  violation: ({ at }, { now }) =>
    at === undefined || at >= now
      ? undefined
      : {
          message: `it is ${String(now)} already; a fault cannot strike at ${String(at)}`,
          value: at,
          allowed: `${String(now)} or more`,
        },
});

/** No operation of the API: faults that a test asks for. */
export const injectFaultRules: readonly Rule<Inject>[] = [
  targetExists,
  oneTime,
  preparationIsOfBuild,
  slowSomehow,
  targetReplicates,
  labelIsFree(),
  faultTimeToCome,
  oneOnLink,
  sourceServes,
  canStrike,
];

/** The same for the convenient form of one kind of fault. */
export const failTaskRules: readonly Rule<FailTask>[] = [
  {
    ...targetExists,
    field: "of",
    violation: (command, context) => missingTarget({ ...command, kind: "failTask" }, context, "of"),
  },
  { ...preparationIsOfBuild, field: "atPreparation", violation: noPreparation },
  labelIsFree(),
];

const faultExists = rule<Lift>({
  id: "fault-exists",
  source: "§11 [inferred]",
  code: "itemNotFound",
  field: "faultId",
  says: "The fault is of the caller's account, and is to come, stands, or comes again and again.",
  violation: ({ faultId }, { topology, accountId }) =>
    faultOf(topology, { accountId, id: faultId }) === undefined
      ? { message: `there is no fault ${faultId} that could be lifted`, value: faultId }
      : undefined,
});

const wholeProcess = rule<Lift>({
  id: "fault-is-whole",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "faultId",
  says: "A random process is cleared as a whole: the clock of one of its instances is a part of it.",
  violation: ({ faultId }, { topology, accountId }) => {
    const fault = faultOf(topology, { accountId, id: faultId });
    const clockOf = fault?.clockOf ?? null;
    if (clockOf === null || clockOf.processOrdinal === fault?.ordinal) return undefined;
    const owner = rowAt(topology.faults, clockOf.processOrdinal);
    return {
      message: `${faultId} is the clock of one instance; clear ${owner?.id ?? "its process"}`,
      value: faultId,
      ...(owner === undefined ? {} : { allowed: owner.id }),
    };
  },
});

/** A fault is lifted once. */
export const liftFaultRules: readonly Rule<Lift>[] = [faultExists, wholeProcess];

/** The signal that a fault sends to the lifecycle of its target, and its name in error messages. */
const signals: Partial<
  Record<Fault["kind"], { readonly signal: InstanceSignal; readonly doing: string }>
> = {
  crash: { signal: "service.crashed", doing: "a crash" },
  hang: { signal: "service.hung", doing: "a hang" },
  loseHost: { signal: "host.lost", doing: "a loss of its host" },
  recover: { signal: "service.recovered", doing: "a recovery" },
  breakReplication: { signal: "replication.broken", doing: "a break of replication" },
  repairReplication: { signal: "replication.repaired", doing: "a repair of replication" },
};

function isOfLink(
  fault: Fault,
): fault is FaultOf<"cutLink"> | FaultOf<"slowLink"> | FaultOf<"restoreLink"> {
  return fault.kind === "cutLink" || fault.kind === "slowLink" || fault.kind === "restoreLink";
}

/** What is to come is held to what is there when it comes. */
function isToCome({ at, afterMs }: Inject): boolean {
  return at !== undefined || afterMs !== undefined;
}

function missingTarget(
  fault: Fault,
  context: RuleContext,
  field = `fault.${fieldOf(fault)}`,
): Violation | undefined {
  const { topology, accountId } = context;
  const id = targetIdOf(fault);
  if (id === null) return undefined;
  const what = fieldOf(fault);
  const found =
    what === "of"
      ? findResource(topology, { accountId, id })
      : (what === "target.groupId" ? subjectGroup : requireSubject)(id, context);
  if (found !== undefined) return undefined;
  if (what === "of") {
    return { message: `no instance, HA group or backup ${id} was found`, value: id, field };
  }
  const word = what === "target.groupId" ? "HA group" : "instance";
  return { message: `${word} ${id} was not found`, value: id, field };
}

/** The field in which a fault names its target. */
function fieldOf(fault: Fault): string {
  if ("instanceId" in fault) return "instanceId";
  if ("replicaId" in fault) return "replicaId";
  if (fault.kind !== "random" && fault.kind !== "randomAmong") return "of";
  const { target } = fault;
  if (target === "all") return "target";
  if ("groupId" in target) return "target.groupId";
  if ("sourceId" in target) return "target.sourceId";
  return "instanceId" in target ? "target.instanceId" : "target.role";
}

function noPreparation({
  task,
  atPreparation = false,
}: InputOf<"failTask">): Violation | undefined {
  return atPreparation && task !== "build"
    ? { message: `${task} has no preparation that could fail`, value: task, allowed: "build" }
    : undefined;
}
